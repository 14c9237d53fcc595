"""git's commands that change a repository, talk to another, or answer without showing content."""

import os
from collections.abc import Callable, Iterable

from ...context import HOLE, Context
from .. import diff
from . import patches, questions
from .arguments import parse
from .repository import Repository, ask, find, stir

Always = Iterable[str]


def named_files(valued: str, *, operands: bool = False) -> Callable[..., None]:
    """A reader of a command that reads the files which these options name, and its operands too where it says so."""

    def read(words: list[str], context: Context, repository: Repository, always: Always = ()) -> None:
        names = valued.split()
        arguments = parse(
            words, (*names, "-m", "--message", "-C", "-c", "--author", "--date", "--cleanup", "-S", "-s", "-X")
        )
        files = arguments.values(*names)
        context.read(*(word for word in files if word != "-"))
        if operands:
            context.read(*(word for word in arguments.words + arguments.paths if word != "-"))

    return read


def applied(*, mails: bool = False) -> Callable[..., None]:
    """A reader of `apply` or, where `mails` says so, of `am`: what a patch copies comes out under another name. `am` takes
    it out of the index."""

    def read(words: list[str], context: Context, repository: Repository, always: Always = ()) -> None:
        arguments = parse(
            words, ("-p", "-C", "--directory", "--include", "--exclude", "--patch-format", "--whitespace")
        )
        files = [word for word in arguments.words + arguments.paths if word != "-"]
        context.read(*files)
        texts = [context.world.text(context.path(word)) if HOLE not in word else None for word in files]
        if not files and (context.piped or context.stdin is not None):
            texts.append(context.stdin)
        for text in texts:
            if text is not None:
                names = [os.path.join(repository.root, name) for name in diff.copied(text)]
                context.read(*names)
                if mails:
                    context.read_object(*names)
            elif (mails or not files) and context.world.sensitive_objects(repository.root) != ():
                context.opaque("what the patch copies")

    return read


def index(words: list[str], context: Context, repository: Repository, always: Always = ()) -> None:
    """`add`, `rm`, `mv`, `reset PATH`: what is staged changes; nothing is shown, but by `-p`."""
    arguments = parse(words, ("--pathspec-from-file", "--chmod"))
    context.read(*(value for value in arguments.values("--pathspec-from-file") if value != "-"))
    if arguments.given("-p", "--patch", "-e", "--edit"):
        patches.diff([], context, repository, always)
    stir(context, repository, "index")
    if arguments.given("-f", "--force", "--cacheinfo", "--index-info"):
        names = [os.path.join(repository.cwd, word) for word in arguments.words + arguments.paths]
        if names and all(HOLE not in name and context.world.kind(name) == "file" for name in names):
            context.write(*names)
            stir(context, repository, "forced")
        else:
            stir(context, repository, "tree")


def staged(words: list[str], context: Context, repository: Repository) -> None:
    """Notes that these words were moved or taken out of the index, as a whole where a restricted path is among them."""
    known = context.world.sensitive_objects(repository.root)
    keep = questions.selector(words, repository)
    harmless = words and known is not None and not any(keep(path) for path in known)
    stir(context, repository, "index" if harmless else "tree")


def move(words: list[str], context: Context, repository: Repository, always: Always = ()) -> None:
    """`git mv` is `mv`, and staged."""
    context.call(
        ["mv", *(word for word in words if word not in ("-k", "-v", "-n", "--verbose", "--dry-run", "--sparse"))]
    )
    stir(context, repository, "index")


def remove(words: list[str], context: Context, repository: Repository, always: Always = ()) -> None:
    arguments = parse(words, ("--pathspec-from-file",))
    context.read(*(value for value in arguments.values("--pathspec-from-file") if value != "-"))
    if not arguments.given("--cached"):
        context.write(*(os.path.join(repository.cwd, word) for word in arguments.words + arguments.paths))
    staged(arguments.words + arguments.paths, context, repository)


def commit(words: list[str], context: Context, repository: Repository, always: Always = ()) -> None:
    valued = "-m --message -F --file -t --template -C -c --reuse-message --reedit-message --fixup --squash"
    valued += " --author --date --cleanup"
    arguments = parse(words, (*valued.split(), "--pathspec-from-file", "--trailer"))
    files = arguments.values("-F", "--file", "-t", "--template", "--pathspec-from-file")
    context.read(*(word for word in files if word != "-"))
    if arguments.given("-v", "--verbose") and arguments.given("--dry-run"):
        patches.diff(["HEAD"], context, repository, always)
    if arguments.given("-p", "--patch"):
        patches.diff([], context, repository, always)
    if not arguments.given("--dry-run"):
        stir(context, repository, "head")


