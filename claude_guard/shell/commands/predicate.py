"""The expression of `find`: its syntax, and what it says of one path, in three values (None is "it depends").

What is not known here (times, sizes, owners) depends; so does a test of a name that holds an undetermined part.
"""

import re
from fnmatch import fnmatchcase

from ...values import NamedTuple
from ..context import HOLE

ARGUMENTS: dict[str, int] = {
    **dict.fromkeys(
        """
            -amin -anewer -atime -cmin -cnewer -context -ctime -fstype -gid -group -ilname -iname -inum -ipath
            -iregex -iwholename -links -lname -maxdepth -mindepth -mmin -mtime -name -newer -path -perm -printf
            -regex -regextype -samefile -size -type -uid -used -user -wholename -xtype -fls -fprint -fprint0
            -files0-from -D -flags -Bmin -Btime -Bnewer -depthn
            """.split(),
        1,
    ),
    "-fprintf": 2,
}
"""How many words follow a test or action; all others that start with a dash take none."""

COMMANDS = ("-exec", "-execdir", "-ok", "-okdir")
PRINTS = ("-print", "-print0", "-printf", "-ls")


class Node(NamedTuple):
    """A test or action, or `and`, `or`, `not`, `,` of others."""

    name: str
    words: tuple[str, ...] = ()
    parts: tuple["Node", ...] = ()


class Effects(NamedTuple):
    """What an expression did with one path: the actions reached, and whether each was certain."""

    value: bool | None
    actions: tuple[tuple[Node, bool], ...]


def tokens(words: list[str]) -> list[Node]:
    """The words as operators and primaries, each with its arguments."""
    found: list[Node] = []
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if word in COMMANDS:
            end = at
            while end < len(words) and words[end] != ";" and not (words[end] == "+" and words[end - 1] == "{}"):
                end += 1
            found.append(Node(word, tuple(words[at:end])))
            at = end + 1
        else:
            count = ARGUMENTS.get(word, 1 if word.startswith("-newer") else 0)
            found.append(Node(word, tuple(words[at : at + count])))
            at += count
    return found


def parse(words: list[str]) -> Node:
    """The expression as a tree; an empty one is true."""
    every = tokens(words)
    position = 0

    def peek() -> str:
        return every[position].name if position < len(every) else ""

    def comma() -> Node:
        nonlocal position
        parts = [either()]
        while peek() == ",":
            position += 1
            parts.append(either())
        return parts[0] if len(parts) == 1 else Node(",", (), tuple(parts))

    def either() -> Node:
        nonlocal position
        parts = [both()]
        while peek() in ("-o", "-or"):
            position += 1
            parts.append(both())
        return parts[0] if len(parts) == 1 else Node("or", (), tuple(parts))

    def both() -> Node:
        nonlocal position
        parts: list[Node] = []
        while peek() not in ("", ")", ",", "-o", "-or"):
            if peek() in ("-a", "-and"):
                position += 1
            else:
                parts.append(single())
        return parts[0] if len(parts) == 1 else Node("and", (), tuple(parts))

    def single() -> Node:
        nonlocal position
        name = peek()
        position += 1
        if name in ("!", "-not"):
            return Node("not", (), (single(),)) if peek() else Node("-true")
        if name == "(":
            inner = comma()
            position += peek() == ")"
            return inner
        return every[position - 1]

    tree = comma()
    while position < len(every):  # a stray `)`
        position += 1
        tree = Node("and", (), (tree, comma()))
    return tree


def primaries(node: Node) -> list[Node]:
    """The tests and actions of a tree."""
    if node.parts or node.name in ("and", "or", "not", ","):
        return [leaf for part in node.parts for leaf in primaries(part)]
    return [node]


def evaluate(node: Node, path: str, kind: str | None) -> Effects:
    """What the expression says of a path as `find` spells it, and the actions that it reaches.

    kind: as `-type` names it, None where not known.
    """
    if node.name == "not":
        inner = evaluate(node.parts[0], path, kind)
        return Effects(None if inner.value is None else not inner.value, inner.actions)
    if node.name in ("and", "or", ","):
        value: bool | None = node.name != "or"
        certain = True
        actions: list[tuple[Node, bool]] = []
        for part in node.parts:
            result = evaluate(part, path, kind)
            actions += [(action, sure and certain) for action, sure in result.actions]
            if node.name == ",":
                value = result.value
            elif result.value is None:
                value, certain = None, False
            elif result.value == (node.name == "or"):
                return Effects(result.value, tuple(actions))
        return Effects(value, tuple(actions))
    if node.name in (*PRINTS, *COMMANDS, "-prune", "-delete", "-quit", "-fprint", "-fprint0", "-fprintf", "-fls"):
        answer = None if node.name in COMMANDS and node.name != "-exec" else True
        return Effects(None if node.name in COMMANDS else answer, ((node, True),))
    return Effects(test(node, path, kind), ())


def test(node: Node, path: str, kind: str | None) -> bool | None:
    """One test of a path; None where it depends on what is not known here."""
    word = node.words[0] if node.words else ""
    if HOLE in word:
        return None
    name = path.rstrip("/").rpartition("/")[2] or path
    fold = node.name.startswith("-i")
    if node.name in ("-name", "-iname"):
        return match(name, word, fold)
    if node.name in ("-path", "-ipath", "-wholename", "-iwholename"):
        return match(path, word, fold)
    if node.name in ("-regex", "-iregex"):
        return None
    if node.name == "-type":
        return None if kind is None else kind in word.split(",")
    if node.name == "-false":
        return False
    if node.name in (
        "-true",
        "-maxdepth",
        "-mindepth",
        "-depth",
        "-d",
        "-xdev",
        "-mount",
        "-follow",
        "-daystart",
        "-noleaf",
        "-regextype",
        "-warn",
        "-nowarn",
        "-ignore_readdir_race",
        "-noignore_readdir_race",
    ):
        return True
    return None


def match(text: str, glob: str, fold: bool) -> bool:
    """`fnmatch` as find does it: `*` also matches `/` and a leading dot; `[!x]` and `\\` as in the shell."""
    if fold:
        text, glob = text.lower(), glob.lower()
    if "\\" in glob:
        glob = re.sub(r"\\(.)", lambda found: f"[{found[1]}]" if found[1] in "*?[" else found[1], glob)
    return fnmatchcase(text, glob)
