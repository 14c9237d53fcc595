"""What the rules of one layer say of one path. Pure: spelled paths in, rules out; no disk.

Row: a compiled pattern, [written, negated, folder only, space, kind, text, glob, program]; see `compile.py`.

git's way with the patterns of one rule: the folders above a path are asked first, from the top; at each, the last
pattern of the list that matches that very folder decides; below a matched folder everything is matched.
"""

from __future__ import annotations

from ..values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from re import Pattern
    from typing import Any

    Row = list[Any]


class Way(NamedTuple):
    """A path on its way down from the root, as the patterns of each space see it.

    steps: for every folder above the path and the path itself, top first: (name, path below the root, path below
    home or "", path below the base or ""). folder: whether the path is a folder.
    """

    steps: tuple[tuple[str, str, str, str], ...]
    folder: bool


def way(path: str, home: str, base: str, folder: bool) -> Way:
    """The way to an absolute, normalised path; `base` is what relative patterns are relative to."""
    steps = []
    at = 0
    home_at = len(home.rstrip("/")) + 1
    base_at = len(base.rstrip("/")) + 1
    home_start, base_start = home.rstrip("/") + "/", base.rstrip("/") + "/"
    below_home, below_base = path.startswith(home_start), path.startswith(base_start)
    length = len(path)
    while at < length:
        end = path.find("/", at + 1)
        if end < 0:
            end = length
        if end > at + 1:
            steps.append(
                (
                    path[at + 1 : end],
                    path[1:end],
                    path[home_at:end] if below_home else "",
                    path[base_at:end] if below_base else "",
                )
            )
        at = end
    return Way(tuple(steps), folder)


DOTALL = 16  # re.DOTALL
_expressions: dict[str, Pattern[str]] = {}


def expression(text: str, code: str) -> Pattern[str]:
    """A regular expression, from the program that it was compiled to (`compile.program`): importing `re` costs as much
    as a bare interpreter start, and compiling ten times as much as matching. The C compiler checks the program."""
    found = _expressions.get(text)
    if found is None:
        if code:
            import _sre  # type: ignore[import-not-found]  # of the interpreter, without stubs

            words = memoryview(bytes.fromhex(code)).cast("I").tolist()
            found = _sre.compile(text, DOTALL, words, 0, {}, ())
        else:
            import re

            found = re.compile(text, DOTALL)
        _expressions[text] = found
    return found


def matching(rows: list[Row], way: Way) -> Row | None:
    """The pattern by which the path is matched; None where it is not."""
    last = len(way.steps) - 1
    for depth, (name, root, home, base) in enumerate(way.steps):
        folder = depth < last or way.folder
        for row in reversed(rows):
            if row[2] and not folder:
                continue
            space = row[3]
            path = base if not space else home if space == "~" else root
            if not path:
                continue
            kind = row[4]
            text = row[5]
            if kind == "=":
                hit = name == text
            elif kind == "~":
                hit = name.endswith(text)
            elif kind == "^":
                hit = name.startswith(text)
            elif kind == "p":
                hit = path == text
            elif kind == "*":
                hit = True
            else:
                hit = expression(text, row[7]).fullmatch(name if kind == "b" else path) is not None
            if hit:
                if row[1]:
                    break
                return row
    return None
