"""Language interpreters and shells: the program is read wherever it comes from: a value, a file, standard input."""

import sys

from ...values import NamedTuple
from .. import inline
from ..context import HOLE, Context, Reader
from ..inline.running import Running
from . import options
from .options import Parsed, Row
from .table import TABLE


class Interpreter(NamedTuple):
    """inline: options whose value is program text. loops: flags that make it read its operands line by line."""

    language: str
    options: str = ""
    inline: str = "-e"
    loops: str = ""
    stops: str = ""
    script: str = ""  # options whose value is the script file
    checks: str = ""  # options that only look at the syntax


PYTHON = Interpreter("python", "-c -m -W -X -Q --check-hash-based-pycs", "-c", stops="-c -m")
NODE = Interpreter(
    "node",
    "-e -p? -r:execute -C --eval --print? --require:execute --import --loader --experimental-loader --env-file:execute"
    " --env-file-if-exists:execute --conditions --title --input-type --test-name-pattern --test-reporter"
    " --icu-data-dir",
    "-e -p --eval --print",
    checks="-c --check",
)
PERL = Interpreter("perl", "-e -E -F -I -M -m -i? -x?", "-e -E", "-n -p -i -a -F", checks="-c")
RUBY = Interpreter(
    "ruby", "-e -F -I -r -C -E -i? -x? -W? -K? --encoding --require --disable --enable", "-e", "-n -p -i", checks="-c"
)
PHP = Interpreter(
    "php",
    "-r -B -R -E -F:execute -f -c -d -z -S -t --run --process-code --process-begin --process-end"
    " --process-file:execute --php-ini:read --define --file",
    "-r -B -R -E --run --process-code",
    "-R -F",
    script="-f --file",
    checks="-l --syntax-check",
)
LUA = Interpreter("lua", "-e -l")
RSCRIPT = Interpreter("r", "-e -f --file --default-packages --args?", "-e", script="-f --file")

INTERPRETERS: dict[str, Interpreter] = {
    **dict.fromkeys(("python", "python2", "python3", "pypy", "pypy3", "ipython", "ipython3", "micropython"), PYTHON),
    **dict.fromkeys((f"python3.{minor}" for minor in range(6, 16)), PYTHON),
    **dict.fromkeys(("node", "nodejs", "ts-node", "tsx", "esno", "babel-node", "coffee"), NODE),
    "perl": PERL,
    "raku": PERL,
    **dict.fromkeys(("ruby", "jruby", "irb", "crystal"), RUBY),
    "php": PHP,
    **dict.fromkeys(("lua", "lua5.1", "lua5.3", "lua5.4", "luajit"), LUA),
    **dict.fromkeys(("Rscript", "R", "littler"), RSCRIPT),
    "osascript": Interpreter("osascript", "-e -l -s"),
    "tclsh": Interpreter("tcl", "", ""),
    "expect": Interpreter("tcl", "-c -f", "-c", script="-f"),
    "groovy": Interpreter("groovy", "-e -cp -D -c"),
    "julia": Interpreter(
        "julia", "-e -E -L:execute -p -t -J --eval --print --load:execute --project?", "-e -E --eval --print"
    ),
    "elixir": Interpreter("elixir", "-e -r:execute -S -pa --eval", "-e --eval"),
    "erl": Interpreter("erlang", "-eval", "-eval"),
    "ghc": Interpreter("haskell", "-e -o:write"),
    "runghc": Interpreter("haskell"),
    "scala": Interpreter("scala", "-e -cp"),
    "clojure": Interpreter("clojure", "-e --eval", "-e --eval"),
    "bb": Interpreter("clojure", "-e -f -cp --classpath", script="-f"),
    "guile": Interpreter("scheme", "-c -l:execute -e -s", "-c", script="-s"),
    "sbcl": Interpreter("lisp", "--eval --load:execute --script", "--eval", script="--script"),
    "swipl": Interpreter("prolog", "-g -t -s -q", "-g -t", script="-s"),
    "jshell": Interpreter("java", "", ""),
    "nu": Interpreter("nushell", "-c --commands", "-c --commands"),
    "fish": Interpreter("fish", "-c -C --command --init-command", "-c -C --command --init-command"),
    "osh": Interpreter("osh", "-c", "-c"),
    "xonsh": Interpreter("xonsh", "-c", "-c"),
}
SHELL = Row("-o -O +O +o --rcfile:execute --init-file:execute --emulate", "", permute=False)


def interpreter(argv: list[str], context: Context) -> str | None:
    kind = INTERPRETERS[argv[0].rpartition("/")[2]]
    row = Row(kind.options, "", permute=False, stops=kind.stops or kind.script, dashed=kind.language == "erlang")
    parsed = options.follow(row, argv, context)
    module = parsed.value("-m") if kind is PYTHON else None
    if module is not None:
        run_module(module, parsed, context)
        return None
    texts = parsed.values(kind.inline)
    script = parsed.value(kind.script) if kind.script else None
    arguments = parsed.operands
    if not texts and script is None and arguments:
        script, arguments = arguments[0], arguments[1:]
    if kind is NODE and parsed.given("-p --print") and not texts and script is not None:
        texts, script = [script], None  # `node -p TEXT`
    if parsed.unclear and not texts:
        context.opaque(f"what `{argv[0]}` runs")
        return None
    if texts:
        inline.read(kind.language, "\n".join(texts), arguments, context)
        if kind.loops and parsed.given(kind.loops):
            options.touch(context, "read", *arguments)
    elif script is not None and parsed.given(kind.checks):
        context.execute(script)
    elif script is not None and script != "-":
        run_script(kind.language, script, arguments, context)
    elif context.stdin is not None:
        inline.read(kind.language, context.stdin, arguments, context)
    elif context.piped:
        context.opaque(f"what `{argv[0]}` is given to run")
    return None


