"""Programs that send and fetch over a network: what they send of this machine is read."""

import re

from ..context import HOLE, Context, Reader
from . import options, selection
from .interpreters import served
from .options import Row

CURL = Row(
    "-A -b -c:write -C -d -D:write -e -E:read -F -h? -H -K:read -m -o:write -P -Q -r -t -T -u -U -w -x -X -y -Y -z"
    " --data --data-ascii --data-binary --data-urlencode --data-raw --json --form --form-string --url"
    " --url-query --header"
    " --proxy-header --cookie --cookie-jar:write --config:read --upload-file --netrc-file:read --cert:read"
    " --key:read --cacert:read"
    " --capath --cert-type --key-type --pass --user --user-agent --referer --output:write --output-dir"
    " --dump-header:write"
    " --trace:write --trace-ascii:write --stderr:write --write-out --request --proxy --proxy-user --range --max-time"
    " --connect-timeout --retry --retry-delay --retry-max-time --limit-rate --resolve --connect-to --interface"
    " --dns-servers"
    " --unix-socket --abstract-unix-socket --ciphers --tls-max --oauth2-bearer --aws-sigv4 --crlfile:read --egd-file"
    " --random-file:read --pubkey:read --hostpubmd5 --libcurl:write --max-redirs --max-filesize --time-cond"
    " --etag-save:write"
    " --etag-compare:read --alt-svc:write --hsts:write --noproxy --proto --proto-redir --proto-default --quote"
    " --postquote --mail-from"
    " --mail-rcpt --login-options --service-name --socks5 --socks5-hostname --preproxy --local-port"
    " --keepalive-time --parallel-max"
    " --request-target --rate --speed-limit --speed-time --telnet-option --variable --expand-url --expand-data"
    " --pinnedpubkey"
    " --proxy-cert:read --proxy-key:read --proxy-cacert:read --curves --engine --delegation --krb --continue-at",
    "",
)
WGET = Row(
    "-o:write -a:write -e -i:names -B -t -O:write -T -w -Q -P -U -D -R -A -l -I -X --output-file:write"
    " --append-output:write"
    " --execute --input-file:names --base --tries --output-document:write --timeout --wait --limit-rate"
    " --quota --directory-prefix"
    " --user-agent --header --referer --post-data --post-file:read --body-data --body-file:read --method"
    " --load-cookies:read"
    " --save-cookies:write --user --password --http-user --http-password --certificate:read --private-key:read"
    " --ca-certificate:read"
    " --config:read --domains --reject --accept --level --exclude-directories --include-directories"
    " --use-askpass:run --crl-file:read"
    " --rejected-log:write --ca-directory --random-file:read --cut-dirs --default-page --waitretry"
    " --dns-timeout --connect-timeout"
    " --read-timeout --bind-address --secure-protocol --warc-file:write --warc-dedup:read"
    " --restrict-file-names --progress --max-redirect",
    "",
)
SSH = Row("-b -B -c -D -e -E:write -F:execute -I -i:execute -J -L -l -m -O -o -p -P -Q -R -S -w -W", "", permute=False)
SCP = Row("-c -D:run -F:execute -i:execute -J -l -o -P -S:run -X", "", tree="-r")
RSYNC = Row(
    "-e:run -f -B -M -T --rsh:run --filter --exclude --exclude-from --include --include-from --files-from"
    " --password-file:read"
    " --max-size --min-size --bwlimit --port --timeout --contimeout --modify-window --temp-dir --compare-dest"
    " --copy-dest --link-dest"
    " --compress-level --skip-compress --log-file:write --log-file-format --out-format --partial-dir"
    " --backup-dir --suffix --chmod"
    " --chown --usermap --groupmap --info --debug --rsync-path --block-size --address --sockopts --write-batch:write"
    " --only-write-batch:write --read-batch:read --iconv --checksum-choice --outbuf --remote-option"
    " --max-delete --stop-after --protocol"
    " --compress-choice --early-input:read --max-alloc --stop-at",
    "",
)
NETCAT = Row(
    "-c:run -e:run -g -G -i -I -m -o:write -O -p -P -q -s -T -V -w -W -x:write -X -x --exec:run --sh-exec:run"
    " --lua-exec:execute"
    " --output:write --ssl-cert:read --ssl-key:read --proxy --proxy-auth --ssl-trustfile:read",
    "",
)
DATA = "-d --data --data-ascii --data-binary --json --expand-data -H --header --proxy-header -w --write-out --variable"


