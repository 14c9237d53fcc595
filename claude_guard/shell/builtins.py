"""What the shell itself does with its state: a literal table, name -> reader of (walk, state, argv, command)."""

import re
from collections.abc import Callable

from . import folders, input, running, switches, tests
from .assignments import put
from .context import HOLE
from .state import UNSET, State
from .surroundings import Command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .walk import Walk

Builtin = Callable[["Walk", State, list[str], Command], list[State]]


def lookup(name: str) -> Builtin | None:
    """The builtin of that name."""
    return TABLE.get(name)


def _true(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    state.status = True
    return [state]


def _false(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    state.status = False
    return [state]


def _quiet(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    state.status = None
    return [state]


def _speaks(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    state.say(None)
    state.status = None
    return [state]


def _unknown(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    context.opaque(f"what the shell does after `{' '.join(argv)[:60]}`")
    return [state]


def _test(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    words = argv[1:-1] if argv[0] == "[" else argv[1:]
    for i, word in enumerate(words[:-1]):
        if re.fullmatch(r"-[a-hkprstuwxGLNOS]", word) and HOLE not in words[i + 1]:
            context.list(words[i + 1])
    state.status = tests.single_bracket(words, False)
    return [state]


def _unset(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    functions = "-f" in argv
    for name in argv[1:]:
        if name.startswith("-"):
            continue
        if functions:
            state.functions.pop(name, None)
        elif "[" in name:
            known = state.variables.get(name.split("[")[0])
            key = name.split("[", 1)[1].rstrip("]")
            if known and isinstance(known.value, tuple):
                kept = tuple(item for item in known.value if item[0] != key)
                state.variables[name.split("[")[0]] = known._replace(value=() if key in "@*" else kept)
        elif name not in state.variables and name not in walk.world.environment:
            state.functions.pop(name, None)
        else:
            state.variables[name] = UNSET
    state.status = True
    return [state]


def _shift(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    count = argv[1] if len(argv) > 1 else "1"
    if HOLE in state.positional or not count.isdigit():
        state.positional = (HOLE,)
    else:
        state.status = int(count) <= len(state.positional)
        if state.status:
            state.positional = state.positional[int(count) :]
        return [state]
    state.status = None
    return [state]


def _getopts(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    if len(argv) > 2:
        put(walk, state, argv[2], HOLE)
    for name in ("OPTARG", "OPTIND"):
        put(walk, state, name, HOLE)
    state.status = None
    return [state]


def _let(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    from .words import Expander

    value = "0"
    for word in argv[1:]:
        value = Expander(walk, state).arithmetic(word)
    state.status = None if value == HOLE else value != "0"
    return [state]


def _leave(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    name, rest = argv[0], argv[1:]
    if name in ("exit", "logout", "bye"):
        if len(rest) <= 1 and (not rest or rest[0].isdigit()):
            state.flow = "exit"
            state.status = None
        return [state]
    if name == "return":
        if walk.functions:
            state.flow = "return"
            state.status = not rest or rest[0] == "0" if not rest or rest[0].isdigit() else None
            if not rest:
                state.status = None
        return [state]
    if not walk.loops:
        return [state]
    if rest and not rest[0].isdigit():
        walk.opaque(f"where `{name}` leads")
        return [state]
    state.flow = name
    state.levels = min(max(int(rest[0]) if rest else 1, 1), walk.loops)
    return [state]


def _printf(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    from .command import dispatch

    if argv[1:2] != ["-v"] or len(argv) < 4:
        from .commands import lookup as family

        reader = family("printf")
        if reader is None:
            return _speaks(walk, state, argv, context)
        text = reader(argv, context)
        state.say(text)
        state.status = True
        return [state]
    sub = state.copy()
    sub.out = ()
    printed = walk.together(dispatch(walk, sub, ["printf", *argv[3:]], context.raw, plain=True))
    put(walk, state, argv[2], HOLE if printed is None else printed)
    state.status = True
    return [state]


def _history(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    for i, word in enumerate(argv):
        if re.fullmatch(r"-[arwnfspAIRW]+", word):
            known = walk.variable_text(state, "HISTFILE")
            context.read(*(argv[i + 1 : i + 2] or ([known] if known else [])))
    state.say(None)
    return [state]


def _print(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    flags = ""
    i = 1
    while i < len(argv) and argv[i].startswith("-") and len(argv[i]) > 1:
        i += 1
        if argv[i - 1] in ("-", "--"):
            break
        flags += argv[i - 1][1:]
    words = argv[i:]
    text: str | None = None
    if not set(flags) - set("rlnNE") and HOLE not in "".join(words) and ("r" in flags or "\\" not in "".join(words)):
        text = ("\n" if "l" in flags else "\0" if "N" in flags else " ").join(words)
        text += "" if "n" in flags else "\0" if "N" in flags else "\n"
    elif set(flags) & set("zsSP"):
        context.opaque("what `print` makes of its words")
    state.say(text)
    state.status = True
    return [state]


def _enable(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    if "-n" in argv or "-f" in argv or argv[0] in ("disable", "zmodload"):
        return _unknown(walk, state, argv, context)
    return _speaks(walk, state, argv, context)


def _mktemp(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    """A path of its own for each call, as `mktemp` would give one."""
    flags, values, names = input.options(argv[1:], "p")
    if HOLE in "".join(argv) or any(word.startswith("--") for word in argv[1:]) or len(names) > 1:
        state.say(None)
        state.status = None
        return [state]
    walk.temporary += 1
    name = (names or ["tmp.XXXXXXXXXX"])[0].replace("XXX", f"{walk.temporary:03}", 1)
    if not names or "p" in flags or "t" in flags:
        folder = values.get("p") or walk.variable_text(state, "TMPDIR") or "/tmp"
        name = f"{folder}/{name}"
    path = context.path(name)
    context.write(name)
    if "d" not in flags:
        state.files[path] = ""
    state.say(name + "\n")
    state.status = True
    return [state]


TABLE: dict[str, Builtin] = {
    ":": _true, "true": _true, "false": _false, "test": _test, "[": _test, "set": switches.set_,
    "shopt": switches.shopt, "setopt": switches.setopt, "unsetopt": switches.setopt, "emulate": switches.emulate,
    "repeat": running.repeat, "print": _print, "foreach": _unknown, "unset": _unset, "eval": running.evaluate,
    "source": running.source, ".": running.source, "exec": running.replace, "command": running.command,
    "builtin": running.command, "noglob": running.command, "nocorrect": running.command, "-": running.command,
    "trap": running.trap, "alias": running.alias, "unalias": running.unalias, "shift": _shift, "getopts": _getopts,
    "let": _let, "exit": _leave, "logout": _leave, "bye": _leave, "return": _leave, "break": _leave,
    "continue": _leave, "printf": _printf, "history": _history, "fc": _history, "bind": _history, "enable": _enable,
    "disable": _enable, "zmodload": _enable, "compgen": running.compgen, "complete": _quiet, "compopt": _quiet,
    "type": _speaks, "mktemp": _mktemp,
    "whence": _speaks, "where": _speaks, "hash": _quiet, "rehash": _quiet,
    "wait": _quiet, "jobs": _speaks, "fg": _quiet, "bg": _quiet, "disown": _quiet, "ulimit": _speaks,
    "umask": _speaks, "times": _speaks, "caller": _speaks, "suspend": _quiet, "kill": _quiet, "autoload": _quiet,
    "functions": _speaks, "zstyle": _quiet, "bindkey": _quiet, "unfunction": _quiet, "cd": folders.change,
    "chdir": folders.change, "pushd": folders.push, "popd": folders.pop, "dirs": _speaks, "read": input.read,
    "mapfile": input.mapfile, "readarray": input.mapfile,
}  # fmt: skip