def run_script(language: str, script: str, arguments: list[str], context: Context) -> None:
    """A program in a file: it is consumed, and its text says what else is touched."""
    context.execute(script)
    text = None if HOLE in script else context.world.text(context.path(script), 200_000)
    if text is None:
        context.read(*[word for word in arguments if HOLE not in word and not word.startswith("-")])
        context.opaque(f"what the program `{script.replace(HOLE, '?')}` reads")
    else:
        inline.read(language, text, arguments, Running(context, script))


def served(folder: str, name: str, context: Context) -> None:
    """A file server: what lies below the folder can be fetched from it."""
    found = None if HOLE in folder else context.world.sensitive(context.path(folder))
    if found is None or found:
        context.opaque(f"what `{name}` serves")


READING_MODULES = frozenset(
    """
        json.tool tokenize ast dis base64 gzip uu quopri zipfile tarfile compileall py_compile pyclbr tabnanny
        calendar mimetypes filecmp fileinput binhex doctest inspect symtable json csv
        """.split()
)
RUNNING_MODULES = frozenset(["cProfile", "profile", "pdb", "trace", "runpy", "bdb"])


def run_module(module: str, parsed: Parsed, context: Context) -> None:
    """`python -m MODULE`."""
    words = [word for word in parsed.operands if not word.startswith("-")]
    name = module.replace("_", "-")
    if module == "timeit":
        inline.read("python", "\n".join(words), (), context)
    elif module == "http.server":
        folder = options.parse(
            Row("-d -b -p --directory --bind --protocol", ""), ["http.server", *parsed.operands]
        ).value("-d --directory")
        served(folder or ".", module, context)
    elif module in RUNNING_MODULES and words:
        row = Row("-s -o:write -m -c -t --sort", "", permute=False, stops="-m")
        inner = options.follow(row, [module, *parsed.operands], context)
        inside = inner.value("-m")
        if inside is not None:
            run_module(inside, inner, context)
        elif inner.operands:
            run_script("python", inner.operands[0], inner.operands[1:], context)
    elif module in TABLE or name in TABLE:
        context.call([module if module in TABLE else name, *parsed.operands], context.stdin)
    elif module.partition(".")[0] in sys.stdlib_module_names:
        if module in READING_MODULES:
            options.touch(context, "read", *words)
        elif words:
            options.touch(context, "read", *[word for word in words if HOLE not in word])
    else:
        options.touch(context, "read", *[word for word in words if HOLE not in word])
        context.opaque(f"what the program `{module.replace(HOLE, '?')}` reads")


def shell(argv: list[str], context: Context) -> str | None:
    """`bash -c TEXT`, `bash FILE`, `bash -s < FILE`."""
    name = argv[0].rpartition("/")[2]
    words = [word for word in argv if not (word.startswith("+") and len(word) == 2)]
    parsed = options.follow(SHELL, words, context)
    if parsed.unclear and not parsed.given("-c"):
        context.opaque(f"what `{name}` runs")
        return None
    if parsed.given("-c"):
        return context.run(parsed.operands[0], parsed.operands[2:], name) if parsed.operands else None
    if parsed.operands and not parsed.given("-s"):
        script = parsed.operands[0]
        context.execute(script)
        if parsed.given("-n"):
            return None
        text = None if HOLE in script else context.world.text(context.path(script))
        if text is None:
            context.read(*[word for word in parsed.operands[1:] if HOLE not in word and not word.startswith("-")])
            context.opaque(f"what the program `{script.replace(HOLE, '?')}` reads")
            return None
        return context.run(text, parsed.operands[1:], name)
    if context.stdin is not None:
        return context.run(context.stdin, parsed.operands, name)
    if context.piped:
        context.opaque(f"what `{name}` is given to run")
    return None


def deno(argv: list[str], context: Context) -> str | None:
    """`deno eval TEXT`, `bun -e TEXT`, `deno run FILE`, `bun FILE`."""
    row = Row(
        "-e -p -c:execute -r:execute --eval --print --config:execute --cwd --env-file:execute --preload:execute --ext"
        " --import-map:read",
        "",
    )
    parsed = options.follow(row, argv, context)
    words = parsed.operands
    texts = parsed.values("-e -p --eval --print")
    if words[:1] == ["eval"]:
        texts += words[1:2]
    if texts:
        inline.read("node", "\n".join(texts), words, context)
    elif words[:1] == ["run"] and len(words) > 1 and ("." in words[1] or "/" in words[1]):
        run_script("node", words[1], words[2:], context)
    elif words and "." in words[0]:
        run_script("node", words[0], words[1:], context)
    elif words[:1] in (["fmt"], ["lint"], ["check"], ["doc"], ["info"]):
        options.touch(context, "read", *words[1:])
    elif words and words[0] not in ("upgrade", "--version", "types", "completions", "help"):
        context.opaque(f"what the program `{argv[0]} {words[0].replace(HOLE, '?')}` reads")
    elif not words and context.piped:
        if context.stdin is not None:
            inline.read("node", context.stdin, (), context)
        else:
            context.opaque(f"what `{argv[0]}` is given to run")
    return None


READERS: dict[str, Reader] = {
    **dict.fromkeys(INTERPRETERS, interpreter),
    **dict.fromkeys(("bash", "sh", "zsh", "dash", "ksh", "mksh", "ash", "rbash", "yash", "pdksh"), shell),
    "deno": deno,
    "bun": deno,
}
