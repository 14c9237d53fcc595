"""sed and awk: their files, and the program texts that they follow."""

from .. import inline
from ..context import HOLE, Context, Reader
from ..inline import sed as sed_script
from . import filters, options
from .options import Row

SED = Row(
    "-e -f -l -i? -I? --expression --file --line-length --in-place?", lead=("",), spared="-e -f --expression --file"
)
AWK = Row(
    "-F -v -f -E -e -i -l -d? -o? -p? -D? --field-separator --assign --file --exec --source --include --load"
    " --dump-variables?:write"
    " --pretty-print?:write --profile?:write --lint?",
    lead=("",),
    spared="-f -E -e --file --exec --source",
    permute=False,
)


def texts(parsed: options.Parsed, inlined: str, files: str, context: Context) -> list[str]:
    """The program's parts: given as values, in files, or as the first operand."""
    found: list[str] = []
    for name, value in parsed.options:
        if value is None:
            continue
        if name in inlined.split():
            found.append(value)
        elif name in files.split() and value != "-":
            context.read(value)
            text = None if HOLE in value else context.world.text(context.path(value)) if value != "/dev/null" else ""
            if text is None:
                context.opaque(f"what the script `{value.replace(HOLE, '?')}` does")
            else:
                found.append(text)
    if not found and not parsed.given(inlined + " " + files):
        found = parsed.operands[:1]
    return found


def sed(argv: list[str], context: Context) -> str | None:
    parsed = options.parse(SED, argv)
    if parsed.operands[:1] == [""] and parsed.given("-i"):
        parsed = parsed._replace(operands=parsed.operands[1:])  # BSD: `-i` takes an empty suffix
    scripts = texts(parsed, "-e --expression", "-f --file", context)
    inline.read("sed", "\n".join(scripts), (), context)
    files = parsed.operands if parsed.given(SED.spared) else parsed.operands[1:]
    options.touch(context, "read", *files)
    if parsed.given("-i -I --in-place"):
        options.touch(context, "write", *files)
        return None
    if parsed.unclear and (parsed.first or HOLE).startswith(HOLE):
        context.opaque("which options `sed` is given")
    if len(scripts) == 1 and all(name in ("-e", "-E", "-r", "--expression") for name, _ in parsed.options):
        source = filters.source(files, context)
        return None if source is None else sed_script.substituted(scripts[0], source)
    return None


def awk(argv: list[str], context: Context) -> str | None:
    parsed = options.follow(AWK._replace(operands="", lead=()), argv, context)
    programs = texts(parsed, "-e --source", "-f -E --file --exec -i --include", context)
    operands = parsed.operands if parsed.given(AWK.spared) else parsed.operands[1:]
    files = [word for word in operands if not assignment(word)]
    arguments = parsed.values("-v --assign") + [word for word in operands if assignment(word)]
    for text in programs:
        inline.read("awk", text, arguments, context)
    options.touch(context, "read", *files)
    if parsed.unclear and (parsed.first or HOLE).startswith(HOLE):
        context.opaque("which options `awk` is given")
    if len(programs) == 1 and not parsed.given("-v --assign -f --file -e --source"):
        source = filters.source(files, context)
        return None if source is None else filters.awk(programs[0], parsed.value("-F --field-separator"), source)
    return None


def assignment(word: str) -> bool:
    name, equals, _ = word.partition("=")
    return bool(equals) and name.isidentifier()


READERS: dict[str, Reader] = {
    **dict.fromkeys(("sed", "gsed", "ssed"), sed),
    **dict.fromkeys(("awk", "gawk", "mawk", "nawk", "original-awk", "goawk"), awk),
}
