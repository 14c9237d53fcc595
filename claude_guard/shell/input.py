"""`read` and `mapfile`: variables from standard input."""

import re

from .assignments import put
from .context import HOLE
from .state import State, Variable
from .surroundings import Command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .walk import Walk


def read(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    """`read`: one line (or up to `-d`) of standard input, split over the names."""
    flags, values, names = options(argv[1:], "adiknNptu")
    names = [re.sub(r"\?.*", "", name) for name in names if name]
    elsewhere = "u" in values or ("p" in values and walk.dialect == "zsh")
    text = None if elsewhere or set("kqz") & set(flags) else state.stdin
    array = values.get("a") or (names[0] if walk.dialect == "zsh" and "A" in flags and names else "")
    if text is None or "n" in values or "N" in values or "k" in values:
        if array:
            state.variables[array] = Variable((("0", HOLE),))
        for name in names or ["REPLY"]:
            put(walk, state, name, HOLE)
        state.status = None
        return [state]
    delimiter = values.get("d", "\n")[:1] or "\0"
    line, found, rest = text.partition(delimiter)
    if "r" not in flags and "\\" in line:
        line = re.sub(r"\\(.)", r"\1", line) if not line.endswith("\\") else HOLE
    state.stdin = rest
    state.status = bool(found)
    separators = walk.variable_text(state, "IFS")
    separators = " \t\n" if separators is None else separators
    if array:
        parts = _split(line, separators, 0)
        state.variables[array] = Variable(tuple((str(i), text) for i, text in enumerate(parts)))
        return [state]
    if not names:
        put(walk, state, "REPLY", line)
        return [state]
    parts = _split(line, separators, len(names))
    for i, name in enumerate(names):
        put(walk, state, name, HOLE if line == HOLE else parts[i] if i < len(parts) else "")
    return [state]


def options(words: list[str], valued: str) -> tuple[str, dict[str, str], list[str]]:
    """Letters given, values of those in `valued`, and the words after them."""
    flags = ""
    values: dict[str, str] = {}
    i = 0
    while i < len(words):
        word = words[i]
        if word == "--":
            i += 1
            break
        if not word.startswith("-") or word == "-":
            break
        for j, letter in enumerate(word[1:], 1):
            flags += letter
            if letter in valued:
                if word[j + 1 :]:
                    values[letter] = word[j + 1 :]
                else:
                    i += 1
                    values[letter] = words[i] if i < len(words) else ""
                break
        i += 1
    return flags, values, words[i:]


def _split(line: str, separators: str, count: int) -> list[str]:
    """The fields of a line, the last of `count` taking what is left; 0 for as many as there are."""
    if not separators:
        return [line]
    blank = "".join(char for char in separators if char in " \t\n")
    line = line.strip(blank) if blank else line
    other = "".join(char for char in separators if char not in " \t\n")
    if not line:
        return []
    patterns = []
    if other:
        around = f"[{re.escape(blank)}]*" if blank else ""
        patterns.append(f"{around}[{re.escape(other)}]{around}")
    if blank:
        patterns.append(f"[{re.escape(blank)}]+")
    return re.split("|".join(patterns), line, maxsplit=max(count - 1, 0) if count != 1 else 0) if count != 1 else [line]


def mapfile(walk: "Walk", state: State, argv: list[str], context: Command) -> list[State]:
    """`mapfile`: the lines of standard input as an array."""
    flags, values, names = options(argv[1:], "dnOsucC")
    if "C" in values:
        from .syntax import parse

        walk.inside(state.copy(), parse(values["C"], walk.dialect == "zsh"))
    name = names[0] if names else "MAPFILE"
    text = state.stdin if "u" not in values else None
    state.status = None if text is None else True
    if text is None or set("nOs") & set(values):
        state.variables[name] = Variable((("0", HOLE),))
        return [state]
    delimiter = values.get("d", "\n")[:1] or "\0"
    lines = text.split(delimiter)
    if lines and lines[-1] == "":
        lines.pop()
    if "t" not in flags:
        lines = [line + delimiter for line in lines]
    state.stdin = ""
    walk.step(len(lines))
    state.variables[name] = Variable(tuple((str(i), line) for i, line in enumerate(lines)))
    return [state]
