"""Programs that copy, move, link, make and remove files. A copied, moved or linked file is a read of its source."""

import os

from ..context import HOLE, Context, Reader
from . import options, selection
from .options import Row

COPY = Row(
    "-t -S -Z? --target-directory --suffix --backup? --sparse --reflink? --preserve? --no-preserve --context? --update?"
)
INSTALL = Row(
    "-g -m -o -t -S -Z? --group --mode --owner --target-directory --suffix --strip-program:run --context? --backup?"
)
MAKE = Row("-m -Z? --mode --context?", "write")

ROWS: dict[str, Row] = {
    "rm": Row("--interactive? --preserve-root?", "write"),
    "rmdir": Row(operands="write"),
    "unlink": Row(operands="write"),
    "trash": Row(operands="write"),
    "mkdir": MAKE,
    "mkfifo": MAKE,
    "mknod": Row("-m -Z? --mode", "", ("write",)),
    "mktemp": Row("-p --tmpdir? --suffix", "write"),
    "touch": Row("-d -r:list -t --date --reference:list --time", "write"),
    "truncate": Row("-s -r:list --size --reference:list", "write"),
    "fallocate": Row("-l -o --length --offset", "write"),
    "chmod": Row("--reference:list", "list", ("",), spared="--reference"),
    "chown": Row("--reference:list --from", "list", ("",), spared="--reference"),
    "chgrp": Row("--reference:list", "list", ("",), spared="--reference"),
    "chattr": Row("-v -p", "list", ("",)),
    "chcon": Row("--reference:list -u -r -t -l", "list", ("",), spared="--reference"),
    "setfacl": Row(
        "-m -M:read -x -X:read --modify --modify-file:read --remove --remove-file:read --set --set-file:read"
        " --restore:read",
        "list",
    ),
    "setfattr": Row("-n -v -x --name --value --remove --restore:read", "list"),
    "getfattr": Row("-n -m -e --name --match --encoding", "list"),
    "xattr": Row(operands="list", lead=("", "")),
    "shred": Row("-n -s --iterations --size --random-source:read --remove?", "write"),
    "tee": Row("--output-error?", "write"),
    "open": Row("-a -b -e"),
    "xdg-open": Row(),
    "rename": Row(lead=("", "")),
}


def transfer(context: Context, sources: list[str], target: str, tree: bool, follows: bool = True) -> None:
    """Sources are read, with their trees where folders are taken along; what they become is written. follows: what lies
    behind links in the trees is taken along, not the links."""
    into = HOLE not in target and context.world.kind(context.path(target)) == "dir"
    for word in sources:
        if tree:
            known_links = not follows and HOLE not in word
            context.read_tree(word, selection.unlinked(context.path(word), context.world) if known_links else None)
        else:
            context.read(word)
        name = os.path.basename(word.rstrip("/"))
        context.write(f"{target.rstrip('/')}/{name}" if into and name not in ("", ".", "..") else target)


def copy(argv: list[str], context: Context) -> str | None:
    parsed = options.parse(COPY, argv)
    target = parsed.value("-t --target-directory")
    sources = parsed.operands if target is not None else parsed.operands[:-1]
    if target is None:
        target = parsed.operands[-1] if parsed.operands else ""
    if sources:
        tree = argv[0].endswith(("mv", "ditto")) or parsed.given("-r -R -a --recursive --archive")
        transfer(context, sources, target, tree, parsed.given("-L --dereference"))
    if parsed.unclear:
        context.opaque(f"which options `{argv[0]}` is given")
    return None


def install(argv: list[str], context: Context) -> str | None:
    parsed = options.parse(INSTALL, argv)
    if parsed.given("-d --directory"):
        options.touch(context, "write", *parsed.operands)
        return None
    target = parsed.value("-t --target-directory")
    if target is not None:
        transfer(context, parsed.operands, target, False)
    elif len(parsed.operands) > 1:
        transfer(context, parsed.operands[:-1], parsed.operands[-1], False)
    for script in parsed.values("--strip-program"):
        context.run(script)
    if parsed.unclear:
        context.opaque("which options `install` is given")
    return None


def link(argv: list[str], context: Context) -> str | None:
    """A link makes its source readable by another name."""
    parsed = options.parse(COPY, argv)
    target = parsed.value("-t --target-directory")
    sources, place = parsed.operands, target or "."
    if target is None and len(sources) > 1:
        sources, place = sources[:-1], sources[-1]
    symbolic = parsed.given("-s --symbolic") and not parsed.given("-r --relative")
    folder = place if context.world.kind(context.path(place)) == "dir" else os.path.dirname(place)
    for word in sources:
        relative = symbolic and folder and not word.startswith(("/", HOLE))
        context.read(f"{folder.rstrip('/')}/{word}" if relative else word)
    context.write(place)
    if parsed.unclear:
        context.opaque("which options `ln` is given")
    return None


def dd(argv: list[str], context: Context) -> str | None:
    for word in argv[1:]:
        name, _, value = word.partition("=")
        if name == "if":
            context.read(value)
        elif name == "of":
            context.write(value)
        elif HOLE in name:
            context.opaque("which file `dd` copies")
    return None


READERS: dict[str, Reader] = {
    **{name: options.reader(row) for name, row in ROWS.items()},
    **dict.fromkeys(("cp", "gcp", "mv", "gmv", "ditto"), copy),
    "install": install,
    "ln": link,
    "link": link,
    "dd": dd,
    "dcfldd": dd,
}
