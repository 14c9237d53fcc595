"""`[[ ... ]]`, `test` and `[`: what they run while they expand, and whether they hold where that is certain."""

import re

from .context import HOLE
from .patterns import matches
from .quoting import Unclosed, part
from .state import State
from .words import Expander

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .walk import Walk

_NUMERIC = {
    "-eq": lambda a, b: a == b, "-ne": lambda a, b: a != b, "-lt": lambda a, b: a < b, "-le": lambda a, b: a <= b,
    "-gt": lambda a, b: a > b, "-ge": lambda a, b: a >= b,
}  # fmt: skip


def _words(text: str) -> list[str]:
    """The words and operators of a `[[ ]]`, as written."""
    found: list[str] = []
    i = start = 0
    while i < len(text):
        char = text[i]
        if char in " \t\n":
            if i > start:
                found.append(text[start:i])
            i += 1
            start = i
        elif char in "\"'`$":
            try:
                i = part(text, i)
            except Unclosed:
                i = len(text)
        else:
            i += 2 if char == "\\" else 1
    if start < len(text):
        found.append(text[start:])
    return found


def double_bracket(walk: "Walk", state: State, text: str) -> bool | None:
    """Whether `[[ text ]]` holds; None where that cannot be told."""
    words = _words(text)
    expander = Expander(walk, state)
    if len(words) == 3 and words[1] in ("==", "=", "!="):
        left = expander.text(words[0])
        if expander.shown or not left:
            expander.text(words[2])
            return None
        found = matches(expander.pieces_of(words[2]), left, "nocasematch" in state.options)
        return found if found is None or words[1] != "!=" else not found
    if len(words) == 3 and words[1] in _NUMERIC:
        return numbers(words[1], expander.arithmetic(words[0]), expander.arithmetic(words[2]))
    for word in words:
        if word not in ("&&", "||", "(", ")", "!", "==", "!=", "=~", "<", ">"):
            expander.text(word)
    if "xtrace" in state.options:
        walk.reveal(expander.shown)
    if "=~" in words:
        from .state import Variable

        state.variables["BASH_REMATCH"] = Variable(HOLE)
        state.variables["MATCH"] = Variable(HOLE)
    return None


def numbers(op: str, left: str, right: str) -> bool | None:
    """A numeric comparison."""
    if not (re.fullmatch(r"-?\d{1,18}", left) and re.fullmatch(r"-?\d{1,18}", right)):
        return None
    return bool(_NUMERIC[op](int(left), int(right)))


def single_bracket(argv: list[str], shown: bool) -> bool | None:
    """Whether `test argv` holds, decided only where numbers or texts that the script set itself are compared."""
    if len(argv) != 3 or shown:
        return None
    left, op, right = argv
    if op in _NUMERIC:
        return numbers(op, left, right)
    if op in ("=", "==", "!=") and left and right and HOLE not in left + right:
        return (left == right) is (op != "!=")
    return None
