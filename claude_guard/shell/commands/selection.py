"""Which files of a tree a recursive reader opens, by its include and exclude options.

A selection is a `keep` function for `Context.read_tree`: absolute path -> whether it is read. In doubt a file is read.
"""

import re
from collections.abc import Callable
from fnmatch import fnmatchcase

from ...world import World

Keep = Callable[[str], bool]


def below(path: str, base: str) -> list[str]:
    """The parts of a path after a base folder; all of its parts where it does not lie below."""
    inside = path.startswith(base.rstrip("/") + "/")
    return [part for part in (path[len(base.rstrip("/")) :] if inside else path).split("/") if part]


def expression(glob: str) -> re.Pattern[str]:
    """A gitignore-like glob with `**` and braces, for a relative path; without a slash inside it matches any part."""
    anchored = "/" in glob.rstrip("/")
    glob = glob.strip("/") if anchored else glob.rstrip("/")
    pieces: list[str] = []
    depth = 0
    for token in re.findall(r"\*\*/|/\*\*$|\*+|\?|\[[!^]?\]?[^\]]*\]|\\.|\{|\}|,|[^*?\[\\{},]+|.", glob, re.S):
        if token == "**/":
            pieces.append("(?:.*/)?")
        elif token == "/**":
            pieces.append("/.*")
        elif token[0] == "*":
            pieces.append("[^/]*" if token == "*" else ".*")
        elif token == "?":
            pieces.append("[^/]")
        elif token == "{":
            depth += 1
            pieces.append("(?:")
        elif token == "}" and depth:
            depth -= 1
            pieces.append(")")
        elif token == "," and depth:
            pieces.append("|")
        elif token[0] == "[" and len(token) > 2:
            pieces.append("[" + re.sub(r"^[!^]", "^", token[1:-1].replace("\\", "\\\\").replace("[", "\\[")) + "]")
        else:
            pieces.append(re.escape(token[1:] if token[0] == "\\" and len(token) > 1 else token))
    return re.compile("".join(pieces) + ")" * depth, re.S)


def matches(found: re.Pattern[str], parts: list[str], anchored: bool) -> bool:
    """Whether a glob matches a path or a folder above it."""
    if not anchored:
        return any(found.fullmatch(part) for part in parts)
    return any(found.fullmatch("/".join(parts[:end])) for end in range(1, len(parts) + 1))


def globs(base: str, rules: list[str], hidden: bool = True) -> Keep:
    """`rg -g`: the last matching glob wins, `!` excludes; a positive glob makes all that none matches excluded.

    base: the folder that globs and hidden names are relative to. hidden: whether names with a dot are read.
    """
    compiled = []
    for rule in rules:
        bare = rule[1:] if rule.startswith("!") else rule
        try:
            compiled.append((expression(bare), "/" in bare.rstrip("/"), not rule.startswith("!")))
        except re.error:
            continue  # an unreadable glob excludes nothing
    narrow = any(positive for _, _, positive in compiled) and len(compiled) == len(rules)

    def keep(path: str) -> bool:
        parts = below(path, base)
        for found, anchored, positive in reversed(compiled):
            if matches(found, parts, anchored):
                return positive
        if not hidden and any(part.startswith(".") for part in parts):
            return False
        return not narrow

    return keep


def exact(base: str, glob: str) -> Keep:
    """A glob that a program expands itself: the whole of a path below the base, not a folder above it."""
    found = expression("/" + glob.lstrip("/"))
    return lambda path: found.fullmatch("/".join(below(path, base))) is not None


def linked(path: str, world: World) -> bool:
    """Whether the last part of a path is a link."""
    parent, _, name = path.rstrip("/").rpartition("/")
    return world.realpath(path) != f"{world.realpath(parent or '/').rstrip('/')}/{name}"


def unlinked(root: str, world: World, keep: Keep | None = None) -> Keep:
    """Leaves out what lies behind a link below the root: a walk that follows none does not come there."""
    real = world.realpath(root).rstrip("/")

    def inner(path: str) -> bool:
        straight = world.realpath(path) == "/".join([real, *below(path, root)])
        return (straight or path == root) and (keep is None or keep(path))

    return inner


def walked(root: str, world: World) -> Keep:
    """Leaves out what lies in a folder that is linked below the root; a linked file is opened."""
    real = world.realpath(root).rstrip("/")
    return lambda path: world.realpath(path.rpartition("/")[0]) == "/".join([real, *below(path, root)[:-1]])


def names(base: str, rules: list[tuple[bool, str]], folders: list[str]) -> Keep:
    """GNU grep: `rules` are (include, glob) of `--include` and `--exclude` in order, `folders` of `--exclude-dir`.

    The last matching rule wins; without one a file is read unless the first rule includes.
    """

    def keep(path: str) -> bool:
        parts = below(path, base)
        for glob in folders:
            if any(fnmatchcase(part, glob.rstrip("/")) for part in parts[:-1]):
                return False
        tails = ["/".join(parts[start:]) for start in range(len(parts))]
        for include, glob in reversed(rules):
            if any(fnmatchcase(tail, glob) for tail in tails):
                return include
        return not (rules and rules[0][0])

    return keep
