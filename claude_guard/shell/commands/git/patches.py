"""What shows differences: `diff`, `show`, `log -p`, `stash show`, `format-patch` and their relatives.

git itself is asked which paths a difference is about, by a question that names paths and shows nothing. Where
it cannot be
asked, or the script has moved what the question rests on, every restricted path of the history counts.
"""

import os
import re
from collections.abc import Callable, Iterable

from ...context import HOLE, Context
from .arguments import VALUED, Arguments, object_path, parse, patched, split
from .questions import NAMES, chosen, dirty, rewritten, say, selector, shown
from .repository import Repository, ask, stirred

HASH = re.compile(r"[0-9a-f]{4,40}$")
RANGE = re.compile(r"^(.*?)(\.\.\.?)(.*)$")


def blobs(context: Context, repository: Repository, words: Iterable[str]) -> list[str]:
    """Touches the words that name a file in a tree, and returns the others."""
    others = []
    for word in words:
        path = object_path(word)
        if HOLE in word:
            context.opaque("which object git shows") if path is None else context.read_object(HOLE)
        elif path is None:
            others.append(word)
        elif path and not path.endswith("/"):
            relative = path.startswith(("./", "../")) or path in (".", "..")
            start = os.path.relpath(repository.cwd, repository.root) if relative else ""
            for folder in folders(context, repository, word[: -len(path) - 1]):
                for root in repository.roots():
                    full = os.path.normpath(os.path.join(root, folder, start, path))
                    if context.world.kind(full) != "dir":
                        context.read_object(full)
    return others


def folders(context: Context, repository: Repository, revision: str) -> list[str]:
    """Where the tree of a revision is: at the top, or for the hash of a folder wherever the history has it."""
    kind = ask(context, repository, "cat-file", "-t", revision) if HASH.match(revision) else None
    if kind is None or kind.strip() != "tree":
        return [""]
    table = objects(context, repository)
    return [path for name, paths in table.items() if name.startswith(revision) for path in paths] or [""]


FEW = 4
"""So many hashes are asked about one by one; more of them are looked up in the list of all objects."""


def unnamed(context: Context, repository: Repository, words: Iterable[str]) -> list[str]:
    """Hashes of files: touches every path that holds one where git can tell, and returns the other words."""
    words = list(words)
    hashes = [word for word in words if HASH.match(word)]
    if len(hashes) > FEW:
        table = objects(context, repository)
        touched = {word for word in hashes if held(context, repository, word, table)}
        return [word for word in words if word not in touched]
    for word in hashes:
        kind = ask(context, repository, "cat-file", "-t", word)
        if kind is not None and kind.strip() == "blob":
            words.remove(word)
            if not held(context, repository, word, objects(context, repository)):
                context.opaque(f"which file `{word}` is")
    return words


def objects(context: Context, repository: Repository) -> dict[str, list[str]]:
    """Hash -> the paths that the history or the index has it at, as far as git can tell."""
    found: dict[str, list[str]] = {}
    for line in (ask(context, repository, "rev-list", "--objects", "--all") or "").splitlines():
        name, _, path = line.partition(" ")
        found.setdefault(name, []).append(path)
    for line in (ask(context, repository, "ls-files", "-s", "--full-name", ":/") or "").splitlines():
        entry, _, path = line.partition("\t")
        found.setdefault(entry.split(" ")[1], []).append(path)
    return found


def held(context: Context, repository: Repository, word: str, table: dict[str, list[str]]) -> bool:
    """Touches the files that have this hash, which may be cut short; whether there are any."""
    names = [word] if word in table else [name for name in table if name.startswith(word)]
    paths = [os.path.join(repository.root, path) for name in names for path in table[name] if path]
    files = [path for path in paths if context.world.kind(path) != "dir"]
    context.read_object(*files)
    return bool(files)


def diff(words: list[str], context: Context, repository: Repository, always: Iterable[str] = ()) -> None:
    arguments = parse(words)
    if arguments.given("--no-index") or outside(arguments, context, repository):
        files = arguments.words + arguments.paths
        for word in files:
            context.read_tree(word)
        return
    if not patched(arguments, default=True):
        return
    revisions, paths = split(arguments, context, repository)
    keep = selector(paths, repository, always)
    whole = len(revisions)
    revisions = unnamed(context, repository, blobs(context, repository, revisions))
    if whole == 1 and not revisions:
        context.read(*(os.path.join(repository.cwd, word) for word in paths))
    if revisions or not any(object_path(word) for word in arguments.words):
        compare(
            context,
            repository,
            revisions,
            keep,
            arguments.given("--cached", "--staged"),
            arguments.given("--merge-base"),
        )