def status(words: list[str], context: Context, repository: Repository, always: Always = ()) -> None:
    if any(word in ("-v", "-vv", "--verbose") for word in words):
        patches.diff(["HEAD"], context, repository, always)


def checkout(words: list[str], context: Context, repository: Repository, always: Always = ()) -> None:
    """`checkout`, `switch`, `restore`, `reset`, `merge` and whatever else moves HEAD or fills the work tree."""
    from . import contents

    if any(word in ("-p", "--patch") for word in words):
        patches.diff([word for word in words if not word.startswith("-")], context, repository, always)
    contents.checkout(words, context, repository, always)
    if not any(word in ("--abort", "--quit") for word in words):
        stir(context, repository, "tree")


def read_tree(words: list[str], context: Context, repository: Repository, always: Always = ()) -> None:
    """`read-tree`; with `--prefix` another tree's files come to lie under other names."""
    from . import contents

    arguments = parse(words, ("--prefix", "--index-output", "--exclude-per-directory"))
    if arguments.given("--prefix"):
        for word in arguments.words:
            contents.at(context, repository, word, questions.selector((), repository))
    checkout(words, context, repository, always)


def reset(words: list[str], context: Context, repository: Repository, always: Always = ()) -> None:
    arguments = parse(words, ("--pathspec-from-file",))
    context.read(*(value for value in arguments.values("--pathspec-from-file") if value != "-"))
    if arguments.given("-p", "--patch"):
        patches.diff(["HEAD"], context, repository, always)
    if arguments.dashed or not (arguments.words or arguments.given("--hard", "--soft", "--mixed", "--merge", "--keep")):
        stir(context, repository, "index")
    else:
        stir(context, repository, "tree")


def restore(words: list[str], context: Context, repository: Repository, always: Always = ()) -> None:
    """`restore` and `checkout -- PATH`: what is in the work tree comes from the index or a commit."""
    from . import contents

    if any(word in ("-p", "--patch") for word in words):
        patches.diff([], context, repository, always)
    contents.checkout(words, context, repository, always)
    sources = any(word.startswith(("-s", "--source", "--staged", "-S")) for word in words)
    stir(context, repository, "tree" if sources and "--staged" not in words else "index")


def rebase(words: list[str], context: Context, repository: Repository, always: Always = ()) -> None:
    arguments = parse(words, ("-x", "--exec", "--onto", "-s", "--strategy", "-X", "--strategy-option", "-C", "-S"))
    for value in arguments.values("-x", "--exec"):
        context.run(value)
    if arguments.given("--show-current-patch"):
        questions.say(context, repository, None, questions.selector((), repository))
    if not arguments.given("--abort", "--quit"):
        stir(context, repository, "tree")


def stash(words: list[str], context: Context, repository: Repository, always: Always = ()) -> None:
    verb = words[0] if words and not words[0].startswith("-") else "push"
    rest = words[1:] if words and not words[0].startswith("-") else words
    if verb == "show":
        patches.stash(rest, context, repository, always)
    elif verb == "list":
        patches.log(["-g", "-m", "--first-parent", *rest, "refs/stash"], context, repository, always)
    elif verb in ("pop", "apply", "branch"):
        stir(context, repository, "tree")
    elif verb in ("push", "save"):
        if any(word in ("-p", "--patch") for word in rest):
            patches.diff([], context, repository, always)
        given = parse(rest, ("-m", "--message", "--pathspec-from-file"))
        stir(context, repository, "tree" if given.words + given.paths and verb == "push" else "index")


def reflog(words: list[str], context: Context, repository: Repository, always: Always = ()) -> None:
    if words[:1] in (["expire"], ["delete"], ["exists"]):
        return
    patches.log(["-g", *(words[1:] if words[:1] == ["show"] else words)], context, repository, always)


def remote(words: list[str], context: Context, repository: Repository, always: Always = ()) -> None:
    """`fetch`, `pull`, `push`, `ls-remote`: programs that they are given run."""
    arguments = parse(
        words, ("--upload-pack", "--receive-pack", "--exec", "-o", "--push-option", "--depth", "-j", "--jobs")
    )
    for value in arguments.values("--upload-pack", "--receive-pack", "--exec"):
        context.run(value)
    if any(word.startswith("ext::") for word in arguments.words):
        context.opaque("what an `ext::` remote runs")


