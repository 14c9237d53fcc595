"""git: what its commands take out of the work tree, the index and the object store.

A command is told apart in three: what shows content (`patches`, `contents`), what runs something else
(`settings`: aliases, pagers,
hooks given on the command line), and the rest (`upkeep`), which is harmless but may move what a later command shows.
"""

from collections.abc import Callable

from ...context import HOLE, Context, Reader
from . import contents, patches, settings, upkeep
from .repository import Repository, absolute, find

Command = Callable[..., None]

SHOWING: dict[str, Command] = {
    "diff": patches.diff,
    "show": patches.show,
    "log": patches.log,
    "whatchanged": patches.log,
    "reflog": upkeep.reflog,
    "format-patch": patches.format_patch,
    "diff-tree": patches.diff_tree,
    "diff-index": patches.raw,
    "diff-files": patches.raw,
    "difftool": upkeep.difftool,
    "range-diff": contents.range_diff,
    "request-pull": upkeep.request_pull,
    "cat-file": contents.cat_file,
    "unpack-file": contents.unpack,
    "grep": contents.grep,
    "archive": contents.archive,
    "blame": contents.blame,
    "annotate": contents.blame,
    "checkout-index": contents.checkout_index,
    "bundle": contents.bundle,
    "fast-export": contents.export,
    "pack-objects": contents.pack,
    "merge-tree": contents.merge_tree,
    "worktree": contents.worktree,
    "clone": contents.clone,
    "status": upkeep.status,
}
CHANGING: dict[str, Command] = {
    "add": upkeep.index,
    "stage": upkeep.index,
    "rm": upkeep.remove,
    "mv": upkeep.move,
    "update-index": upkeep.index,
    "commit": upkeep.commit,
    "restore": upkeep.restore,
    "reset": upkeep.reset,
    "stash": upkeep.stash,
    "rebase": upkeep.rebase,
    "fetch": upkeep.fetch,
    "pull": upkeep.fetch,
    "push": upkeep.remote,
    "ls-remote": upkeep.remote,
    "submodule": upkeep.submodule,
    "bisect": upkeep.bisect,
    "filter-branch": upkeep.filters,
    "config": settings.config,
    "read-tree": upkeep.read_tree,
    **dict.fromkeys(
        (
            "checkout", "switch", "merge", "cherry-pick", "revert", "update-ref", "symbolic-ref", "replace",
            "sparse-checkout", "fast-import", "unpack-objects", "pull-request",
        ),
        upkeep.checkout,
    ),
}  # fmt: skip
READING: dict[str, Command] = {
    "hash-object": upkeep.hash_object,
    "credential": upkeep.credential,
    "credential-store": upkeep.credential,
    "credential-cache": upkeep.credential,
    "tag": upkeep.named_files("-F --file"),
    "notes": upkeep.named_files("-F --file"),
    "apply": upkeep.applied(),
    "am": upkeep.applied(mails=True),
    "mailinfo": upkeep.named_files(""),
    "mailsplit": upkeep.named_files("", operands=True),
    "interpret-trailers": upkeep.named_files("", operands=True),
    "merge-file": upkeep.named_files("", operands=True),
    "send-email": upkeep.named_files("", operands=True),
    "index-pack": upkeep.named_files("", operands=True),
    "verify-pack": upkeep.named_files(""),
    "fmt-merge-msg": upkeep.named_files("-F --file"),
    "shell": lambda words, context, *_: context.run(words[-1]) if words else None,
}
ASKED = frozenset(
    ("rev-parse", "merge-base", "rev-list", "ls-files", "ls-tree", "symbolic-ref", "branch", "describe",
    "name-rev", "log", "diff",
     "diff-tree", "tag", "cat-file", "remote", "for-each-ref", "show-ref")
)  # fmt: skip
"""Commands whose output is computed, for a substitution that uses it."""
HARMLESS = frozenset(
    "init gc fsck prune repack maintenance count-objects verify-commit verify-tag verify-pack check-ignore check-attr"
    " check-mailmap check-ref-format column shortlog show-branch show-index cherry var version help"
    " instaweb gui gitk citool lfs"
    " pack-refs pack-redundant prune-packed remote branch rev-parse rev-list ls-files ls-tree merge-base"
    " name-rev describe"
    " for-each-ref show-ref write-tree commit-tree mktree mktag multi-pack-index commit-graph clean rerere"
    " mergetool web--browse"
    " stripspace daemon http-backend upload-pack receive-pack svn p4 cvsserver cvsimport cvsexportcommit"
    " archimport annex"
    " whatchanged hook diagnose bugreport for-each-repo get-tar-commit-id patch-id quiltimport scalar refs backfill"
    " credential-cache--daemon flow crypt secret town absorb branchless machete".split()
)
VALUED = (
    "-C",
    "-c",
    "--git-dir",
    "--work-tree",
    "--namespace",
    "--super-prefix",
    "--config-env",
    "--exec-path",
    "--attr-source",
)
ALWAYS = {
    "--literal-pathspecs": "literal",
    "--glob-pathspecs": "glob",
    "--icase-pathspecs": "icase",
}
DEEP = 8


