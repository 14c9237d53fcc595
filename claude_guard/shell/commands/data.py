"""Programs over structured data: JSON, YAML, XML, CSV, and what renders or converts them."""

import re

from ..context import HOLE, Context, Reader
from . import options
from .options import Row

ROWS: dict[str, Row] = {
    "fx": Row(lead=("read",), operands=""),
    "gron": Row("--stream"),
    "jless": Row("-m"),
    "jid": Row(),
    "jo": Row("-f:read", ""),
    "json_pp": Row("-f -t -json_opt", ""),
    "json_xs": Row("-f -t -e", ""),
    "xmllint": Row(
        "--xpath --schema:read --dtdvalid:read --relaxng:read --output:write -o:write --encode --pattern --path"
        " --maxmem --schematron:read",
        dashed=False,
    ),
    "xmlstarlet": Row("-t -m -v -o -s -n -c -i -x -N -u -d -a", "read", ("",)),
    "xidel": Row("-e --extract --xpath --css --output-format -s"),
    "xsltproc": Row("-o:write --output:write --param --stringparam --path --maxdepth"),
    "tidy": Row("-config:read -file:write -f:write -o:write -output:write -w", dashed=True),
    "html2text": Row("-o:write -width -style", dashed=True),
    "w3m": Row("-T -I -O -cols -o -cookie-jar:read", dashed=True),
    "lynx": Row("-cfg:read -width -assume_charset", dashed=True),
    "links": Row("-dump-width"),
    "elinks": Row("-config-file:read -dump-width", dashed=True),
    "csvtool": Row("-t -u -o:write", "read", ("", "")),
    "csvsql": Row("-d --query --db --insert"),
    "q": Row("-d -D -q:read -H", ""),
    "textql": Row("-sql -dlm", dashed=True),
    "datamash": Row("-t --field-separator", ""),
    "m4": Row("-D -I -U -L -o:write -F:write -R:read -s? -t"),
    "cpp": Row("-D -I -U -include:read -o:write -x", dashed=True),
    "jinja2": Row("-D -e -o:write --format --outfile:write"),
    "j2": Row("-f -o:write --format --import-env?"),
    "gomplate": Row("-f:read -o:write -d -c -i --file:read --out:write --datasource:read --context:read --in"),
    "mustache": Row(),
    "consul-template": Row("-template:read -config:read", dashed=True),
    "protoc": Row("-I --proto_path --decode", "execute"),
    "plantuml": Row("-o -t", dashed=True),
    "dot": Row("-T -K -o:write -G -N -E -l:read"),
    "mmdc": Row("-i:read -o:write -t -c:read --input:read --output:write -p:read", ""),
    "gnuplot": Row("-e -c:execute", "execute"),
    "ffmpeg": Row("-i:read -f -c -t -ss -map -vf -af -r -s -b -vframes -codec", "write", dashed=True),
    "ffprobe": Row("-i:read -show_entries -of -v -select_streams -print_format", dashed=True),
    "sox": Row("-t -r -b -c -e"),
    "identify": Row("-format -size", dashed=True),
    "qrencode": Row("-o:write -r:read -s -l -v -m -t -d --output:write --read-from:read", ""),
    "zbarimg": Row("-S --set"),
    "tesseract": Row("-l --psm --oem -c", "", ("read",)),
    "pdfinfo": Row("-f -l -opw -upw", dashed=True),
    "qpdf": Row("--password --password-file:read", last="write"),
    "gs": Row("-o:write -f", "read"),
    "exif": Row("-t -i -o:write --tag"),
    "yamllint": Row("-c:read -d -f --config-file:read --config-data --format"),
    "jsonlint": Row("-t -s --indent"),
    "yajsv": Row("-s:read"),
    "check-jsonschema": Row("--schemafile:read --builtin-schema"),
    "taplo": Row("-c:read -o", "read", ("",)),
    "dyff": Row("-o --output --color", "read", ("",)),
    "shyaml": Row(operands=""),
    "dotenv-linter": Row("-e --exclude", "tree"),
    "dbview": Row(),
    "parquet-tools": Row("-n", "read", ("",)),
    "avro-tools": Row("", "read", ("",)),
    "h5dump": Row("-d -g -a -o:write"),
    "ncdump": Row("-v -l"),
    "plutil": Row("-convert -extract -o:write -e -p", dashed=True),
    "PlistBuddy": Row("-c"),
    "defaults": Row(lead=("",)),
    **dict.fromkeys(
        """
            csvcut csvgrep csvlook csvstat csvjson csvsort csvstack csvjoin csvclean csvformat in2csv csvpy
            """.split(),
        Row("-d -q -e -c -m -f:read -r -n -K -y -l -C -x --columns --query --db --match --regex --file:read"),
    ),
}


