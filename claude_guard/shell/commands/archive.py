"""Archives and compression. What goes into an archive is read; what comes out of one is written."""

import re
from fnmatch import fnmatchcase

from ..context import HOLE, Context, Reader
from . import leaving, options, selection
from .options import Row

PACK = Row("-S -b --suffix --blocksize --rsyncable?", tree="-r --recursive")

ROWS: dict[str, Row] = {
    **dict.fromkeys(
        """
            gzip gunzip pigz unpigz bzip2 bunzip2 pbzip2 lbzip2 compress uncompress lzip plzip lzop zopfli zcat
            gzcat bzcat xzcat lzcat zstdcat lz4cat pxz lrzip snzip
            """.split(),
        PACK,
    ),
    **dict.fromkeys(
        ["xz", "unxz", "lzma", "unlzma"],
        Row(
            "-S -T -M -C -F --suffix --format --check --threads --memlimit --files?:names --files0?:names0 --block-size"
        ),
    ),
    **dict.fromkeys(
        ["zstd", "unzstd", "zstdmt", "pzstd"],
        Row(
            "-o:write -D:read -T -M -B --long? --threads --filelist:names --output-dir-flat --patch-from:read"
            " -r --suffix",
            tree="-r",
        ),
    ),
    **dict.fromkeys(["lz4", "unlz4", "lz4c"], Row("-B -D:read", lead=("read",), operands="write")),
    "brotli": Row("-o:write -S -q -w --output:write --quality --suffix --lgwin --dictionary:read"),
    "ar": Row("--plugin --target --output", "read", ("", "write")),
    "unzip": Row("-d -x -P -O -I", "", ("read",)),
    "unrar": Row(operands="", lead=("", "read")),
    "unar": Row("-o -p -e -k", "read"),
    "lsar": Row("-p -e", "read"),
    "funzip": Row(),
    "zipinfo": Row("-x -P", "", ("read",)),
    "zipnote": Row("-b"),
    "genisoimage": Row("-o:write -V -A -m -x -b -c -r -path-list:names", "tree", dashed=True),
    "mkisofs": Row("-o:write -V -A -m -x -b -c -path-list:names", "tree", dashed=True),
    "mksquashfs": Row("-e -comp -b -ef:read", "tree", last="write", dashed=True),
    "unsquashfs": Row("-d -dest -f", "", ("read",), dashed=True),
    "rpm2cpio": Row(),
    "dpkg-deb": Row("-D", "tree"),
    "shar": Row("-o -n -s -a", "tree"),
    "makeself": Row(operands="", lead=("tree", "write")),
}

TAR = Row(
    "-f -C -T -X -b -F:run -g -H -I -K -L -N -V --file --directory --files-from --exclude --exclude-from --exclude-tag"
    " --use-compress-program:run --to-command:run --info-script:run --new-volume-script:run --listed-incremental:write"
    " --format --label --transform --xform --strip-components --owner --group --mode --mtime --newer --after-date"
    " --sort --index-file:write --checkpoint? --checkpoint-action --rsh-command:run --rmt-command:run"
    " --warning --starting-file"
    " --exclude-ignore --exclude-ignore-recursive --owner-map:read --group-map:read --occurrence?"
    " --newer-mtime --add-file:tree"
    " --suffix --backup? --one-top-level? --volno-file:write --xattrs-include --xattrs-exclude --level"
    " --blocking-factor"
    " --record-size --tape-length --pax-option --quoting-style --no-quote-chars --quote-chars --hole-detection"
    " --sparse-version"
    " --totals? --utc --show-stored-names? --exclude-vcs-ignores",
    "",
)


