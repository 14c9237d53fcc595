"""grep and its relatives: which files a search opens."""

from ..context import HOLE, Context, Reader
from . import filters, leaving, options, selection
from .options import Parsed, Row

GREP = Row(
    "-e -f:read -m -A -B -C -d -D --regexp --file:read --max-count --after-context --before-context --context --label"
    " --binary-files --devices --directories --include --exclude --exclude-from:read --exclude-dir --color? --colour?"
    " --group-separator --ignore-files? --format --filter:run --from:names --include-dir --include-from:read"
    " --ignore-case?"
    " --file-type --file-extension --neg-regexp --and? --andnot? --not? --max-files --min-depth --max-depth"
    " --depth --pager?",
    lead=("",),
    spared="-e -f --regexp --file",
)
RIPGREP = Row(
    "-e -f:read -m -A -B -C -d -E -g -j -M -r -t -T --regexp --file:read --max-count --after-context --before-context"
    " --context --max-depth --maxdepth --encoding --glob --iglob --threads --max-columns --replace --type"
    " --type-not --type-add"
    " --type-clear --color --colors --context-separator --dfa-size-limit --engine --field-context-separator"
    " --field-match-separator --hyperlink-format --ignore-file:read --max-filesize --path-separator --pre:run"
    " --pre-glob"
    " --regex-size-limit --sort --sortr --generate --hostname-bin:run",
    lead=("",),
    spared="-e -f --regexp --file --files --type-list",
)
SILVER = Row(
    "-A? -B? -C? -g -G -m -p:read -W --after? --before? --context? --depth --file-search-regex --ignore --ignore-dir"
    " --max-count --pager:run --path-to-ignore:read --color-match --color-path --color-line-number --width --workers"
    " --type --ignore-file --ignore-directory --noignore-dir --match --output --files-from:names --ackrc:read"
    " --type-set"
    " --type-add --type-del --proximate? --sort-files?",
    lead=("",),
    spared="--match",
)
LISTED = 3_000  # names that `grep -l` is taken to print at most
TYPES: dict[str, list[str]] = {
    "c": ["*.c", "*.h", "*.H", "*.cats"],
    "cpp": ["*.cpp", "*.cc", "*.cxx", "*.hpp", "*.hh", "*.hxx", "*.h", "*.C", "*.H", "*.inl", "*.c++", "*.h++", "*.in"],
    "cs": ["*.cs"],
    "css": ["*.css", "*.scss"],
    "go": ["*.go"],
    "html": ["*.html", "*.htm", "*.ejs"],
    "java": ["*.java", "*.jsp", "*.jspx", "*.properties"],
    "js": ["*.js", "*.jsx", "*.vue", "*.cjs", "*.mjs"],
    "json": ["*.json", "composer.lock", "*.sarif"],
    "kotlin": ["*.kt", "*.kts"],
    "lua": ["*.lua"],
    "markdown": ["*.md", "*.markdown", "*.mdown", "*.mkdn", "*.mkd", "*.mdwn", "*.mdx"],
    "md": ["*.md", "*.markdown", "*.mdown", "*.mkdn", "*.mkd", "*.mdwn", "*.mdx"],
    "php": ["*.php", "*.php3", "*.php4", "*.php5", "*.php7", "*.php8", "*.pht", "*.phtml"],
    "py": ["*.py", "*.pyi"],
    "python": ["*.py", "*.pyi"],
    "ruby": ["*.rb", "*.rbw", "*.gemspec", "config.ru", "Gemfile", ".irbrc", "Rakefile"],
    "rust": ["*.rs"],
    "sql": ["*.sql", "*.psql"],
    "swift": ["*.swift"],
    "toml": ["*.toml", "Cargo.lock"],
    "ts": ["*.ts", "*.tsx", "*.cts", "*.mts"],
    "txt": ["*.txt"],
    "typescript": ["*.ts", "*.tsx", "*.cts", "*.mts"],
    "yaml": ["*.yaml", "*.yml"],
}


