"""Compilers, build tools, test runners, linters: they consume files, and run what the project says.

What running code reads is told apart from undetermined words: "what the program `make` reads".
"""

import re
import shlex

from ..context import HOLE, Context, Reader
from . import options
from .options import Row

COMPILER = Row(
    "-o:write -include:read -imacros:read -I -L -l -D -U -x -isystem -iquote -arch -target -std -MF:write -MT"
    " -MQ -T:execute -Xlinker -Xclang"
    " -framework -specs:read -e -u -z",
    "execute",
    dashed=True,
)
LINT = Row(
    "-c:read -o:write -f -e -r -d -l --config:read --rcfile:read --ignore --select --extend-ignore"
    " --output:write --output-file:write --format"
    " --rule --ext --plugin --parser --max-warnings --line-length --target-version --exclude --extend-exclude"
    " --include --cache-dir --ignore-path:read"
    " --project:execute --config-file:execute --config-path:read --stdin-filename --stdin-filepath"
    " --stdin-display-name --tests --rulesdir --reporter"
    " --print-width --tab-width --write? --check? --fix? --shell -s -x -i -S -P -W --severity --exclude-dir"
    " --per-file-ignores --only"
    " --resolve-plugins-relative-to --env --global --parser-options --cache-location"
    " --report-unused-disable-directives-severity --log-level --style"
    " --assume-filename --enable --disable --jobs -j --msg-template --ignore-pattern --python-version --python"
    " --package -p -m --cache-strategy",
    "",
)

COMPILERS = """
    gcc g++ cc c++ clang clang++ tcc icc rustc javac kotlinc scalac swiftc ocamlc ocamlopt fpc dmd ldc2 nim nimc
    gfortran nasm yasm as ld gold lld nm objdump readelf objcopy strip addr2line c++filt ranlib nvcc emcc zig
    valac vala erlc elixirc tsc esbuild swc sass scss lessc stylus babel rollup webpack parcel thrift flatc
    capnp buf pdflatex xelatex lualatex latex latexmk tex bibtex biber makeinfo asciidoctor asciidoc
    sphinx-build mkdocs hugo jekyll typst luac gcov lcov gcovr
    """.split()
LINTERS = """
    ruff black isort flake8 pylint pyflakes pycodestyle pydocstyle yapf autopep8 autoflake mypy pyright
    basedpyright pytype pyre bandit vulture radon codespell pyupgrade eslint prettier biome oxlint standard xo
    stylelint htmlhint jshint tslint markdownlint markdownlint-cli2 shellcheck shfmt checkbashisms hadolint
    gofmt goimports golangci-lint staticcheck govulncheck gofumpt rustfmt clang-format clang-tidy cppcheck
    cpplint rubocop standardrb erb_lint phpcs phpcbf php-cs-fixer phpstan psalm ktlint detekt swiftlint
    swiftformat scalafmt ormolu hlint terraform-docs djlint sqlfluff sqlfmt actionlint zizmor semgrep gitleaks
    trufflehog detect-secrets vale proselint write-good textlint alex cspell typos knip depcheck madge ts-prune
    dprint perltidy perlcritic luacheck stylua buildifier ast-grep sg comby scalafix ctags universal-ctags etags
    cscope gtags doxygen indent astyle uncrustify
    """.split()
