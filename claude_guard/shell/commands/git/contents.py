"""What takes whole files out of a repository: `cat-file`, `grep`, `archive`, `blame`, `bundle`, `worktree add`
and the like."""

import os
from collections.abc import Callable, Iterable

from ...context import HOLE, Context
from . import pathspec
from .arguments import VALUED, object_path, parse, split
from .patches import blobs, folders, unnamed, walk
from .questions import say, selector, shown
from .repository import LOCKS, Repository, absolute, ask, stirred

Always = Iterable[str]
TREES = ("ls-tree", "-r", "--name-only", "-z", "--full-tree")


def at(
    context: Context, repository: Repository, revision: str, keep: Callable[[str], bool], narrow: bool = False
) -> None:
    """The files of one tree that `keep` selects are read."""
    prefix = object_path(revision)
    moved = stirred(context, repository, "head") or stirred(context, repository, "tree")
    narrow = narrow and _whole(context, repository, revision)
    if not moved and folders(context, repository, revision) != [""]:
        say(context, repository, None, keep, narrow)
        return
    paths = None if moved else shown(context, repository, (*TREES, revision or "HEAD"))
    if paths is not None and prefix:
        inside = os.path.join(repository.root, prefix.strip("/"))
        paths = [os.path.join(inside, os.path.relpath(path, repository.root)) for path in paths]
    say(context, repository, paths, keep, narrow)


def _whole(context: Context, repository: Repository, revision: str) -> bool:
    """Whether a revision is a commit: the pathspecs for a folder's tree, `HEAD:docs`, are relative to that folder."""
    return (
        HOLE not in revision
        and ask(context, repository, "rev-parse", "--verify", "-q", f"{revision or 'HEAD'}^{{commit}}") is not None
    )


def cat_file(words: list[str], context: Context, repository: Repository, always: Always = ()) -> None:
    arguments = parse(words, ("--filter", "--path"))
    if arguments.given("-t", "-s", "-e", "--batch-check") and not arguments.given("--batch", "--batch-command", "-p"):
        return
    if arguments.given("--batch", "--batch-command"):
        form = arguments.value("--batch", "--batch-command")
        if context.stdin is None or arguments.given("--batch-all-objects"):
            say(context, repository, None, selector((), repository))
            return
        lines = [line for line in context.stdin.splitlines() if line.strip()]
        if arguments.given("--batch-command"):
            lines = [line.split()[-1] for line in lines]
        elif "%(rest)" in form or HOLE in form:
            lines = [line.split()[0] for line in lines]
        inspect(context, repository, lines)
        return
    names = arguments.words + arguments.paths
    typed = not arguments.given("-p", "--textconv", "--filters")
    inspect(context, repository, names[1:] if typed else names)


def inspect(context: Context, repository: Repository, words: list[str]) -> None:
    """These objects are shown whole; a commit or a folder is only listed."""
    others = unnamed(context, repository, blobs(context, repository, words))
    if others and not repository.place:
        say(context, repository, None, selector((), repository))


GREP = frozenset(
    "-e -f -m -A -B -C --max-count --max-depth --threads --after-context --before-context --context --file"
    " --parent-basename"
    " --color-match".split()
)


def grep(words: list[str], context: Context, repository: Repository, always: Always = ()) -> None:
    arguments = parse(words, GREP)
    for value in arguments.values("-f", "--file"):
        context.read(value)
    pager = next(
        (value or name[2:] for name, value in arguments.options if name.startswith(("-O", "--open-files"))), ""
    )
    if pager.strip():
        context.run(pager)
    rest = arguments._replace(words=arguments.words if arguments.given("-e", "-f", "--file") else arguments.words[1:])
    revisions, paths = split(rest, context, repository)
    chosen = any(not pathspec.parse(word, repository.root, repository.cwd, always).exclude for word in paths)
    keep = selector(paths if chosen or not inside(repository) else [repository.cwd, *paths], repository, always)
    if arguments.given("--no-index") or repository.folder == HOLE:
        for word in paths or ["."]:
            context.read_tree(word, keep if any(path.startswith(":") for path in paths) else None)
        return
    if revisions:
        for revision in revisions:
            if HOLE in revision or ask(context, repository, "rev-parse", "--verify", "-q", revision) is None:
                say(context, repository, None, keep)
            else:
                at(context, repository, revision, keep, narrow=True)
        return
    if arguments.given("--untracked"):
        context.read_tree(repository.root, lambda path: keep(path) and "/.git/" not in path)
    say(
        context,
        repository,
        shown(context, repository, ("ls-files", "-z", "--full-name", top(repository))),
        keep,
        narrow=True,
    )