def jq(argv: list[str], context: Context) -> str | None:
    """`jq FILTER FILE...`; options of two values, and `$ENV` and `env` in the filter."""
    words = [argv[0]]
    waiting = iter(argv[1:])
    for word in waiting:
        if word in ("--arg", "--argjson"):
            next(waiting, "")
            next(waiting, "")
        elif word in ("--slurpfile", "--rawfile", "--argfile"):
            next(waiting, "")
            context.read(next(waiting, "-"))
        elif word in ("--args", "--jsonargs"):
            rest = list(waiting)
            words += rest[:1] if len(words) == 1 or all(item.startswith("-") for item in words[1:]) else []
            break
        else:
            words.append(word)
    row = Row("-f:read -L --from-file:read --indent --tab --library-path --seq", lead=("",), spared="-f --from-file")
    parsed = options.follow(row, words, context)
    filters = parsed.operands[:1] if not parsed.given("-f --from-file") else []
    for file in parsed.values("-f --from-file"):
        filters.append((None if HOLE in file else context.world.text(context.path(file))) or "")
    shown(filters, context)
    return None


def shown(filters: list[str], context: Context) -> None:
    """The environment in a filter, and the files that its modules import."""
    for text in filters:
        names = re.findall(r"(?<![.\w])\$?(?:ENV|env)\.(\w+)|(?<![.\w])\$?(?:ENV|env)\[\"(\w+)\"\]", text)
        context.variable(*[one or other for one, other in names])
        if re.search(r"\$ENV\b(?!\.\w|\[)|(?<![.\w$])env\b(?!\.\w|\[)", text):
            context.environment()
        for name in re.findall(r"(?:import|include)\s+\"([^\"]+)\"", text):
            context.read(f"{name}.json", f"{name}.jq", name)
        for name in re.findall(r"load(?:_str)?\(\s*\"([^\"]+)\"", text):
            context.read(name)
        if re.search(r"load(?:_str)?\(\s*[^\s\")]", text):
            context.opaque("which file the filter loads")
        for name in re.findall(r"(?:env|strenv)\((\w+)\)", text):
            context.variable(name)


def yq(argv: list[str], context: Context) -> str | None:
    """Both programs of that name: an expression, which may be a file where the only operand is one."""
    row = Row(
        "-f:read -I -o -p -s --from-file:read --indent --output-format --input-format --expression --front-matter -w"
        " --split-exp --split-exp-file:read --xml-attribute-prefix"
    )
    parsed = options.follow(row._replace(operands=""), argv, context)
    words = parsed.operands
    if words[:1] and words[0] in ("eval", "e", "eval-all", "ea", "r", "read"):
        words = words[1:]
    shown(words + parsed.values("--expression"), context)
    for word in words:
        if HOLE in word or context.world.kind(context.path(word)) is not None or (word == words[-1] and len(words) > 1):
            context.read(word)
    return None


def miller(argv: list[str], context: Context) -> str | None:
    """`mlr`, `xsv`, `qsv`, `csvkit`: every word that names a file is read; a word that cannot be told is opaque."""
    for word in argv[1:]:
        name = word.partition("=")[2] if word.startswith("--") else word
        if HOLE in word or (name and not name.startswith("-") and context.world.kind(context.path(name)) is not None):
            context.read(name)
    return None


def dasel(argv: list[str], context: Context) -> str | None:
    options.follow(
        Row("-f:read -r -w -s -o:write --file:read --read --write --selector --out:write -v -t", ""), argv, context
    )
    return None


def envsubst(argv: list[str], context: Context) -> str | None:
    """Puts the environment's values into what it reads."""
    text = (argv[1] if len(argv) > 1 else "") or context.stdin
    if text is None or HOLE in text:
        context.environment()
    else:
        context.variable(*[one or other for one, other in re.findall(r"\$(?:\{(\w+)\}|(\w+))", text)])
    return None


def convert(argv: list[str], context: Context) -> str | None:
    """ImageMagick: `text:FILE`, `@FILE` and `label:@FILE` show a file's text."""
    words = [word for word in argv[1:] if not word.startswith("-")]
    for word in words[:-1] if len(words) > 1 else words:
        context.read(word.rpartition(":")[2].removeprefix("@") if ":" in word or word.startswith("@") else word)
    context.write(*words[-1:] if len(words) > 1 else [])
    return None


READERS: dict[str, Reader] = {
    **{name: options.reader(row) for name, row in ROWS.items()},
    **dict.fromkeys(("jq", "gojq", "jaq"), jq),
    **dict.fromkeys(("yq", "tomlq", "xq"), yq),
    **dict.fromkeys(["mlr", "xsv", "qsv", "zsv", "vd", "visidata"], miller),
    "dasel": dasel,
    "envsubst": envsubst,
    **dict.fromkeys(("convert", "magick", "montage", "mogrify", "gm"), convert),
}