RUNNERS: dict[str, tuple[str, ...]] = {
    "ninja": ("build.ninja",),
    "samu": ("build.ninja",),
    "cmake": ("CMakeLists.txt",),
    "ctest": (),
    "meson": ("meson.build",),
    "scons": ("SConstruct",),
    "bazel": ("MODULE.bazel", "WORKSPACE"),
    "bazelisk": ("WORKSPACE",),
    "buck2": (),
    "gradle": ("build.gradle", "build.gradle.kts"),
    "gradlew": ("build.gradle", "build.gradle.kts"),
    "mvn": ("pom.xml",),
    "mvnw": ("pom.xml",),
    "ant": ("build.xml",),
    "sbt": ("build.sbt",),
    "mill": ("build.sc",),
    "lein": ("project.clj",),
    "rake": ("Rakefile",),
    "rails": (),
    "rspec": (),
    "cucumber": (),
    "phpunit": ("phpunit.xml",),
    "pest": (),
    "artisan": (),
    "mix": ("mix.exs",),
    "rebar3": ("rebar.config",),
    "stack": ("stack.yaml",),
    "cabal": (),
    "dune": ("dune-project",),
    "dotnet": (),
    "msbuild": (),
    "swift": ("Package.swift",),
    "xcodebuild": (),
    "flutter": ("pubspec.yaml",),
    "dart": ("pubspec.yaml",),
    "fastlane": ("fastlane/Fastfile",),
    "just": ("justfile", "Justfile"),
    "task": ("Taskfile.yml",),
    "invoke": ("tasks.py",),
    "fab": ("fabfile.py",),
    "pytest": ("conftest.py", "pytest.ini", "pyproject.toml"),
    "py.test": ("conftest.py",),
    "nosetests": (),
    "tox": ("tox.ini",),
    "nox": ("noxfile.py",),
    "behave": (),
    "django-admin": (),
    "flask": (),
    "uvicorn": (),
    "gunicorn": (),
    "celery": (),
    "alembic": ("alembic.ini",),
    "streamlit": (),
    "jupyter": (),
    "papermill": (),
    "jest": ("package.json",),
    "vitest": (),
    "mocha": (),
    "ava": (),
    "tap": (),
    "karma": (),
    "cypress": (),
    "playwright": (),
    "nodemon": (),
    "pm2": (),
    "concurrently": (),
    "turbo": ("turbo.json",),
    "nx": ("nx.json",),
    "lerna": ("lerna.json",),
    "vite": (),
    "next": (),
    "nuxt": (),
    "astro": (),
    "gatsby": (),
    "ng": (),
    "vue-cli-service": (),
    "react-scripts": (),
    "storybook": (),
    "prisma": ("prisma/schema.prisma",),
    "knex": (),
    "sequelize": (),
    "typeorm": (),
    "drizzle-kit": (),
    "gulp": (),
    "grunt": (),
    "nix": (),
    "nix-build": (),
    "guix": (),
    "snakemake": ("Snakefile",),
    "nextflow": (),
    "dvc": (),
    "dbt": ("dbt_project.yml",),
    "airflow": (),
    "pre-commit": (".pre-commit-config.yaml",),
    "husky": (),
    "lint-staged": (),
    "act": (),
    "bats": (),
    "shellspec": (),
    "busted": (),
    "gotestsum": (),
    "ginkgo": (),
    "air": (),
    "locust": (),
    "k6": (),
}
"""What runs the project's own code -> the files that say what."""


def compiler(argv: list[str], context: Context) -> str | None:
    """Sources are consumed; `-E` and `-M` show them, `@FILE` holds options and is quoted in errors."""
    shown = {"-E", "-S", "-P", "--print-file", "-dM"} & set(argv)
    parsed = options.follow(COMPILER._replace(operands=""), argv, context)
    for word in parsed.operands:
        if word.startswith("@"):
            context.read(word[1:])
        elif shown or argv[0].endswith(("objdump", "readelf", "nm", "luac", "cpp")):
            context.read(word)
        else:
            context.execute(word)
    for word in parsed.operands:
        text = (
            context.stdin if word == "-" else None if HOLE in word else context.world.text(context.path(word), 100_000)
        )
        folder = "" if word == "-" or "/" not in word else word.rpartition("/")[0] + "/"
        for name in re.findall(
            r"(?m)^\s*(?:#\s*(?:include|embed)|%:\s*include|\.incbin)\s*[\"<]([^\"<>\n]+)[\">]", text or ""
        ):
            (context.read if shown or "/" in name else context.execute)(name if name.startswith("/") else folder + name)
    for name, _ in parsed.options:
        if name.startswith(("-Wl,@", "-Wa,@")):
            context.read(name[5:])
    return None


