"""Redirections: which files they open, and what a command then reads and where its output goes."""

from collections.abc import Sequence

from ..values import NamedTuple
from .context import HOLE
from .patterns import plain
from .state import State, Variable
from .surroundings import Command
from .tokens import Token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .walk import Walk
    from .words import Expander


class Saved(NamedTuple):
    out: tuple[str, ...] | None
    stdin: str | None
    piped: bool


class Streams:
    """The redirections of one command in one state."""

    def __init__(self, walk: "Walk", state: State, expander: "Expander", tokens: Sequence[Token]) -> None:
        self.walk = walk
        self.state = state
        self.expander = expander
        self.tokens = tokens
        self.target: str | None = None  # the file that standard output goes to
        self.before: str | None = ""  # what the file held, where it is appended to
        self.fed = False  # standard input comes from elsewhere
        self.away = False  # standard output does not go where it went before
        self.mixed = False  # standard error goes there too

    def begin(self) -> Saved:
        """Opens everything, in order; what to give `end`."""
        state = self.state
        saved = Saved(state.out, state.stdin, state.piped)
        for token in self.tokens:
            self.walk.step()
            if token.op in ("<<", "<<-"):
                self._here(token)
            elif token.op == "<<<":
                self._input(token, self.expander.text(token.text) + "\n")
            else:
                for name in self._targets(token):
                    self._open(token, name)
        if self.away or self.mixed:
            state.out = () if self.away else state.out
        return saved

    def end(self, state: State, saved: Saved) -> None:
        """Closes them: what was printed goes to the file."""
        if self.away:
            text = state.printed()
            state.out = saved.out
            if self.target is not None:
                state.files[self.target] = None if text is None or self.before is None else self.before + text
        if self.fed:
            state.stdin, state.piped = saved.stdin, saved.piped

    def _here(self, token: Token) -> None:
        body = token.body or ""
        if not any(char in token.text for char in "'\"\\"):
            body = "".join([text for text, _ in self.expander.expand(body, quoted=True)])
        self._input(token, None if token.body is None else body)

    def _input(self, token: Token, text: str | None) -> None:
        if token.fd in ("", "0"):
            self.fed = True
            self.state.stdin = None if text is None or HOLE in text else text
            self.state.piped = True
        else:
            self._descriptor(token)

    def _descriptor(self, token: Token) -> None:
        if token.fd.startswith("{"):
            self.state.variables[token.fd[1:-1]] = Variable("10")

    def _targets(self, token: Token) -> list[str]:
        if (token.op in (">&", "<&") and token.text.rstrip("-").isdigit()) or token.text == "-":
            return [token.text]
        if self.walk.dialect == "zsh":
            return self.expander.fields(token.text)  # one file for each match
        fields = self.expander.fields(token.text)
        return fields if len(fields) == 1 else [plain(self.expander.pieces_of(token.text)), *fields]

    def _open(self, token: Token, name: str) -> None:
        op, stdout = token.op, token.fd in ("", "1")
        context = Command(self.walk, self.state, [op], {name: token.text})
        duplicate = name == "-" or name.rstrip("-").isdigit()
        if op in ("<&", ">&") and (duplicate or HOLE in name):
            if op == ">&" and stdout:
                self.away = True  # `>&2`: not into what captures it
            elif op == ">&" and name == "1":
                self.mixed = True
            elif op == "<&" and token.fd in ("", "0"):
                self.fed = True
                self.state.stdin, self.state.piped = None, True
            return
        if op in ("<", "<>", "<&"):
            text = context.world.text(context.path(name)) if HOLE not in name else None
            context.read(name)
            self._input(token, text)
            return
        if name.startswith("/dev/") and context.world.kind(context.path(name)) == "other":
            self.away = self.away or stdout or op.startswith("&")
            self._descriptor(token)
            return
        path = context.path(name)
        before = "" if ">>" not in op or context.world.kind(path) is None else context.world.text(path)
        context.write(name)
        self._descriptor(token)
        if stdout or op.startswith("&") or op == ">&":
            self.away = True
            self.before = before
            self.target = path if HOLE not in path else None
