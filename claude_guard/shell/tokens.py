"""A script as words, operators, redirections and reserved words.

tree-sitter-bash splits some words and misses some here-documents (a line continuation inside a word, `{cat,.env}`,
`cat <>.env`), so words are ours: `syntax.py` shows it numbered words in their place and asks it for structure only.
Strategy: one pass that knows what may come next (a command, a pattern, the name of a loop), because only that tells
a reserved word from an argument and a closing parenthesis from a pattern's.
"""

import re

from ..values import NamedTuple
from .quoting import DEPTH, Unclosed, arithmetic, command, part

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    Kind = Literal["word", "test", "arith", "redirect", "op", "reserved"]
else:
    Kind = str


class Token(NamedTuple):
    """kind `word`: `text` as written, line continuations removed. `test`, `arith`: what stands between `[[ ]]` or
    `(( ))`. `redirect`: `op`, the descriptor before it in `fd`, the target in `text`; for a here-document `body`, or
    None where it is missing, and `text` is the delimiter as written. `op`, `reserved`: `text`."""

    kind: Kind
    text: str
    start: int
    end: int
    op: str = ""
    fd: str = ""
    body: str | None = None


RESERVED = frozenset(
    (
        "if",
        "then",
        "elif",
        "else",
        "fi",
        "while",
        "until",
        "for",
        "select",
        "do",
        "done",
        "case",
        "esac",
        "in",
        "function",
        "time",
        "coproc",
        "{",
        "}",
        "!",
        "[[",
    )
)
_OPENS = frozenset(["if", "then", "elif", "else", "while", "until", "do", "{", "!"])
_PLAIN = re.compile(r"[\w./:@%+,=~^?*\[\]{}#!-]+")
_BLANK = re.compile(r"(?:[ \t\r]|\\\r?\n)+")
_REDIRECT = re.compile(r"(\d+|\{\w+\})?(<<<|<<-|<<|<>|<&|<|>>\||>>|>\||>&|>)|(&>>|&>)")
_OPERATOR = re.compile(r";;&|;;|;&|;\||&&|&[|!]|\|\||\|&|[;&|()\n]")
_FUNCTION = re.compile(r"[ \t]*\([ \t]*\)")
_ARRAY = re.compile(r"[A-Za-z_]\w*(?:\[.*\])?\+?=", re.DOTALL)
_SUBSCRIPT = re.compile(r"[A-Za-z_]\w*\[")
_ENDS = frozenset(" \t\r\n;&|<>()")


