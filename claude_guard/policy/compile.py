"""One gitignore pattern, translated once: pathspec gives its structure, and what git does differently is mended here.

A pattern becomes a row `[written, negated, folder only, space, kind, text, glob, program]` for `match.py`.
space: "" (relative to the policy's folder or tree), "~" (home) or "/" (the root). kind: `=` a name, `^` the start of
a name, `~` the end of a name, `p` a path, `b` a regular expression for a name, `r` one for a path, `*` anything.
Names and paths are those of one very file or folder: what lies below a matched folder is the evaluation's business.
glob: the pattern as `shape.py` reads it, exactly or matching more.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from typing import TYPE_CHECKING, NamedTuple

from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

from .keys import LENGTH
from .match import expression

if TYPE_CHECKING:
    from .match import Row


class PatternError(ValueError):
    """A pattern that git would ignore or that can never match: message, and the mend."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Compiled(NamedTuple):
    """A pattern's row; keys: segment keys of which every matching path holds each one (any may index the pattern);
    literal: a text that every matching path holds, "" where none is known."""

    row: Row
    keys: tuple[str, ...]
    literal: str


class Segment(NamedTuple):
    """A segment of a pattern: its literal start and end, between them "" (nothing), "*" (one star) or "?" (more), and
    the longest text in it that every matching name holds."""

    head: str
    star: str
    tail: str
    run: str


_FIRST = 0xF0000  # placeholders: private characters, one for each atom that pathspec must not read
_POSIX = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": " \\t",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "\\x21-\\x7e",
    "lower": "a-z",
    "print": "\\x20-\\x7e",
    "punct": "!-/:-@\\[-`{-~",
    "space": " \\t\\n\\r\\f\\v",
    "upper": "A-Z",
    "xdigit": "0-9a-fA-F",
}


def program(text: str) -> str:
    """The program that a regular expression is compiled to, in hexadecimal, for interpreters of this very version; ""
    where it cannot be had or does not run (see `match.expression`)."""
    try:
        from re import _compiler, _parser  # type: ignore[attr-defined]  # private, and therefore checked below

        parsed = _parser.parse(text, re.DOTALL)
        if parsed.state.groups > 1:
            return ""
        code = _compiler._code(parsed, re.DOTALL)
        packed = array("I", code).tobytes().hex()
        expression(text, packed)
    except (ImportError, AttributeError, TypeError, ValueError, RuntimeError, OverflowError):
        return ""
    return packed


