"""Shell arithmetic on text whose parameters are expanded already."""

import re
from collections.abc import Callable

from .context import HOLE

_TOKEN = re.compile(
    r"\s*(?:(0[xX][0-9a-fA-F]+|\d+#[\w@]+|\d+)|([A-Za-z_]\w*(?:\[[^\]]*\])?)"
    r"|(\*\*|<<=|>>=|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&^|]=|[-+*/%<>=!~&^|?:,()]))"
)
_LEVELS = (
    ("||",), ("&&",), ("|",), ("^",), ("&",), ("==", "!="), ("<", "<=", ">", ">="), ("<<", ">>"),
    ("+", "-"), ("*", "/", "%"),
)  # fmt: skip


class _Unknown(Exception):
    pass


class _Evaluation:
    def __init__(self, text: str, get: Callable[[str], str], put: Callable[[str, str], None], depth: int) -> None:
        self.tokens: list[tuple[str, str]] = []
        at = 0
        text = text.rstrip()
        while at < len(text):
            found = _TOKEN.match(text, at)
            if not found or len(self.tokens) > 2000:
                raise _Unknown
            number, name, op = found.groups()
            self.tokens.append(("n", number) if number else ("v", name) if name else ("o", op))
            at = found.end()
        self.at = 0
        self.get = get
        self.put = put
        self.depth = depth

    def peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) and self.tokens[self.at][0] == "o" else ""

    def comma(self) -> int:
        value = self.assignment()
        while self.peek() == ",":
            self.at += 1
            value = self.assignment()
        return value

    def assignment(self) -> int:
        if self.at + 1 < len(self.tokens) and self.tokens[self.at][0] == "v":
            kind, op = self.tokens[self.at + 1]
            if kind == "o" and op.endswith("=") and op not in ("==", "!=", "<=", ">="):
                name = self.tokens[self.at][1]
                self.at += 2
                value = self.assignment()
                if op != "=":
                    value = self.apply(op[:-1], self.variable(name), value)
                self.put(name, str(value))
                return value
        return self.ternary()

    def ternary(self) -> int:
        value = self.binary(0)
        if self.peek() == "?":
            self.at += 1
            yes = self.assignment()
            if self.peek() != ":":
                raise _Unknown
            self.at += 1
            no = self.assignment()
            return yes if value else no
        return value

    def binary(self, level: int) -> int:
        if level == len(_LEVELS):
            return self.power()
        value = self.binary(level + 1)
        while self.peek() in _LEVELS[level]:
            op = self.tokens[self.at][1]
            self.at += 1
            value = self.apply(op, value, self.binary(level + 1))
        return value

    def power(self) -> int:
        value = self.unary()
        if self.peek() == "**":
            self.at += 1
            return self.apply("**", value, self.power())
        return value

    def unary(self) -> int:
        op = self.peek()
        if op in ("+", "-", "!", "~"):
            self.at += 1
            value = self.unary()
            return {"+": value, "-": -value, "!": int(not value), "~": ~value}[op]
        if op in ("++", "--"):
            self.at += 1
            name = self.tokens[self.at][1] if self.at < len(self.tokens) else ""
            self.at += 1
            value = self.variable(name) + (1 if op == "++" else -1)
            self.put(name, str(value))
            return value
        if op == "(":
            self.at += 1
            value = self.comma()
            if self.peek() != ")":
                raise _Unknown
            self.at += 1
            return value
        if self.at >= len(self.tokens) or op:
            raise _Unknown
        kind, text = self.tokens[self.at]
        self.at += 1
        if kind == "n":
            return _number(text)
        value = self.variable(text)
        if self.peek() in ("++", "--"):
            self.put(text, str(value + (1 if self.peek() == "++" else -1)))
            self.at += 1
        return value

    def variable(self, name: str) -> int:
        text = self.get(name).strip()
        if HOLE in text or self.depth > 8:
            raise _Unknown
        if not text:
            return 0
        if re.fullmatch(r"[-+]?\w+", text) and text.lstrip("+-")[0].isdigit():
            value = _number(text.lstrip("+-"))
            return -value if text.startswith("-") else value
        return _Evaluation(text, self.get, self.put, self.depth + 1).comma()

    @staticmethod
    def apply(op: str, a: int, b: int) -> int:
        if op in ("/", "%"):
            if not b:
                raise _Unknown
            quotient = abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)
            return quotient if op == "/" else a - b * quotient
        if op in ("**", "<<") and not (0 <= b < 64 and abs(a) < 1 << 64):
            raise _Unknown
        if op == ">>" and b < 0:
            raise _Unknown
        result = {
            "+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "**": lambda: a**b, "<<": lambda: a << b,
            ">>": lambda: a >> b, "<": lambda: int(a < b), "<=": lambda: int(a <= b), ">": lambda: int(a > b),
            ">=": lambda: int(a >= b), "==": lambda: int(a == b), "!=": lambda: int(a != b), "&": lambda: a & b,
            "^": lambda: a ^ b, "|": lambda: a | b, "&&": lambda: int(bool(a and b)),
            "||": lambda: int(bool(a or b)),
        }[op]()  # fmt: skip
        return (result + (1 << 63)) % (1 << 64) - (1 << 63)


def _number(text: str) -> int:
    try:
        if "#" in text:
            base, digits = text.split("#", 1)
            return int(digits, int(base))
        if len(text) > 40:
            raise _Unknown
        return int(text, 16 if text[:2] in ("0x", "0X") else 8 if text.startswith("0") else 10)
    except ValueError:
        raise _Unknown from None


def evaluate(text: str, get: Callable[[str], str], put: Callable[[str, str], None]) -> str:
    """The value of an arithmetic expression as text, HOLE where it cannot be computed. `get` answers a variable's text
    ("" where unset), `put` sets one."""
    if not text.strip():
        return "0"
    if HOLE in text:
        return HOLE
    try:
        evaluation = _Evaluation(text, get, put, 0)
        value = evaluation.comma()
        return str(value) if evaluation.at == len(evaluation.tokens) else HOLE
    except (_Unknown, RecursionError):
        return HOLE
