"""Programs that show names, sizes, times and existence, and the output of those that can be computed."""

import os
import re

from ..context import HOLE, Context, Reader, known
from . import options
from .options import Row

LS = Row(
    "-I -w -T --ignore --hide --width --tabsize --block-size --color? --format --sort --time --time-style"
    " --indicator-style"
    " --quoting-style --hyperlink? --classify? -D",
    "list",
)
RESOLVE = Row("--relative-to --relative-base", "list")

ROWS: dict[str, Row] = {
    "ls": LS,
    "gls": LS,
    "dir": LS,
    "vdir": LS,
    "exa": Row("-I -L -s -t --ignore-glob --level --sort --time --time-style --color --colour", "list"),
    "eza": Row(
        "-I -L -s -t -w --ignore-glob --level --sort --time --time-style --color --colour --width --icons?", "list"
    ),
    "lsd": Row(
        "-I --ignore-glob --depth --color --icon --date --sort --config-file:read --size --permission --blocks", "list"
    ),
    "tree": Row(
        "-I -P -L -o:write -H -T --charset --filelimit --timefmt --sort? --gitfile:read --infofile:read", "list"
    ),
    "du": Row(
        "-B -d -t -X:read --block-size --max-depth --threshold --time? --time-style --exclude --exclude-from:read"
        " --files0-from:read",
        "list",
    ),
    "dust": Row("-d -n -X -v -e -t -z", "list"),
    "ncdu": Row("-o:write -f:read -X:read --exclude --exclude-from:read", "list"),
    "df": Row("-B -t -x --block-size --type --exclude-type --output?", "list"),
    "stat": Row("-c -f -t --format --printf --cached", "list"),
    "gstat": Row("-c --format --printf --cached", "list"),
    "namei": Row(operands="list"),
    "getfacl": Row(operands="list"),
    "lsattr": Row(operands="list"),
    "pathchk": Row(operands="list"),
    "lsof": Row("-a -c -d -g -i? -k:read -p -u -F? -s? +d:list +D:list -S? -T?", "list"),
    "fuser": Row("-k -n -N --namespace", "list"),
    "mountpoint": Row(operands="list"),
    "findmnt": Row("-F:read -T:list -S -M -o -t -O -N --tab-file:read", "list"),
    "whereis": Row("-B -M -S -f", ""),
    "type": Row(operands=""),
    "hash": Row(operands=""),
    "inotifywait": Row(
        "-e -t -o:write --event --timeout --exclude --excludei --format --timefmt --fromfile:read"
        " --outfile:write --include",
        "list",
    ),
    "fswatch": Row("-e -i -f -l -m --exclude --include --format --latency", "list"),
    "quota": Row(operands=""),
    "hostname": Row("-F:read --file:read", ""),
}


def ls(argv: list[str], context: Context) -> str | None:
    """Its names where every option keeps to names: `-1`, `-a`, `-A`, `-d`."""
    parsed = options.follow(LS, argv, context)
    names = {name for name, _ in parsed.options}
    if parsed.unclear or not names <= {"-1", "-a", "-A", "-d", "--all", "--almost-all", "--directory"}:
        if not parsed.operands:
            context.list(".")
        return None
    if not parsed.operands:
        context.list(".")
    words = parsed.operands or ["."]
    kinds = [context.world.kind(context.path(word)) if known(word) else None for word in words]
    if None in kinds or (len(words) > 1 and "dir" in kinds and "-d" not in names):
        return None
    if "-d" in names or "dir" not in kinds:
        return "".join(word + "\n" for word in sorted(words))
    inside = context.world.listdir(context.path(words[0]))
    if inside is None or names & {"-a", "--all"}:
        return None
    hidden = bool(names & {"-A", "--almost-all"})
    return "".join(name + "\n" for name in inside if hidden or not name.startswith("."))


