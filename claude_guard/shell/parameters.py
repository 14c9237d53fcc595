"""`$name` and `${name...}`: what a parameter becomes, with every operator."""

import re

from . import operators
from .context import HOLE
from .quoting import part

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .words import Expander, Piece

Value = str | list[str] | None

_HEAD = re.compile(r"([#!]?)([A-Za-z_]\w*|\d+|[@*#?$!_-])(\[)?")
_PLAIN_ANSWERS = {"$": "4242", "-": "hB"}


def expand(words: "Expander", inner: str, quoted: bool) -> "list[Piece]":
    """The pieces that `${inner}` becomes."""
    if inner.startswith("(") and words.walk.dialect == "zsh":
        return _flags(words, inner, quoted)
    if words.walk.dialect == "zsh" and inner[:1] in "=~^" and len(inner) > 1:
        kind = 4 if inner[0] == "=" and inner[:2] != "==" else 1 if inner[0] == "~" and inner[:2] != "~~" else 2
        return [(text, kind if old == 2 else old) for text, old in expand(words, inner[1:], quoted)]
    found = None if inner[:1] == "$" and inner[1:2] in ("{", "(") else _HEAD.match(inner)
    if not found:
        return _headless(words, inner, quoted)
    mark, name, bracket = found.groups()
    rest = inner[found.end() :]
    if not bracket and rest and (mark == "#" or (mark == "!" and name in "-?")):
        mark, name, rest = "", mark, inner[1:]  # `${#%x}`, `${!-x}`: an operator on `$#` or `$!`
    index: str | None = None
    if bracket:
        close = _bracket(inner, found.end())
        index = inner[found.end() : close]
        rest = inner[close + 1 :]
    if mark == "!":
        return _indirect(words, name, index, rest, quoted)
    shown = set(words.shown)
    value = look(words, name, index)
    if mark == "#" or rest[:1] == "+" or rest[:2] == ":+":
        words.shown = shown  # its length, or whether it is set: not what it is
    star = index == "*" if index is not None else name == "*"
    if mark == "#":
        return _pieces(words, _length(value), quoted, False)
    return _operate(words, name, index, value, rest, quoted, star)


def _headless(words: "Expander", inner: str, quoted: bool) -> "list[Piece]":
    """zsh's `${:-word}`, `${${name}...}` and `${"$(command)"}`; in bash an error."""
    if inner.startswith(":-"):
        return words.expand(inner[2:], quoted=quoted, nested=quoted)
    if inner[:1] not in ('"', "$"):
        words.expand(inner, quoted=True)
        return _pieces(words, HOLE, quoted, False)
    end = part(inner, 0)
    value = "".join("\n" if kind == 3 else text for text, kind in words.expand(inner[:end], quoted=True, nested=True))
    return _operate(words, "", None, value, inner[end:], quoted, False)


def _bracket(text: str, at: int) -> int:
    depth = 0
    for i in range(at, len(text)):
        if text[i] == "[":
            depth += 1
        elif text[i] == "]":
            if not depth:
                return i
            depth -= 1
    return len(text)


def look(words: "Expander", name: str, index: str | None = None) -> Value:
    """A parameter's value: text, the elements where it has several, None where it is unset."""
    state, walk = words.state, words.walk
    if name in ("@", "*"):
        return list(state.positional)
    if name == "#":
        return HOLE if HOLE in state.positional else str(len(state.positional))
    if name.isdigit():
        number = int(name)
        if number == 0:
            return walk.name
        if HOLE in state.positional[:number]:
            return HOLE
        return state.positional[number - 1] if number <= len(state.positional) else None
    if name == "?":
        return "0" if state.status else HOLE
    if name == "!":
        return "4343"
    if name in _PLAIN_ANSWERS:
        return _PLAIN_ANSWERS[name]
    variable = walk.variable(state, name)
    if variable is None or variable.value is None:
        return [] if index in ("@", "*") and walk.dialect != "zsh" else None
    words.shown |= variable.taint
    value = variable.value
    zsh = walk.dialect == "zsh"
    if zsh and index is not None and index.startswith("("):
        return HOLE
    if isinstance(value, str):
        if index is None or index in ("@", "*"):
            return value
        if value == HOLE:
            return HOLE
        number_text = words.arithmetic(index)
        if HOLE in number_text:
            return HOLE
        if zsh:
            return value[int(number_text) - 1 : int(number_text)] if number_text != "0" else ""
        return value if number_text in ("0", "-1") else None
    if index is None:
        if zsh and not variable.keyed:
            return [text for _, text in value if text]
        return variable.text()
    if index in ("@", "*"):
        return [text for _, text in value]
    key = words.text(index) if variable.keyed else words.arithmetic(index)
    if HOLE in key or any(HOLE in known for known, _ in value):
        return HOLE
    if not variable.keyed and zsh and int(key) > 0:
        key = str(int(key) - 1)
    if not variable.keyed and key.startswith("-") and value:
        key = str(int(value[-1][0]) + 1 + int(key))
    return next((text for known, text in value if known == key), None)


def _length(value: Value) -> str:
    if isinstance(value, list):
        return HOLE if HOLE in value else str(len(value))
    return HOLE if value and HOLE in value else str(len(value or ""))


