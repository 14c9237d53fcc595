"""`cd`, `pushd`, `popd`: the working directory."""

from .context import HOLE
from .paths import absolute
from .state import State
from .surroundings import Command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .walk import Walk


def change(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    """The states after `cd`: two where it may fail."""
    words = argv[1:]
    physical = "physical" in state.options or "chaselinks" in state.options
    while words and words[0].startswith("-") and len(words[0]) > 1 and not words[0][1:].isdigit():
        physical = "P" in words[0] or (physical and "L" not in words[0])
        words = words[1:]
    if len(words) > 1:
        if walk.dialect != "zsh" or HOLE in "".join(words):
            state.status = False
            return [state]
        words = [state.cwd.replace(words[0], words[1], 1)]
    target = words[0] if words else walk.variable_text(state, "HOME") or walk.world.home
    if target == "-":
        target = state.old or HOLE
        state.say(None)
    return enter(walk, state, target, context, physical)


def enter(walk: "Walk", state: State, target: str, context: Command, physical: bool = False) -> list[State]:
    """The states after going to `target`."""
    if target == "":
        state.status = True
        return [state]
    if HOLE in target or (HOLE in state.cwd and not target.startswith("/")):
        failed = state.copy()
        failed.status = False
        state.old, state.cwd = state.cwd, HOLE
        state.status = True
        return [state, failed]
    results: list[State] = []
    bases = [""]
    search = walk.variable_text(state, "CDPATH")
    if search and not target.startswith(("/", "./", "../")) and target not in (".", ".."):
        bases = [*search.split(":"), ""]
    for base in bases:
        path = _logical(f"{base}/{target}" if base else target, state, context, physical)
        if HOLE in path:
            path = HOLE
        kind = context.world.kind(path) if path != HOLE else None
        if kind == "file" and path not in state.files:
            continue
        there = state.copy()
        there.old, there.cwd = state.cwd, path
        there.status = True
        results.append(there)
        if kind == "dir" and not state.unsettled:
            return results
    state.status = False
    return [*results, state]


def _logical(target: str, state: State, context: Command, physical: bool) -> str:
    if physical:
        return context.world.realpath(absolute(target, state.cwd, context.world))
    parts: list[str] = []
    whole = target if target.startswith("/") else f"{state.cwd}/{target}"
    if whole.startswith("/proc/"):
        return absolute(whole, state.cwd, context.world)
    for part in whole.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part and part != ".":
            parts.append(part)
    return "/" + "/".join(parts)


def push(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    """`pushd`"""
    words = [word for word in argv[1:] if word not in ("-n", "--")]
    state.say(None)
    before = state.cwd
    if words and words[0][:1] in "+-" and words[0][1:].isdigit():
        state.cwd, state.stack = HOLE, (HOLE,)
        return [state]
    if words:
        target = words[0]
        stack = (before, *state.stack)
    elif state.stack:
        target = state.stack[0]
        stack = (before, *state.stack[1:])
    else:
        state.status = False
        return [state]
    result = enter(walk, state, target, context)
    for one in result:
        if one.status:
            one.stack = stack
    return result


def pop(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    """`popd`"""
    state.say(None)
    if len(argv) > 1 or not state.stack:
        if len(argv) > 1:
            state.cwd, state.stack = HOLE, (HOLE,)
        state.status = None
        return [state]
    target = state.stack[0]
    stack = state.stack[1:] if target != HOLE else state.stack
    result = enter(walk, state, target, context)
    for one in result:
        if one.status:
            one.stack = stack
    return result