def curl(argv: list[str], context: Context) -> str | None:
    """`@FILE` values, forms, uploads, `file://` addresses and configuration files."""
    parsed = options.follow(CURL, argv, context)
    for name, value in parsed.options:
        if value is None:
            continue
        if name in DATA.split():
            text = value.partition("@")[2] if name == "--variable" and "@" in value else value
            options.touch(context, "at", "@" + text if name == "--variable" and "@" in value else text)
        elif name in ("--data-urlencode", "--url-query") and "@" in value and "=" not in value.partition("@")[0]:
            options.touch(context, "read", value.partition("@")[2])
        elif name in ("-F", "--form"):
            form(value, context)
        elif name in ("-T", "--upload-file"):
            for word in value.strip("{}").split(",") if value.startswith("{") else [value]:
                options.touch(context, "read", "" if word == "." else word)
        elif name in ("-b", "--cookie") and "=" not in value:
            options.touch(context, "read", value)
        elif name in ("-K", "--config"):
            config(value, context)
    addresses(parsed.operands + parsed.values("--url --expand-url"), context)
    if parsed.given("-n --netrc --netrc-optional"):
        context.execute(f"{context.world.home}/.netrc")
    if parsed.unclear and not parsed.first.startswith(HOLE):
        context.opaque("which options `curl` is given")
    return None


def form(value: str, context: Context) -> None:
    """`name=@FILE;type=...`, `name=<FILE`, several files separated by commas."""
    content = value.partition("=")[2]
    if content.startswith(("@", "<")):
        for part in content[1:].split(","):
            options.touch(context, "read", part.partition(";")[0].strip('"'))
    for header in re.findall(r"headers=@\"?([^;\"]+)", content):
        context.read(header)
    if content.startswith(HOLE):
        context.opaque("which file `curl` sends")


def config(value: str, context: Context) -> None:
    """A configuration file of curl: one option a line."""
    text = context.stdin if value == "-" else None if HOLE in value else context.world.text(context.path(value))
    if text is None:
        context.opaque(f"what the options in `{value.replace(HOLE, '?')}` are")
        return
    for line in text.splitlines():
        found = re.match(r"\s*-{0,2}([\w-]+)\s*[=: ]?\s*\"?([^\"]*)", line)
        if found and not line.lstrip().startswith("#"):
            dashes = "-" if len(found[1]) == 1 else "--"
            if found[1] not in ("K", "config"):
                curl(["curl", dashes + found[1], *([found[2]] if found[2] else [])], context)


def addresses(words: list[str], context: Context) -> None:
    for word in words:
        found = re.match(r"file:(?://(?:localhost|127\.0\.0\.1)?)?(/.*)", word, re.I | re.S)
        if found:
            context.read(unescaped(found[1]))
        elif HOLE in word.partition(":")[0]:
            context.opaque("which address is fetched")


def unescaped(path: str) -> str:
    return re.sub(r"%([0-9a-fA-F]{2})", lambda found: chr(int(found[1], 16)), path)


def wget(argv: list[str], context: Context) -> str | None:
    parsed = options.follow(WGET._replace(options=WGET.options.replace(":names", ":read")), argv, context)
    if any(re.search(r"(?:post_file|body_file|input)\s*=", value) for value in parsed.values("-e --execute")):
        options.touch(context, "read", *[value.partition("=")[2].strip() for value in parsed.values("-e --execute")])
    addresses(parsed.operands, context)
    return None


def httpie(argv: list[str], context: Context) -> str | None:
    """`name@FILE`, `name=@FILE`, `name:=@FILE`, `@FILE`."""
    for word in argv[1:]:
        found = re.match(r"(?:[^\s@:=]*(?::=|==|=|:)?)@(.+)", word)
        if found and not word.startswith(("-", "http")):
            context.read(found[1].partition(";")[0])
        elif HOLE in word and not word.startswith(("http", "-")) and word.startswith(HOLE):
            context.opaque(f"what `{argv[0]}` sends")
    options.follow(
        Row(
            "-a -A -o:write -p -s -b --auth --cert:read --cert-key:read --session --session-read-only:read"
            " --raw --verify"
            " --output:write --proxy --timeout --style --print --pretty --boundary --max-redirects",
            "",
        ),
        argv,
        context,
    )
    return None