def fold(text: str) -> str:
    """The text as a file system sees it that folds case and Unicode forms (macOS, Windows)."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def compile_pattern(written: str, folding: bool = False) -> Compiled:
    """Translates one pattern. Raises PatternError where git would never match anything with it."""
    if any(character in written for character in "\n\r\0"):
        raise PatternError(f"pattern {written!r} holds a line break or NUL", "remove it")
    if any(_FIRST <= ord(character) <= _FIRST + 0xFFFF for character in written):
        raise PatternError(f"pattern `{written}` holds a private character", "remove it")
    body = _trim(written)
    if body.startswith("#"):
        raise PatternError(f"pattern `{written}` is a comment in gitignore syntax", f"write `\\{body}`")
    negated = body.startswith("!")
    body = body[1:] if negated else body
    space = ""
    if body == "~" or body.startswith("~/"):
        space, body = "~", body[1:]
    elif body.startswith("//"):
        space, body = "/", body[1:]
    if folding:
        body = fold(body)
    folder = body.endswith("/")
    body = body[:-1] if folder else body
    if not body:
        raise PatternError(f"pattern `{written}` matches nothing", "name a file or folder")
    floating = "/" not in body
    if floating and space:
        raise PatternError(f"pattern `{written}` matches nothing", "name a file or folder below it")
    if not floating and not body.startswith("/"):
        body = "/" + body
    masked, atoms = _mask(body, written, folding)
    if "//" in masked or masked.endswith("/"):
        raise PatternError(f"pattern `{written}` matches nothing", "write single slashes")
    segments = [_segment(segment, [regex for regex, _ in atoms]) for segment in masked.removeprefix("/").split("/")]
    kind, text = _test(body, masked, [regex for regex, _ in atoms], segments)
    glob = _glob(masked, atoms, floating)
    if kind == "q":
        start = masked[: masked.index("**")]
        kind, segments = "r", segments[: start.count("/") - 1]
        glob = start[: start.rindex("/")] + "/**"
    code = program(text) if kind in "br" else ""
    row: Row = [written, int(negated), int(folder), space, kind, text, glob, code]
    keys = tuple(key for key in map(_key, segments) if key)
    literal = max((run for *_, run in segments), key=len, default="")
    return Compiled(row, keys, literal)


def _trim(written: str) -> str:
    """Without trailing blanks, unless a backslash keeps one. pathspec strips tabs and other white space too, and
    after `\\ ` keeps or drops all of them; git drops spaces one by one (dir.c, trim_trailing_spaces)."""
    end = len(written)
    index = kept = 0
    while index < end:
        if written[index] == "\\":
            index += 2
            kept = min(index, end)
        else:
            kept = index + 1 if written[index] != " " else kept
            index += 1
    return written[:kept]


def _mask(body: str, written: str, folding: bool) -> tuple[str, list[tuple[str, str]]]:
    """The pattern with a placeholder for every escaped character and every bracket expression, and of each the
    regular expression and the glob ("" where that cannot be written plainly).

    pathspec takes a backslash in brackets for itself (git: an escape), hands `[[:alpha:]]` and `[z-a]` to `re`, lets
    `[!a]` match a slash, splits `[a/b]` at the slash, and refuses `a\\/b`; in git none of that is so (wildmatch.c).
    """
    out: list[str] = []
    atoms: list[tuple[str, str]] = []

    def put(regex: str, glob: str) -> None:
        out.append(chr(_FIRST + len(atoms)))
        atoms.append((regex, f"[{glob}]" if glob in ("*", "?", "[") else glob))

    index = 0
    while index < len(body):
        character = body[index]
        if character == "\\":
            if index + 1 == len(body):
                raise PatternError(f"pattern `{written}` ends in a lone backslash", "write `\\\\` for a backslash")
            following = body[index + 1]
            if following == "/":
                # `**\/` is not `**/`: git takes the escaped slash for a real one, so at least one folder is needed.
                out.append("/*/" if "".join(out[-2:]) == "**" else "/")
            else:
                put(re.escape(following), following)
            index += 2
        elif character == "[":
            regex, glob, index = _bracket(body, index, written, folding)
            put(regex, glob)
        else:
            if character.isspace() or (index == 0 and character in "!#"):
                put(re.escape(character), character)  # pathspec strips white space and reads a second `!` and a `!#`
            else:
                out.append(character)
            index += 1
    return "".join(out), atoms


def _bracket(body: str, start: int, written: str, folding: bool) -> tuple[str, str, int]:
    """Of the bracket expression that starts here the regular expression, the glob, and the index behind it."""
    unclosed = PatternError(f"pattern `{written}` has a `[` that is not closed", "write `\\[` for a bracket")
    index = start + 1
    negated = body[index : index + 1] in ("!", "^")
    index += negated
    parts: list[str] = []
    previous = ""
    first = True
    while True:
        if index >= len(body):
            raise unclosed
        character = body[index]
        if character == "]" and not first:
            break
        first = False
        if character == "[" and body[index + 1 : index + 2] == ":":
            end = body.find("]", index + 2)
            if end < 0:
                raise unclosed
            if end > index + 2 and body[end - 1] == ":":
                name = body[index + 2 : end - 1]
                if name not in _POSIX:
                    raise PatternError(f"pattern `{written}` names no class with `[:{name}:]`", "try `[:alpha:]`")
                if folding and name in ("upper", "lower"):
                    name = "alpha"
                parts.append(_POSIX[name])
                previous = ""
                index = end + 1
                continue
        if character == "-" and previous and body[index + 1 : index + 2] not in ("", "]"):
            index += 1
            if body[index] == "\\":
                index += 1
                if index >= len(body):
                    raise unclosed
            if previous <= body[index]:
                parts.append(f"{_literal(previous)}-{_literal(body[index])}")
            previous = ""
            index += 1
            continue
        if character == "\\":
            index += 1
            if index >= len(body):
                raise unclosed
            character = body[index]
        parts.append(_literal(character))
        previous = character
        index += 1
    inside = "".join(parts)
    # A slash is never matched by brackets, negated or not.
    plain = "!" * negated + "".join(sorted(parts, key=lambda part: part != _literal("-"))).replace("\\x2d", "-")
    plain = plain.replace("\\x2e", ".").replace("\\x5f", "_")
    glob = f"[{plain}]" if inside and re.fullmatch(r"!?-?[A-Za-z0-9._-]*", plain) else ""
    return f"(?!/)[{'^' if negated else ''}{inside}]", glob, index + 1


def _glob(masked: str, atoms: list[tuple[str, str]], floating: bool) -> str:
    """The pattern as `shape.py` reads globs; what cannot be written so becomes `?`, which matches more."""
    out = []
    for character in re.sub(r"\*+", "*", masked) if floating else _stars(masked):
        if _FIRST <= ord(character) <= _FIRST + 0xFFFF:
            out.append(atoms[ord(character) - _FIRST][1] or "?")
        else:
            out.append(character)
    return "".join(out)


def _literal(character: str) -> str:
    return character if character.isalnum() else f"\\x{ord(character):02x}" if ord(character) < 256 else character


def _test(body: str, masked: str, atoms: list[str], segments: list[Segment]) -> tuple[str, str]:
    """How to test a path: the kind, and its text. Plain texts spare the compilation of a regular expression."""
    if "/" not in body:
        head, star, tail, _ = segments[0]
        if star == "*" and not head and not tail:
            return "*", ""
        if not star:
            return "=", head
        if star == "*" and not tail:
            return "^", head
        if star == "*" and not head:
            return "~", tail
        return "b", _regex(re.sub(r"\*+", "*", masked), atoms)
    if all(not segment.star for segment in segments):
        return "p", "/".join(segment.head for segment in segments)
    # git compares the literal start of a pattern apart (dir.c, match_pathname) and lets wildmatch see only the rest, so
    # that `x/a**/b` is `x/a` and then `**/b`: `**` counts as a whole segment right behind the literal start.
    start = re.split(r"[*?\[\\]", body, maxsplit=1)[0]
    rest = masked[len(start) :]
    if rest.startswith("**") and not start.endswith("/"):
        tail = re.sub(r"^(?:\*\*(?:/|$))+", "", _stars(rest))
        # There `*` may also be nothing at all: `a**/*` matches `a`.
        regex = "(?:.*/)?" + _regex("/" + tail, atoms).replace("[^/]+", "[^/]*") if tail else ".*"
        return "q", re.escape(start[1:]) + regex  # "q": an "r" whose keys end here
    return "r", _regex(_stars(masked), atoms)


def _stars(masked: str) -> str:
    """`***` as git reads it: as a whole segment it is `**`, elsewhere `*` (pathspec: `***` is `*` everywhere)."""
    return "/".join(
        "**" if re.fullmatch(r"\*\*+", segment) else re.sub(r"\*+", "*", segment) for segment in masked.split("/")
    )


def _regex(masked: str, atoms: list[str]) -> str:
    """pathspec's regular expression for that very path, for `fullmatch` with DOTALL, placeholders resolved."""
    regex = GitIgnoreSpecPattern.pattern_to_regex(masked)[0]
    assert isinstance(regex, str)
    # pathspec also matches what lies below a matched folder, by the tails `(?:(?P<ps_d>/)|$)` and `/`.
    if regex == ".":
        regex = ".+"
    elif regex == "/":
        regex = ".+/.+"
    elif regex.endswith("(?:(?P<ps_d>/)|$)"):
        regex = regex.removesuffix("(?:(?P<ps_d>/)|$)")
    elif regex.endswith("/"):
        regex += ".+"
    regex = regex.removeprefix("^")
    for index, atom in enumerate(atoms):
        regex = regex.replace(re.escape(chr(_FIRST + index)), atom)
    return regex


def _segment(segment: str, atoms: list[str]) -> Segment:
    texts: list[str] = []
    for character in segment:
        atom = (
            atoms[ord(character) - _FIRST] if ord(character) >= _FIRST and ord(character) <= _FIRST + 0xFFFF else None
        )
        if atom is None:
            texts.append("" if character in "*?" else character)
        else:
            texts.append("" if atom.startswith("(?!") else re.sub(r"\\(.)", r"\1", atom))
    wild = [index for index, text in enumerate(texts) if not text]
    if not wild:
        return Segment("".join(texts), "", "", "".join(texts))
    between = segment[wild[0] : wild[-1] + 1]
    star = "*" if set(between) == {"*"} else "?"
    runs = "".join(text or "/" for text in texts).split("/")
    return Segment("".join(texts[: wild[0]]), star, "".join(texts[wild[-1] + 1 :]), max(runs, key=len))


def _key(segment: Segment) -> str:
    head, star, tail, _ = segment
    if not star:
        return "=" + head if head else ""
    if len(tail) > len(head):
        return "~" + tail[-LENGTH:]
    return "^" + head[:LENGTH] if head else ""
