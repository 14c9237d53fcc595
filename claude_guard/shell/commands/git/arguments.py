"""The words after a git subcommand: options, revisions, paths."""

import os
import re
from collections.abc import Iterable

from ....values import NamedTuple
from ...context import HOLE, Context
from . import pathspec
from .repository import Repository

VALUED = frozenset(
    "-n -S -G -O -L -l -I --max-count --skip --since --after --until --before --author --committer --grep"
    " --grep-reflog --date"
    " --glob --exclude --diff-filter --output --src-prefix --dst-prefix --line-prefix --inter-hunk-context"
    " --word-diff-regex"
    " --anchored --find-object --rotate-to --skip-to --decorate-refs --decorate-refs-exclude --encoding"
    " --ws-error-highlight".split()
)
"""Options of `log` and `diff` whose value may be the next word."""


class Arguments(NamedTuple):
    """options: each with its value, "" where it has none, in order. words: before `--`. paths: after it."""

    options: list[tuple[str, str]]
    words: list[str]
    paths: list[str]
    dashed: bool

    def given(self, *names: str) -> bool:
        return any(name in names for name, _ in self.options)

    def value(self, *names: str) -> str:
        return next((value for name, value in reversed(self.options) if name in names), "")

    def values(self, *names: str) -> list[str]:
        return [value for name, value in self.options if name in names and value]


def parse(words: list[str], valued: Iterable[str] = VALUED) -> Arguments:
    """valued: options that take a value, which may be attached to a short one."""
    takes = frozenset(valued)
    options: list[tuple[str, str]] = []
    plain: list[str] = []
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word == "--":
            return Arguments(options, plain, rest, True)
        if not word.startswith("-") or word == "-":
            plain.append(word)
        elif word.startswith("--"):
            name, equals, value = word.partition("=")
            if not equals and name in takes and rest:
                value = rest.pop(0)
            options.append((name, value))
        elif word[1:].isalpha() and len(word) > 2 and not (word[1] == "n" and "-n" in takes):
            for place, letter in enumerate(word[1:], 2):
                if f"-{letter}" in takes:
                    options.append((f"-{letter}", word[place:] or (rest.pop(0) if rest else "")))
                    break
                options.append((f"-{letter}", ""))
        elif word[:2] in takes:
            options.append((word[:2], word[2:] or (rest.pop(0) if rest else "")))
        else:
            options.append((word, ""))
    return Arguments(options, plain, [], False)


def object_path(word: str) -> str | None:
    """The path in `REV:path`, `:path` and `:0:path`; None where the word names no path in a tree."""
    if word.startswith(":"):
        rest = word[1:]
        if rest.startswith(("/", "(", "!", "^")) and not rest.startswith("/:"):
            depth = re.match(r":/.*[^:]:(.+)$", word)
            return depth.group(1) if depth and not rest.startswith(("(", "!", "^")) else None
        return rest[2:] if re.match(r"[0-3]:", rest) else rest
    bare = re.sub(r"\{[^}]*\}", lambda match: "x" * len(match.group()), word)
    place = bare.find(":")
    return word[place + 1 :] if place > 0 else None


def split(arguments: Arguments, context: Context, repository: Repository) -> tuple[list[str], list[str]]:
    """The revisions and the pathspecs. Without `--`, what exists is a path, what has wildcards or magic too, and all
    that follows one."""
    if arguments.dashed:
        return arguments.words, arguments.paths
    for place, word in enumerate(arguments.words):
        if pathspec.magical(word) or (HOLE not in word and word and exists(word, context, repository)):
            return arguments.words[:place], arguments.words[place:]
    return arguments.words, []


def exists(word: str, context: Context, repository: Repository) -> bool:
    if word.startswith(":/") and len(word) > 2:
        return context.world.kind(os.path.join(repository.root, word[2:])) is not None
    if object_path(word) is not None:
        return False
    return context.world.kind(os.path.join(repository.cwd, word)) is not None


ON = re.compile(
    r"-p$|-u$|-U\d*$|-[a-zA-Z]*p[a-zA-Z]*$|--patch|--unified|--binary$|--word-diff|--color-words|--check$"
    r"|--cc$|-c$|--remerge-diff"
    r"|--diff-merges|--ext-diff$|-L$|-W$|--function-context$"
)
FORMATS = re.compile(
    r"--(stat|numstat|shortstat|summary|raw|dirstat|name-only|name-status|compact-summary|cumulative"
    r"|dirstat-by-file)$|-X"
)
SILENT = ("-s", "--no-patch", "--quiet", "-q")


def patched(arguments: Arguments, default: bool) -> bool:
    """Whether the content of what changed is shown; default: without any option."""
    asked: bool | None = None
    formatted = False
    for name, value in arguments.options:
        if name in SILENT:
            asked = False
        elif name == "--diff-merges" and value in ("off", "none"):
            continue
        elif ON.match(name) and not (name in ("--ext-diff", "-W", "--function-context") and not default):
            asked = True
        elif FORMATS.match(name):
            formatted = True
    if asked is None:
        return default and not formatted
    return asked
