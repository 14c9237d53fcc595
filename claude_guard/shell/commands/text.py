"""Programs that print, count or reshape text: coreutils, pagers, dumpers, converters.

They read every operand. Those with a computed output stand in `OUTPUTS`."""

from ..context import Context, Reader
from . import filters, options
from .options import Row

PLAIN = Row()
DIGEST = Row("--algorithm -a --length -l")
CODE = Row("-w -i:read -o:write -b --wrap --input:read --output:write")
NOTHING = Row(operands="")

ROWS: dict[str, Row] = {
    "cat": PLAIN,
    "gcat": PLAIN,
    "tac": Row("-s --separator"),
    "rev": PLAIN,
    "nl": Row(
        "-b -d -f -h -i -l -n -s -v -w --body-numbering --section-delimiter --footer-numbering --header-numbering"
        " --line-increment --join-blank-lines --number-format --number-separator --starting-line-number --number-width"
    ),
    "head": Row("-n -c --lines --bytes"),
    "tail": Row("-n -c -s --lines --bytes --pid --sleep-interval --max-unchanged-stats --follow?"),
    "multitail": Row("-i:read -I:read -l:run -L:run -c -s -n -e -E"),
    "lnav": Row("-c:run -f:read -I -i -d:write -e:run"),
    "wc": Row("--files0-from:names0 --total"),
    "split": Row(
        "-a -b -C -l -n -t --suffix-length --bytes --line-bytes --lines --number --separator --filter:run"
        " --additional-suffix --numeric-suffixes? --hex-suffixes?",
        operands="",
        lead=("read",),
    ),
    "csplit": Row("-b -f -n --suffix-format --prefix --digits", operands="", lead=("read",)),
    "sort": Row(
        "-k -t -o:write -S -T --key --field-separator --output:write --buffer-size --temporary-directory --parallel"
        " --batch-size --sort --check? --compress-program:run --random-source:read --files0-from:names0"
    ),
    "tsort": PLAIN,
    "uniq": Row("-f -s -w --skip-fields --skip-chars --check-chars --all-repeated? --group?", "write", ("read",)),
    "cut": Row("-b -c -d -f --bytes --characters --delimiter --fields --output-delimiter"),
    "paste": Row("-d --delimiters"),
    "join": Row("-1 -2 -a -e -j -o -t -v --output"),
    "comm": Row("--output-delimiter"),
    "lam": Row("-f -p -s -t -F -P -S -T"),
    "fold": Row("-w --width"),
    "fmt": Row("-w -p -g --width --goal --prefix"),
    "expand": Row("-t --tabs"),
    "unexpand": Row("-t --tabs"),
    "par": NOTHING,
    "pr": Row(
        "-D -e? -h -i? -l -n? -N -o -s? -S? -w -W --date-format --header --length --indent --width --page-width"
        " --expand-tabs? --output-tabs? --number-lines? --first-line-number --separator? --sep-string?"
    ),
    "column": Row(
        "-c -d? -E -H -i -l -N -n -o -O -p -r -R -s -T -W -C --output-width --output-separator --separator"
        " --table-columns --table-name --table-hide --table-right --table-wrap --table-truncate --table-order"
    ),
    "colrm": NOTHING,
    "col": NOTHING,
    "ul": Row("-t -T --terminal"),
    "tr": Row(operands=""),
    "look": Row("-t --terminate", lead=("",)),
    "ptx": Row("-A -F -M -S -W -b:read -g -i:read -o:read -w --break-file:read --ignore-file:read --only-file:read"),
    "numfmt": NOTHING,
    "iconv": Row("-f -t -o:write --from-code --to-code --output:write"),
    "uconv": Row("-f -t -o:write -x --from-code --to-code --callback"),
    "recode": Row(lead=("",)),
    "dos2unix": Row("-n -c -k:list"),
    "unix2dos": Row("-n -c"),
    "hexdump": Row("-e -f:read -n -s --format --format-file:read --length --skip"),
    "hd": Row("-e -f:read -n -s"),
    "od": Row("-A -j -N -S? -t -w? --address-radix --skip-bytes --read-bytes --strings? --format --width?"),
    "xxd": Row("-c -cols -g -groupsize -l -len -o -offset -s -seek -n -name -R", "write", ("read",), dashed=True),
    "hexyl": Row("-n -s -c -o --length --skip --color --border --block-size"),
    "strings": Row("-n -t -e -T -s -U --bytes --radix --encoding --target --output-separator --unicode"),
    "file": Row("-f:names -m:read -e -F -P --files-from:names --magic-file:read --exclude --separator --parameter"),
    "base64": CODE,
    "base32": CODE,
    "basenc": CODE,
    "b2sum": DIGEST,
    "cksum": DIGEST,
    "sum": DIGEST,
    "crc32": PLAIN,
    "xxhsum": Row("-H"),
    "b3sum": Row("-l --length --num-threads"),
    "uuencode": Row(operands="", lead=("read",)),
    "uudecode": Row("-o:write"),
    "less": Row(
        "-p -P -t -T -x -y -z -b -h -j -k:read -o:write -O:write -D -# --pattern --lesskey-file:read --tag"
        " --log-file:write --LOG-FILE:write --prompt --tabs --window --lesskey-src:read"
    ),
    "more": Row("-n --lines"),
    "most": Row("-t"),
    "pg": PLAIN,
    "bat": Row(
        "-l -r -H -m --language --line-range --highlight-line --map-syntax --file-name --style --theme --pager:run"
        " --terminal-width --wrap --tabs --color --paging --decorations --italic-text --diff-context"
    ),
    "nroff": Row("-m -M -n -o -r -d -T -W -w -P"),
    "groff": Row("-m -M -n -o -r -d -f -F -I -L -P -T -W -w"),
    "bc": Row("-e:read -f:read --expression --file:read"),
    "dc": Row("-e -f:read --expression --file:read"),
    "dig": Row("-f:read -k:read -b -c -p -q -t -x -y", ""),
    "man": Row(
        "-M -m -S -s -P:run -H? -C:read -L -r -E -R --config-file:read --pager:run --path --sections", "", ("",)
    ),
    "mandoc": Row("-I -K -M -m -O -T -W"),
    "pandoc": Row(
        "-f -t -o:write -d:read -M -V -H:read -B:read -A:read -c -F:execute -L:execute -D --from --to --read --write"
        " --output:write --defaults:read --metadata --metadata-file:read --variable --template:read --filter:execute"
        " --lua-filter:execute --include-in-header:read --include-before-body:read --include-after-body:read --css"
        " --bibliography:read --csl:read --reference-doc:read --data-dir --resource-path --extract-media"
    ),
    "enscript": Row("-o:write -p:write -f -F -b -H -L -M -P -d"),
    "pygmentize": Row("-l -f -O -P -F -o:write -S -s -a"),
    "highlight": Row("-i:read -o:write -S -O -s -k --input:read --output:write --syntax --out-format --style"),
    "glow": Row("-s -w --style --width"),
    "mdcat": Row("--columns"),
    "pv": Row("-i -w -H -N -L -B -s -d -R -P --interval --width --height --name --rate-limit --buffer-size --size"),
    "sponge": Row(operands="write"),
    "ts": NOTHING,
    "pdftotext": Row("-f -l -r -x -y -W -H -enc -opw -upw -eol", "write", ("read",), dashed=True),
    "antiword": Row("-a -f -i -m -p -w -x"),
    "catdoc": Row("-d -s -f -m"),
    "exiftool": Row(
        "-o:write -@:names -api -charset -lang -x -config:execute -csv? -if -ext -i -p:read -r", dashed=True
    ),
    "aspell": Row("-d -l -p:read --lang --personal:read --add-extra-dicts:read", lead=("",)),
    "hunspell": Row("-d -p:read -i"),
    "cloc": Row(
        "--list-file:names --exclude-dir --exclude-ext --include-lang --out:write --report-file:write"
        " --config:read --exclude-list-file:read --match-f --not-match-f --match-d --not-match-d",
        "tree",
    ),
    "scc": Row("-e -f -i -o:write -s -w --exclude-dir --format --output:write --sort", "tree"),
    "tokei": Row("-e -o -s -t --exclude --output --sort --types", "tree"),
    "hashdeep": Row("-k:read -c -p -o", tree="-r"),
}