def searched(parsed: Parsed, row: Row) -> list[str]:
    return parsed.operands if parsed.given(row.spared) else parsed.operands[1:]


def prepared(row: Row, argv: list[str], context: Context) -> Parsed:
    """Pattern files, filters and the like are touched; the operands are left to the caller."""
    parsed = options.follow(row._replace(operands=""), argv, context)
    if parsed.unclear:
        context.opaque(f"what `{argv[0]}` searches")
    return parsed


def grep(argv: list[str], context: Context) -> str | None:
    parsed = prepared(GREP, argv, context)
    recursive = parsed.given("-r -R --recursive --dereference-recursive") or "recurse" in parsed.values(
        "-d --directories"
    )
    recursive = recursive or argv[0].endswith("rgrep")
    rules = [
        (name == "--include", value) for name, value in parsed.options if name in ("--include", "--exclude") and value
    ]
    for word in parsed.values("--exclude-from"):
        text = None if HOLE in word else context.world.text(context.path(word))
        rules += [(False, line) for line in (text or "").splitlines() if line]
    folders = parsed.values("--exclude-dir")
    if HOLE in "".join([glob for _, glob in rules] + folders):
        rules, folders = [rule for rule in rules if rule[0] and HOLE not in rule[1]], []
    files = searched(parsed, GREP)
    if not files and recursive and not context.piped:
        files = ["."]
    after = leaving.behind(argv, ("--include", "--exclude"))
    for word in files:
        if word == "-":
            continue
        if HOLE in word:
            context.read(word)
            continue
        path = context.path(word)
        if recursive:
            keep = selection.names(path, rules, folders)
            follows = parsed.given("-R -S --dereference-recursive --dereference")
            opened = keep if follows else selection.unlinked(path, context.world, keep)
            context.read_tree(word, opened, leaving.named(path, context, "--exclude=", "--exclude-dir=", after))
        elif selection.names("/", rules, [])(path):
            context.read(word)
    return found(parsed, files, recursive, argv, context)


def found(parsed: Parsed, files: list[str], recursive: bool, argv: list[str], context: Context) -> str | None:
    """What grep prints, for one input without file names; with `-l`, every name that it may print.

    Where a restricted file is searched, that is denied for itself; so only the others' names matter here.
    """
    if parsed.unclear or (not parsed.operands and not parsed.given(GREP.spared)):
        return None
    if parsed.given("-l -L --files-with-matches --files-without-match"):
        end = "\0" if parsed.given("-Z --null") else "\n"
        follows = parsed.given("-R -S --dereference-recursive --dereference")
        return listed([(word, chosen(parsed, word, context)) for word in files], recursive, end, context, follows)
    if recursive or len(files) > 1 or parsed.given("-f --file") or argv[0].endswith("fgrep"):
        return None
    source = filters.source(files, context)
    return None if source is None else filters.grep(parsed, source, not argv[0].endswith("egrep"))


def chosen(parsed: Parsed, word: str, context: Context) -> selection.Keep:
    rules = [
        (name == "--include", value) for name, value in parsed.options if name in ("--include", "--exclude") and value
    ]
    return selection.names(context.path(word), rules, parsed.values("--exclude-dir"))


def listed(
    searched: list[tuple[str, selection.Keep]], recursive: bool, end: str, context: Context, follows: bool = False
) -> str | None:
    """The names of the files that are searched; None where they are too many."""
    names: list[str] = []
    for word, keep in searched:
        pending = [word]
        while pending:
            name = pending.pop()
            if HOLE in name or len(names) > LISTED:
                return None
            path = context.path(name)
            if name != word and not follows and selection.linked(path, context.world):
                continue
            if context.world.kind(path) != "dir":
                names += [name] if name == word or keep(path) else []
            elif recursive:
                pending += [f"{name.rstrip('/')}/{inner}" for inner in context.world.listdir(path) or []]
    return "".join(name.removeprefix("./") + end for name in names)