def outside(arguments: Arguments, context: Context, repository: Repository) -> bool:
    """Whether `git diff A B` compares two files outside of any repository's care."""
    files = arguments.words + arguments.paths
    if len(files) != 2 or repository.folder == HOLE:
        return len(files) == 2
    inside = [os.path.normpath(os.path.join(repository.cwd, word)) for word in files]
    return any(
        not f"{path}/".startswith(repository.root + "/") and context.world.kind(path) is not None for path in inside
    )


def compare(
    context: Context,
    repository: Repository,
    revisions: list[str],
    keep: Callable[[str], bool],
    cached: bool = False,
    based: bool = False,
) -> None:
    """What `git diff` shows for these revisions."""
    moved = stirred(context, repository, "head") or stirred(context, repository, "tree")
    staged = stirred(context, repository, "index")
    questions: tuple[tuple[str, ...] | None, ...]
    base = ("--merge-base",) if based else ()
    if any(folders(context, repository, word) != [""] for word in revisions):
        questions = (None,)
    elif moved:
        questions = dirty(context, repository) if revisions in ([], ["HEAD~1"], ["HEAD^"]) else (None,)
        if stirred(context, repository, "tree"):
            questions = (None,)
    elif not revisions or cached:
        question = ("diff", *NAMES, *base, *(("--cached",) if cached else ()), *revisions)
        questions = (question, *dirty(context, repository)) if staged else (question,)
    elif len(revisions) == 1 and not RANGE.match(revisions[0]) and not revisions[0].endswith("^!"):
        questions = (("diff", *NAMES, *base, revisions[0]),)
        if staged:
            questions += dirty(context, repository)
    else:
        questions = (between(revisions, base),)
    paths = shown(context, repository, *questions)
    if paths is not None and not cached and questions[0] and questions[0][0] == "diff":
        paths += rewritten(context, repository)
    say(context, repository, paths, keep, narrow=True)


def between(revisions: list[str], base: tuple[str, ...] = ()) -> tuple[str, ...] | None:
    """The question for a difference of two commits or trees."""
    if len(revisions) == 1:
        word = revisions[0]
        if word.endswith("^!"):
            return ("diff-tree", "-r", *NAMES, word[:-1], word[:-2])
        match = RANGE.match(word)
        if match is None:
            return None
        left, dots, right = match.groups()
        ends = (left or "HEAD", right or "HEAD")
        return ("diff-tree", "-r", *(("--merge-base",) if dots == "..." else base), *NAMES, *ends)
    if len(revisions) == 2 and not any(word.startswith("^") for word in revisions):
        return ("diff-tree", "-r", *base, *NAMES, *revisions)
    return None


def walk(
    context: Context,
    repository: Repository,
    arguments: Arguments,
    revisions: list[str],
    keep: Callable[[str], bool],
    paths: Iterable[str] = (),
    extra: tuple[str, ...] = (),
    narrow: bool = True,
) -> None:
    """What the patches of these commits show. narrow: the command takes pathspecs."""
    options = chosen(arguments)
    if stirred(context, repository, "tree") or any(value == HOLE for value in revisions):
        say(context, repository, None, keep, narrow)
        return
    merges = ("-m",) if arguments.given("-m", "-c", "--cc", "--remerge-diff", "--diff-merges", "--dd") else ()
    limits = ("--", *(paths if repository.place == repository.cwd else ()))
    question = ("log", "--format=", *NAMES, *merges, *extra, *options, *revisions, *(limits if len(limits) > 1 else ()))
    questions: tuple[tuple[str, ...], ...] = (question,)
    if stirred(context, repository, "head"):
        questions += dirty(context, repository)
        if revisions not in ([], ["HEAD"], ["@"]):
            say(context, repository, None, keep, narrow)
            return
    if arguments.given("--full-diff"):
        keep = selector((), repository)
    say(context, repository, shown(context, repository, *questions), keep, narrow)