class Scanner:
    """One pass over `text` from `at`. `tokens` holds what was found, `at` the position after it."""

    def __init__(self, text: str, at: int = 0, depth: int = 0) -> None:
        if depth > DEPTH:
            raise Unclosed(at)
        self.text = text
        self.at = at
        self.depth = depth
        self.tokens: list[Token] = []
        self.stack: list[str] = []  # "(", "case", "{", or "do" for a brace that stands for `do`
        self.zsh = False
        self.header = False  # between the words of a `for` and its body
        self.phase = "command"  # command, arguments, closed, pattern, or the name of what a reserved word awaits
        self.pending: list[int] = []  # redirections whose here-document comes after this line

    def run(self, closes: bool = False) -> list[Token]:
        """The tokens to the end, or with `closes` to the parenthesis that closes what the text starts in."""
        text, size = self.text, len(self.text)
        while True:
            blank = _BLANK.match(text, self.at)
            if blank:
                self.at = blank.end()
            if self.at >= size:
                break
            char = text[self.at]
            if char == "#":
                end = text.find("\n", self.at)
                self.at = size if end < 0 else end
                continue
            if char in "<>&0123456789{" and self._redirection():
                continue
            if char in ";&|\n" or (char in "()" and self._parenthesis()):
                if self._operator(closes):
                    return self.tokens
                continue
            self._word()
        if closes:
            raise Unclosed(size)
        return self.tokens

    def _add(self, kind: Kind, text: str, start: int) -> None:
        self.tokens.append(Token(kind, text, start, self.at))

    def _parenthesis(self) -> bool:
        """Whether the parenthesis here is an operator, not the start of a pattern in an argument (zsh)."""
        return self.text[self.at] == ")" or self.phase not in ("arguments", "for-words")

    def _operator(self, closes: bool) -> bool:
        found = _OPERATOR.match(self.text, self.at)
        assert found
        op, start = found.group(), self.at
        if op == "(" and self.phase in ("command", "for-name"):
            if self.text.startswith("((", start):
                end = arithmetic(self.text, start, self.depth)
                if end:
                    self.at = end
                    self._add("arith", self.text[start + 2 : end - 2], start)
                    self.phase = "for-in" if self.phase == "for-name" else "closed"
                    return False
            if self.phase == "command":
                self.stack.append("(")
        self.at = found.end()
        if op == ")" and self.phase != "pattern":
            if self.stack and self.stack[-1] == "(":
                self.stack.pop()
                self._add("op", op, start)
                self.phase = "closed"
                return False
            if closes and not self.stack:
                return True
        self._add("op", op, start)
        if op == "\n":
            self._here_documents()
        if self.phase == "pattern":
            if op == ")":
                self.phase = "command"
        elif op in (";;", ";&", ";;&", ";|"):
            self.phase = "pattern" if self.stack and self.stack[-1] == "case" else "command"
        elif op == "\n" and self.phase in ("case-word", "case-in", "for-name", "for-in"):
            pass
        else:
            self.header = self.phase in ("for-in", "for-words")
            self.phase = "command"
        return False

    def _redirection(self) -> bool:
        found = _REDIRECT.match(self.text, self.at)
        if not found:
            return False
        op = found.group(2) or found.group(3)
        if op in ("<", ">") and not found.group(1) and self.text.startswith("(", found.end()):
            return False
        start = self.at
        self.at = found.end()
        blank = _BLANK.match(self.text, self.at)
        if blank:
            self.at = blank.end()
        target = self._text()
        if not target:
            raise Unclosed(start)
        if op.startswith("<<") and op != "<<<":
            self.pending.append(len(self.tokens))
        self.tokens.append(Token("redirect", target, start, self.at, op, found.group(1) or ""))
        return True

    def _here_documents(self) -> None:
        for index in self.pending:
            token = self.tokens[index]
            delimiter = re.sub(r"\\(.)|[\"']", r"\1", token.text.replace("$'", "'").replace('$"', '"'))
            lines: list[str] = []
            while self.at < len(self.text):
                end = self.text.find("\n", self.at)
                end = len(self.text) if end < 0 else end
                line = self.text[self.at : end]
                bare = line.lstrip("\t") if token.op == "<<-" else line
                if bare == delimiter:
                    self.at = min(end + 1, len(self.text))
                    break
                if self.depth and bare.startswith(delimiter + ")"):  # bash takes `EOF)` for the end in `$(...)`
                    self.at = end - len(bare) + len(delimiter)
                    break
                lines.append(bare + "\n")
                self.at = min(end + 1, len(self.text))
            self.tokens[index] = token._replace(body="".join(lines))
        self.pending.clear()

    def _word(self) -> None:
        start = self.at
        phase = self.phase
        raw = self._text()
        if not raw:  # a parenthesis where none may stand
            self.at = start + 1
            self._add("op", self.text[start], start)
            self.phase = "command"
            return
        if phase == "command" and raw in RESERVED and raw != "in":
            self._reserved(raw, start)
        elif self.zsh and raw == "}" and phase == "arguments" and self.stack and self.stack[-1] in ("do", "{"):
            self._add("op", ";", start)
            self._reserved(raw, start)
        elif phase == "pattern":
            if raw == "esac":
                self._reserved(raw, start)
            else:
                self._add("word", raw, start)
        elif phase == "case-word":
            self._add("word", raw, start)
            self.phase = "case-in"
        elif phase == "case-in" and raw == "in":
            self._add("reserved", raw, start)
            self.stack.append("case")
            self.phase = "pattern"
        elif phase == "for-name":
            self._add("word", raw, start)
            self.phase = "for-in"
        elif phase == "for-in" and raw == "in":
            while self.tokens[-1].text == "\n":
                self.tokens.pop()
            self._add("reserved", raw, start)
            self.phase = "for-words"
        elif phase == "for-in" and raw in ("do", "{"):
            if self.tokens[-1].kind != "op":
                self._add("op", ";", start)
            self._reserved(raw, start)
        elif phase == "function":
            self._add("word", raw, start)
            found = _FUNCTION.match(self.text, self.at)
            if found:
                self.at = found.end()
            self.phase = "command"
        elif phase == "coproc":
            self._coproc(raw, start)
        elif phase == "command" and (found := _FUNCTION.match(self.text, self.at)):
            self._add("word", raw, start)
            self.at = found.end()
            self._add("op", "()", start)
        else:
            self._add("word", raw, start)
            if phase == "command":
                self.phase = "arguments"

    def _coproc(self, raw: str, start: int) -> None:
        self.phase = "command"
        if raw in RESERVED:
            self._reserved(raw, start)
        elif re.compile(r"\w+[ \t]+(?:[{(]|if|while|until|for|case)").match(self.text, start):
            pass  # its name
        else:
            self._add("word", raw, start)
            self.phase = "arguments"

    def _reserved(self, raw: str, start: int) -> None:
        if raw == "[[":
            self._test(start)
            return
        if raw == "{":
            self.stack.append("do" if self.header or self.phase == "for-in" else "{")
            raw = "do" if self.stack[-1] == "do" else raw
        elif raw == "}" and self.stack and self.stack[-1] in ("do", "{"):
            raw = "done" if self.stack.pop() == "do" else raw
        self.header = False
        self._add("reserved", raw, start)
        if raw in _OPENS:
            self.phase = "command"
        elif raw == "time":
            option = re.compile(r"[ \t]+-p(?=\s)").match(self.text, self.at)
            if option:
                self.at = option.end()
        elif raw == "case":
            self.phase = "case-word"
        elif raw in ("for", "select"):
            self.phase = "for-name"
        elif raw in ("function", "coproc"):
            self.phase = raw
        else:
            if raw == "esac" and self.stack and self.stack[-1] == "case":
                self.stack.pop()
            self.phase = "closed"

    def _test(self, start: int) -> None:
        i = self.at
        while i < len(self.text):
            char = self.text[i]
            if char in "\"'`$":
                i = part(self.text, i, self.depth)
            elif char == "\\":
                i += 2
            elif self.text.startswith("]]", i) and self.text[i - 1] in " \t\n":
                self.at = i + 2
                self._add("test", self.text[start + 2 : i], start)
                self.phase = "closed"
                return
            else:
                i += 1
        raise Unclosed(start)

    def _text(self) -> str:
        """The word here, as written; "" where none starts here."""
        text, size = self.text, len(self.text)
        start = i = self.at
        continued = False
        while i < size:
            plain = _PLAIN.match(text, i)
            if plain:
                i = plain.end()
                if plain.group().find("[") >= 0 and _SUBSCRIPT.match(text, start):
                    i = self._subscript(start, i)
                if i >= size:
                    break
            char = text[i]
            if char == "(":
                if i == start and self.phase not in ("arguments", "for-words"):
                    break
                if (text[i - 1] in "<>" and i > start) or (i == start + 1 and text[start] == "="):
                    i = command(text, i, self.depth)
                elif _ARRAY.fullmatch(text, start, i):
                    i = self._balanced(i)
                elif _FUNCTION.match(text, i) and self.phase in ("command", "function"):
                    break
                else:
                    i = self._balanced(i)
            elif char in "<>" and text.startswith("(", i + 1):
                i += 1
            elif char in _ENDS:
                break
            elif char == "\\":
                if text.startswith("\\\n", i):
                    continued = True
                i = min(i + 2, size)
            elif char in "\"'`$":
                i = part(text, i, self.depth)
            else:
                i += 1
        self.at = i
        raw = text[start:i]
        return _joined(raw) if continued or "\\\n" in raw else raw

    def _subscript(self, start: int, at: int) -> int:
        """The position after `name[...]` where that is the target of an assignment, else `at`."""
        i = self.text.find("[", start) + 1
        while i < len(self.text):
            char = self.text[i]
            if char == "]":
                return max(i + 1, at) if self.text.startswith(("]=", "]+="), i) else at
            if char in "\"'`$":
                i = part(self.text, i, self.depth)
            elif char in "\n;":
                return at
            else:
                i += 1
        return at

    def _balanced(self, at: int) -> int:
        i = at + 1
        nested = 0
        while i < len(self.text):
            char = self.text[i]
            if char in "\"'`$":
                i = part(self.text, i, self.depth)
            elif char == "\\":
                i += 2
            elif char == "(":
                nested += 1
                i += 1
            elif char == ")":
                if not nested:
                    return i + 1
                nested -= 1
                i += 1
            elif char == "#" and self.text[i - 1] in " \t\n":
                end = self.text.find("\n", i)
                i = len(self.text) if end < 0 else end
            else:
                i += 1
        raise Unclosed(at)


def _joined(raw: str) -> str:
    """Without line continuations, which stay in single quotes."""
    out: list[str] = []
    i = 0
    while i < len(raw):
        char = raw[i]
        if char == "'" or raw.startswith("$'", i):
            try:
                end = part(raw, i)
            except Unclosed:
                end = len(raw)
            out.append(raw[i:end])
            i = end
        elif char == '"':
            try:
                end = part(raw, i)
            except Unclosed:
                end = len(raw)
            out.append(re.sub(r"(?<!\\)((?:\\\\)*)\\\n", r"\1", raw[i:end]))
            i = end
        elif char == "\\":
            if raw[i + 1 : i + 2] != "\n":
                out.append(raw[i : i + 2])
            i += 2
        else:
            out.append(char)
            i += 1
    return "".join(out)