def ripgrep(argv: list[str], context: Context) -> str | None:
    parsed = prepared(RIPGREP, argv, context)
    files = searched(parsed, RIPGREP)
    if parsed.given("--type-list --version --help -V"):
        return None
    if parsed.given("--files"):
        context.list(*(files or ["."]))
    if not files:
        if context.piped and not parsed.given("--files"):
            return None
        files = ["."]
    unrestricted = sum(name in ("-u", "--unrestricted") for name, _ in parsed.options)
    hidden = parsed.given("-. --hidden") or unrestricted > 1
    rules = parsed.values("-g --glob")
    if parsed.given("--iglob --glob-case-insensitive"):
        rules = []  # case folding excludes more than is told here
    if any(HOLE in rule for rule in rules):
        rules = []
    kinds = [] if parsed.given("--type-add --type-clear") else parsed.values("-t --type")
    typed = [glob for kind in kinds for glob in TYPES.get(kind, ["*"])]
    barred = ["!" + glob for kind in parsed.values("-T --type-not") for glob in TYPES.get(kind, [])]
    groups: list[tuple[str, selection.Keep]] = []
    for word in files:
        if word == "-":
            continue
        path = context.path(word)
        groups.append((word, relative(context.cwd, path, [rules, typed, barred], hidden)))
        if parsed.given("--files"):
            continue
        if HOLE in word or context.world.kind(path) != "dir":
            context.read(word)  # a file that is named is searched whatever the globs say
        else:
            keep = groups[-1][1]
            opened = keep if parsed.given("-L --follow") else selection.unlinked(path, context.world, keep)
            context.read_tree(word, opened, leaving.globbed(context, leaving.behind(argv, ("-g", "--glob"))))
    if parsed.given("-l --files-with-matches --files-without-match --files") and len(groups) == len(files):
        end = "\0" if parsed.given("-0 --null") else "\n"
        return listed(groups, True, end, context, parsed.given("-L --follow"))
    return None


def relative(cwd: str, root: str, groups: list[list[str]], hidden: bool) -> selection.Keep:
    """A file must pass every group of globs. Globs are relative to the working directory, hidden names to the folder
    that is searched; a hidden file that a positive glob of the first group names is searched all the same."""
    chosen = [selection.globs(cwd, rules) for rules in groups]
    positive = [rule for rule in groups[0] if not rule.startswith("!")]
    named = selection.globs(cwd, positive)
    visible = selection.globs(root, [], hidden)

    def keep(path: str) -> bool:
        return all(choose(path) for choose in chosen) and (visible(path) or (bool(positive) and named(path)))

    return keep


def silver(argv: list[str], context: Context) -> str | None:
    """`ag` and `ack`. `ag` skips hidden names, `ack` reads them."""
    parsed = prepared(SILVER, argv, context)
    files = searched(parsed, SILVER)
    if parsed.given("-f -g --files-from --help-types --list-file-types"):
        context.list(*(parsed.operands or ["."]))
        return None
    if not files and context.piped:
        return None
    hidden = not argv[0].endswith("ag") or parsed.given("--hidden -u --unrestricted -a --all-types -t --all-text")
    ignored = parsed.values("--ignore-dir --ignore-directory") + (
        parsed.values("--ignore") if argv[0].endswith("ag") else []
    )
    ignored = [] if any(HOLE in glob for glob in ignored) else ignored
    for word in files or ["."]:
        path = context.path(word)
        if HOLE in word or context.world.kind(path) != "dir":
            context.read(word)
        else:
            keep = relative(path, path, [["!" + glob for glob in ignored]], hidden)
            context.read_tree(
                word, keep if parsed.given("-f --follow") else selection.unlinked(path, context.world, keep)
            )
    return None


READERS: dict[str, Reader] = {
    **dict.fromkeys(
        """
            grep egrep fgrep rgrep ggrep ugrep ug zgrep zegrep zfgrep bzgrep xzgrep lzgrep zstdgrep zipgrep
            pcregrep pcre2grep agrep glark
            """.split(),
        grep,
    ),
    "rg": ripgrep,
    "ripgrep": ripgrep,
    "rga": ripgrep,
    "ag": silver,
    "ack": silver,
    "ack-grep": silver,
}
