"""`set`, `shopt`, `setopt`, `emulate`: the options of the shell."""

from . import running
from .state import State
from .surroundings import Command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .walk import Walk


def set_(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    """`set`: options and positional parameters; alone it shows every variable."""
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
            name = option(name)
            (options.add if word[0] == "-" else options.discard)(name)
            if name == "braceexpand":
                (options.discard if word[0] == "-" else options.add)("noexpand")
        i += 1
    state.options = frozenset(options)
    return [state]


def option(name: str) -> str:
    name = name.lower()
    return name if name in ("expand_aliases",) else name.replace("_", "")


def shopt(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    """`shopt`"""
    flags = "".join(word[1:] for word in argv[1:] if word.startswith("-"))
    names = {option(word) for word in argv[1:] if not word.startswith("-")}
    state.status = None
    if "s" in flags:
        state.options |= names
    elif "u" in flags:
        state.options -= names
    return [state]


def setopt(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    """zsh's `setopt` and `unsetopt`"""
    on = argv[0] == "setopt"
    for word in argv[1:]:
        name = option(word.lstrip("-"))
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


def emulate(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    """zsh's `emulate`"""
    names = [word for word in argv[1:] if not word.startswith("-")]
    if names and names[0] != "zsh":
        state.options |= {"shwordsplit"}
    if "-c" in argv[1:]:
        return running.evaluate(walk, state, ["eval", *argv[argv.index("-c") + 1 :][:1]], context)
    state.status = True
    return [state]