def ssh(argv: list[str], context: Context) -> str | None:
    """The command runs on another machine; here only keys and settings are used, and what standard input brings."""
    parsed = options.follow(SSH, argv, context)
    for value in parsed.values("-o"):
        name, _, setting = value.replace("=", " ", 1).partition(" ")
        if name.lower() in ("proxycommand", "localcommand", "knownhostscommand"):
            context.run(setting)
        elif name.lower() in ("sendenv",):
            context.variable(*[word for word in setting.split() if "*" not in word])
    host = parsed.operands[:1]
    if host and host[0].rpartition("@")[2] in ("localhost", "127.0.0.1", "::1") and len(parsed.operands) > 1:
        context.run(" ".join(parsed.operands[1:]))
    if parsed.unclear and host and host[0] != HOLE and not host[0].startswith(HOLE):
        context.opaque("which options `ssh` is given")
    return None


def remote(word: str) -> bool:
    """Whether a word of scp or rsync is on another machine."""
    return word.startswith(("rsync://", "scp://")) or ":" in word.partition("/")[0]


def scp(argv: list[str], context: Context) -> str | None:
    parsed = options.follow(SCP, argv, context)
    for word in parsed.operands[:-1]:
        if not remote(word):
            if parsed.given("-r -R"):
                context.read_tree(word)
            else:
                context.read(word)
    context.write(*[word for word in parsed.operands[-1:] if not remote(word)])
    return None


def rsync(argv: list[str], context: Context) -> str | None:
    """Sources are read as trees; the first filter that matches decides, so excludes count up to the first include."""
    parsed = options.follow(RSYNC, argv, context)
    sources = [word for word in parsed.operands[:-1] if not remote(word)]
    if len(parsed.operands) == 1 or parsed.given("--list-only"):
        context.list(*parsed.operands)
        return None
    lists = parsed.values("--files-from --exclude-from --include-from")
    context.read(*lists)
    excluded: list[str] = []
    for name, value in parsed.options:
        if name in ("--include", "--include-from", "--filter", "-f") and not (value or "").startswith(("-", "exclude")):
            break
        if name == "--exclude-from" and value and HOLE not in value:
            excluded += [line for line in (context.world.text(context.path(value)) or "").splitlines() if line]
        elif name == "--exclude" and value and HOLE not in value:
            excluded.append(value)
        elif name in ("--filter", "-f") and value:
            excluded.append(value.partition(" ")[2])
    tree = parsed.given("-a -r --archive --recursive") or parsed.given("--files-from")
    for word in sources:
        if not tree:
            context.read(word)
            continue
        root = context.path(word)
        base = root if word.endswith("/") else root.rpartition("/")[0]
        keep = selection.globs(base, ["!" + anchored(glob) for glob in excluded]) if excluded else None
        if HOLE not in word and not parsed.given("-L --copy-links -k --copy-dirlinks"):
            keep = selection.unlinked(root, context.world, keep)
        context.read_tree(word, keep)
    if parsed.operands and not remote(parsed.operands[-1]):
        context.write(parsed.operands[-1])
    if parsed.unclear and not (parsed.operands and parsed.first.startswith(HOLE)):
        context.opaque("which options `rsync` is given")
    return None


def anchored(glob: str) -> str:
    """A pattern of rsync as a glob: with a slash inside it matches the end of a path, unless it begins with one."""
    glob = glob.removeprefix("- ").rstrip("/")
    return glob if glob.startswith("/") or "/" not in glob else "**/" + glob


