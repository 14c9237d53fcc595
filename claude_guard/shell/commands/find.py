"""find, fd and locate: listing, until an action hands the files to a program.

Which files reach a program is asked of the policy's restricted paths below the start, so a search over a large
tree costs no walk of it. What `find` prints is computed by a bounded walk, for `$(find ...)` and `| xargs`.
"""

import os
import re
import shlex

from ..context import HOLE, NOWHERE, Context, Exclusion, Reader
from . import leaving, options, predicate, selection
from .options import Row

LIMIT = 10_000  # entries that a walk lists at most
HANDED = 50  # restricted paths that a command is read with one by one; beyond, all in one call


class Search:
    """One run of `find` from one start."""

    def __init__(self, context: Context, start: str, tree: predicate.Node, follows: bool = False) -> None:
        self.context = context
        self.start = start
        self.tree = tree
        self.root = context.path(start)
        self.follows = follows  # links are what they lead to
        leaves = predicate.primaries(tree)
        self.acts = any(
            leaf.name in (*predicate.PRINTS, *predicate.COMMANDS, "-delete")
            or (leaf.name.startswith("-f") and leaf.name not in ("-fstype", "-false", "-follow", "-flags"))
            for leaf in leaves
        )
        self.deepest = self.number(leaves, "-maxdepth", 1_000)
        self.shallowest = self.number(leaves, "-mindepth", 0)
        self.pruned = any(leaf.name == "-prune" for leaf in leaves)
        self.depth_first = any(leaf.name in ("-depth", "-delete", "-d") for leaf in leaves)

    @staticmethod
    def number(leaves: list[predicate.Node], name: str, otherwise: int) -> int:
        values = [leaf.words[0] for leaf in leaves if leaf.name == name and leaf.words]
        return int(values[-1]) if values and values[-1].isdigit() else otherwise

    def spell(self, path: str) -> str:
        """An absolute path below the root as `find` prints it."""
        if path == self.root or self.start == "/":
            return path if self.start == "/" else self.start
        return self.start.rstrip("/") + path[len(self.root) :]

    def effects(self, path: str, kind: str | None) -> predicate.Effects:
        depth = path[len(self.root) :].count("/") if self.root != "/" else path.rstrip("/").count("/")
        if not self.shallowest <= depth <= self.deepest:
            return predicate.Effects(False, ())
        result = predicate.evaluate(self.tree, self.spell(path), kind)
        if not self.acts and result.value is not False:
            shown = (predicate.Node("-print"), result.value is True)
            return predicate.Effects(result.value, (*result.actions, shown))
        return result

    def reached(self, path: str) -> bool:
        """Whether the search descends to a path: no folder above it is certainly pruned."""
        if self.pruned and not self.depth_first:
            above = os.path.dirname(path)
            while len(above) >= len(self.root) and above != os.path.dirname(above):
                if any(action.name == "-prune" and sure for action, sure in self.effects(above, "d").actions):
                    return False
                above = os.path.dirname(above)
        return True

    def restricted(self) -> list[str] | None:
        """The restricted paths that the search comes to, with the folders on the way; None where not known."""
        found = self.context.world.sensitive(self.root)
        if found is None:
            return None
        paths: dict[str, None] = {}
        for path in found:
            for inner in self.inside(path):
                if self.reached(inner):
                    above = inner
                    while len(above) > len(self.root):
                        paths[above] = None
                        above = os.path.dirname(above)
                    paths[self.root] = None
        return list(paths)

    def inside(self, path: str) -> list[str]:
        """A restricted folder stands for what lies in it."""
        pending, every = [path], [path]
        while pending and len(every) < LIMIT:
            folder = pending.pop()
            if self.context.world.kind(folder) == "dir":
                inner = [f"{folder}/{name}" for name in self.context.world.listdir(folder) or []]
                pending += inner
                every += inner
        return every

    def kind(self, path: str) -> str | None:
        """What `-type` makes of a path."""
        if path != self.root and not self.follows and selection.linked(path, self.context.world):
            return "l"
        return {"dir": "d", "file": "f"}.get(self.context.world.kind(path) or "")

    def printed(self) -> list[tuple[str, bool]] | None:
        """(path as printed, whether it is certain), in the order of a walk; None where the tree is too large."""
        world = self.context.world
        lines: list[tuple[str, bool]] = []
        pending = [self.root]
        seen = 0
        while pending:
            path = pending.pop()
            seen += 1
            if seen > LIMIT:
                return None
            kind = self.kind(path)
            folder = kind == "d"
            result = self.effects(path, kind)
            for action, sure in result.actions:
                if action.name in ("-print", "-print0"):
                    lines.append((self.spell(path), sure))
                elif action.name in ("-printf", "-ls"):
                    return None
            if any(action.name == "-quit" for action, _ in result.actions):
                break
            pruned = any(action.name == "-prune" and sure for action, sure in result.actions)
            depth = path[len(self.root) :].count("/")
            if folder and not (pruned and not self.depth_first) and depth < self.deepest:
                pending += [f"{path.rstrip('/')}/{name}" for name in reversed(world.listdir(path) or [])]
        return lines


