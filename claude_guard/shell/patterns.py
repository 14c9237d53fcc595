"""Shell patterns against text.

A pattern is a list of (text, active) pieces: what was quoted is not active, and matches itself.
"""

import re

from .context import HOLE

Pieces = list[tuple[str, bool]]

_CLASSES = {
    "alpha": "a-zA-Z", "digit": "0-9", "alnum": "a-zA-Z0-9", "upper": "A-Z", "lower": "a-z", "space": r"\s",
    "blank": r" \t", "punct": r"!-/:-@\[-`{-~", "word": r"\w", "xdigit": "0-9a-fA-F", "print": " -~",
    "graph": "!-~", "cntrl": r"\x00-\x1f\x7f",
}  # fmt: skip
_STARS = 12


def active(pieces: Pieces) -> bool:
    """Whether the word is a pattern at all."""
    return any(on and re.search(r"[*?\[]|[@!+]\(", text) is not None for text, on in pieces)


def plain(pieces: Pieces) -> str:
    """The text of a word that is not a pattern."""
    return "".join([text for text, _ in pieces])


class Pattern:
    """A pattern against text. Patterns with `*(...)` or several stars can take very long; for those `match` answers
    None where the text is too long for that."""

    def __init__(self, expression: str, loops: int, stars: int, fold: bool) -> None:
        self.expression = expression
        self.loops = loops
        self.stars = stars
        self.compiled = re.compile(expression, re.DOTALL | (re.IGNORECASE if fold else 0))

    def affords(self, size: int) -> bool:
        """Whether a text of that size can be matched in bounded time."""
        if self.loops:
            return size <= 20 * self.loops + 4 if self.loops < 2 else size <= 12
        return int((size + 1) ** (self.stars + 1)) <= 4_000_000

    def match(self, text: str) -> bool | None:
        """Whether the whole text matches; None where that cannot be told."""
        if HOLE in text or not self.affords(len(text)):
            return None
        return self.compiled.fullmatch(text) is not None


def compile_pattern(pieces: Pieces, slash: bool = True, dialect: str = "bash", fold: bool = False) -> Pattern | None:
    """The pattern; None where it holds an unknown part, too many stars, or cannot be understood. `slash`: whether `*`
    and `?` match a slash too."""
    chars = [(char, on) for text, on in pieces for char in text]
    stars = sum(on and char == "*" and chars[i - 1 : i] != [("*", True)] for i, (char, on) in enumerate(chars))
    if any(char == HOLE for char, _ in chars) or len(chars) > 20_000:
        return None
    groups = any(char == "(" and on for char, on in chars)
    one = "." if slash else "[^/]"
    try:
        if not groups:
            return Pattern(_linear(chars, one, dialect), 0, 1 if stars > 0 else 0, fold)
        text = "".join(char if on else "_" for char, on in chars)
        loops = len(re.findall(r"[*+]\(", text))
        if stars - text.count("*(") > _STARS:
            return None
        out, end = _translate(chars, 0, one, False, dialect)
        return Pattern(out, loops, stars - text.count("*(") + text.count("!("), fold) if end == len(chars) else None
    except (re.error, RecursionError):
        return None


def _linear(chars: list[tuple[str, bool]], one: str, dialect: str) -> str:
    """Without groups, a part between stars may be taken where it first fits: no way back, no blow-up."""
    parts: list[list[tuple[str, bool]]] = [[]]
    i = 0
    while i < len(chars):
        char, on = chars[i]
        if char == "*" and on:
            parts.append([])
        elif char == "[" and on and (found := _bracket(chars, i)):
            parts[-1] += chars[i : found[1]]
            i = found[1]
            continue
        else:
            parts[-1].append((char, on))
        i += 1
    texts = [_translate(part, 0, one, False, dialect)[0] for part in parts]
    if len(texts) == 1:
        return texts[0]
    middle = [f"(?>{one}*?{text})" for text in texts[1:-1] if text]
    return texts[0] + "".join(middle) + one + "*" + texts[-1]


def _translate(chars: list[tuple[str, bool]], i: int, one: str, nested: bool, dialect: str) -> tuple[str, int]:
    out: list[str] = []
    while i < len(chars):
        char, on = chars[i]
        if not on:
            out.append(re.escape(char))
            i += 1
            continue
        group = char in "?*+@!" and i + 1 < len(chars) and chars[i + 1] == ("(", True)
        if group or (char == "(" and dialect == "zsh"):
            start = i + 2 if group else i + 1
            alternatives: list[str] = []
            while True:
                inner, start = _translate(chars, start, one, True, dialect)
                alternatives.append(inner)
                if start >= len(chars):
                    return "".join(out) + re.escape("".join(c for c, _ in chars[i:])), len(chars)
                start += 1
                if chars[start - 1][0] == ")":
                    break
            body = "|".join(alternatives)
            if char == "!" and group:
                rest, _ = _translate(chars, start, one, nested, dialect)
                out.append(f"(?!(?:{body}){rest}$){one}*")
                i = start
                continue
            mark = {"?": "?", "*": "*", "+": "+"}.get(char, "") if group else ""
            out.append(f"(?:{body}){mark}")
            i = start
        elif nested and char in "|)":
            return "".join(out), i
        elif char == "*":
            while i + 1 < len(chars) and chars[i + 1] == ("*", True):
                i += 1
            out.append(one + "*")
            i += 1
        elif char == "?":
            out.append(one)
            i += 1
        elif char == "[":
            found = _bracket(chars, i)
            if found:
                out.append(found[0])
                i = found[1]
            else:
                out.append(r"\[")
                i += 1
        elif char == "\\" and i + 1 < len(chars):
            out.append(re.escape(chars[i + 1][0]))
            i += 2
        else:
            out.append(re.escape(char))
            i += 1
    return "".join(out), i


def _bracket(chars: list[tuple[str, bool]], at: int) -> tuple[str, int] | None:
    i = at + 1
    negated = i < len(chars) and chars[i][1] and chars[i][0] in "!^"
    i += negated
    out: list[str] = []
    first = True
    while i < len(chars):
        char, on = chars[i]
        if char == "]" and on and not first:
            body = "".join(out)
            text = f"[{'^' if negated else ''}{body}]"
            try:
                re.compile(text)
            except re.error:
                return "(?!)", i + 1
            return text, i + 1
        first = False
        rest = "".join(c for c, _ in chars[i : i + 12])
        named = re.match(r"\[([:.=])(\w+|.)\1\]", rest) if char == "[" and on else None
        if named:
            out.append(_CLASSES.get(named.group(2), "") if named.group(1) == ":" else re.escape(named.group(2)))
            i += named.end()
        elif char == "-" and on and out:
            out.append("-" if i + 1 < len(chars) and chars[i + 1][0] != "]" else r"\-")
            i += 1
        elif char == "\\" and on and i + 1 < len(chars):
            out.append(re.escape(chars[i + 1][0]))
            i += 2
        else:
            out.append(re.escape(char))
            i += 1
    return None


def matches(pieces: Pieces, text: str, fold: bool = False) -> bool | None:
    """Whether the pattern matches the whole text; None where that cannot be told."""
    pattern = compile_pattern(pieces, fold=fold)
    return pattern.match(text) if pattern else None
