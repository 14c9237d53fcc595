"""awk programs: the files, commands and variables that they name besides their input.

Tokens are enough: a redirection or pipe is followed by an expression whose constants are put together; what is
not constant leaves a hole.
"""

import re

from ..context import HOLE, Context

TOKEN = re.compile(
    r'(?P<string>"(?:[^"\\\n]|\\.)*")|(?P<name>[A-Za-z_]\w*)|(?P<number>\d[\w.]*)|(?P<comment>#[^\n]*)'
    r"|(?P<sign>>>|\|&|&&|\|\||==|!=|<=|>=|\+\+|--|[-+*/%^]=|.)|(?P<newline>\n)",
    re.S,
)
REGEX = re.compile(r"/(?:[^/\\\n\[]|\\.|\[\^?\]?[^\]\n]*\])*/")
OPERAND = ("string", "name", "number")
ESCAPES = {"n": "\n", "t": "\t", "\\": "\\", '"': '"', "/": "/"}


def tokens(text: str) -> list[tuple[str, str]]:
    """(kind, text); a regular expression is told from a division by what stands before it."""
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(text):
        value = text[at]
        before = found[-1] if found else ("newline", "\n")
        if value == "/" and before[0] not in ("name", "number", "string") and before[1] not in (")", "]", "$"):
            match = REGEX.match(text, at)
            if match:
                found.append(("regex", match[0]))
                at = match.end()
                continue
        match = TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            at += 1
            continue
        if (not value.isspace() and match.lastgroup != "comment") or value == "\n":
            found.append((match.lastgroup if value != "\n" else "newline", match[0]))
        at = match.end()
    return found


def constant(literal: str) -> str:
    """The value of a string literal."""
    return re.sub(
        r"\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|.)",
        lambda found: (
            chr(int(found[1][1:], 16))
            if found[1][0] == "x" and len(found[1]) > 1
            else chr(int(found[1], 8))
            if found[1][0] in "01234567"
            else ESCAPES.get(found[1], "\\" + found[1])
        ),
        literal[1:-1],
    )


class Program:
    """One awk program, with what is known of its variables."""

    def __init__(self, text: str, arguments: list[str], context: Context) -> None:
        self.context = context
        self.tokens = [token for token in tokens(text) if token[1] != "\\"]
        self.constants: dict[str, list[str]] = {}
        for word in arguments:
            name, equals, value = word.partition("=")
            if equals and name.isidentifier():
                self.constants.setdefault(name, []).append(value)
        for at in range(len(self.tokens) - 2):
            (kind, name), (_, sign), _ = self.tokens[at : at + 3]
            if kind == "name" and sign == "=":
                self.constants.setdefault(name, []).append("".join(self.forward(at + 2)[0]))

    def value(self, token: tuple[str, str]) -> str:
        kind, text = token
        if kind == "string":
            return constant(text)
        if kind == "number":
            return text
        values = self.constants.get(text, [])
        return values[0] if len(values) == 1 else HOLE

    def forward(self, at: int) -> tuple[list[str], int]:
        """The parts of a concatenation that starts here, and the place behind it."""
        parts: list[str] = []
        while at < len(self.tokens):
            kind, text = self.tokens[at]
            if kind in OPERAND and text not in ("while", "if", "print", "printf", "getline", "in"):
                called = self.tokens[at + 1 : at + 2] in ([("sign", "(")], [("sign", "[")]) and kind == "name"
                parts.append(HOLE if called else self.value((kind, text)))
                at += 1
                if called:
                    at = self.behind(at)
            elif text in ("(", "$"):
                if text == "(":
                    inner, _ = self.forward(at + 1)
                    parts += inner
                    at = self.behind(at)
                else:
                    parts.append(HOLE)
                    at += 2
            elif text == HOLE:
                parts.append(HOLE)
                at += 1
            else:
                break
        return parts, at

    def behind(self, at: int) -> int:
        """Behind the bracket that opens here."""
        depth = 0
        while at < len(self.tokens):
            depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(self.tokens[at][1], 0)
            at += 1
            if depth == 0:
                break
        return at

    def backward(self, at: int) -> str:
        """The concatenation that ends before `at`."""
        start = at
        if self.tokens[start - 1][1] == ")":
            depth = 0
            while start > 0:
                start -= 1
                depth += {")": 1, "(": -1}.get(self.tokens[start][1], 0)
                if depth == 0:
                    break
        while (
            start > 0 and self.tokens[start - 1][0] in OPERAND and self.tokens[start - 1][1] not in ("print", "printf")
        ):
            start -= 1
        return "".join(self.forward(start)[0]) or HOLE

    def read(self) -> None:
        for at, (kind, text) in enumerate(self.tokens):
            following = self.tokens[at + 1 : at + 2]
            if kind == "name" and text == "getline":
                self.getline(at)
            elif (kind == "name" and text == "system" and following == [("sign", "(")]) or (
                text in ("|", "|&") and following and following[0] != ("name", "getline")
            ):
                self.context.run("".join(self.forward(at + 1)[0]) or HOLE)
            elif text in (">", ">>") and following and following[0][0] == "string":
                self.context.write("".join(self.forward(at + 1)[0]))
            elif kind == "name" and text == "readfile" and following == [("sign", "(")]:
                self.file("".join(self.forward(at + 1)[0]) or HOLE)
            elif kind == "name" and text == "ENVIRON":
                self.environ(at)
            elif kind == "name" and text == "ARGV":
                self.argv(at)
            elif text == "@" and following and following[0][1] in ("include", "load"):
                self.file("".join(self.forward(at + 2)[0]))
            elif kind == "sign" and text == HOLE:
                self.context.opaque("what the awk program is")

    def getline(self, at: int) -> None:
        if at and self.tokens[at - 1][1] in ("|", "|&"):
            self.context.run(self.backward(at - 1))
            return
        place = at + 1
        if place < len(self.tokens) and self.tokens[place][1] == "$":
            place += 1
        if place < len(self.tokens) and self.tokens[place][0] in ("name", "number"):
            place += 1
            if self.tokens[place : place + 1] == [("sign", "[")]:
                place = self.behind(place)
        if self.tokens[place : place + 1] == [("sign", "<")]:
            self.file("".join(self.forward(place + 1)[0]) or HOLE)

    def file(self, name: str) -> None:
        if HOLE in name:
            self.context.opaque("which file name the program computes")
        elif name not in ("-", "/dev/stdin"):
            self.context.read(name)

    def environ(self, at: int) -> None:
        index = self.tokens[at + 1 : at + 4]
        if len(index) == 3 and index[0][1] == "[" and index[1][0] == "string" and index[2][1] == "]":
            self.context.variable(constant(index[1][1]))
        else:
            self.context.environment()

    def argv(self, at: int) -> None:
        """`ARGV[1] = "file"` makes awk read that file."""
        place = self.behind(at + 1)
        if self.tokens[place : place + 1] == [("sign", "=")]:
            self.file("".join(self.forward(place + 1)[0]) or HOLE)


def program(language: str, text: str, arguments: list[str], context: Context) -> None:
    """Touches what an awk program touches; `arguments` are its `-v` assignments and operands."""
    Program(text, arguments, context).read()