def lint(argv: list[str], context: Context) -> str | None:
    """Linters and formatters quote or print the files they are given; a folder stands for sources in it."""
    parsed = options.follow(LINT, argv, context)
    for word in parsed.operands:
        if HOLE in word:
            context.read(word)
        elif word != "-":
            kind = context.world.kind(context.path(word))
            if kind == "dir":
                context.execute(word)
            elif kind is not None or "." in word:
                context.read(word)
    return None


def runner(argv: list[str], context: Context) -> str | None:
    """Runs the project's code: what it is given is consumed, what else it reads is not known."""
    name = argv[0].rpartition("/")[2]
    if set(argv[1:]) <= {"--version", "-V", "--help", "-h", "version", "help"} and len(argv) > 1:
        return None
    for word in argv[1:]:
        _, equals, value = word.partition("=")
        subject = value if word.startswith("-") and equals else word
        if HOLE not in subject and subject and not subject.startswith("-"):
            plain = subject.partition("::")[0]
            if context.world.kind(context.path(plain)) is not None:
                context.execute(plain)
    context.execute(*[file for file in RUNNERS.get(name, ()) if context.world.kind(context.path(file)) == "file"])
    context.opaque(f"what the program `{name}` reads")
    return None


MAKE = Row(
    "-f -C -I -j? -l? -o -W -O? --file --makefile --directory --include-dir --jobs? --load-average? --old-file"
    " --what-if --eval"
    " --output-sync? --assume-new --assume-old --new-file --debug?",
    "",
)


def make(argv: list[str], context: Context) -> str | None:
    """The recipes of the targets, where a makefile's variables are plain, are read as shell text."""
    parsed = options.parse(MAKE, argv)
    folder = (parsed.value("-C --directory") or "").rstrip("/")
    files = parsed.values("-f --file --makefile") or ["GNUmakefile", "makefile", "Makefile"]
    places = [f"{folder}/{file}" if folder and not file.startswith("/") else file for file in files]
    given = [word for word in parsed.operands if "=" in word] + parsed.values("--eval")
    targets = [word for word in parsed.operands if "=" not in word]
    found = [
        place for place in places if HOLE in place or place == "-" or context.world.kind(context.path(place)) == "file"
    ]
    context.execute(*[place for place in found if place != "-"])
    if parsed.given("-p --print-data-base"):
        context.environment()
    text = "\n".join(
        (context.stdin if place == "-" else None if HOLE in place else context.world.text(context.path(place))) or ""
        for place in found[:1]
    )
    functions("\n".join([*given, text]), context)
    lines, whole = recipes(text, targets, given)
    if parsed.given("-n --just-print --dry-run --recon -q --question"):
        return None
    for line in lines:
        if line.strip():
            context.run(f"cd {shlex.quote(folder)} && {line}" if folder else line)
    if not whole or not text or re.search(r"(?m)^-?s?include\s|\$\((?:shell|eval|call|foreach)\b|!=", text):
        context.opaque(f"what the program `{argv[0]}` reads")
    return None


def functions(text: str, context: Context) -> None:
    """`$(shell CMD)` and `$(file <NAME)` run while the makefile is read."""
    for found in re.finditer(r"\$\((shell|file)\s+([^()$]*)\)|^\s*\w+\s*!=\s*([^\n$]*)$", text, re.M):
        if found[1] == "file":
            context.read(*re.findall(r"<\s*(\S+)", found[2]))
        else:
            context.run(found[2] or found[3] or ":")
    set_here = set(re.findall(r"(?m)^(?:export\s+)?(\w+)\s*[:?+]{0,2}=", text))
    for name in sorted(set(re.findall(r"\$[({](\w+)[)}]", text)) - set_here):
        if name in context.world.environment or name in context.variables:
            context.variable(name)
    for found in re.finditer(r"(?m)^-?s?include\s+([^\n$]+)$", text):
        context.execute(*found[1].split())