def _indirect(words: "Expander", name: str, index: str | None, rest: str, quoted: bool) -> "list[Piece]":
    if rest in ("*", "@") and index is None:
        names = sorted(known for known in words.walk.names(words.state) if known.startswith(name))
        return _pieces(words, names, quoted, rest == "*")
    variable = words.walk.variable(words.state, name)
    if index in ("@", "*"):
        items = variable.value if variable else None
        keys = [key for key, _ in items] if isinstance(items, tuple) else ["0"] if items else []
        return _pieces(words, keys, quoted, index == "*")
    target = look(words, name, index)
    if isinstance(target, list):
        target = target[0] if target else None
    if not target:
        return _operate(words, name, None, None, rest, quoted, False)
    if HOLE in target:
        words.walk.opaque(f"which variable `${{!{name}}}` names", f"${{!{name}}}")
        return _pieces(words, HOLE, quoted, False)
    return expand(words, target + rest, quoted)


def _pieces(words: "Expander", value: Value, quoted: bool, star: bool) -> "list[Piece]":
    """Pieces for a value: elements apart for `@`, joined for a quoted `*`."""
    if value is None:
        return [("", 0)] if quoted else []
    if isinstance(value, str):
        return [(value, 0 if quoted else 2)]
    if quoted and star:
        separator = words.walk.variable_text(words.state, "IFS")
        return [((" " if separator is None else separator[:1]).join(value), 0)]
    out: list[Piece] = []
    words.walk.step(len(value))
    for i, text in enumerate(value):
        if i:
            out.append(("", 3))
        if text == HOLE:
            out += [(HOLE, 0), ("", 3)]
        out.append((text, 0 if quoted else 2))
    return out


def _operate(
    words: "Expander", name: str, index: str | None, value: Value, rest: str, quoted: bool, star: bool
) -> "list[Piece]":
    if not rest:
        return _pieces(words, value, quoted, star)
    op = rest[0]
    if op == ":" and rest[1:2] in "-=?+" and len(rest) > 1:
        return _default(words, name, value, rest[1], rest[2:], quoted, star, empty=True)
    if op in "-=?+":
        return _default(words, name, value, op, rest[1:], quoted, star, empty=False)
    if value is None and name not in ("@", "*"):
        words.text(rest) if "$(" in rest or "`" in rest else None
        return [("", 0)] if quoted else []
    if op == ":":
        if words.walk.dialect == "zsh" and rest[1:2].isalpha():
            return _pieces(words, operators.modify(words, value, rest[1:]), quoted, star)
        return _pieces(words, operators.slice_of(words, name, index, value, rest[1:]), quoted, star)
    each = operators.change(words, rest)
    if each is None:
        return _pieces(words, HOLE, quoted, False)
    if isinstance(value, list):
        return _pieces(words, [each(text) for text in value], quoted, star)
    return _pieces(words, each(value or ""), quoted, star)


def _default(
    words: "Expander", name: str, value: Value, op: str, word: str, quoted: bool, star: bool, empty: bool
) -> "list[Piece]":
    missing = value is None or value == [] or (empty and value in ("", [""]))
    if words.walk.dialect == "zsh" and "{" in word and not quoted:
        words.walk.opaque(f"what the braces in `{word}` make", word)
    unsure = isinstance(value, str) and HOLE in value and empty
    if op == "+":
        if missing:
            return [("", 0)] if quoted else []
        return words.expand(word, quoted=quoted, nested=quoted)
    if not missing:
        if unsure:
            words.expand(word, quoted=quoted, nested=quoted)  # for what it runs
        return _pieces(words, value, quoted, star)
    result = words.expand(word, quoted=quoted, nested=quoted)
    if op == "=":
        words.walk.assign(words.state, name, "".join(text for text, _ in result))
    if op == "?":
        words.walk.reveal(words.shown)
        return _pieces(words, None, quoted, False)
    if not quoted:
        return [(text, 2 if kind == 1 else kind) for text, kind in result]
    return result or [("", 0)]


def _flags(words: "Expander", inner: str, quoted: bool) -> "list[Piece]":
    """zsh's `${(flags)...}`: the flags that only split, join or change case; the rest is unknown."""
    close = inner.find(")")
    flags, rest = inner[1:close], inner[close + 1 :]
    pieces = expand(words, rest, True)
    value = "".join("\n" if kind == 3 else text for text, kind in pieces)
    if "P" in flags and HOLE in value:
        words.walk.opaque(f"which variable `${{{inner}}}` names", f"${{{inner}}}")
    if HOLE in value or (flags == "P" and not value):
        return _pieces(words, HOLE, quoted, False)
    if flags == "P":
        return expand(words, value, quoted)
    if flags in ("f", "@f", "f@"):
        return _pieces(words, [line for line in value.split("\n") if line], True, False)
    if found := re.fullmatch(r"@?s(.)(.+)\1@?", flags):
        return _pieces(words, value.split(found.group(2)) if value else [], True, False)
    if flags in ("L", "U"):
        return _pieces(words, value.lower() if flags == "L" else value.upper(), quoted, False)
    if flags in ("Q", "q", "e", "%"):
        return _pieces(words, HOLE if flags in ("e", "%") else value.replace('"', "").replace("'", ""), quoted, False)
    if flags in ("o", "O", "u", "@"):
        return pieces
    return _pieces(words, HOLE, quoted, False)
