"""Over a script, statement by statement, with the states that the shell may be in.

Each statement maps a list of states to a list of states. A condition that cannot be decided makes two of one; equal
ones become one again, so an ordinary script has one throughout. Nothing is run; what a command would touch is
collected in `touches`. Steps are counted: past the limit the rest is opaque.
"""

from ..model import Access, Touch
from ..world import World
from . import command, loops, order
from .context import HOLE, PROGRAM
from .overlay import Overlay
from .reading import Exhausted, Limits, TooDeep, Trace
from .state import UNSET, State, Variable, merge
from .syntax import parse, written
from .tree import (
    Case,
    Count,
    Either,
    For,
    Function,
    If,
    Negated,
    Node,
    Pipe,
    Redirected,
    Sequence,
    Simple,
    Subshell,
    Unreadable,
    While,
)
from .words import Expander

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .tokens import Token

States = list[State]

COMMON = frozenset(
    (
        "HOME",
        "PWD",
        "OLDPWD",
        "PATH",
        "USER",
        "LOGNAME",
        "SHELL",
        "TERM",
        "LANG",
        "LC_ALL",
        "TMPDIR",
        "HOSTNAME",
        "COLUMNS",
        "LINES",
        "EDITOR",
        "PAGER",
    )
)
"""Environment variables that hold nothing but where things are."""
HOOKS = frozenset(
    ("command_not_found_handle", "command_not_found_handler", "chpwd", "precmd", "preexec", "periodic", "zshexit")
)
"""Functions that the shell calls by itself."""
VARYING = frozenset(
    (
        "RANDOM",
        "SRANDOM",
        "SECONDS",
        "EPOCHSECONDS",
        "EPOCHREALTIME",
        "BASHPID",
        "PPID",
        "LINENO",
        "HISTCMD",
        "BASH_COMMAND",
        "UID",
        "EUID",
        "GROUPS",
    )
)
"""What the shell sets itself, to something unknown."""