def inside(repository: Repository) -> bool:
    return repository.cwd.startswith(repository.root + "/")


def top(repository: Repository) -> str:
    """The word for the whole work tree that `ls-files` understands in any folder of it."""
    return ":/"


def archive(words: list[str], context: Context, repository: Repository, always: Always = ()) -> None:
    arguments = parse(words, ("-o", "--output", "--prefix", "--format", "--remote", "--exec", "--add-file", "--mtime"))
    if arguments.given("--list", "-l"):
        return
    for value in arguments.values("--add-file"):
        context.read(value)
    revision, paths = arguments.words[:1], arguments.words[1:] + arguments.paths
    at(context, repository, revision[0] if revision else "HEAD", selector(paths, repository, always), narrow=True)
    for value in arguments.values("-o", "--output"):
        context.write(value)


def blame(words: list[str], context: Context, repository: Repository, always: Always = ()) -> None:
    arguments = parse(words, ("-L", "-S", "--contents", "--ignore-rev", "--ignore-revs-file", "--date", "-M", "-C"))
    for value in arguments.values("--contents", "--ignore-revs-file", "-S"):
        context.read(value)
    _, paths = split(arguments, context, repository)
    for word in paths or arguments.words[-1:]:
        context.read_object(os.path.join(repository.cwd, word))


def checkout_index(words: list[str], context: Context, repository: Repository, always: Always = ()) -> None:
    arguments = parse(words, ("--prefix", "--stage"))
    if not (arguments.given("--prefix", "--temp") or repository.elsewhere):
        return
    names = arguments.words + arguments.paths
    if arguments.given("--stdin") and context.stdin is not None:
        names += context.stdin.split("\0" if arguments.given("-z") else "\n")
    elif arguments.given("-a", "--all", "--stdin") or not names:
        paths = (
            None
            if arguments.given("--stdin")
            else shown(context, repository, ("ls-files", "-z", "--full-name", top(repository)))
        )
        say(context, repository, paths, selector((), repository))
    context.read_object(*(os.path.join(repository.cwd, word) for word in names if word))


def checkout(words: list[str], context: Context, repository: Repository, always: Always = ()) -> None:
    """Where files are put into another work tree than the repository's own: `--work-tree=/tmp checkout`."""
    arguments = parse(words, ("-b", "-B", "-s", "--source", "--conflict", "--pathspec-from-file", "-c", "-C"))
    if repository.elsewhere:
        paths = [word for word in arguments.words if word != "HEAD"] if not arguments.dashed else arguments.paths
        keep = (
            selector(paths, repository._replace(cwd=repository.root), always)
            if arguments.dashed
            else selector((), repository)
        )
        say(context, repository, None, keep)


def bundle(words: list[str], context: Context, repository: Repository, always: Always = ()) -> None:
    if words[:1] == ["create"]:
        arguments = parse(words[1:])
        for word in arguments.words[:1]:
            if word != "-":
                context.write(word)
        walk(
            context,
            repository,
            arguments,
            arguments.words[1:] + arguments.paths,
            selector((), repository),
            (),
            ("-m", "--root"),
            narrow=False,
        )
    else:
        context.read(*(word for word in words[1:2] if not word.startswith("-")))


def export(words: list[str], context: Context, repository: Repository, always: Always = ()) -> None:
    """`fast-export`: the first commit of a range comes with all its files."""
    arguments = parse(words, VALUED | {"--export-marks", "--import-marks"})
    if not arguments.given("--no-data"):
        _, paths = split(arguments, context, repository)
        say(context, repository, None, selector(paths, repository, always))


def pack(words: list[str], context: Context, repository: Repository, always: Always = ()) -> None:
    """`pack-objects`, `unpack-file`, `range-diff` and the like: whatever they are given."""
    say(context, repository, None, selector((), repository))


