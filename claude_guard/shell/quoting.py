"""Where a quoted or substituted part of a script ends. Every function takes the script and the position of the part's
first character, returns the position after its last, and raises `Unclosed` where the script ends before that."""

import re

DEPTH = 60  # parts within parts; bash itself has no limit, people stay below ten

_DOUBLE = re.compile(r'["\\$`]')
_BRACED = re.compile(r"""[}"'\\$`]""")
_ARITH = re.compile(r"""[()"'\\$`]""")


class Unclosed(Exception):
    """A part of a script that is never closed, or lies too deep. `at`: its first character."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


def single(text: str, at: int) -> int:
    """`'...'`"""
    end = text.find("'", at + 1)
    if end < 0:
        raise Unclosed(at)
    return end + 1


def ansi(text: str, at: int) -> int:
    """`$'...'`"""
    i = at + 2
    while i < len(text):
        if text[i] == "\\":
            i += 2
        elif text[i] == "'":
            return i + 1
        else:
            i += 1
    raise Unclosed(at)


def backtick(text: str, at: int) -> int:
    """`` `...` ``"""
    i = at + 1
    while i < len(text):
        if text[i] == "\\":
            i += 2
        elif text[i] == "`":
            return i + 1
        else:
            i += 1
    raise Unclosed(at)


def double(text: str, at: int, depth: int = 0) -> int:
    """`"..."`"""
    i = at + 1
    while found := _DOUBLE.search(text, i):
        i = found.start()
        if text[i] == '"':
            return i + 1
        i = i + 2 if text[i] == "\\" else part(text, i, depth + 1, quoted=True)
    raise Unclosed(at)


def part(text: str, at: int, depth: int = 0, quoted: bool = False) -> int:
    """The part that starts with a quote, a dollar sign or a backtick; a dollar sign that starts nothing is itself."""
    if depth > DEPTH:
        raise Unclosed(at)
    first = text[at]
    if first == "`":
        return backtick(text, at)
    if first == '"':
        return double(text, at, depth)
    if first == "'":
        return single(text, at)
    follows = text[at + 1 : at + 2]
    if follows == "(":
        if text[at + 2 : at + 3] == "(":
            end = arithmetic(text, at + 1, depth)
            if end:
                return end
        return command(text, at + 1, depth)
    if follows == "{":
        return braced(text, at, depth, quoted)
    if follows == "[":
        end = text.find("]", at)
        return end + 1 if end > 0 else at + 1
    if quoted:
        return at + 1
    if follows == "'":
        return ansi(text, at)
    if follows == '"':
        return double(text, at + 1, depth)
    return at + 1


def braced(text: str, at: int, depth: int = 0, quoted: bool = False) -> int:
    """`${...}`. Within double quotes a single quote is plain, unless it lies in a pattern."""
    if text.startswith(("${ ", "${\n", "${\t", "${|"), at):
        return _funsub(text, at, depth)
    i = at + 2
    operator = re.compile(r"[#!]?[\w@*?$!-]*(?:\[[^\]]*\])?").match(text, i)
    if operator and not text.startswith(("${", "$("), i):
        i = operator.end()
    pattern = text[i : i + 1] in ("/", "#", "%")
    while found := _BRACED.search(text, i):
        i = found.start()
        char = text[i]
        if char == "}":
            return i + 1
        if char == "\\":
            i += 2
        elif char == "'" and quoted and not pattern:
            i += 1
        else:
            i = part(text, i, depth + 1, quoted and char == "$")
    raise Unclosed(at)


def _funsub(text: str, at: int, depth: int) -> int:
    i = at + 2
    nested = 0
    while found := re.compile(r"""[{}"'\\$`]""").search(text, i):
        i = found.start()
        char = text[i]
        if char == "\\":
            i += 2
        elif char == "{":
            nested += 1
            i += 1
        elif char == "}":
            if not nested:
                return i + 1
            nested -= 1
            i += 1
        else:
            i = part(text, i, depth + 1)
    raise Unclosed(at)


def arithmetic(text: str, at: int, depth: int = 0) -> int:
    """`((...))`, from its first parenthesis; 0 where the two last parentheses do not stand together: then it is a
    subshell in a subshell."""
    i = at + 2
    nested = 0
    while found := _ARITH.search(text, i):
        i = found.start()
        char = text[i]
        if char == "(":
            nested += 1
            i += 1
        elif char == ")":
            if not nested:
                return i + 2 if text[i + 1 : i + 2] == ")" else 0
            nested -= 1
            i += 1
        elif char == "\\":
            i += 2
        else:
            i = part(text, i, depth + 1)
    return 0


def command(text: str, at: int, depth: int = 0) -> int:
    """`(...)` that holds commands, from its parenthesis: only reading the commands tells where it ends (a `case` in it
    has parentheses of its own, a comment or here-document any)."""
    from .tokens import Scanner

    if depth > DEPTH:
        raise Unclosed(at)
    scanner = Scanner(text, at + 1, depth + 1)
    scanner.run(closes=True)
    return scanner.at


def ansi_text(body: str) -> str:
    """What stands between `$'` and `'`, decoded."""
    if "\\" not in body:
        return body

    def put(found: "re.Match[str]") -> str:
        code = found.group(1)
        simple = _SIMPLE.get(code)
        if simple is not None:
            return simple
        if code[0] in "01234567":
            return _byte(int(code, 8) & 0xFF)
        if code[0] == "x":
            return _byte(int(code[1:], 16) & 0xFF)
        if code[0] in "uU":
            value = int(code[1:], 16)
            return chr(value) if value < 0x110000 and not 0xD800 <= value < 0xE000 else ""
        if code[0] == "c":
            return chr(ord(code[1]) & 0x1F)
        return found.group(0)

    result = _ESCAPE.sub(put, body)
    result = result.split("\0")[0]
    try:
        return result.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
    except UnicodeError:
        return result


def _byte(value: int) -> str:
    return chr(value) if value < 0x80 else bytes([value]).decode("utf-8", "surrogateescape")


_SIMPLE = {
    "a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
    "\\": "\\", "'": "'", '"': '"', "?": "?",
}  # fmt: skip
_ESCAPE = re.compile(
    r"\\([abeEfnrtv\\'\"?]|[0-7]{1,3}|x[0-9A-Fa-f]{1,2}|u[0-9A-Fa-f]{1,4}|U[0-9A-Fa-f]{1,8}|c.)", re.DOTALL
)