def resolve(argv: list[str], context: Context) -> str | None:
    parsed = options.follow(RESOLVE, argv, context)
    if any(name not in ("-f", "-e", "-m", "-q", "-s", "-n") for name, _ in parsed.options):
        return None
    if (argv[0].endswith("readlink") and not parsed.given("-f -e -m")) or not all(map(known, parsed.operands)):
        return None
    return "".join(context.world.realpath(context.path(word)) + "\n" for word in parsed.operands)


def basename(argv: list[str], context: Context) -> str | None:
    parsed = options.parse(Row("-s --suffix", ""), argv)
    names, suffix = parsed.operands, parsed.value("-s --suffix") or ""
    if not names or parsed.given("-z --zero"):
        return None
    if not parsed.given("-a --multiple -s --suffix"):
        names, suffix = names[:1], names[1] if len(names) > 1 else ""
    return "".join(strip(word, suffix) + "\n" for word in names)


def strip(word: str, suffix: str) -> str:
    name = word.rstrip("/").rpartition("/")[2] or word[:1]
    if name.endswith(HOLE) and "/" not in word:
        return HOLE
    return name[: -len(suffix)] if suffix and name != suffix and name.endswith(suffix) else name


def dirname(argv: list[str], context: Context) -> str | None:
    parsed = options.parse(Row(operands=""), argv)
    if parsed.given("-z --zero"):
        return None
    lines = []
    for word in parsed.operands:
        if HOLE in word.rstrip("/").rpartition("/")[2]:
            lines.append(HOLE)
        else:
            lines.append(os.path.dirname(word.rstrip("/")) or ("/" if word.startswith("/") else "."))
    return "".join(line + "\n" for line in lines)


def test(argv: list[str], context: Context) -> str | None:
    """`test` and `[`: the files that it asks about are listed."""
    words = argv[1:]
    for at, word in enumerate(words):
        if re.fullmatch(r"-[a-hkprstuwxGLNOS]", word) and at + 1 < len(words):
            context.list(words[at + 1])
        elif word in ("-nt", "-ot", "-ef") and 0 < at < len(words) - 1:
            context.list(words[at - 1], words[at + 1])
    return None


def pwd(argv: list[str], context: Context) -> str | None:
    return (context.world.realpath(context.cwd) if "-P" in argv else context.cwd) + "\n"


def echo(argv: list[str], context: Context) -> str | None:
    """Bash's `echo`: `-n`, `-e` and `-E` in front; escapes only after `-e`."""
    words = argv[1:]
    newline, escapes = "\n", False
    while words and re.fullmatch(r"-[neE]+", words[0]):
        newline = "" if "n" in words[0] else newline
        escapes = "e" in words[0] or (escapes and "E" not in words[0])
        words = words[1:]
    text = " ".join(words)
    return (unescape(text) if escapes else text) + newline


ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{1,2})|0?([0-7]{1,3})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|(.))", re.S)
CONTROLS = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "e": "\x1b", "\\": "\\"}


def unescape(text: str) -> str:
    """Backslash escapes as `echo -e` and `printf` know them."""

    def meant(found: re.Match[str]) -> str:
        hexadecimal, octal, short, long, letter = found.groups()
        if octal:
            return chr(int(octal, 8) & 255)
        if hexadecimal or short or long:
            return chr(min(int(hexadecimal or short or long, 16), 0x10FFFF))
        return CONTROLS.get(letter, found[0])

    return ESCAPE.sub(meant, text)


