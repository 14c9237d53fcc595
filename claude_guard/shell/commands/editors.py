"""Editors, in batch mode or not: every file that they open is read."""

import re

from ..context import HOLE, Context, Reader
from . import options
from .options import Row

VIM = Row(
    "-c -S:read -s:read -u:read -U:read -i:read -w:write -W:write -r -t -T -V? -q:read --cmd"
    " --startuptime:write --remote?"
)
ROWS: dict[str, Row] = {
    "nano": Row("-T -r -o -S -Q -X -Y -s -C --tabsize --fill --operatingdir --rcfile:read -f:read"),
    **dict.fromkeys(
        ["pico", "micro", "ne", "joe", "mg", "jed", "kak", "hx", "helix", "mcedit", "tilde", "dte", "vis", "amp"],
        Row("-e -c -s -config-dir"),
    ),
    "code": Row("-g -r -n -d --user-data-dir --install-extension --goto --add --profile"),
    "cursor": Row("-g -r -n --goto"),
    **dict.fromkeys(
        ["subl", "gedit", "kate", "mousepad", "atom", "zed", "mate", "bbedit", "idea", "pycharm", "webstorm"],
        Row("-l --line --column -n"),
    ),
}


def ex(script: str, context: Context) -> None:
    """The commands of `ed`, `ex` and vim that read, write or run."""
    for line in re.split(r"[\n|]", script):
        line = line.strip().lstrip(":")
        found = re.match(
            r"(?:silent\s+|execute\s+)?(?:[\d.$%,+-]*)(r|read|e|edit|E|f|so|source|sp|split|tabe|tabnew|vs"
            r"|vsplit|new|view|sview|args|n|next|drop|badd)!?\s+(.+)",
            line,
        )
        if found and not found[2].startswith("!"):
            context.read(*found[2].split())
        elif found:
            context.run(found[2][1:])
        elif re.match(r"[\d.$%,+-]*!(.+)", line) or re.match(r"[\d.$%,+-]*(?:w|write|r|read)\s*!(.+)", line):
            context.run(line.partition("!")[2])
        elif re.search(r"\b(?:system|systemlist|readfile|readblob|term_start|job_start)\s*\(", line):
            called(line, context)
        elif re.match(r"(?:lua|py3?|python3?|perl|ruby|tcl)\b", line):
            context.opaque("what the editor's script reads")
        elif "environ()" in line:
            context.environment()
        elif re.match(r"(?:put|pu|echo\w*|let|call|exe\w*|normal|silent)\b.*\$\w|.*=\$\w", line):
            context.variable(*re.findall(r"\$([A-Za-z_]\w*)", line))
        elif line.startswith(HOLE):
            context.opaque("what the editor is told to do")


def called(line: str, context: Context) -> None:
    for name, argument in re.findall(r"(system|systemlist|readfile|readblob)\s*\(\s*([\"'][^\"']*[\"'])?", line):
        if not argument:
            context.opaque("what the editor's script reads")
        elif name.startswith("system"):
            context.run(argument[1:-1])
        else:
            context.read(argument[1:-1])


def vim(argv: list[str], context: Context) -> str | None:
    words = [word for word in argv if not word.startswith("+")]
    silent = argv[0].endswith("ex") or any(
        re.match(r"-[a-zA-Z]*[eE]", word) for word in words[1:]
    )  # there `-s` takes no value
    parsed = options.follow(
        VIM._replace(options=VIM.options.replace(" -s:read", "")) if silent else VIM, words, context
    )
    for script in (*parsed.values("-c --cmd"), *(word[1:] for word in argv[1:] if word.startswith("+"))):
        ex(script, context)
    for name in parsed.values("-S -s -u"):
        text = None if HOLE in name else context.world.text(context.path(name))
        if text is not None:
            ex(text, context)
    if context.stdin is not None and (parsed.given("-s -e -E -es -Es") or argv[0].endswith("ex")):
        ex(context.stdin, context)
    return None


def ed(argv: list[str], context: Context) -> str | None:
    options.follow(Row("-p --prompt"), argv, context)
    if context.stdin is not None:
        ex(context.stdin, context)
    elif context.piped:
        context.opaque(f"what `{argv[0]}` is told to do")
    return None


def emacs(argv: list[str], context: Context) -> str | None:
    """`emacs --batch --eval LISP`: strings that name files, and what else it does, opaque."""
    parsed = options.follow(
        Row(
            "-l:execute -L -f -q -Q -u -t --load:execute --eval --execute -eval --funcall --insert:read"
            " -insert:read -script:execute"
            " --script:execute -batch --user --chdir",
            "read",
        ),
        argv,
        context,
    )
    for text in parsed.values("--eval --execute -eval"):
        names = re.findall(r'"([^"\\]*)"', text)
        context.read(*[name for name in names if context.world.kind(context.path(name)) == "file"])
        if re.search(r"getenv|process-environment", text):
            context.environment()
        if re.search(r"shell-command|call-process|start-process", text):
            for name in names:
                context.run(name)
        if HOLE in text or re.search(r"(?:find-file|insert-file\S*|load)\s+\(", text):
            context.opaque("what the editor's script reads")
    if parsed.given("-l --load --script -script"):
        context.opaque("what the program `emacs` reads")
    return None


READERS: dict[str, Reader] = {
    **{name: options.reader(row) for name, row in ROWS.items()},
    **dict.fromkeys(
        "vi vim nvim view rvim gvim ex neovim elvis nvi rview evim eview rgvim".split(),
        vim,
    ),
    **dict.fromkeys(("ed", "red"), ed),
    **dict.fromkeys(("emacs", "emacsclient", "xemacs"), emacs),
}