def fetch(words: list[str], context: Context, repository: Repository, always: Always = ()) -> None:
    """`fetch` and `pull`; from a folder on this machine it is a copy of what the repository there holds."""
    from . import contents

    remote(words, context, repository)
    arguments = parse(words, ("--upload-pack", "-o", "--depth", "-j", "-X", "-s"))
    for word in arguments.words[:1]:
        source = os.path.join(repository.cwd, word.removeprefix("file://"))
        if HOLE not in source and context.world.kind(source) == "dir":
            there = find(context, os.path.normpath(source), "", "")
            if there.root != repository.root or repository.folder == HOLE:
                contents.at(context, there, (arguments.words[1:2] or ["HEAD"])[0], questions.selector((), there))
    stir(context, repository, "tree")


def submodule(words: list[str], context: Context, repository: Repository, always: Always = ()) -> None:
    rest = [word for word in words if not word.startswith("-")]
    if rest[:1] == ["foreach"]:
        context.run(" ".join(rest[1:]))
    elif rest[:1] == ["summary"]:
        return


def bisect(words: list[str], context: Context, repository: Repository, always: Always = ()) -> None:
    if words[:1] == ["run"]:
        context.call(words[1:])
    elif words[:1] in (["view"], ["visualize"]):
        patches.log(words[1:], context, repository, always)
    if words[:1] not in (["log"], ["view"], ["visualize"], ["terms"]):
        stir(context, repository, "tree")


def filters(words: list[str], context: Context, repository: Repository, always: Always = ()) -> None:
    """`filter-branch`: every `--*-filter` is shell."""
    for place, word in enumerate(words[:-1]):
        if (word.startswith("--") and word.endswith("-filter")) or word == "--setup":
            context.run(words[place + 1])
    stir(context, repository, "tree")


def difftool(words: list[str], context: Context, repository: Repository, always: Always = ()) -> None:
    arguments = parse(words, ("-x", "--extcmd", "-t", "--tool"))
    for value in arguments.values("-x", "--extcmd"):
        context.run(value)
    skip = ("-x", "--extcmd", "-t", "--tool", "-d", "--dir-diff", "-y", "--no-prompt", "--prompt", "-g", "--gui")
    rest = [name + (f"={value}" if value else "") for name, value in arguments.options if name not in skip]
    tail = ["--", *arguments.paths] if arguments.dashed else []
    patches.diff([*rest, *arguments.words, *tail], context, repository, always)


def hash_object(words: list[str], context: Context, repository: Repository, always: Always = ()) -> None:
    arguments = parse(words, ("-t", "--path"))
    names = arguments.words + arguments.paths
    context.read(*names)
    if arguments.given("--stdin-paths"):
        if context.stdin is None:
            context.opaque("which files `git hash-object` reads")
        else:
            context.read(*(line for line in context.stdin.splitlines() if line))


def credential(words: list[str], context: Context, repository: Repository, always: Always = ()) -> None:
    """What a credential helper would print is read from where git keeps it."""
    if words[:1] in (["fill"], ["get"]):
        context.read(os.path.join(context.world.home, ".git-credentials"))


def request_pull(words: list[str], context: Context, repository: Repository, always: Always = ()) -> None:
    arguments = parse(words, ())
    if arguments.given("-p"):
        ends = arguments.words[2:3] or ["HEAD"]
        patches.compare(
            context,
            repository,
            [f"{word}...{ends[0]}" for word in arguments.words[:1]],
            questions.selector((), repository),
        )


def answer(name: str, words: list[str], context: Context, repository: Repository) -> str | None:
    """What a question about names and hashes prints, where git can be asked now."""
    if any(HOLE in word for word in words) or repository.folder == HOLE:
        return None
    from .repository import stirred

    if any(stirred(context, repository, what) for what in ("index", "head", "tree")):
        return None
    if name == "log" and not any(
        word.startswith(("--format=%h", "--format=%H", "--pretty=%h", "--pretty=%H")) for word in words
    ):
        return None
    if name in ("diff", "diff-tree") and "--name-only" not in words:
        return None
    return ask(context, repository, name, *words)


def hashed(words: list[str], context: Context, repository: Repository) -> str | None:
    """What `hash-object` prints for files whose text is known."""
    arguments = parse(words, ("-t", "--path"))
    if arguments.options and any(name not in ("-w", "--no-filters") for name, _ in arguments.options):
        return None
    from hashlib import sha1

    lines = []
    for word in arguments.words + arguments.paths:
        text = None if HOLE in word else context.world.text(os.path.join(repository.cwd, word))
        if text is None:
            return None
        data = text.encode("utf-8", "surrogateescape")
        lines.append(sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest() + "\n")
    return "".join(lines)