def printf(argv: list[str], context: Context) -> str | None:
    """`printf FORMAT ARGUMENT...` with `%s`, `%b`, `%q`, `%d`, `%c`, `%x`, `%o` and plain widths."""
    words = argv[1:]
    if words[:1] == ["--"]:
        words = words[1:]
    if not words or words[0].startswith("-v"):
        return None
    pieces = re.findall(r"%%|%[-+ 0#]*\d*(?:\.\d*)?[a-zA-Z(]|\\.[0-9a-fA-F]{0,8}|[^%\\]+|.", words[0], re.S)
    formats = [piece for piece in pieces if re.fullmatch(r"%[^%]+", piece)]
    if any(len(piece) > 9 for piece in formats):
        return None  # a width of millions
    arguments = words[1:]
    rounds = max(1, -(-len(arguments) // len(formats))) if formats else 1
    text = []
    supply = iter(arguments)
    for _ in range(min(rounds, 10_000)):
        for piece in pieces:
            if piece not in formats:
                text.append("%" if piece == "%%" else unescape(piece))
                continue
            word = next(supply, "")
            if piece[-1] not in "sbqdicxo" or (HOLE in word and piece[-1] not in "sbq"):
                return None
            try:
                text.append(converted(piece, word))
            except ValueError:
                return None
    return "".join(text)


def converted(form: str, word: str) -> str:
    kind = form[-1]
    if kind == "b":
        return unescape(word)
    if kind in "dixo":
        number = ord(word[1]) if word[:1] in ("'", '"') and len(word) > 1 else int(word or "0", 0)
        return (form[:-1] + ("d" if kind == "i" else kind)) % number
    if kind == "c":
        return word[:1]
    return (form[:-1] + "s") % word


def which(argv: list[str], context: Context) -> str | None:
    """Where programs lie on PATH."""
    folders = context.variables.get("PATH", "").split(":")
    lines = []
    for name in argv[1:]:
        found = [
            f"{folder}/{name}" for folder in folders if folder and context.world.kind(f"{folder}/{name}") == "file"
        ]
        if name.startswith("-") or HOLE in name or not found:
            return None
        lines.append(found[0] + "\n")
    return "".join(lines)


def seq(argv: list[str], context: Context) -> str | None:
    parsed = options.parse(Row("-f -s -t --format --separator", "", permute=False), argv)
    if parsed.options or not all(re.fullmatch(r"-?\d+", word) for word in parsed.operands):
        return None
    numbers = [int(word) for word in parsed.operands]
    if not 1 <= len(numbers) <= 3:
        return None
    first, step = (numbers[0] if len(numbers) > 1 else 1), (numbers[1] if len(numbers) == 3 else 1)
    if step == 0 or abs(numbers[-1] - first) // abs(step) > 10_000:
        return None
    return "".join(f"{number}\n" for number in range(first, numbers[-1] + (1 if step > 0 else -1), step))


def silent(argv: list[str], context: Context) -> str | None:
    """A program that touches no file that it is handed."""
    return None


READERS: dict[str, Reader] = {
    **{name: options.reader(row) for name, row in ROWS.items()},
    "ls": ls,
    "gls": ls,
    "realpath": resolve,
    "readlink": resolve,
    "grealpath": resolve,
    "greadlink": resolve,
    "basename": basename,
    "dirname": dirname,
    "test": test,
    "[": test,
    "pwd": pwd,
    "echo": echo,
    "gecho": echo,
    "printf": printf,
    "seq": seq,
    "which": which,
    **dict.fromkeys(
        """
            claude-guard true false : sleep yes uname whoami id groups users who w uptime nproc getconf tty stty
            reset clear tput logname hostid cal ncal expr factor kill killall pkill pgrep pidof pstree top htop
            free vmstat iostat mpstat lscpu lsblk lsusb lspci lsmod dmesg nvidia-smi sw_vers ping ping6
            traceroute tracepath nslookup host whois ss netstat ip ifconfig route arp uuidgen uuid say beep
            renice sync swapon jobs disown fg bg wait ulimit umask times logout fc getopts shift return exit
            break continue let shopt bind complete compgen suspend figlet cowsay fortune notify-send xdpyinfo
            loginctl timedatectl localectl ntpq chronyc apt-cache dpkg-query rpmquery lsb_release cpuid gettext
            ngettext tset
            """.split(),
        silent,
    ),
}
