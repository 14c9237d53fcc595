"""A small recording `Context` over a real folder: what a reader says, as words.

Touches are spelled `read:PATH`, relative to the fixture where they lie in it. Scripts that a reader runs are split
on `;`, `&&` and `|` and their words by `shlex`: enough for what readers hand on.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module

from claude_guard.shell import inline
from claude_guard.shell.commands.table import TABLE
from claude_guard.shell.context import HOLE, Exclude, Exclusion
from claude_guard.world import Machine, World


class Fixture(Machine):
    """A folder in which some paths are restricted."""

    def __init__(self, root: str, restricted: Iterable[str], environment: Mapping[str, str] | None = None) -> None:
        super().__init__(root, os.path.join(root, "home"), environment or {})
        self.restricted = tuple(sorted(os.path.join(root, path) for path in restricted))

    def text(self, path: str, limit: int = 1_000_000) -> str | None:
        return None if path in self.restricted else super().text(path, limit)

    def sensitive(self, root: str) -> tuple[str, ...] | None:
        return tuple(path for path in self.restricted if path == root or path.startswith(root.rstrip("/") + "/"))

    def sensitive_objects(self, repository: str) -> tuple[str, ...] | None:
        return self.sensitive(repository)


class Recorder:
    """The `Context` of one command; `said` is the list that all of its children share."""

    def __init__(
        self, world: World, stdin: str | None = None, piped: bool = False, said: list[str] | None = None
    ) -> None:
        self.world = world
        self.cwd = world.cwd
        self.variables = dict(world.environment)
        self.stdin = stdin
        self.piped = piped or stdin is not None
        self.said: list[str] = [] if said is None else said
        self.depth = 0

    def path(self, word: str) -> str:
        return os.path.normpath(os.path.join(self.cwd, word))

    def say(self, kind: str, words: Iterable[str]) -> None:
        for word in words:
            if HOLE in word:
                if kind in ("read", "execute", "tree"):
                    self.opaque(f"which file `{word.replace(HOLE, '?')}` is")
                continue
            self.said.append(f"{kind}:{os.path.relpath(self.path(word), self.world.cwd)}")

    def read(self, *words: str) -> None:
        self.say("read", words)

    def write(self, *words: str) -> None:
        self.say("write", words)

    def list(self, *words: str) -> None:
        self.say("list", words)

    def execute(self, *words: str) -> None:
        self.say("execute", words)

    def given(self, exclusions: Mapping[str, Exclusion]) -> None:
        """Where the words of a command stand is the walk's knowledge."""

    def read_tree(self, word: str, keep: Callable[[str], bool] | None = None, exclude: Exclude | None = None) -> None:
        if HOLE in word:
            self.say("tree", [word])
            return
        root = self.path(word)
        if self.world.kind(root) != "dir":
            if keep is None or keep(root):
                self.say("read", [word])
            return
        for path in self.world.sensitive(root) or ():
            if keep is None:
                self.say("read", [path])
            else:
                inner = [os.path.join(folder, name) for folder, _, names in os.walk(path) for name in names] or [path]
                self.say("read", [one for one in inner if keep(one)])

    def read_object(self, *words: str, because: str = "", exclude: Exclude | None = None) -> None:
        self.say("object", words)

    def read_objects(self, repository: str, keep: Callable[[str], bool] | None = None) -> None:
        self.say("objects", [repository])

    def variable(self, *names: str) -> None:
        self.said += [f"variable:{name}" for name in names]

    def environment(self) -> None:
        self.said.append("environment")

    def opaque(self, what: str) -> None:
        self.said.append("opaque:" + what.replace(HOLE, "?"))

    def run(self, script: str, arguments: Iterable[str] = (), name: str = "bash") -> str | None:
        if script == HOLE:
            self.opaque("what it runs")
            return None
        output: str | None = None
        for part in re.split(r";|&&|\|\||\n", script):
            output = None
            for command in part.split("|"):
                words = shlex.split(command)
                output = self.call(words, output) if words else None
        return output

    def call(self, argv: list[str], stdin: str | None = None) -> str | None:
        while argv and "=" in argv[0] and argv[0].split("=")[0].isidentifier():
            argv = argv[1:]
        if not argv:
            return None
        if HOLE in argv[0]:
            self.opaque("which program runs")
            return None
        inner = Recorder(self.world, stdin, said=self.said)
        inner.depth = self.depth + 1
        assert inner.depth < 30, argv
        return reader(argv[0])(argv, inner)

    def program(self, language: str, text: str, arguments: Iterable[str] = ()) -> None:
        inline.read(language, text, arguments, self)


def reader(name: str) -> Callable[[list[str], Recorder], str | None]:
    family = TABLE.get(name.rpartition("/")[2])
    if family is None:
        return unknown
    found: Callable[[list[str], Recorder], str | None] = import_module(f"claude_guard.shell.commands.{family}").READERS[
        name.rpartition("/")[2]
    ]
    return found


def unknown(argv: list[str], context: Recorder) -> None:
    context.read(*argv[1:])
    context.opaque(f"what the program `{argv[0]}` reads")


def said(command: str, world: World, stdin: str | None = None, piped: bool = False) -> list[str]:
    """What the reader of one command says of it; `?` in a word is an undetermined part."""
    context = Recorder(world, stdin, piped)
    argv = [word.replace("?", HOLE) for word in shlex.split(command)]
    reader(argv[0])(argv, context)
    return context.said


def printed(command: str, world: World, stdin: str | None = None) -> str | None:
    """What the reader of one command computes as its output."""
    argv = shlex.split(command)
    return reader(argv[0])(argv, Recorder(world, stdin))