def recipes(text: str, targets: list[str], given: list[str]) -> tuple[list[str], bool]:
    """The recipe lines of the targets and of what they depend on, with plain variables put in, and whether these are
    all of them."""
    variables = dict(re.findall(r"(?m)^(\w+)\s*[:?]{0,2}=\s*(.*?)\s*$", text))
    variables.update(word.partition("=")[::2] for word in given if "=" in word)
    rules: dict[str, tuple[list[str], list[str]]] = {}
    now: list[str] = []
    for line in text.replace("\\\n", " ").splitlines():
        if line.startswith("\t"):
            for name in now:
                rules[name][1].append(line.strip().lstrip("@-+"))
            continue
        head = re.match(r"([^\s#:=][^:=#]*?)\s*::?(?!=)\s*([^=;]*?)(?:;(.*))?$", line)
        now = head[1].split() if head else [] if line.strip() and not line.startswith("#") else now
        for name in now if head else []:
            needs, lines = rules.setdefault(name, ([], []))
            needs += head[2].split() if head else []
            lines += [head[3].strip()] if head and head[3] else []
    pending = targets or [name for name in rules if not name.startswith(".")][:1]
    seen: dict[str, None] = {}
    found: list[str] = []
    while pending:
        name = pending.pop(0)
        if name in rules and name not in seen:
            seen[name] = None
            pending += rules[name][0]
            found += rules[name][1]
    made = [expanded(line, variables) for line in found]
    whole = None not in made and all(target in rules for target in targets) and not any("%" in name for name in rules)
    return [line for line in made if line is not None], whole and bool(seen)


def expanded(line: str, variables: dict[str, str]) -> str | None:
    """A recipe line with the variables of the makefile put in; None where it holds more than that."""
    for _ in range(5):
        line = re.sub(r"\$[({](\w+)[)}]", lambda found: variables.get(found[1], "$(" + found[1] + " )"), line)
    if re.search(r"\$[({]|\$[@<^*?%+|]", line.replace("$$", "")):
        return None
    return line.replace("$$", "$")


def go(argv: list[str], context: Context) -> str | None:
    words = [word for word in argv[1:] if not word.startswith("-")]
    command = words[0] if words else ""
    if command == "env" or command in (
        "version",
        "doc",
        "list",
        "mod",
        "help",
        "clean",
        "get",
        "work",
        "telemetry",
        "bug",
    ):
        context.read(*[word for word in words[1:] if context.world.kind(context.path(word)) == "file"])
        return None
    for word in words[1:]:
        if HOLE not in word and context.world.kind(context.path(word)) is not None:
            (context.read if command in ("fmt", "vet", "fix") and "." in word else context.execute)(word)
    if command in ("run", "test", "generate", "tool", "build", "install"):
        context.opaque(f"what the program `go {command}` reads")
    return None


def cargo(argv: list[str], context: Context) -> str | None:
    words = [word for word in argv[1:] if not word.startswith(("-", "+"))]
    command = words[0] if words else ""
    if command in (
        "run",
        "r",
        "test",
        "t",
        "bench",
        "build",
        "b",
        "check",
        "c",
        "clippy",
        "doc",
        "install",
        "nextest",
        "miri",
        "publish",
        "package",
    ):
        context.execute(
            *[file for file in ("Cargo.toml", "build.rs") if context.world.kind(context.path(file)) == "file"]
        )
        context.opaque(f"what the program `cargo {command}` reads")
    context.execute(
        *[word for word in words[1:] if HOLE not in word and context.world.kind(context.path(word)) == "file"]
    )
    return None


READERS: dict[str, Reader] = {
    **dict.fromkeys(COMPILERS, compiler),
    **dict.fromkeys(LINTERS, lint),
    **dict.fromkeys(RUNNERS, runner),
    **dict.fromkeys(("make", "gmake", "bmake", "remake", "colormake"), make),
    "go": go,
    "cargo": cargo,
    "cross": cargo,
}
