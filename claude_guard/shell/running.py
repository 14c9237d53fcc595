"""Builtins that run what they are given: `eval`, `source`, `exec`, `command`, `trap`, aliases."""

from . import declarations
from .context import HOLE
from .state import State, merge
from .surroundings import Command
from .syntax import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .walk import Walk


def evaluate(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    """`eval`"""
    words = argv[1:]
    if words[:1] == ["--"]:
        words = words[1:]
    text = " ".join(words)
    if HOLE in text:
        walk.opaque("what `eval` runs")
    walk.enter("an `eval`")
    try:
        return walk.run(parse(text, walk.dialect == "zsh"), [state])
    finally:
        walk.leave()


def source(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    """`.` and `source`"""
    words = argv[1:]
    if words[:1] == ["--"]:
        words = words[1:]
    if words[:1] == ["-p"]:
        words = words[2:]
    if not words:
        return [state]
    name = words[0]
    context.read(name)
    state.status = None
    if HOLE in name:
        return [state]
    text = state.stdin if name in ("/dev/stdin", "/dev/fd/0") else context.world.text(context.path(name))
    if text is None:
        if name.startswith("/dev/") or context.path(name) in state.files:
            walk.opaque(f"what `{context.raw.get(name, name)}` does")
        return [state]
    before = state.positional
    if len(words) > 1:
        state.positional = tuple(words[1:])
    walk.enter(f"the script `{name}`")
    walk.functions += 1
    try:
        result = walk.run(parse(text, walk.dialect == "zsh"), [state])
    finally:
        walk.leave()
        walk.functions -= 1
    for one in result:
        if one.flow == "return":
            one.flow = ""
        if len(words) > 1:
            one.positional = before
    return result


def replace(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    """`exec`"""
    from .command import dispatch

    words = argv[1:]
    while words and words[0].startswith("-"):
        words = words[2:] if words[0] == "-a" else words[1:]
    result = dispatch(walk, state, words, context.raw, plain=True) if words else [state]
    for one in result:
        if "execfail" in one.options:
            continue
        one.flow = "exit"
    return result


def command(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    """`command`, `builtin` and zsh's `noglob`, `nocorrect`, `-`"""
    from .command import dispatch

    words = argv[1:]
    while words and words[0].startswith("-") and argv[0] not in ("noglob", "nocorrect", "-"):
        if words[0] not in ("-p", "--"):
            state.say(None)
            state.status = None
            return [state]
        words = words[1:]
    if not words:
        return [state]
    if words[0] in declarations.NAMES:
        declarations.declare(walk, state, words[0], [quoted(word) for word in words[1:]])
        return [state]
    return dispatch(walk, state, words, context.raw, plain=argv[0] in ("command", "builtin"))


def quoted(word: str) -> str:
    head, equals, tail = word.partition("=")
    quote = "'" + (tail if equals else head).replace("'", "'\\''") + "'"
    return head + "=" + quote if equals else quote if not word.startswith("-") else word


def trap(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    """`trap`: what it runs is read at once, and for EXIT at the end."""
    words = [word for word in argv[1:] if word not in ("-p", "-l", "--")]
    state.status = True
    if len(words) < 2 or words[0] in ("", "-"):
        return [state]
    if HOLE in words[0]:
        walk.opaque("what `trap` runs")
    node = parse(words[0], walk.dialect == "zsh")
    signals = {word.upper().removeprefix("SIG") for word in words[1:]}
    if signals - {"EXIT", "0"}:
        walk.inside(state.copy(), node, traps=False)
    if signals & {"EXIT", "0"}:
        state.traps = (words[0],)
    elif "DEBUG" in signals or "ERR" in signals or "RETURN" in signals:
        state.traps = (*state.traps, words[0])
    return [state]


def alias(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    """`alias`"""
    kind = "-g " if "-g" in argv else ""
    state.status = True
    if "-s" in argv:
        walk.opaque("what a suffix alias runs")
    for word in argv[1:]:
        name, equals, text = word.partition("=")
        if equals and name:
            if HOLE in text:
                walk.opaque(f"what the alias `{name}` runs")
            state.aliases[kind + name] = text
        elif not word.startswith("-"):
            state.say(None)
    return [state]


def unalias(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    """`unalias`"""
    state.status = None
    return [state]  # an alias that stays known is read both ways anyhow


def repeat(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    """zsh's `repeat`"""
    from .command import dispatch

    return merge([state.copy(), *dispatch(walk, state, argv[2:], context.raw)]) if len(argv) > 2 else [state]


def compgen(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    """`compgen -C` and `-F` run a command."""
    for i, word in enumerate(argv[:-1]):
        if word in ("-C", "-F"):
            merge(evaluate(walk, state.copy(), ["eval", argv[i + 1]], context))
    return speechless(state)


def speechless(state: State) -> list[State]:
    """After a builtin whose output is unknown."""
    state.say(None)
    state.status = None
    return [state]
