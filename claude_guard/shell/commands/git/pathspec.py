"""git's pathspecs: which paths of a work tree the words after `--` select.

Where a pathspec cannot be told exactly, what is selected is taken too wide and what is excluded too narrow.
"""

import os
import re
from collections.abc import Callable, Iterable

from ....values import NamedTuple
from ...context import HOLE

SHORT = {"!": "exclude", "^": "exclude", "/": "top"}
WILD = re.compile(r"[*?\[\\]")


class Spec(NamedTuple):
    """One pathspec. path: relative to the top of the work tree, "" for all of it; None where it is not known."""

    path: str | None
    exclude: bool = False
    icase: bool = False
    literal: bool = False
    glob: bool = False
    vague: bool = False  # an attribute that is not looked up


def magical(word: str) -> bool:
    """Whether a word before `--` can only be a pathspec."""
    return word.startswith((":(", ":!", ":^")) or (
        WILD.search(word) is not None and ":" not in word and "{" not in word
    )


def parse(word: str, root: str, cwd: str, always: Iterable[str] = ()) -> Spec:
    """always: magic that a global option (`--icase-pathspecs`) gives to every pathspec."""
    magic = set(always)
    rest = word
    if "literal" not in magic and word.startswith(":"):
        if word.startswith(":("):
            names, closed, rest = word[2:].partition(")")
            if not closed:
                return Spec(None)
            magic |= {name.strip().partition(":")[0] for name in names.split(",")}
        else:
            rest = word[1:]
            while rest[:1] in SHORT:
                magic.add(SHORT[rest[0]])
                rest = rest[1:]
            rest = rest.removeprefix(":")
    if HOLE in word:
        return Spec(None, exclude="exclude" in magic)
    base = root if "top" in magic else cwd
    path = os.path.relpath(os.path.normpath(os.path.join(base, rest)), root)
    return Spec(
        "" if path == "." else path,
        exclude="exclude" in magic,
        icase="icase" in magic,
        literal="literal" in magic,
        glob="glob" in magic,
        vague="attr" in magic,
    )


def expression(pattern: str, pathname: bool) -> str:
    """The regular expression of a wildcard pattern; pathname: `*` and `?` stop at a slash, `**` does not."""
    out, place = [], 0
    while place < len(pattern):
        letter = pattern[place]
        place += 1
        if letter == "*":
            if pathname and pattern.startswith("*/", place):
                out.append("(?:.*/)?")
                place += 2
            elif not pathname or pattern.startswith("*", place):
                out.append(".*")
                place += pattern.startswith("*", place)
            else:
                out.append("[^/]*")
        elif letter == "?":
            out.append("[^/]" if pathname else ".")
        elif letter == "\\" and place < len(pattern):
            out.append(re.escape(pattern[place]))
            place += 1
        elif letter == "[" and (end := pattern.find("]", place + 1 + (pattern[place : place + 1] in ("!", "^")))) > 0:
            inside = pattern[place:end].replace("\\", "\\\\").replace("[", "\\[")
            out.append("[" + ("^" + inside[1:] if inside[:1] in ("!", "^") else inside) + "]")
            place = end + 1
        else:
            out.append(re.escape(letter))
    return "".join(out)


def accepts(spec: Spec) -> Callable[[str], bool]:
    """Whether a path relative to the top is selected, or for an excluding pathspec certainly left out."""
    if spec.path is None or spec.vague:
        return lambda path: not spec.exclude
    if spec.path == "":
        return lambda path: True
    if spec.path.startswith("../"):
        return lambda path: False
    flags = re.IGNORECASE if spec.icase else 0
    prefix = re.compile(re.escape(spec.path) + r"(?:/.*)?\Z", flags | re.DOTALL)
    if spec.literal or not WILD.search(spec.path):
        return lambda path: prefix.match(path) is not None
    try:
        body = expression(spec.path, spec.glob and spec.exclude)
        wild = re.compile(body + (r"\Z" if spec.exclude else r"(?:/.*)?\Z"), flags | re.DOTALL)
    except re.error:
        return lambda path: not spec.exclude
    return lambda path: wild.match(path) is not None or prefix.match(path) is not None


def matcher(words: Iterable[str], root: str, cwd: str, always: Iterable[str] = ()) -> Callable[[str], bool]:
    """Whether an absolute path below `root` is selected by the pathspecs; no words select everything."""
    specs = [parse(word, root, cwd, always) for word in words if word != ":"]
    wanted = [accepts(spec) for spec in specs if not spec.exclude]
    unwanted = [accepts(spec) for spec in specs if spec.exclude]

    def keep(path: str) -> bool:
        inside = os.path.relpath(path, root)
        if wanted and not any(accept(inside) for accept in wanted):
            return False
        return not any(accept(inside) for accept in unwanted)

    return keep
