"""What a shell knows at one point of a script. A branch that cannot be decided makes two of these."""

from collections.abc import Iterable

from ..values import NamedTuple
from .context import HOLE
from .tree import Node

Items = tuple[tuple[str, str], ...]


class Variable(NamedTuple):
    """value: its text, or for an array its elements by key, or None where it is unset. taint: the environment
    variables whose values went into it."""

    value: "str | Items | None"
    exported: bool = False
    taint: frozenset[str] = frozenset()
    keyed: bool = False  # declare -A
    alias_of: str = ""  # declare -n
    shape: str = ""  # one of "iulcr" as declared: integer, upper, lower

    def text(self) -> str | None:
        if self.value is None or isinstance(self.value, str):
            return self.value
        return next((text for key, text in self.value if key == "0"), self.value[0][1] if self.value else None)


UNSET = Variable(None)


class State:
    """One possible state. `status`: whether the last command succeeded, None where that is open. `flow`: "", or what
    leaves the current construct: exit, return, break, continue. `out`: what was printed so far, None where unknown."""

    __slots__ = (
        "aliases", "cwd", "files", "flow", "frames", "functions", "last", "levels", "links", "old", "options", "out",
        "piped", "positional", "stack", "status", "stdin", "traps", "unsettled", "variables",
    )  # fmt: skip

    def __init__(self, cwd: str) -> None:
        self.cwd = cwd
        self.old = ""
        self.variables: dict[str, Variable] = {}
        self.functions: dict[str, Node] = {}
        self.aliases: dict[str, str] = {}
        self.options: frozenset[str] = frozenset()
        self.positional: tuple[str, ...] = ()
        self.stack: tuple[str, ...] = ()
        self.status: bool | None = True
        self.flow = ""
        self.levels = 1
        self.last = ""  # `$_`
        self.out: tuple[str, ...] | None = ()
        self.stdin: str | None = None
        self.piped = False
        self.files: dict[str, str | None] = {}  # written by this script: their text, None where unknown
        self.links: tuple[tuple[str, str], ...] = ()  # (new path, the path whose content is there now)
        self.frames: tuple[dict[str, Variable], ...] = ()  # what `local` hides, innermost last
        self.traps: tuple[str, ...] = ()
        self.unsettled = False  # something ran that may have changed what is where

    def copy(self) -> "State":
        twin = State.__new__(State)
        for slot in State.__slots__:
            setattr(twin, slot, getattr(self, slot))
        twin.variables = dict(self.variables)
        twin.functions = dict(self.functions)
        twin.aliases = dict(self.aliases)
        twin.files = dict(self.files)
        twin.frames = tuple(dict(frame) for frame in self.frames)
        return twin

    def same(self, other: "State") -> bool:
        """Whether nothing tells the two apart but the status, what was printed, and `$_`."""
        return all(getattr(self, slot) == getattr(other, slot) for slot in _TELLING)

    def say(self, text: str | None) -> None:
        """Adds to what was printed."""
        if text == "" or self.out is None:
            return
        self.out = None if text is None or len(self.out) > 10_000 else (*self.out, text)

    def printed(self) -> str | None:
        return None if self.out is None else "".join(self.out)


_TELLING = tuple(slot for slot in State.__slots__ if slot not in ("status", "out", "last"))

MOST = 8  # states side by side; more are merged, and what differs in them is unknown then


def merge(states: Iterable[State]) -> list[State]:
    """The states without doubles, and no more than MOST."""
    result: list[State] = []
    for state in states:
        for known in result:
            if known is state or known.same(state):
                if known is not state:
                    _equalise(known, state)
                break
        else:
            result.append(state)
    if len(result) <= MOST:
        return result
    flows: dict[tuple[str, int], State] = {}
    for state in result:
        key = (state.flow, state.levels)
        flows[key] = blur(flows[key], state) if key in flows else state
    return list(flows.values())


def _equalise(a: State, b: State) -> None:
    if a.status is not b.status:
        a.status = None
    if a.out != b.out:
        a.out = None
    if a.last != b.last:
        a.last = HOLE


def blur(a: State, b: State) -> State:
    """One state for both: what differs is unknown."""
    if a.cwd != b.cwd:
        a.cwd = HOLE
    if a.old != b.old:
        a.old = HOLE
    for name in a.variables.keys() | b.variables.keys():
        mine, theirs = a.variables.get(name), b.variables.get(name)
        if mine != theirs:
            taint = (mine.taint if mine else frozenset()) | (theirs.taint if theirs else frozenset())
            a.variables[name] = Variable(HOLE, bool(mine and mine.exported), taint)
    for name, body in b.functions.items():
        if a.functions.get(name) != body:
            from .tree import EMPTY, Unreadable

            a.functions[name] = Unreadable("which of two functions runs", EMPTY)
    a.aliases.update(b.aliases)
    if a.positional != b.positional:
        a.positional = (HOLE,)
    _equalise(a, b)
    if a.stdin != b.stdin:
        a.stdin = None
    a.piped = a.piped or b.piped
    for path, text in b.files.items():
        a.files[path] = text if a.files.get(path, text) == text else None
    a.links = a.links + tuple(link for link in b.links if link not in a.links)
    a.options = a.options | b.options
    a.traps = a.traps + tuple(trap for trap in b.traps if trap not in a.traps)
    a.stack = a.stack if a.stack == b.stack else (HOLE,)
    a.unsettled = a.unsettled or b.unsettled
    return a
