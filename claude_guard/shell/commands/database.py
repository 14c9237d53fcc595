"""Database shells: the database file, the scripts, and the commands in them that read files or run programs."""

import re

from ..context import HOLE, Context, Reader
from . import options
from .options import Row

FILES = re.compile(
    r"""(?ix)
    (?:^|[;\n]|\s)\.(?:read|import|open|load|archive|restore|clone|excel)\s+(?:-+\S+\s+)*(?P<dot>'[^']*'|"[^"]*"|\S+)
    | \b(?:readfile|read_csv(?:_auto)?|read_json(?:_auto)?|read_parquet|read_text|read_blob|read_ndjson|pg_read_file
        |pg_read_binary_file|load_file|lo_import|pg_ls_dir|load_extension|sniff_csv|parquet_scan|fts3_tokenizer)
        \s*\(\s*(?P<call>'[^']*'|"[^"]*"|[^)\s,]+)
    | \b(?:copy\s+[^;]*?\bfrom|load\s+data\s+(?:local\s+)?infile|infile|attach\s+(?:database\s+)?
        |\\copy\s+[^;\n]*?\bfrom|vacuum\s+into)
        \s*(?P<sql>'[^']*'|"[^"]*")
    | \bfrom\s+(?P<table>'[^']*')
    | \\(?:i|ir|include|include_relative|lo_import)\s+(?P<psql>'[^']*'|\S+)
    | (?:^|[;\n])\s*(?:source|\\\.)\s+(?P<mysql>\S+)
    """
)
RUNS = re.compile(
    r"(?:^|\n|\s)(?:\.(?:shell|system)|\\!|!|system)\s+([^\n]+)|\bprogram\s+'([^']*)'|\\(?:o|g|copy[^|]*)"
    r"\s*\|\s*([^\n]+)",
    re.I,
)


def text(script: str, context: Context) -> None:
    """The files that a script of SQL or shell commands reads, and the programs that it runs."""
    for found in FILES.finditer(script):
        name = next(group for group in found.groups() if group is not None).strip("'\"")
        if name.startswith("|"):
            context.run(name[1:])
        elif (
            "::memory:" not in name and not name.startswith(("http:", "https:", "s3:")) and name not in (":memory:", "")
        ):
            context.read(name)
    for found in RUNS.finditer(script):
        context.run(next(group for group in found.groups() if group is not None))
    if HOLE in script and re.search(rf"[.\\]\w*{HOLE}|^\s*{HOLE}", script):
        context.opaque("which files the SQL text reads")


def script(word: str, context: Context) -> None:
    """A file of SQL."""
    if word == "-":
        return
    context.read(word)
    known = None if HOLE in word else context.world.text(context.path(word))
    if known is not None:
        text(known, context)


def client(row: Row, inlined: str, files: str, operands: int) -> Reader:
    """A database shell. operands: how many leading operands are database files; later ones are SQL."""

    def read(argv: list[str], context: Context) -> str | None:
        parsed = options.follow(row._replace(operands=""), argv, context)
        for word in parsed.operands[:operands]:
            if not word.startswith(("postgres:", "postgresql:", "mysql:", "mongodb:", ":memory:", "redis:", "http")):
                context.read(word.removeprefix("file:").partition("?")[0] if word.startswith("file:") else word)
        for word in (*parsed.operands[operands:], *parsed.values(inlined)):
            text(word, context)
        for word in parsed.values(files):
            script(word, context)
        if context.stdin is not None:
            text(context.stdin, context)
        if parsed.unclear and operands and not parsed.first.startswith(HOLE):
            context.opaque(f"which options `{argv[0]}` is given")
        return None

    return read


SQLITE = client(
    Row("-cmd -init -separator -nullvalue -newline -mmap -lookaside -pagecache -vfs -heap -maxsize -A", dashed=True),
    "-cmd",
    "-init",
    1,
)
DUCKDB = client(Row("-c -cmd -init -separator -nullvalue -newline -f -s", dashed=True), "-c -cmd -s", "-init -f", 1)
PSQL = client(
    Row(
        "-c -d -f -F -h -o:write -p -P -R -T -U -v -L:write --command --dbname --file --host --output:write"
        " --port --username --set"
        " --field-separator --log-file:write --pset --variable"
    ),
    "-c --command",
    "-f --file",
    0,
)
MYSQL = client(
    Row(
        "-e -h -u -p? -P -D -S --execute --host --user --password? --port --database --socket --defaults-file:read"
        " --defaults-extra-file:read --ssl-ca:read --ssl-key:read --ssl-cert:read --init-command --tee:write"
    ),
    "-e --execute --init-command",
    "",
    0,
)
OTHER = Row(
    "-h -p -u -a -n -d -f:read --eval -c -i:read -o:write --host --port --username --password --file:read"
    " --cacert:read --key:read"
    " --cert:read --config:read -S -U -P -Q -q"
)

READERS: dict[str, Reader] = {
    "pg_restore": options.reader(
        Row("-d -f:write -h -p -U -t -n -j -L:read -F --dbname --file:write --host --port --username")
    ),
    **dict.fromkeys(("sqlite3", "sqlite", "litecli", "sqlcipher"), SQLITE),
    "duckdb": DUCKDB,
    **dict.fromkeys(("psql", "pgcli", "cockroach", "usql"), PSQL),
    **dict.fromkeys(("mysql", "mariadb", "mycli"), MYSQL),
    **dict.fromkeys(
        """
            redis-cli mongosh mongo mongoimport mongoexport cqlsh sqlcmd clickhouse-client influx etcdctl consul
            bq snowsql
            """.split(),
        options.reader(OTHER._replace(operands="")),
    ),
    **dict.fromkeys(
        """
            pg_dump pg_dumpall mysqldump mariadb-dump mysqlimport createdb dropdb pg_isready mysqladmin initdb
            """.split(),
        options.reader(
            Row(
                "-f:write -h -p -U -d -t -n -u -P -r:write --file:write --host --port --defaults-file:read"
                " --dbname -F -T -j -L:read"
                " --result-file:write --user --databases",
                "",
            )
        ),
    ),
}