def find(argv: list[str], context: Context) -> str | None:
    words = argv[1:]
    count = len(words)
    while words and words[0] in ("-H", "-L", "-P", "-E", "-X", "-s", "-x", "-O0", "-O1", "-O2", "-O3", "-d"):
        words = words[1:]
    at = next((at for at, word in enumerate(words) if word.startswith("-") or word in ("(", "!", ",", ")")), len(words))
    starts, expression = words[:at] or ["."], words[at:]
    if starts[0].startswith(HOLE) and any(word.startswith(HOLE) for word in starts):
        context.opaque("which files `find` lists")
    if any(word.startswith(HOLE) for word in expression_heads(expression)):
        context.opaque("what `find` does with the files")
    tree = predicate.parse(expression)
    leaves = predicate.primaries(tree)
    context.list(*starts)
    for leaf in leaves:
        if leaf.name == "-files0-from":
            options.touch(context, "read", *leaf.words)
        elif leaf.name in ("-fprint", "-fprint0", "-fprintf", "-fls"):
            options.touch(context, "write", *leaf.words[:1])
    after = count - len(words) + at
    while argv[after + 1 : after + 2] in (["-maxdepth"], ["-mindepth"]):
        after += 2
    context.given(exclusions(starts, tree, NOWHERE if tree.name in ("or", ",") else after, context))
    follows = "-L" in argv[1 : count - len(words) + 1] or any(leaf.name == "-follow" for leaf in leaves)
    commands = [leaf for leaf in leaves if leaf.name in predicate.COMMANDS and leaf.words]
    for command in commands:
        hand(command, starts, tree, context, follows)
    return output(starts, tree, leaves, context, follows)


def exclusions(starts: list[str], tree: predicate.Node, after: int, context: Context) -> dict[str, Exclusion]:
    """How `find` would not come to each restricted path, as it spells them; after the word with that index."""
    found: dict[str, Exclusion] = {}
    for start in starts:
        if HOLE in start:
            continue
        search = Search(context, start, tree)
        for path in context.world.sensitive(search.root) or ():
            name = search.spell(path)
            inside = search.inside(path)
            left = Exclusion()
            if leaving.simple(name) and path != search.root:
                tail = "/*" if len(inside) > 1 else ""
                left = Exclusion(f"-not -path {shlex.quote(leaving.veiled(name) + tail)}", after)
            found.update((search.spell(one), left) for one in inside)
        store = search.spell(f"{search.root.rstrip('/')}/.git")
        found[store] = Exclusion(f"-not -path {shlex.quote(leaving.veiled(store) + '/*')}", after)
    return found


def expression_heads(words: list[str]) -> list[str]:
    return [node.name for node in predicate.tokens(words)]


def hand(
    command: predicate.Node, starts: list[str], tree: predicate.Node, context: Context, follows: bool = False
) -> None:
    """Reads the command of an `-exec` with every restricted path that it gets, and once with none."""
    inside = command.name in ("-execdir", "-okdir")
    context.call(list(command.words))
    for start in starts:
        if HOLE in start:
            context.call([word.replace("{}", HOLE) for word in command.words])
            continue
        search = Search(context, start, tree, follows)
        paths = search.restricted()
        if paths is None:
            context.call([word.replace("{}", HOLE) for word in command.words])
            continue
        folders = {os.path.dirname(path) for path in paths}
        given = [path for path in paths if reaches(search, path, path in folders, command)]
        if len(given) > HANDED:
            words = [inner for word in command.words for inner in ([word] if word != "{}" else given)]
            context.call(words)
            continue
        for path in given:
            name = path if inside else search.spell(path)
            context.call([word.replace("{}", name) for word in command.words])


def reaches(search: Search, path: str, folder: bool, command: predicate.Node) -> bool:
    effects = search.effects(path, "d" if folder else search.kind(path))
    return any(action == command for action, _ in effects.actions)


