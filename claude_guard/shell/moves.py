"""What a command puts elsewhere without its content changing: the new path stands for the old one from then on."""

from .surroundings import Command

UNSETTLING = frozenset(
    (
        "rm",
        "rmdir",
        "mv",
        "unlink",
        "chmod",
        "chown",
        "mount",
        "umount",
        "git",
        "tar",
        "unzip",
        "rsync",
        "find",
        "make",
        "npm",
        "docker",
        "shred",
        "truncate",
    )
)
"""Commands after which a folder that was there need not be."""

_MOVES = frozenset(["mv", "cp", "ln", "link", "rsync", "install", "ditto", "symlink", "gcp", "gmv", "gln"])
_VALUES = {"-S", "--suffix", "-m", "-o", "-g", "--mode", "--owner", "--group", "-e", "--rsh"}


def follow(argv: list[str], context: Command) -> None:
    """Notes what a command that has been read moved, copied or linked."""
    name, rest = argv[0], argv[1:]
    if name == "git" and "worktree" in rest[:4]:
        _grown(rest[rest.index("worktree") + 1 :], context)
        return
    if name == "git" and "mv" in rest[:4]:
        rest = rest[rest.index("mv") + 1 :]
    elif name == "mount":
        if not any(word in ("--bind", "--rbind", "-B", "-R") or "bind" in word for word in rest):
            return
    elif name not in _MOVES:
        return
    operands: list[str] = []
    target = ""
    skip = False
    for i, word in enumerate(rest):
        if skip:
            skip = False
        elif word in ("-t", "--target-directory"):
            target = rest[i + 1] if i + 1 < len(rest) else ""
            skip = True
        elif word.startswith("--target-directory="):
            target = word.partition("=")[2]
        elif word in _VALUES:
            skip = True
        elif not word.startswith("-") or word == "-":
            operands.append(word)
    if not target and operands:
        if len(operands) == 1 and name in ("ln", "link"):
            target = "."
        elif len(operands) > 1:
            target = operands.pop()
    if not target:
        return
    links = list(context.state.links)
    destination = context.path(target)
    into = context.world.kind(destination) == "dir" or len(operands) > 1
    symbolic = name == "ln" and any(word.startswith("-") and "s" in word for word in rest)
    for word in operands:
        base = word.rstrip("/").rsplit("/", 1)[-1]
        new = f"{destination}/{base}" if into else destination
        old = context.path(word)
        if symbolic and not word.startswith("/"):
            old = context.path(f"{new.rsplit('/', 1)[0]}/{word}")  # a link's text counts from the link
        if new != old:
            if context.state.files.get(new, "") is None or old in context.state.files:
                context.state.files[new] = context.world.text(old, 100_000)
            if context.overlay.base.kind(old) == "dir":
                context.state.files.pop(new, None)
            links.append((new, context.overlay.origin(old)))
            if not into and context.world.kind(destination) is None:  # it may be a folder that the script has made
                links.append((f"{destination}/{base}", context.overlay.origin(old)))
        if name == "rsync" and word.endswith("/"):
            links.append((destination, old))
    context.state.links = tuple(links[-200:])


def _grown(words: list[str], context: Command) -> None:
    """`git worktree add` copies the work tree."""
    top = context.cwd
    while context.world.kind(f"{top}/.git") is None:
        above = top.rpartition("/")[0]
        if above == top:
            return
        top = above
    left = iter(words[1:] if words[:1] == ["add"] else ())
    for word in left:
        if word in ("-b", "-B", "--reason"):
            next(left, "")
        elif not word.startswith("-"):
            context.state.files.pop(context.path(word), None)
            context.state.links = (*context.state.links, (context.path(word), top))
            return