def tar(argv: list[str], context: Context) -> str | None:
    """Creating reads trees, below the folder that `-C` last named; the rest reads the archive."""
    argv, first = list(argv), 0
    if len(argv) > 1 and re.fullmatch(r"[a-zA-Z]+", argv[1]):
        first = 1 + sum(letter in TAKING for letter in argv[1])
        argv = bundled(argv)
    parsed = options.follow(TAR, argv, context)
    archive = parsed.values("-f --file")
    creates = parsed.given("-c -r -u -A --create --append --update --concatenate --catenate")
    if parsed.given("-A --concatenate --catenate"):
        context.read(*parsed.operands)
    if creates:
        options.touch(context, "write", *archive)
    else:
        options.touch(context, "read", *archive)
    for action in parsed.values("--checkpoint-action"):
        if "exec" in action or HOLE in action:
            context.run(action.partition("=")[2] or HOLE)
    if parsed.given("-d --diff --compare"):
        creates = True
    if parsed.given("-x --extract --get"):
        context.list(parsed.value("-C --directory") or ".")
    if creates:
        added(argv, parsed, context, first)
    if parsed.unclear and not creates:
        context.opaque("which options `tar` is given")
    return None


TAKING = "fCTXbgHIKLNVF"
"""The letters that take a value from the words that follow, in the old style."""


def bundled(argv: list[str]) -> list[str]:
    """`tar cvf FILE ...`: the old style, where each letter takes its value from the words that follow."""
    words = list(argv[2:])
    made = [argv[0]]
    for letter in argv[1]:
        made.append("-" + letter)
        if letter in TAKING and words:
            made.append(words.pop(0))
    return made + words


def added(argv: list[str], parsed: options.Parsed, context: Context, first: int) -> None:
    """What goes into the archive; `-C` moves where the words after it are looked for. first: the index of the last of
    the command's words that belong to the program's name."""
    excluded = [value for name, value in parsed.options if name == "--exclude" and value]
    for word in parsed.values("-X --exclude-from"):
        context.read(word)
        excluded += ((None if HOLE in word else context.world.text(context.path(word))) or "").splitlines()
    excluded = [] if any(HOLE in glob for glob in excluded) else [glob for glob in excluded if glob]
    folder = ""
    waiting = iter(argv[1:])
    operands = list(parsed.operands)
    places: list[tuple[str, str]] = []
    for word in waiting:
        if word in ("-C", "--directory"):
            following = next(waiting, "")
            folder = following if following.startswith("/") or not folder else f"{folder}/{following}"
        elif word.startswith("--directory="):
            folder = word.partition("=")[2]
        elif re.match(r"-[^-]*C$", word) or re.match(r"-C.", word):
            folder = next(waiting, "") if word.endswith("C") else word[2:]
        elif word in operands:
            operands.remove(word)
            places.append((folder, word))
    places += [(folder, word) for word in operands]
    for place, word in places:
        name = f"{place}/{word}" if place and not word.startswith("/") else word
        keep = without(name, word, excluded, context)
        if HOLE not in name and not parsed.given("-h --dereference"):
            keep = selection.unlinked(context.path(name), context.world, keep)
        context.read_tree(name, keep, leaving.spelled(context.path(name), word, "--exclude=", first))
    for word in parsed.values("-T --files-from"):
        if word == "-":
            text = context.stdin
        else:
            context.read(word)
            text = None if HOLE in word else context.world.text(context.path(word))
        if text is None:
            context.opaque(f"which files `{word.replace(HOLE, '?')}` lists")
            continue
        for line in text.replace("\0", "\n").splitlines():
            context.read_tree(f"{folder}/{line}" if folder and not line.startswith("/") else line)


def without(name: str, word: str, excluded: list[str], context: Context) -> selection.Keep | None:
    """`--exclude`: a glob that matches a member's name from any of its parts on, or a folder above it."""
    if not excluded or HOLE in name:
        return None
    root = context.path(name)
    patterns = [glob.rstrip("/") for glob in excluded]
    start = (word.rstrip("/") or word).split("/")

    def keep(path: str) -> bool:
        member = [*start, *selection.below(path, root)] if path != root else start
        ends = range(1, len(member) + 1)
        tails = ["/".join(member[begin:end]) for end in ends for begin in range(end)]
        return not any(fnmatchcase(tail, glob) for tail in tails for glob in patterns)

    return keep


