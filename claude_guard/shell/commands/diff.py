"""Comparing, merging and patching."""

from ..context import HOLE, Context, Reader
from . import options, selection
from .options import Row

DIFF = Row(
    "-C -I -U -W -x -X:read -S -F -D -L --context? --unified? --ignore-matching-lines --width --exclude"
    " --exclude-from:read --starting-file --show-function-line --ifdef --label --from-file:read --to-file:read"
    " --line-format --color? --palette --horizon-lines --tabsize --changed-group-format --unchanged-group-format"
    " --old-line-format --new-line-format --unchanged-line-format --GTYPE-group-format --ignore-file-name-case?"
)

ROWS: dict[str, Row] = {
    "cmp": Row("-i -n --ignore-initial --bytes"),
    "diff3": Row("-L --label --diff-program:run"),
    "sdiff": Row("-I -w -o:write --ignore-matching-lines --width --output:write --diff-program:run --tabsize"),
    "merge": Row("-L"),
    "wdiff": Row("-w -x -y -z"),
    "dwdiff": Row("-c -C -d -P -W -f -L -w -x -y -z"),
    "difft": Row("--color --display --context --width --override --skip-unchanged"),
    "delta": Row("-w --width --theme --syntax-theme --config:read"),
    "vimdiff": Row("-c -S:read --cmd -u:read"),
    "nvimdiff": Row("-c -S:read --cmd -u:read"),
    "meld": Row("-L -o:write --output:write --label"),
    "kdiff3": Row("-o:write -L1 -L2 -L3"),
    "icdiff": Row("-L -W -U --cols --label --encoding"),
    "diffstat": Row("-p -w -n -f"),
    "filterdiff": Row("-i -x -p -# -I:read -X:read"),
    "combinediff": Row("-p -U -d"),
    "interdiff": Row("-p -U -d"),
    "lsdiff": Row("-p -i -x"),
    "bsdiff": Row(operands="read", last="write"),
    "bspatch": Row("", "read", ("read", "write")),
    "xdelta3": Row("-s:read -B -W -C", "write", ("read",)),
}


def diff(argv: list[str], context: Context) -> str | None:
    """Two folders are compared file by file, and with `-r` below."""
    parsed = options.follow(DIFF._replace(operands=""), argv, context)
    recursive = parsed.given("-r --recursive")
    excluded = [] if HOLE in "".join(parsed.values("-x --exclude")) else parsed.values("-x --exclude")
    brief = argv[0].endswith("dirdiff")
    for word in parsed.operands:
        if word == "-":
            continue
        path = context.path(word)
        if HOLE in word or context.world.kind(path) != "dir":
            context.read(word)
        elif recursive and not parsed.given("-N --new-file --unidirectional-new-file"):
            common(word, parsed.operands, context, excluded)
        elif recursive or brief:
            context.read_tree(
                word, selection.names(path, [(False, glob) for glob in excluded], excluded) if excluded else None
            )
        else:
            beside(word, parsed.operands, context, excluded)
    if parsed.unclear:
        context.opaque("which options `diff` is given")
    return None


def common(folder: str, operands: list[str], context: Context, excluded: list[str]) -> None:
    """Two trees: what only one of them has is not opened."""
    root = context.path(folder)
    others = [context.path(word) for word in operands if word != folder and HOLE not in word]
    chosen = selection.names(root, [(False, glob) for glob in excluded], excluded)

    def keep(path: str) -> bool:
        tail = "/".join(selection.below(path, root))
        met = [other for other in others if context.world.kind(f"{other}/{tail}") is not None]
        return chosen(path) and (bool(met) or not others)

    context.read_tree(folder, keep)


def beside(folder: str, operands: list[str], context: Context, excluded: list[str]) -> None:
    """A folder and a file: the file of that name in it. Two folders: the files at their top."""
    others = [word for word in operands if word != folder]
    files = [word for word in others if HOLE not in word and context.world.kind(context.path(word)) != "dir"]
    if files:
        context.read(*[f"{folder.rstrip('/')}/{word.rpartition('/')[2]}" for word in files])
    else:
        root = context.path(folder)
        chosen = selection.names(root, [(False, glob) for glob in excluded], [])
        context.read_tree(folder, lambda path: len(selection.below(path, root)) == 1 and chosen(path))


def copied(text: str) -> list[str]:
    """The files whose whole content a patch puts under another name, as it names them."""
    heads = ("copy from ", "rename from ")
    lines = [line.rstrip("\r") for line in text.split("\n") if line.startswith(heads)]
    return [line.partition(" from ")[2].strip('"') for line in lines]


def patch(argv: list[str], context: Context) -> str | None:
    """What a patch changes is read in the process: the diff says which files."""
    row = Row(
        "-i:read -o:write -d -p -D -F -r:write -B -Y -z -V -g --input:read --output:write --directory --strip"
        " --ifdef --fuzz"
        " --reject-file:write --prefix --basename-prefix --suffix --version-control --get --read-only --reject-format"
        " --quoting-style",
        "",
    )
    parsed = options.follow(row, argv, context)
    context.read(*parsed.operands)
    file = parsed.value("-i --input")
    text = context.stdin if file is None else None if HOLE in file else context.world.text(context.path(file))
    if text is None:
        return None
    strip = parsed.value("-p --strip") or ""
    context.read(*copied(text))
    for line in text.splitlines():
        if line.startswith(("--- ", "+++ ")):
            name = line[4:].partition("\t")[0].strip()
            parts = name.split("/")
            inner = "/".join(parts[int(strip) :]) if strip.isdigit() else parts[-1] if not strip else name
            if name != "/dev/null" and inner:
                context.read(inner)
    return None


READERS: dict[str, Reader] = {
    **{name: options.reader(row) for name, row in ROWS.items()},
    **dict.fromkeys(("diff", "gdiff", "colordiff", "dirdiff"), diff),
    "patch": patch,
    "gpatch": patch,
}
