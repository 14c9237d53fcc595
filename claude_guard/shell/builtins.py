"""What the shell itself does with its state: a literal table, name -> reader of (walk, state, argv, command)."""

import re
from collections.abc import Callable

from . import declarations, folders, input, tests
from .assignments import put
from .context import HOLE
from .state import UNSET, State, merge
from .surroundings import Command
from .syntax import parse

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


def _set(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    state.status = True
    if len(argv) == 1:
        context.environment()
        state.say(None)
        return [state]
    letters = {"f": "noglob", "x": "xtrace", "a": "allexport", "B": "braceexpand", "n": "noexec", "k": "keyword"}
    options = set(state.options)
    i = 1
    while i < len(argv):
        word = argv[i]
        if word in ("-", "--"):
            state.positional = tuple(argv[i + 1 :])
            break
        if word[:1] not in "-+" or len(word) < 2:
            if word == "-A" or argv[i - 1] in ("-A", "+A"):
                break
            state.positional = tuple(argv[i:])
            break
        names = [letters[letter] for letter in word[1:] if letter in letters]
        if "o" in word[1:]:
            i += 1
            names += argv[i : i + 1]
            if i == len(argv):
                state.say(None)
        if "A" in word[1:]:
            walk.opaque("what `set -A` sets")
            break
        for name in names:
            name = _option(name)
            (options.add if word[0] == "-" else options.discard)(name)
            if name == "braceexpand":
                (options.discard if word[0] == "-" else options.add)("noexpand")
        i += 1
    state.options = frozenset(options)
    return [state]


def _option(name: str) -> str:
    name = name.lower()
    return name if name in ("expand_aliases",) else name.replace("_", "")


def _shopt(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    flags = "".join(word[1:] for word in argv[1:] if word.startswith("-"))
    names = {_option(word) for word in argv[1:] if not word.startswith("-")}
    state.status = None
    if "s" in flags:
        state.options |= names
    elif "u" in flags:
        state.options -= names
    return [state]


def _setopt(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    on = argv[0] == "setopt"
    for word in argv[1:]:
        name = _option(word.lstrip("-"))
        if name == "o":
            continue
        if name == "glob" or name == "noglob":
            wanted = on is (name == "noglob")
            state.options = state.options | {"noglob"} if wanted else state.options - {"noglob"}
        elif name.startswith("no") and name not in ("nomatch", "nocaseglob", "notify", "noclobber"):
            state.options = state.options - {name[2:]} if on else state.options | {name[2:]}
        else:
            state.options = state.options | {name} if on else state.options - {name}
    state.status = True
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


def _eval(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
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


def _source(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
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


def _exec(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
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


def _command(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
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
        declarations.declare(walk, state, words[0], [_quoted(word) for word in words[1:]])
        return [state]
    return dispatch(walk, state, words, context.raw, plain=argv[0] in ("command", "builtin"))


def _quoted(word: str) -> str:
    head, equals, tail = word.partition("=")
    quote = "'" + (tail if equals else head).replace("'", "'\\''") + "'"
    return head + "=" + quote if equals else quote if not word.startswith("-") else word


def _trap(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
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


def _alias(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
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


def _unalias(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    state.status = None
    return [state]  # an alias that stays known is read both ways anyhow


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


def _emulate(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    names = [word for word in argv[1:] if not word.startswith("-")]
    if names and names[0] != "zsh":
        state.options |= {"shwordsplit"}
    if "-c" in argv[1:]:
        return _eval(walk, state, ["eval", *argv[argv.index("-c") + 1 :][:1]], context)
    state.status = True
    return [state]


def _repeat(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    from .command import dispatch

    return merge([state.copy(), *dispatch(walk, state, argv[2:], context.raw)]) if len(argv) > 2 else [state]


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


def _compgen(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    for i, word in enumerate(argv[:-1]):
        if word in ("-C", "-F"):
            merge(_eval(walk, state.copy(), ["eval", argv[i + 1]], context))
    return _speaks(walk, state, argv, context)


TABLE: dict[str, Builtin] = {
    ":": _true, "true": _true, "false": _false, "test": _test, "[": _test, "set": _set, "shopt": _shopt,
    "setopt": _setopt, "unsetopt": _setopt, "emulate": _emulate, "repeat": _repeat, "print": _print, "foreach": _unknown, "unset": _unset, "eval": _eval, "source": _source,
    ".": _source, "exec": _exec, "command": _command, "builtin": _command, "noglob": _command,
    "nocorrect": _command, "-": _command, "trap": _trap, "alias": _alias, "unalias": _unalias, "shift": _shift,
    "getopts": _getopts, "let": _let, "exit": _leave, "logout": _leave, "bye": _leave, "return": _leave,
    "break": _leave, "continue": _leave, "printf": _printf, "history": _history, "fc": _history, "bind": _history,
    "enable": _enable, "disable": _enable, "zmodload": _enable, "compgen": _compgen, "complete": _quiet,
    "compopt": _quiet, "type": _speaks, "which": _speaks, "whence": _speaks, "where": _speaks, "hash": _quiet,
    "rehash": _quiet, "wait": _quiet, "jobs": _speaks, "fg": _quiet, "bg": _quiet, "disown": _quiet,
    "ulimit": _speaks, "umask": _speaks, "times": _speaks, "caller": _speaks, "suspend": _quiet, "kill": _quiet,
    "autoload": _quiet, "functions": _speaks, "zstyle": _quiet, "bindkey": _quiet, "unfunction": _quiet,
    "cd": folders.change, "chdir": folders.change, "pushd": folders.push, "popd": folders.pop,
    "dirs": _speaks, "read": input.read, "mapfile": input.mapfile, "readarray": input.mapfile,
}  # fmt: skip
