"""What git is asked about a repository, and what follows from its answer."""

import os
import re
import shlex
from collections.abc import Callable, Iterable

from ...context import Context, Exclusion
from .. import leaving
from . import pathspec
from .arguments import Arguments, exists
from .repository import LOCKS, Repository, ask, stirred

NAMES = ("--name-only", "-z", "--no-renames", "--no-ext-diff", "--no-textconv")
KEPT = re.compile(
    r"-\d+$|-n$|--(max-count|skip|since|after|until|before|author|committer|grep|all|branches|tags|remotes"
    r"|merges|no-merges"
    r"|first-parent|reverse|diff-filter|follow|invert-grep|all-match|root|walk-reflogs|cherry-pick"
    r"|left-right|left-only|right-only"
    r"|reflog|ancestry-path|topo-order|date-order|full-history|simplify-merges|fixed-strings|extended-regexp"
    r"|regexp-ignore-case|perl-regexp|glob|exclude|no-walk|do-walk|boundary|min-parents|max-parents"
    r"|full-diff|pickaxe-regex|pickaxe-all)$|-[SGigEFPcm]$"
)
"""Options that choose commits: they are asked with."""


def shown(context: Context, repository: Repository, *questions: tuple[str, ...] | None) -> list[str] | None:
    """The absolute paths that these questions name together; None where one of them has no answer."""
    found: dict[str, None] = {}
    for question in questions:
        if question == (REWRITTEN,):
            found.update(dict.fromkeys(rewritten(context, repository)))
            continue
        answer = None if question is None else ask(context, repository, *question)
        if answer is None:
            return None
        found.update(
            (os.path.join(repository.root, name.strip("\n")), None) for name in answer.split("\0") if name.strip("\n")
        )
    return list(found)


def say(
    context: Context,
    repository: Repository,
    paths: list[str] | None,
    keep: Callable[[str], bool],
    narrow: bool = False,
) -> None:
    """These paths of the history are read, or where they are not known every restricted one that `keep` selects.

    narrow: the command takes pathspecs, so that a path can be left out of what it shows. Where the script has changed
    the repository before, there may be more to leave out than can be told.
    """
    narrow = narrow and not any(stirred(context, repository, what) for what in LOCKS)
    for root in repository.proxies if paths is None else repository.roots():
        found = context.world.sensitive_objects(root) if paths is None else rooted(paths, repository, root)
        if found is None:
            context.opaque(f"what the history of `{root}` holds")
            continue
        for path in found:
            if keep(os.path.join(repository.root, os.path.relpath(path, root))):
                inside = os.path.relpath(path, root)
                if narrow:
                    left = Exclusion(leading(context, repository) + shlex.quote(excluding(inside)), -1)
                    context.read_object(path, exclude=lambda _, left=left: left)  # type: ignore[misc]
                else:
                    context.read_object(path)


def excluding(path: str) -> str:
    """A pathspec that leaves out a path relative to the top of the work tree."""
    return ":(exclude,top)" + leaving.veiled(path) if leaving.simple(path) else ":(exclude,top,literal)" + path


def leading(context: Context, repository: Repository) -> str:
    """What comes before a pathspec at the end of the command's words: `-- `, unless there are pathspecs already."""
    words = repository.words
    paths = any(pathspec.magical(word) or exists(word, context, repository) for word in words if word[:1] not in "-")
    return "" if "--" in words or paths else "-- "


def rooted(paths: list[str], repository: Repository, root: str) -> list[str]:
    """The paths as they would be below another root."""
    return [os.path.join(root, os.path.relpath(path, repository.root)) for path in paths]


def selector(words: Iterable[str], repository: Repository, always: Iterable[str] = ()) -> Callable[[str], bool]:
    return pathspec.matcher(words, repository.root, repository.cwd, always)


def dirty(context: Context, repository: Repository) -> tuple[tuple[str, ...], ...]:
    """Questions whose answers together hold whatever a commit of the work tree, as it is now, could change."""
    return ("diff", *NAMES, "HEAD"), ("ls-files", "-z", "--others", "--exclude-standard"), (REWRITTEN,)


REWRITTEN = "what this script wrote"
"""Stands for a question about the script itself: see `shown`."""


def rewritten(context: Context, repository: Repository) -> list[str]:
    """The files of the work tree that this script has written, but for those that git ignores."""
    written: tuple[str, ...] = getattr(context.world, "written", tuple)()
    inside = [path for path in written if path.startswith(repository.root + "/") and "/.git/" not in path]
    if not inside or stirred(context, repository, "forced"):
        return inside
    tracked = (ask(context, repository, "ls-files", "-z", "--full-name", "--", *inside) or "").split("\0")
    kept = {os.path.join(repository.root, name) for name in tracked if name}
    ignored = set((ask(context, repository, "check-ignore", "-z", "--", *inside) or "").split("\0"))
    return [path for path in dict.fromkeys((*kept, *inside)) if path in kept or path not in ignored]


def chosen(arguments: Arguments) -> list[str]:
    """The options that choose commits, as words."""
    words = []
    for name, value in arguments.options:
        if KEPT.match(name):
            words.append(name + ("=" if value and name.startswith("--") else "") + value)
    return words