def zip_(argv: list[str], context: Context) -> str | None:
    """`zip ARCHIVE FILE...`; `-x` and `-i` take the words up to the next option."""
    words, lists, now = [], {"-x": [], "-i": []}, ""  # type: ignore[var-annotated]
    flags = ""
    waiting = iter(argv[1:])
    for word in waiting:
        if word in ("-x", "-i", "--exclude", "--include"):
            now = {"--exclude": "-x", "--include": "-i"}.get(word, word)
        elif word in ("-b", "-n", "-t", "-tt", "-P", "-s", "-O", "--password", "--out"):
            next(waiting, "")
            now = ""
        elif word == "-@":
            names = context.stdin
            if names is None:
                context.opaque("which files `zip` is given")
            else:
                context.read(*names.splitlines())
        elif word.startswith("-") and len(word) > 1:
            if re.match(r"-[xi].", word):
                lists[word[:2]].append(word[2:])
            flags += word
            now = ""
        elif now:
            if word == "@":
                now = ""
            else:
                lists[now].append(word)
        else:
            words.append(word)
    if not words:
        return None
    context.write(words[0])
    if re.search(r"-\w*d|--delete", flags):
        return None
    tree = re.search(r"-\w*[rR]|--recurse", flags)
    for word in words[1:]:
        if not tree:
            context.read(word)
            continue
        exact = not any(HOLE in glob for globs in lists.values() for glob in globs)
        rules = [(True, glob) for glob in lists["-i"]] + [(False, glob) for glob in lists["-x"]] if exact else []
        base = context.path(".") if not word.startswith("/") else "/"
        context.read_tree(word, selection.names(base, rules, []) if rules and HOLE not in word else None)
    return None


def seven(argv: list[str], context: Context) -> str | None:
    """`7z COMMAND ARCHIVE FILE...`; `rar` likewise."""
    words = [word for word in argv[1:] if not word.startswith("-")]
    if words[:1] and words[0] in ("a", "u", "m"):
        context.write(*words[1:2])
        for word in words[2:]:
            if word.startswith("@"):
                options.listed(context, word[1:])
            else:
                context.read_tree(word)
    elif words[:1] == ["h"]:
        for word in words[1:]:
            context.read_tree(word)
    else:
        context.read(*words[1:2])
    return None


def cpio(argv: list[str], context: Context) -> str | None:
    """`cpio -o` and `-p` read the files that standard input lists."""
    parsed = options.follow(
        Row("-C -D -E:read -F -H -I:read -M -O:write -R --file --format --directory --owner", ""), argv, context
    )
    if parsed.given("-o -p --create --pass-through"):
        if context.stdin is None:
            context.opaque(f"which files `{argv[0]}` is given")
        else:
            context.read(*context.stdin.replace("\0", "\n").splitlines())
    else:
        context.read(*parsed.values("-F --file"))
    return None


def pax(argv: list[str], context: Context) -> str | None:
    parsed = options.parse(Row("-f -o -s -x -b -B -p -E -G -T -U", ""), argv)
    if parsed.given("-w"):
        context.write(*parsed.values("-f"))
        for word in parsed.operands:
            context.read_tree(word)
        if not parsed.operands:
            cpio(["cpio", "-o"], context)
    else:
        context.read(*parsed.values("-f"))
    return None


READERS: dict[str, Reader] = {
    **{name: options.reader(row) for name, row in ROWS.items()},
    **dict.fromkeys(("tar", "gtar", "bsdtar", "star"), tar),
    "zip": zip_,
    **dict.fromkeys(("7z", "7za", "7zr", "7zz", "rar"), seven),
    "cpio": cpio,
    "pax": pax,
}
