"""Programs over processes, the environment and the clock."""

from ..context import HOLE, Context, Reader
from . import options
from .options import Row


def printenv(argv: list[str], context: Context) -> str | None:
    """`printenv NAME...` shows these, `printenv` shows all."""
    names = [word for word in argv[1:] if not word.startswith("-")]
    if not names:
        context.environment()
        return None
    if any(HOLE in name for name in names):
        context.environment()
        return None
    context.variable(*names)
    values = [context.variables.get(name) for name in names]
    return None if None in values else "".join(f"{value}\n" for value in values)


def ps(argv: list[str], context: Context) -> str | None:
    """`ps e` and `ps auxe` show environments; `ps -e` shows every process."""
    for word in argv[1:]:
        if HOLE in word or (
            not word.startswith("-") and "e" in word and not set(word) - set("aAcefghijklmnoprSsTtuUvwxXZ")
        ):
            context.environment()
        if word.startswith("-E") or word == "-wwE":
            context.environment()
        if "environ" in word.lower():
            context.environment()
    return None


def date(argv: list[str], context: Context) -> str | None:
    options.follow(
        Row("-d -f:read -r:list -s -I? -v -j --date --file:read --reference:list --set --iso-8601? --rfc-3339", ""),
        argv,
        context,
    )
    return None


def launched(argv: list[str], context: Context) -> str | None:
    """Work that is handed to a daemon: `at`, `batch`."""
    row = Row("-f:execute -q -t -m -M -c", "")
    parsed = options.follow(row, argv, context)
    if parsed.given("-c -l -r -d"):
        return None
    if context.stdin is not None:
        context.run(context.stdin)
    elif context.piped or parsed.given("-f"):
        context.opaque(f"what `{argv[0]}` runs")
    return None


def crontab(argv: list[str], context: Context) -> str | None:
    parsed = options.follow(Row("-u", "read"), argv, context)
    if not parsed.given("-l -r -e") and parsed.operands:
        context.opaque("what `crontab` runs")
    return None


def systemctl(argv: list[str], context: Context) -> str | None:
    words = [word for word in argv[1:] if not word.startswith("-")]
    if words[:1] == ["show-environment"]:
        context.environment()
    return None


def gdb(argv: list[str], context: Context) -> str | None:
    """Debuggers run a program, and can print any file of it or of the machine."""
    row = Row(
        "-x:read -ex -p -c:read -s:execute -e:execute -d -cd -iex -ix:read -tty -o -S -s -O", "execute", dashed=True
    )
    parsed = options.follow(row, argv, context)
    texts = parsed.values("-ex -iex -o -O")
    if any(word in text for text in texts for word in ("shell", "!", "source", "list", "dump", "python", "platform")):
        context.opaque(f"what `{argv[0]}` reads")
    elif parsed.operands:
        context.opaque(f"what the program `{parsed.operands[0]}` reads")
    return None


READERS: dict[str, Reader] = {
    "printenv": printenv,
    "ps": ps,
    "date": date,
    "gdate": date,
    "at": launched,
    "batch": launched,
    "crontab": crontab,
    "systemctl": systemctl,
    "gdb": gdb,
    "lldb": gdb,
    "cgdb": gdb,
    "gcore": options.reader(Row("-o:write", "")),
    "journalctl": options.reader(
        Row(
            "-u -p -n? -S -U -o -t -g -D:read --file:read --unit --since --until --priority"
            " --lines? --output --directory:read --identifier --grep",
            "",
        )
    ),
    "logger": options.reader(Row("-f:read -p -t -i? --file:read --priority --tag --id? --server --port --socket", "")),
    "wall": options.reader(Row("-t -g", "read")),
    "mail": options.reader(Row("-s -a:read -A:read -c -b -r -q:read -u -f:read -S", "")),
    "mailx": options.reader(Row("-s -a:read -A:read -c -b -r -q:read -u -f:read -S", "")),
    "mutt": options.reader(Row("-a:read -b -c -e -f:read -F:read -H:read -i:read -s", "")),
    "sendmail": options.reader(Row("-F -f -C:read -t -i", "")),
    "msmtp": options.reader(Row("-C:read -a -f", "")),
    "swaks": options.reader(Row("--attach:read --body:read --data:read --to --from --server --header", "")),
    "xclip": options.reader(Row("-selection -sel -target -t -loops -display -d", dashed=True)),
    "xsel": options.reader(Row("-t -l:write", "")),
    "pbcopy": options.reader(Row("-pboard", "")),
    "pbpaste": options.reader(Row("-pboard", "")),
    "wl-copy": options.reader(Row("-t -s --type --seat", "")),
    "lpr": options.reader(Row("-P -# -T -o -H")),
    "lp": options.reader(Row("-d -n -t -o -H -P")),
}