class Walk:
    """One reading of one script."""

    def __init__(self, world: World, dialect: str, limits: Limits) -> None:
        self.world = world
        self.dialect = dialect
        self.limits = limits
        self.name = dialect
        self.touches: dict[Touch, None] = {}
        self.steps = 0
        self.depth = 0
        self.functions = 0  # functions and sourced files that we are in
        self.loops = 0
        self.aliases: frozenset[str] = frozenset()  # being expanded
        self.markers = 64
        self.temporary = 0  # names that `mktemp` has given
        self.trace: list[list[Trace]] = [[]]
        self.touched: list[dict[Touch, None]] = [{}]
        self.stores: set[str] = set()  # repositories whose object store is read file by file
        self.place: tuple[list[str], list[Token]] | None = None  # the words of a command, and where each was written
        self.root: Node | None = None  # the script itself, whose text has places
        self.leaving: dict[str, tuple[str, int]] = {}  # restricted paths that a command lists: how it would not
        self.unordered: set[str] = set()  # these paths as that command spells them: in which order is not known

    # -- accounting

    def step(self, count: int = 1) -> None:
        self.steps += count
        if self.steps > self.limits.steps:
            raise Exhausted("what the rest of this command does: it is too long to read")

    def enter(self, what: str) -> None:
        self.depth += 1
        if self.depth > self.limits.depth:
            self.depth -= 1
            raise TooDeep(f"what {what} does that is nested this deeply")

    def leave(self) -> None:
        self.depth -= 1

    def touch(self, touch: Touch) -> None:
        self.touches.setdefault(touch)
        self.touched[-1].setdefault(touch)

    def opaque(self, what: str, source: str = "") -> None:
        access: Access = "execute" if what.startswith(PROGRAM) else "read"
        self.touch(Touch("opaque", access, what.replace(HOLE, "..."), source.replace(HOLE, "...")))

    def position(self, token: "Token") -> int:
        """Where a word ends in the script's own text; -1 where it is not from there."""
        if self.root is None or self.functions or self.aliases:
            return -1
        return token.end if any(own is token for own in written(self.root)) else -1

    # -- variables

    def variable(self, state: State, name: str) -> Variable | None:
        """A variable as a state knows it; None where it is unset."""
        for _ in range(8):
            found = state.variables.get(name)
            if found is None or not found.alias_of:
                break
            name = found.alias_of
        if found is not None:
            return None if found.value is None else found
        if name == "PWD":
            return Variable(state.cwd, True)
        if name == "OLDPWD" and state.old:
            return Variable(state.old, True)
        if name == "_":
            return Variable(state.last)
        if name == "IFS":
            return Variable(" \t\n")
        if name in VARYING:
            return Variable(HOLE)
        value = self.world.environment.get(name)
        if value is None:
            return Variable(self.world.home) if name == "HOME" else None
        return Variable(value, True, frozenset() if name in COMMON else frozenset((name,)))

    def variable_text(self, state: State, name: str) -> str | None:
        found = self.variable(state, name)
        return found.text() if found else None

    def names(self, state: State) -> set[str]:
        known = set(self.world.environment) | set(state.variables)
        return {
            name for name in known if state.variables.get(name, UNSET).value is not None or name not in state.variables
        }

    def assign(self, state: State, name: str, value: str, taint: frozenset[str] = frozenset()) -> None:
        """Sets a variable, or one element of an array (`name[key]`)."""
        from .assignments import put

        put(self, state, name, value, taint)

    # -- statements

    def run(self, node: Node, states: States) -> States:
        """The states after a statement. A state that is leaving its construct passes by."""
        live = [state for state in states if not state.flow]
        if not live:
            return states
        gone = [state for state in states if state.flow]
        handler = _HANDLERS[type(node)]
        before = self.depth
        try:
            self.enter("a command")
            result = handler(self, node, live)
        except TooDeep as deep:
            self.opaque(deep.what)
            result = live
            for state in result:
                state.out = state.status = None
        self.depth = before
        return merge(gone + result) if len(gone) + len(result) > 1 else result

    def simple(self, node: Simple, states: States) -> States:
        result: States = []
        for state in states:
            self.step()
            result += command.simple(self, node, state)
        return result

    def sequence(self, node: Sequence, states: States) -> States:
        for item in node.items:
            states = self.run(item, states)
        return states

    def either(self, node: Either, states: States) -> States:
        chain = [node]
        while isinstance(chain[-1].left, Either):
            chain.append(chain[-1].left)
        states = self.run(chain[-1].left, states)
        for link in reversed(chain):
            result: States = []
            again: States = []
            wanted = link.op == "&&"
            for state in states:
                if state.flow or state.status is (not wanted):
                    result.append(state)
                    continue
                if state.status is None:
                    other = state.copy()
                    other.status = not wanted
                    result.append(other)
                    state.status = wanted
                again.append(state)
            states = merge(result + (self.run(link.right, again) if again else []))
        return states

    def negated(self, node: Negated, states: States) -> States:
        result = self.run(node.body, states)
        for state in result:
            if state.status is not None and not state.flow:
                state.status = not state.status
        return result

    def pipe(self, node: Pipe, states: States) -> States:
        result: States = []
        for state in states:
            text, piped = state.stdin, state.piped
            here = len(node.parts) - 1 if self.dialect == "zsh" or "lastpipe" in state.options else -1
            for i, part in enumerate(node.parts):
                if text and self.unordered and order.matters(part) and order.of(text) & self.unordered:
                    text = None
                sub = state if i == here else state.copy()
                saved = sub.out, sub.stdin, sub.piped
                sub.out, sub.stdin, sub.piped = (), text, piped
                if i == here:
                    after = self.run(part, [sub])
                    for one in after:
                        one.out, (one.stdin, one.piped) = _joined(saved[0], one.out), saved[1:]
                    result += after
                    break
                text = self.together(self.run(part, [sub]))
                piped = True
                self.absorb(state, sub)
            else:
                state.say(text)
                state.status = None if text is None else True
                result.append(state)
        return result

    @staticmethod
    def together(states: States) -> str | None:
        """What a subshell printed, where every way through it prints the same."""
        texts = {state.printed() for state in states}
        return texts.pop() if len(texts) == 1 else None

    @staticmethod
    def absorb(state: State, sub: State) -> None:
        """What a subshell leaves behind in the world: files and links, not its variables."""
        state.files.update(sub.files)
        state.links += tuple(link for link in sub.links if link not in state.links)
        state.unsettled = state.unsettled or sub.unsettled

    def subshell(self, node: Subshell, states: States) -> States:
        for state in states:
            state.say(self.inside(state, node.body))
        return states

    def inside(self, state: State, body: Node, traps: bool = True) -> str | None:
        """Runs a body in a subshell of a state; what it prints."""
        sub = state.copy()
        sub.out = ()
        sub.traps = ()
        after = self.run(body, [sub])
        if traps:
            self.at_exit(after)
        for one in after:
            self.absorb(state, one)
        state.status = after[0].status if len({one.status for one in after}) == 1 else None
        return self.together(after)

    def at_exit(self, states: States) -> None:
        for state in states:
            for text in state.traps:
                state.flow = ""
                state.traps = ()
                self.run(parse(text, self.dialect == "zsh"), [state])

    def redirected(self, node: Redirected, states: States) -> States:
        from .redirects import Streams

        result: States = []
        for state in states:
            expander = Expander(self, state)
            streams = Streams(self, state, expander, node.redirects)
            saved = streams.begin()
            after = self.run(node.body, [state])
            for one in after:
                streams.end(one, saved)
            result += after
        return result

    def conditional(self, node: If, states: States) -> States:
        result: States = []
        for condition, body in node.arms:
            following: States = []
            entering: States = []
            for state in self.run(condition, states):
                if state.flow:
                    result.append(state)
                    continue
                if state.status is not True:
                    following.append(state.copy() if state.status is None else state)
                if state.status is not False:
                    entering.append(state)
            result += self.run(body, entering) if entering else []
            states = following
            if not states:
                return result
        for state in states:
            state.status = True
        return result + self.run(node.otherwise, states)

    def define(self, node: Function, states: States) -> States:
        for state in states:
            state.functions[node.name] = node.body
            state.status = True
            if node.name in HOOKS or node.name.startswith("TRAP"):
                self.inside(state.copy(), node.body)
        return states

    def unreadable(self, node: Unreadable, states: States) -> States:
        self.opaque(node.what)
        after = self.run(node.parts, [state.copy() for state in states])
        for state in states:
            state.out = None
            state.status = None
        return states + [one for one in after if not one.flow]

    # -- scripts within the script

    def substitute(self, state: State, text: str, same: bool = False) -> str:
        """What `$(text)` becomes, HOLE where that cannot be computed. same: in the current shell (`${ text; }`)."""
        self.step()
        found = text.lstrip()
        if found.startswith("<") and not found.startswith(("<(", "<<")):
            node = parse(text, self.dialect == "zsh")
            if isinstance(node, Simple) and len(node.tokens) == 1 and node.tokens[0].op == "<":
                printed = command.contents(self, state, node.tokens[0])
                return HOLE if printed is None else printed.rstrip("\n")
        printed = self.inside(state, parse(text, self.dialect == "zsh"))
        if same:
            state.unsettled = True
        if printed is None or "\0" in printed:
            return HOLE
        return printed.rstrip("\n")

    def process(self, state: State, text: str, direction: str) -> str:
        """The name that stands for `<(text)` or `>(text)`."""
        self.step()
        sub = state
        if direction == ">":
            sub = state.copy()
            sub.stdin, sub.piped = None, True
        printed = self.inside(sub, parse(text, self.dialect == "zsh"))
        self.markers -= 1
        path = f"/dev/fd/{self.markers % 1000}"
        state.files[path] = printed if direction == "<" else None
        return path

    def child(
        self, state: State, script: str, arguments: tuple[str, ...], name: str, zero: str, loud: bool = False
    ) -> str | None:
        """Runs a script in a child shell of that name, with `zero` as its `$0`, `loud` where it prints what it runs;
        what it prints."""
        if HOLE in script:
            self.opaque(f"what a `{name}` script does" if script == HOLE else f"what `{script[:200]}` does")
        self.enter(f"a `{name}` script")
        before = self.dialect, self.name, self.functions, self.loops
        shell = name.rsplit("/", 1)[-1]
        self.dialect = "zsh" if shell == "zsh" else "bash"
        self.name = zero
        self.functions = self.loops = 0
        try:
            sub = state.copy()
            sub.variables = {known: one for known, one in sub.variables.items() if one.exported or one.value is None}
            sub.functions = {known: one for known, one in sub.functions.items() if known in sub.shared}
            sub.aliases = {}
            sub.options = frozenset(("xtrace",)) if loud else frozenset()
            sub.positional = arguments
            sub.frames = ()
            startup = self.variable(sub, "BASH_ENV" if shell == "bash" else "ENV")
            if startup and startup.text():
                command.dispatch(self, sub, [".", startup.text() or ""], {})
            printed = self.inside(sub, parse(script, self.dialect == "zsh"))
            self.absorb(state, sub)
            return None if HOLE in script else printed
        finally:
            self.dialect, self.name, self.functions, self.loops = before
            self.leave()

    def external(self, state: State, argv: list[str], stdin: str | None, raw: dict[str, str]) -> str | None:
        """Runs a program that another one starts; what it prints."""
        if not argv:
            return None
        self.step()
        self.enter("a command")
        try:
            sub = state.copy()
            sub.out = ()
            sub.functions = {}
            if stdin is not None:
                sub.stdin, sub.piped = stdin, True
            after = command.dispatch(self, sub, argv, raw, external=True)
            for one in after:
                self.absorb(state, one)
            return self.together(after)
        finally:
            self.leave()

    def overlay(self, state: State) -> Overlay:
        return Overlay(self.world, state)

    def script(self, text: str) -> str | None:
        """Reads the whole script; what it prints."""
        self.root = parse(text, self.dialect == "zsh")
        states = self.run(self.root, [State(self.world.cwd)])
        self.at_exit(states)
        return self.together(states)

    def reveal(self, names: set[str]) -> None:
        """The values of these environment variables are shown."""
        for name in sorted(names):
            self.touch(Touch("variable", "read", name, "$" + name))


def _joined(before: tuple[str, ...] | None, after: tuple[str, ...] | None) -> tuple[str, ...] | None:
    return None if before is None or after is None else before + after


_HANDLERS: "dict[type[Node], Any]" = {
    Simple: Walk.simple,
    Sequence: Walk.sequence,
    Either: Walk.either,
    Negated: Walk.negated,
    Pipe: Walk.pipe,
    Subshell: Walk.subshell,
    Redirected: Walk.redirected,
    If: Walk.conditional,
    While: loops.endless,
    For: loops.each,
    Count: loops.count,
    Case: loops.case,
    Function: Walk.define,
    Unreadable: Walk.unreadable,
}