def sftp(argv: list[str], context: Context) -> str | None:
    """`put FILE` in a batch file or on standard input."""
    parsed = options.follow(
        Row("-B -b -c -D:run -F:execute -i:execute -J -l -o -P -R -S:run -s -X", "", permute=False), argv, context
    )
    texts = [context.stdin]
    for name in parsed.values("-b"):
        if name != "-":
            context.read(name)
            texts.append(None if HOLE in name else context.world.text(context.path(name)))
    for text in texts:
        for line in (text or "").splitlines():
            found = re.match(r"\s*-?(?:put|mput|reput|send|append)\s+(?:-\w+\s+)*(\S+)", line)
            if found:
                context.read(found[1])
            elif line.lstrip().startswith("!"):
                context.run(line.lstrip()[1:])
    if context.piped and context.stdin is None:
        context.opaque(f"what `{argv[0]}` is told to send")
    return None


def socat(argv: list[str], context: Context) -> str | None:
    for word in argv[1:]:
        kind, _, rest = word.partition(":")
        name = rest.partition(",")[0]
        if kind.upper() in ("EXEC", "SYSTEM", "SHELL"):
            context.run(name)
        elif kind.upper() in ("OPEN", "FILE", "GOPEN"):
            context.read(name)
        elif kind.upper() == "CREATE":
            context.write(name)
        elif HOLE in word and not word.startswith("-"):
            context.opaque("what `socat` joins")
        elif "/" in kind and not word.startswith("-"):
            context.read(word.partition(",")[0])
    return None


def rclone(argv: list[str], context: Context) -> str | None:
    parsed = options.parse(
        Row("--config --filter-from --include --exclude --filter --exclude-from --include-from --files-from", ""), argv
    )
    words = parsed.operands
    if words[:1] in (
        ["cat"],
        ["copy"],
        ["sync"],
        ["move"],
        ["copyto"],
        ["moveto"],
        ["check"],
        ["md5sum"],
        ["hashsum"],
        ["serve"],
        ["mount"],
    ):
        for word in words[1:2] if words[0] != "hashsum" else words[2:]:
            if not remote(word):
                context.read_tree(word)
    elif words[:2] in (["config", "show"], ["config", "dump"], ["config", "file"]):
        context.read(f"{context.world.home}/.config/rclone/rclone.conf")
    return None


def http(argv: list[str], context: Context) -> str | None:
    """A file server: what lies below the folder can be fetched."""
    words = options.parse(Row("-p -l -d -a --port --listen -P", ""), argv).operands
    served(words[0] if words else ".", argv[0], context)
    return None


READERS: dict[str, Reader] = {
    "curl": curl,
    "curlie": curl,
    "wget": wget,
    "wget2": wget,
    "aria2c": options.reader(
        Row("-i:read -o:write -d -T:read --input-file:read --load-cookies:read --conf-path:read --header", "")
    ),
    **dict.fromkeys(("http", "https", "xh", "xhs"), httpie),
    "ssh": ssh,
    "autossh": ssh,
    "mosh": ssh,
    "scp": scp,
    "pscp": scp,
    "rsync": rsync,
    **dict.fromkeys(("sftp", "ftp", "lftp", "ncftp"), sftp),
    "tftp": sftp,
    **dict.fromkeys(("nc", "ncat", "netcat", "nc.openbsd", "nc.traditional", "telnet"), options.reader(NETCAT)),
    "socat": socat,
    "rclone": rclone,
    **dict.fromkeys(("http-server", "live-server", "caddy", "darkhttpd", "webfsd", "miniserve"), http),
    "magic-wormhole": options.reader(Row("--code", "tree", ("",))),
    "wormhole": options.reader(Row("--code", "tree", ("",))),
    "croc": options.reader(Row("--code", "tree")),
    "ffsend": options.reader(Row("--host", "tree", ("",))),
    "transfer": options.reader(Row()),
    "websocat": options.reader(Row("-H --header", "")),
    "grpcurl": options.reader(Row("-d -H -proto:read -import-path -cacert:read -cert:read -key:read", "", dashed=True)),
    "ab": options.reader(Row("-p:read -u:read -n -c -t -H -C -A -T", "")),
    "wrk": options.reader(Row("-t -c -d -s:execute -H", "")),
    "hey": options.reader(Row("-D:read -n -c -z -m -H -d -T -a -q", "")),
    "mc": options.reader(Row(operands="read", lead=("",))),
    "s3cmd": options.reader(Row("-c:read --config:read", "read", ("",))),
    "yt-dlp": options.reader(
        Row("-a:read -o --batch-file:read --config-locations:read --cookies:read -f --output -P", "")
    ),
}