def output(
    starts: list[str], tree: predicate.Node, leaves: list[predicate.Node], context: Context, follows: bool
) -> str | None:
    """What `find` prints: where times or sizes decide, all that may be printed."""
    if any(leaf.name in predicate.COMMANDS for leaf in leaves) or HOLE in "".join(starts):
        return None
    zero = any(leaf.name == "-print0" for leaf in leaves)
    lines: list[str] = []
    for start in starts:
        search = Search(context, start, tree, follows)
        printed = search.printed()
        if printed is None:
            return None
        lines += [path for path, _ in printed]
    return "".join(line + ("\0" if zero else "\n") for line in lines)


def fd(argv: list[str], context: Context) -> str | None:
    """`fd PATTERN PATH...`: listing; `-x` and `-X` run a command for what it finds."""
    row = Row(
        "-d -t -e -E -c -j -S -x -X --max-depth --min-depth --exact-depth --type --extension --exclude"
        " --ignore-file:read --color"
        " --threads --size --changed-within --changed-before --owner --exec --exec-batch --batch-size --base-directory"
        " --search-path --max-results --path-separator --format --and --strip-cwd-prefix?",
        "",
    )
    at = next((at for at, word in enumerate(argv) if word in ("-x", "-X", "--exec", "--exec-batch")), len(argv))
    parsed = options.parse(row, argv[:at])
    command = [word for word in argv[at + 1 :] if word not in (";", "\\;")]
    roots = parsed.operands[1:] + parsed.values("--search-path --base-directory")
    context.list(*(roots or ["."]))
    if parsed.unclear:
        context.opaque("which options `fd` is given")
    if not command:
        return fd_output(parsed, roots, context)
    if not any(mark in word for word in command for mark in ("{}", "{/}", "{//}", "{.}", "{/.}")):
        command.append("{}")
    hidden = parsed.given("-H -u --hidden --unrestricted")
    context.call(command)
    for root in roots or ["."]:
        base = context.path(root)
        found = None if HOLE in root else context.world.sensitive(base)
        if found is None:
            context.opaque(f"which files `fd` hands to `{command[0]}`")
            continue
        for path in found:
            if hidden or "/." not in path[len(base) :]:
                context.call([word.replace("{}", path) for word in command])
    return None


def fd_output(parsed: options.Parsed, roots: list[str], context: Context) -> str | None:
    """What `fd` prints, and besides what it leaves out because git ignores it; None for options that do more."""
    names = {name for name, _ in parsed.options}
    plain = set(
        "-e --extension -t --type -H --hidden -I --no-ignore -a --absolute-path -0 --print0 -E --exclude".split()
    )
    pattern = parsed.operands[0] if parsed.operands else ""
    if not names <= plain or parsed.unclear or HOLE in "".join(parsed.operands):
        return None
    try:
        found = re.compile(pattern, re.I if pattern == pattern.lower() else 0)
    except re.error:
        return None
    endings = tuple("." + value for value in parsed.values("-e --extension"))
    kinds = {value[:1] for value in parsed.values("-t --type")}
    hidden = parsed.given("-H --hidden")
    lines: list[str] = []
    for root in roots or ["."]:
        pending = [root]
        while pending:
            place = pending.pop()
            for name in context.world.listdir(context.path(place)) or []:
                path = name if place == "." else f"{place.rstrip('/')}/{name}"
                if name.startswith(".") and not hidden:
                    continue
                folder = context.world.kind(context.path(path)) == "dir"
                fits = (
                    found.search(name)
                    and name.endswith(endings or "")
                    and (not kinds or ("d" if folder else "f") in kinds)
                )
                lines += [context.path(path) if names & {"-a", "--absolute-path"} else path] if fits else []
                if folder and not selection.linked(context.path(path), context.world):
                    pending.append(path)
                if len(lines) + len(pending) > LIMIT:
                    return None
    for root in roots or ["."]:
        restricted = context.world.sensitive(context.path(root)) or ()
        context.given({line: Exclusion() for line in lines if leaving.within(context.path(line), restricted)})
    end = "\0" if names & {"-0", "--print0"} else "\n"
    return "".join(line + end for line in lines)


READERS: dict[str, Reader] = {
    "find": find,
    "gfind": find,
    "bfs": find,
    "fd": fd,
    "fdfind": fd,
    "locate": options.reader(Row("-d:read -n --database:read --limit", "")),
    "plocate": options.reader(Row("-d:read -n --database:read --limit", "")),
    "mlocate": options.reader(Row("-d:read -n --database:read --limit", "")),
}