def log(words: list[str], context: Context, repository: Repository, always: Iterable[str] = ()) -> None:
    arguments = parse(words)
    lines = arguments.values("-L")
    for value in lines:
        path = value.rpartition(":")[2]
        context.read_object(os.path.join(repository.cwd, path) if path else HOLE)
    if not patched(arguments, default=False) or (lines and not split(arguments, context, repository)[1]):
        return
    revisions, paths = split(arguments, context, repository)
    revisions = blobs(context, repository, revisions)
    keep = selector(paths, repository, always)
    if arguments.given("--follow"):
        keep = selector((), repository)
    walk(context, repository, arguments, revisions, keep, () if any(always) else paths)


def show(words: list[str], context: Context, repository: Repository, always: Iterable[str] = ()) -> None:
    arguments = parse(words)
    revisions, paths = split(arguments, context, repository)
    commits = unnamed(context, repository, blobs(context, repository, revisions))
    if not patched(arguments, default=True) or (revisions and not commits):
        return
    ranged = any(".." in word or word.startswith("^") for word in commits) or arguments.given(
        "--all", "--branches", "--tags"
    )
    extra = () if ranged else ("--no-walk", "-c")
    keep = selector(paths, repository, always)
    if not commits and not ranged and stirred(context, repository, "head"):
        extra = ()
        arguments = arguments._replace(options=[("-1", "")])
    walk(context, repository, arguments, commits, keep, (), extra)


def stash(words: list[str], context: Context, repository: Repository, always: Iterable[str] = ()) -> None:
    """`git stash show`."""
    arguments = parse(words)
    shows = arguments._replace(options=[option for option in arguments.options if option[0] != "-u"])
    if not patched(shows, default=False):
        return
    revisions, paths = split(arguments, context, repository)
    entry = revisions[0] if revisions else "stash@{0}"
    entry = f"stash@{{{entry}}}" if entry.isdigit() else entry
    questions: tuple[tuple[str, ...] | None, ...] = (("diff-tree", "-r", *NAMES, f"{entry}^1", entry),)
    if arguments.given("-u", "--include-untracked", "--only-untracked"):
        questions += (("ls-tree", "-r", "--name-only", "-z", f"{entry}^3"),)
    if stirred(context, repository, "tree"):
        questions = (None,)
    elif stirred(context, repository, "index") or stirred(context, repository, "head"):
        questions = dirty(context, repository)
    say(context, repository, shown(context, repository, *questions), selector(paths, repository, always))


def format_patch(words: list[str], context: Context, repository: Repository, always: Iterable[str] = ()) -> None:
    valued = VALUED - {"-I"} | {
        "-o",
        "--output-directory",
        "--start-number",
        "-v",
        "--reroll-count",
        "--to",
        "--cc",
        "--base",
    }
    arguments = parse(words, valued | {"--subject-prefix", "--signature-file", "--suffix", "--in-reply-to", "--from"})
    revisions, paths = split(arguments, context, repository)
    revisions = blobs(context, repository, revisions)
    counted = any(re.match(r"-\d+$|-n$|--max-count$", name) for name, _ in arguments.options)
    if len(revisions) == 1 and ".." not in revisions[0] and not counted and not arguments.given("--root"):
        revisions = [f"{revisions[0]}..HEAD"]
    walk(context, repository, arguments, revisions, selector(paths, repository, always), paths)


def diff_tree(words: list[str], context: Context, repository: Repository, always: Iterable[str] = ()) -> None:
    raw(words, context, repository, always, "diff-tree")


def raw(words: list[str], context: Context, repository: Repository, always: Iterable[str] = (), name: str = "") -> None:
    """`diff-tree`, `diff-index`, `diff-files`."""
    arguments = parse(words)
    if not patched(arguments, default=False):
        return
    revisions, paths = split(arguments, context, repository)
    keep = selector(paths, repository, always)
    revisions = unnamed(context, repository, blobs(context, repository, revisions))
    if name == "diff-tree" and (len(revisions) < 2 or arguments.given("--stdin")):
        if arguments.given("--stdin"):
            say(context, repository, None, keep, narrow=True)
        else:
            walk(context, repository, arguments, revisions, keep, (), ("--no-walk", "-m"))
        return
    compare(context, repository, revisions, keep, arguments.given("--cached"))