class Options:
    """git's own options, before the subcommand."""

    def __init__(self, context: Context) -> None:
        self.cwd = context.cwd
        self.git_dir = context.variables.get("GIT_DIR", "")
        self.work_tree = context.variables.get("GIT_WORK_TREE", "")
        self.settings: list[tuple[str, str]] = []
        self.always: list[str] = []
        self.ends = False

    def take(self, words: list[str], context: Context) -> list[str]:
        """Takes the options off; returns the subcommand and its words."""
        rest = list(words)
        while rest and rest[0].startswith("-"):
            name, equals, value = rest.pop(0).partition("=")
            if name in VALUED and not equals and name != "--exec-path":
                value = rest.pop(0) if rest else ""
            if name == "-C" and value:
                self.cwd = absolute(value, self.cwd)
            elif name == "-c":
                key, _, setting = value.partition("=")
                self.settings.append((key, setting))
            elif name == "--config-env":
                key, _, variable = value.rpartition("=")
                self.settings.append((key, context.variables.get(variable, HOLE)))
            elif name == "--git-dir":
                self.git_dir = value
            elif name == "--work-tree":
                self.work_tree = value
            elif name in ALWAYS:
                self.always.append(ALWAYS[name])
            elif name in ("--version", "--help", "--html-path", "--man-path", "--info-path", "-v", "-h"):
                self.ends = True
        return rest


def git(argv: list[str], context: Context) -> str | None:
    """The reader of `git`."""
    return started(argv[1:], context, 0)


def started(words: list[str], context: Context, depth: int) -> str | None:
    options = Options(context)
    options.settings += settings.environment(context)
    rest = options.take(words, context)
    for key, value in options.settings:
        if not key.lower().startswith("alias."):
            settings.setting(context, key, value)
    if not rest or options.ends:
        return None
    repository = find(context, options.cwd, options.git_dir, options.work_tree)
    return ran(rest, context, repository, options, depth)


def ran(rest: list[str], context: Context, repository: Repository, options: Options, depth: int) -> str | None:
    name, words = rest[0], rest[1:]
    if HOLE in name:
        context.opaque("which git command runs")
        return None
    for table in (SHOWING, CHANGING, READING):
        if name in table:
            table[name](words, context, repository._replace(words=tuple(words)), options.always)
            break
    else:
        if name not in HARMLESS:
            return aliased(rest, context, repository, options, depth)
    if name == "hash-object":
        return upkeep.hashed(words, context, repository)
    return upkeep.answer(name, words, context, repository) if name in ASKED else None


def aliased(rest: list[str], context: Context, repository: Repository, options: Options, depth: int) -> str | None:
    """A name that is no command of git's: an alias, or a program `git-NAME`."""
    value = settings.alias(context, repository, rest[0], options.settings)
    if value is None:
        if context.world.kind(context.path(rest[0])) is None:
            context.call([f"git-{rest[0]}", *rest[1:]])
        return None
    if depth > DEEP or HOLE in value:
        context.opaque(f"what the git alias `{rest[0]}` runs")
        return None
    if value.startswith("!"):
        return context.run(f'{value[1:]} "$@"' if rest[1:] else value[1:], rest[1:])
    words = settings.words_of(value)
    if words is None:
        context.opaque(f"what the git alias `{rest[0]}` runs")
        return None
    inner = options.take([*words, *rest[1:]], context)
    return ran(inner, context, repository, options, depth + 1) if inner else None


def dashed(name: str) -> Reader:
    """The reader of a program `git-NAME`."""

    def read(argv: list[str], context: Context) -> str | None:
        return started([name, *argv[1:]], context, 0)

    return read


READERS: dict[str, Reader] = {
    "git": git,
    **{f"git-{name}": dashed(name) for name in (*SHOWING, *CHANGING, *READING)},
}
