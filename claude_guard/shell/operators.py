"""The operators of `${name...}` that make another text of a value: slice, trim, replace, change of case."""

import re

from .context import HOLE
from .patterns import Pieces, compile_pattern, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .words import Expander

Value = str | list[str] | None


def slice_of(words: "Expander", name: str, index: str | None, value: Value, rest: str) -> Value:
    parts = _colons(rest)
    start = words.arithmetic(parts[0])
    length = words.arithmetic(parts[1]) if len(parts) > 1 else None
    if HOLE in start or (length and HOLE in length) or value is None:
        return HOLE if value else value
    if isinstance(value, list):
        items = [words.walk.name, *value] if name in ("@", "*") and index is None else value
        if HOLE in items:
            return [HOLE]
    elif HOLE in value:
        return HOLE
    else:
        items = list(value)
    begin = int(start) if int(start) >= 0 else max(len(items) + int(start), 0)
    end = len(items)
    if length is not None:
        end = begin + int(length) if int(length) >= 0 else len(items) + int(length)
    cut = items[begin:end] if end > begin else []
    return cut if isinstance(value, list) else "".join(cut)


def _colons(text: str) -> list[str]:
    """Split at the first colon that is not within a nested expansion or the branches of `?`."""
    depth = 0
    waiting = 0
    for i, char in enumerate(text):
        if char in "({":
            depth += 1
        elif char in ")}":
            depth -= 1
        elif char == "?" and not depth:
            waiting += 1
        elif char == ":" and not depth:
            if not waiting:
                return [text[:i], text[i + 1 :]]
            waiting -= 1
    return [text]


def change(words: "Expander", rest: str):  # type: ignore[no-untyped-def]  # a function on text, or None
    op = rest[0]
    if op in "#%":
        longest = rest[1:2] == op
        pattern = words.pieces_of(rest[2 if longest else 1 :])
        return lambda text: _trim(text, pattern, op == "#", longest)
    if op == "/":
        return _replacement(words, rest)
    if op in "^,~":
        every = rest[1:2] == op
        pattern = words.pieces_of(rest[2 if every else 1 :])
        return lambda text: _case(text, pattern, op, every)
    if op == "@" and len(rest) == 2:
        kind = rest[1]
        change = {"U": str.upper, "L": str.lower, "u": lambda t: t[:1].upper() + t[1:], "Q": _quote, "K": _quote}
        if kind == "E":
            from .quoting import ansi_text

            return ansi_text
        if kind == "P":
            return lambda text: "".join(piece for piece, _ in words.expand(text, quoted=True))
        if kind == "A" or kind == "a":
            return lambda text: HOLE
        return change.get(kind)
    return None


def _quote(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _trim(text: str, pattern: Pieces, front: bool, longest: bool) -> str:
    compiled = compile_pattern(pattern)
    if HOLE in text or compiled is None or len(text) > 2000 or not compiled.affords(len(text)):
        return HOLE
    ends = range(len(text) + 1)
    if front:
        for end in reversed(ends) if longest else ends:
            if compiled.compiled.fullmatch(text, 0, end):
                return text[end:]
        return text
    for start in ends if longest else reversed(ends):
        if compiled.compiled.fullmatch(text, start):
            return text[:start]
    return text


def _replacement(words: "Expander", rest: str):  # type: ignore[no-untyped-def]  # a function on text
    every = rest.startswith("//")
    body = rest[2 if every else 1 :]
    anchor = "" if every or body[:1] not in ("#", "%") else body[0]
    cut = _slash(body)
    raw_pattern = body[1 if anchor else 0 : cut] if cut is not None else body[1 if anchor else 0 :]
    pattern = words.pieces_of(raw_pattern)
    new = plain(words.pieces_of(body[cut + 1 :])) if cut is not None else ""
    compiled = compile_pattern(pattern)
    stars = sum(piece.count("*") for piece, on in pattern if on)

    def replace(text: str) -> str:
        if HOLE in text or compiled is None or (len(text) + 1) ** (stars + 1) > 4_000_000:
            return HOLE
        if not compiled.affords(len(text)):
            return HOLE
        if not compiled.expression and not anchor:
            return text
        # the longest match counts here, so the way back must stay open
        source = compiled.expression.replace("(?>.*?", "(?:.*").replace("(?>[^/]*?", "(?:[^/]*")
        source = ("\\A(?:" if anchor == "#" else "(?:") + source + (")\\Z" if anchor == "%" else ")")
        return re.sub(source, lambda found: new, text, count=0 if every else 1, flags=re.DOTALL)

    return replace


def _slash(text: str) -> int | None:
    from .quoting import Unclosed, part

    i = 0
    while i < len(text):
        char = text[i]
        if char == "\\":
            i += 2
        elif char in "\"'`$":
            try:
                i = part(text, i)
            except Unclosed:
                i += 1
        elif char == "/":
            return i
        else:
            i += 1
    return None


def _case(text: str, pattern: Pieces, op: str, every: bool) -> str:
    if HOLE in text:
        return HOLE
    change = {"^": str.upper, ",": str.lower, "~": str.swapcase}[op]
    compiled = compile_pattern(pattern or [("?", True)])
    if compiled is None:
        return HOLE
    changed = [change(char) if compiled.match(char) else char for char in (text if every else text[:1])]
    return "".join(changed) + ("" if every else text[1:])


def modify(words: "Expander", value: Value, letters: str) -> Value:
    """zsh's `${name:h}`, `:t`, `:r`, `:e`, `:l`, `:u`, `:a`, `:A`."""

    def one(text: str) -> str:
        for letter in letters.replace(":", ""):
            if HOLE in text:
                return HOLE
            head, slash, tail = text.rpartition("/")
            if letter == "h":
                text = head or ("/" if slash else ".")
            elif letter == "t":
                text = tail
            elif letter == "r":
                text = text[: len(text) - len(tail)] + (tail.rpartition(".")[0] or tail)
            elif letter == "e":
                text = tail.rpartition(".")[2] if "." in tail else ""
            elif letter == "l":
                text = text.lower()
            elif letter == "u":
                text = text.upper()
            elif letter in "aA":
                text = text if text.startswith("/") else words.state.cwd + "/" + text
            else:
                return HOLE
        return text

    if isinstance(value, list):
        return [one(text) for text in value]
    return None if value is None else one(value)