def digest(argv: list[str], context: Context) -> str | None:
    """`md5sum FILE`, and `md5sum -c LIST`, which reads what the list names."""
    parsed = options.follow(DIGEST, argv, context)
    if parsed.given("-c --check"):
        for word in parsed.operands:
            text = context.stdin if word == "-" else context.world.text(context.path(word))
            if text is None:
                context.opaque(f"which files `{word}` lists")
            else:
                context.read(
                    *[line.split(None, 1)[1].lstrip("*") for line in filters.lines(text) if " " in line.strip()]
                )
    return None


def man(argv: list[str], context: Context) -> str | None:
    parsed = options.follow(ROWS["man"]._replace(operands="", lead=()), argv, context)
    local = parsed.given("-l --local-file")
    options.touch(context, "read", *[word for word in parsed.operands if local or "/" in word])
    return None


def shuf(argv: list[str], context: Context) -> str | None:
    row = Row("-i -n -o:write --input-range --head-count --output:write --random-source:read")
    echo = options.parse(row, argv).given("-e --echo")
    options.follow(row._replace(operands="" if echo else "read"), argv, context)
    return None


OUTPUTS: dict[str, filters.Filter] = {
    "cat": filters.cat,
    "gcat": filters.cat,
    "tac": filters.tac,
    "rev": filters.rev,
    "head": filters.head,
    "tail": filters.tail,
    "sort": filters.sort,
    "base64": filters.base64_,
    "base32": filters.base32,
    "xxd": filters.xxd,
    "cut": filters.cut,
}


def tr(argv: list[str], context: Context) -> str | None:
    return None if context.stdin is None else filters.tr(options.parse(NOTHING, argv), context.stdin)


def uniq(argv: list[str], context: Context) -> str | None:
    parsed = options.follow(ROWS["uniq"], argv, context)
    text = filters.source(parsed.operands[:1], context)
    return None if text is None or len(parsed.operands) > 1 else filters.uniq(parsed, text)


READERS: dict[str, Reader] = {
    **{name: options.reader(row) for name, row in ROWS.items()},
    **{name: filters.reader(ROWS[name], output) for name, output in OUTPUTS.items()},
    "tr": tr,
    "uniq": uniq,
    "shuf": shuf,
    "man": man,
    **dict.fromkeys(("md5sum", "sha1sum", "sha224sum", "sha256sum", "sha384sum", "sha512sum", "shasum", "md5"), digest),
}
READERS["batcat"] = READERS["bat"]