def range_diff(words: list[str], context: Context, repository: Repository, always: Always = ()) -> None:
    arguments = parse(words)
    revisions, paths = split(arguments, context, repository)
    if len(revisions) == 3:
        revisions = [f"{revisions[0]}..{revisions[1]}", f"{revisions[0]}..{revisions[2]}"]
    keep = selector(paths, repository, always)
    for revision in revisions:
        for one in revision.replace("...", "\n").split("\n") if "..." in revision else [revision]:
            walk(context, repository, arguments._replace(options=[]), [one], keep, (), ("-m",))


def merge_tree(words: list[str], context: Context, repository: Repository, always: Always = ()) -> None:
    arguments = parse(words, ("--merge-base", "--strategy-option", "-X"))
    if len(arguments.words) == 3:
        base, *sides = arguments.words
        questions = (("diff-tree", "-r", "--name-only", "-z", "--no-renames", base, side) for side in sides)
        say(context, repository, shown(context, repository, *questions), selector((), repository))


def unpack(words: list[str], context: Context, repository: Repository, always: Always = ()) -> None:
    """`unpack-file`."""
    inspect(context, repository, words)


def worktree(words: list[str], context: Context, repository: Repository, always: Always = ()) -> None:
    """`worktree add` copies files to another place: that shows nothing where they are as restricted there."""
    arguments = parse(words[1:], ("-b", "-B", "--reason"))
    if words[:1] != ["add"]:
        return
    for word in arguments.words[:1]:
        context.write(word)
    if arguments.given("--no-checkout", "-n", "--orphan"):
        return
    revision = (arguments.words[1:2] or ["HEAD"])[0]
    place = absolute((arguments.words[:1] or [HOLE])[0], repository.cwd)
    restricted = None if HOLE in place else context.world.sensitive_objects(repository.root)
    copied = getattr(context.world, "copied", None)
    if restricted is None or copied is None or not repository.own:
        at(context, repository, revision, selector((), repository))
        return
    travels = _travels(context, repository, revision)
    loose = {
        path
        for path in restricted
        if not copied(path, os.path.join(place, os.path.relpath(path, repository.root)), repository.root, travels)
    }
    if not loose:
        return
    moved = stirred(context, repository, "head") or stirred(context, repository, "tree")
    there = None if moved else shown(context, repository, (*TREES, revision))
    for path in sorted(loose if there is None else loose.intersection(there)):
        copy = os.path.join(place, os.path.relpath(path, repository.root))
        way = "`--no-checkout`, or a `.claude/guard.toml` that is committed"
        context.read_object(path, because=f"no rule restricts its copy at `{copy}`; {way}, would do")


def _travels(context: Context, repository: Repository, revision: str) -> bool:
    """Whether the project's policy is part of a revision as it is in the work tree."""
    folder = os.path.join(repository.root, ".claude")
    stir = any(stirred(context, repository, what) for what in LOCKS)
    if stir or context.world.kind(folder + "/guard.local.toml") is not None:
        return False
    named = ask(context, repository, "ls-tree", "--full-tree", "--name-only", revision, "--", ".claude/guard.toml")
    differs = ask(context, repository, "diff", "--name-only", revision, "--", ":/.claude/guard.toml")
    return bool(named) and differs == ""


def clone(words: list[str], context: Context, repository: Repository, always: Always = ()) -> None:
    valued = "-b --branch -o --origin -u --upload-pack --reference --reference-if-able --separate-git-dir"
    valued += (
        " --depth --shallow-since -c --shallow-exclude --config --server-option -j --jobs --filter"
        " --template --bundle-uri --recurse-submodules"
    )
    arguments = parse(words, (*valued.split(), "--ref-format"))
    for value in arguments.values("-u", "--upload-pack"):
        context.run(value)
    names = arguments.words + arguments.paths
    if not names:
        return
    source = names[0].removeprefix("file://")
    context.write(names[1] if len(names) > 1 else os.path.basename(source.rstrip("/")).removesuffix(".git") or ".")
    if source.startswith("ext::") or HOLE in source:
        context.opaque("what this clone takes from where")
    elif arguments.given("-n", "--no-checkout", "--bare", "--mirror"):
        return
    elif context.world.kind(os.path.join(repository.cwd, source)) is not None:
        from .repository import find

        there = find(context, os.path.normpath(os.path.join(repository.cwd, source)), "", "")
        at(context, there, arguments.value("-b", "--branch") or "HEAD", selector((), there))
