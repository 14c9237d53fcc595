"""One call of git for a command behind the masks, in a process of its own.

The call is judged again, now that its words are known. Then git runs with the launcher's environment; its output
goes through the output filter, unless it goes where the filter already stands; its hooks and the editors and commands
named in its words run behind the masks again. A repository's own configuration is somebody's text: a setting that lets
git run a program is refused.
"""

from __future__ import annotations

import os
import stat

from . import gitbatch, gitwords, namespace
from .client import quote
from .pump import Channel, Pump

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator, Mapping

    from .broker import Broker

ALONE = 0xFFFFFFFF
"""The answer that sends a call to the real git behind the masks."""

FAILED = 128 << 8
"""The wait status of a git that ended with its own code for "fatal"."""

GITLINK = (0o160000).to_bytes(4, "big")
"""How an index says that a path is a repository of its own."""

LIMIT = 8_000_000  # bytes of one request

INPUT = 64_000_000  # bytes of standard input that are looked through before git gets them


class Call:
    """broker: of the launcher's call, in this copy of its process."""

    def __init__(self, broker: Broker) -> None:
        self.git = broker.git
        self.folder = broker.folder
        self.judge = broker.judge
        self.stream = broker.stream
        self.through = broker.through
        self.pipes = broker.pipes
        self.closed = broker.closed
        self.wrote = False  # whether git may have written to a work tree

    def serve(self, connection: socket.socket) -> int:
        """Reads the request and runs it; the wait status to answer with, or ALONE."""
        head, ancillary, _, _ = connection.recvmsg(8, 1024)
        given = ancillary[0][2] if ancillary else b""
        descriptors = memoryview(given).cast("i").tolist()
        size = int.from_bytes(head, "little")
        if len(descriptors) != 3 or not 0 < size < LIMIT:
            return FAILED
        text = b""
        while len(text) < size:
            part = connection.recv(min(1 << 16, size - len(text)))
            if not part:
                return FAILED
            text += part
        parts = [os.fsdecode(part) for part in text.split(b"\0")[:-1]]
        cwd, count = parts[0], int(parts[1])
        words = parts[2 : 2 + count]
        environment = dict(part.split("=", 1) for part in parts[2 + count :] if "=" in part)
        for number, descriptor in enumerate(descriptors):
            os.dup2(descriptor, number)
            os.close(descriptor)
        try:
            os.chdir(cwd)
        except OSError:
            return ALONE
        return self._run(words, environment, connection)

    def _run(self, given: list[str], asked: Mapping[str, str], connection: socket.socket) -> int:
        words = gitwords.split(given)
        if self._alone(words):
            return ALONE
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        environment |= gitwords.kept(asked)
        settings = self._settings(words, environment)
        words, shell = _expanded(words, settings)
        if shell and self.closed:
            return self._shell(shell, words, environment, connection)
        if shell or self._alone(words):
            return ALONE
        if words.verb == "var":  # it tells what would be run, and runs nothing
            environment |= {name: asked[name] for name in gitwords.TOLD if name in asked}
        else:
            self._programs(environment, asked, {key: value for _, key, value in settings})
            environment["GIT_PAGER"] = "cat"
        again, why = self._again(settings, environment)
        places = {name: environment[name] for name in gitwords.PLACES if name in environment}
        command = ["git", *words.options, words.verb, *words.rest]
        why = gitwords.refused(words) or self._shut(words) or why or self.judge.why_not(command, os.getcwd(), places)
        if why and words.verb == "checkout-index" and "--stdin" in words.rest:
            names = (self._input() or ".").replace("\0", "\n").split("\n")
            rest = [word for word in words.rest if word not in ("--stdin", "-z")]
            command = ["git", *words.options, words.verb, *rest, "--", *filter(None, names)]
            why = self.judge.why_not(command, os.getcwd(), places)
        if not why and gitwords.mailed(words):
            why = self._mails(words, places)
        if why and gitbatch.suits(words):
            return self._batch(words, environment, connection)
        if why:
            os.write(2, os.fsencode(f"claude-guard: `git {words.verb}` is not run: {why}\n"))
            return FAILED
        index, folder = self._places(words, environment)
        why = self._nested(words, environment, index)
        if why:
            os.write(2, os.fsencode(f"claude-guard: `git {words.verb}` is not run: {why}\n"))
            return FAILED
        own = again
        if words.verb not in gitwords.TELLS:
            hooks = "/dev/null" if words.verb in gitwords.LOOKS else self._hooks(folder)
            own += ["-c", "core.hooksPath=" + hooks]
        words = gitwords.sent_back(words, self.through)
        command = [self.git, *words.options, *own, words.verb, *words.rest]
        if not words.verb:
            command = [self.git, *words.options]
        self.wrote = words.verb in gitwords.PLACING
        return self._carried(command, environment, connection)

    def _alone(self, words: gitwords.Words) -> bool:
        return gitwords.behind(words) and not (self.closed and (gitwords.stored(words) or gitwords.shut(words)))

    def _shut(self, words: gitwords.Words) -> str:
        return gitwords.shut(words) if self.closed else ""

    def _shell(self, text: str, words: gitwords.Words, environment: dict[str, str], connection: socket.socket) -> int:
        """Runs the shell's text that an alias stands for as git does, at the top of the work tree; behind masks."""
        asked = ["rev-parse", "--show-toplevel", "--show-prefix"]
        top, prefix, *_ = *_said([self.git, *words.options, *asked], environment).split("\n"), "", ""
        if top:
            os.chdir(top)
            environment["GIT_PREFIX"] = prefix
        return self._carried([*self.through, f'{text} "$@"', *words.rest], environment, connection)

    def _mails(self, words: gitwords.Words, places: dict[str, str]) -> str:
        """Why the patches on standard input are not applied; they are read here, and given to git from a file."""
        from ..shell.commands.diff import copied

        text = self._input()
        if text is None:
            return "there is more on standard input than is looked through: name a file"
        for name in copied(text):
            why = self.judge.why_not(["git", *words.options, "show", f":{name}"], os.getcwd(), places)
            if why:
                return why
        return ""

    def _input(self) -> str | None:
        """What stands on standard input, which git gets all the same; None where there is too much of it."""
        data = bytearray()
        while part := os.read(0, 1 << 20):
            data += part
            if len(data) > INPUT:
                return None
        place = f"{self.folder}/input.{os.getpid()}"
        with open(place, "xb") as file:
            file.write(data)
        held = os.open(place, os.O_RDONLY | os.O_CLOEXEC)
        os.unlink(place)
        os.dup2(held, 0)
        os.close(held)
        return os.fsdecode(bytes(data))

    def _batch(self, words: gitwords.Words, environment: dict[str, str], connection: socket.socket) -> int:
        """Shows the objects that standard input names, but for the contents of restricted files."""
        git = [self.git, *words.options, "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false"]
        top = _said([*git, "rev-parse", "--show-toplevel"], environment).rstrip("\n")
        paths = self.judge.tracked(top) if top else None
        try:
            if paths is None:
                raise ValueError("it is not known which objects are restricted files")
            restricted = gitbatch.Restricted(git, top, paths, environment)
        except ValueError as error:
            os.write(2, os.fsencode(f"claude-guard: `git cat-file` is not run: {error}\n"))
            return FAILED
        asked, into = os.pipe()
        if os.fork() == 0:
            connection.close()
            os.close(asked)
            restricted.carry(0, into)
        os.close(into)
        os.dup2(asked, 0)
        os.close(asked)
        return self._carried([*git, words.verb, *words.rest], environment, connection)

    def _carried(self, command: list[str], environment: dict[str, str], connection: socket.socket) -> int:
        """Runs git, its output filtered where that is still to be done; ends it when the one who asked is gone."""
        channels: list[Channel] = []
        descriptors: dict[int, int] = {}
        for number in (1, 2):
            status = os.fstat(number)
            if stat.S_ISFIFO(status.st_mode) and status.st_ino in self.pipes:
                continue
            if stat.S_ISCHR(status.st_mode):
                continue
            if number == 2 and 1 in descriptors and os.path.samestat(status, os.fstat(1)):
                descriptors[2] = descriptors[1]
                continue
            source, descriptors[number] = os.pipe()
            channels.append(Channel(source, number, self.stream()))
        actions = [(os.POSIX_SPAWN_DUP2, end, number) for number, end in descriptors.items()]
        child = os.posix_spawn(command[0], command, environment, file_actions=actions, setsigdef=namespace.IGNORED)
        for end in set(descriptors.values()):
            os.close(end)
        pump = Pump(channels)

        def gone() -> None:
            os.kill(child, 15)
            pump.forget(connection.fileno())

        pump.watch(connection.fileno(), gone)
        status_ = pump.until(child)
        if pump.open and os.fork() == 0:
            connection.close()
            pump.drain()
            os._exit(0)
        return status_

    def _settings(self, words: gitwords.Words, environment: dict[str, str]) -> list[tuple[str, str, str]]:
        """The configuration in force, as (scope, key, value)."""
        said = _said([self.git, *words.options, "config", "--null", "--list", "--show-scope"], environment)
        parts = said.split("\0")
        return [(scope, *_pair(pair)) for scope, pair in zip(parts[::2], parts[1::2], strict=False)]

    def _again(self, settings: list[tuple[str, str, str]], environment: dict[str, str]) -> tuple[list[str], str]:
        """The options that name programs of the configuration again, behind the masks; and why a command is not run."""
        options = []
        for scope, key, value in self._named(settings, environment):
            text = gitwords.behind_masks(value, self.through)
            if key in gitwords.STAND_INS:
                environment.setdefault(gitwords.STAND_INS[key], text)
            elif gitwords.overridden(key):
                options += ["-c", f"{key}={text}"]
            else:
                return [], _outside(scope, key)
        return options, ""

    def _named(
        self, settings: list[tuple[str, str, str]], environment: dict[str, str]
    ) -> Iterator[tuple[str, str, str]]:
        """The settings that let git run something and are not the person's own, what counts most first."""
        own = {"system"} if environment.get("HOME") != os.environ.get("HOME") else {"system", "global"}
        if "GIT_CONFIG_GLOBAL" in environment or "XDG_CONFIG_HOME" in environment:
            own.discard("global")
        for scope, key, value in reversed(settings):
            if scope not in own and gitwords.executes(key, value):
                yield scope, key, value

    def _programs(self, environment: dict[str, str], asked: Mapping[str, str], settings: Mapping[str, str]) -> None:
        """Has the programs that variables name, and every editor, run behind the masks."""
        named = {name: asked.get(name, "") for name in gitwords.PROGRAMS}
        named["GIT_SEQUENCE_EDITOR"] = named["GIT_SEQUENCE_EDITOR"] or settings.get("sequence.editor", "")
        dumb = environment.get("TERM", "dumb") == "dumb"  # there git starts no editor of its own choice
        places = [place for place in gitwords.EDITORS if place != "VISUAL" or not dumb]
        editors = [asked.get(place, "") or settings.get(place, "") for place in places]
        named["GIT_EDITOR"] = next(filter(None, editors), "" if dumb else "vi")
        for name in ("VISUAL", "EDITOR"):
            environment.pop(name, None)
        for name, value in named.items():
            if value == os.environ.get(name) and name not in ("GIT_EDITOR", "GIT_SEQUENCE_EDITOR"):
                environment[name] = value  # as the session began
            elif value:
                own = value in gitwords.HARMLESS
                environment[name] = value if own else gitwords.behind_masks(value, self.through)

    def _places(self, words: gitwords.Words, environment: dict[str, str]) -> tuple[str, str]:
        """The index file and the hooks folder of the repository, absolute; "" where there is none."""
        asked = ["rev-parse", "--git-path", "index", "--git-path", "hooks"]
        said = _said([self.git, *words.options, *asked], environment).split("\n")
        base = os.getcwd()
        for option, value in zip(words.options, words.options[1:], strict=False):
            base = os.path.join(base, value) if option == "-C" else base
        return (os.path.join(base, said[0]), os.path.join(base, said[1])) if len(said) > 2 else ("", "")

    def _nested(self, words: gitwords.Words, environment: dict[str, str], index: str) -> str:
        """Why repositories inside this one forbid the command: git goes into them with their own configuration."""
        try:
            with open(index, "rb") as file:
                if GITLINK not in file.read():
                    return ""
        except OSError:
            return ""
        options = [self.git, *words.options]
        top = _said([*options, "rev-parse", "--show-toplevel"], environment).rstrip("\n")
        for entry in _said([self.git, "-C", top, "ls-files", "--stage", "-z"], environment).split("\0"):
            if not entry.startswith("160000 "):
                continue
            inside = f"{top}/{entry.partition(chr(9))[2]}"
            if not os.path.lexists(inside + "/.git"):
                continue
            settings = self._settings(gitwords.Words(("-C", inside), "", ()), environment)
            for scope, key, _ in self._named(settings, environment):
                return f"in `{inside}`, {_outside(scope, key)}"
            _, hooks = self._places(gitwords.Words(("-C", inside), "", ()), environment)
            if _executables(hooks) and (words.verb == "submodule" or "--recurse-submodules" in words.rest):
                return f"the hooks of `{inside}` would run outside the mask"
        return ""

    def _hooks(self, folder: str) -> str:
        """A folder with a stand-in for each hook that there is; each runs the hook behind the masks."""
        names = _executables(folder)
        if not names:
            return "/dev/null"
        stands = f"{self.folder}/hooks.{os.getpid()}"
        os.makedirs(stands, 0o700)
        quoted = " ".join(map(quote, self.through))
        for name in names:
            hook = quote(f'{quote(folder + "/" + name)} "$@"')
            with open(f"{stands}/{name}", "w", encoding="utf-8", errors="surrogateescape") as file:
                file.write(f'#!/bin/sh\nexec {quoted} {hook} "$@"\n')
            os.chmod(f"{stands}/{name}", 0o700)
        return stands


def _outside(scope: str, key: str) -> str:
    return f"`{key}` in the {scope} configuration names a program that would run outside the mask"


def _executables(folder: str) -> list[str]:
    try:
        return [
            entry.name
            for entry in os.scandir(folder or "/dev/null")
            if not entry.name.endswith(".sample") and entry.is_file() and os.access(entry.path, os.X_OK)
        ]
    except OSError:
        return []


def _expanded(words: gitwords.Words, settings: list[tuple[str, str, str]]) -> tuple[gitwords.Words, str]:
    """The words with an alias written out; and the shell's text that it stands for instead, or ""."""
    for _ in range(8):
        value = next((value for _, key, value in reversed(settings) if key == f"alias.{words.verb.lower()}"), "")
        if not value:
            return words, ""
        if value.startswith("!"):
            return words, value[1:]
        import shlex

        try:
            inner = gitwords.split(shlex.split(value))
        except ValueError:
            return words, "false"  # git says what is wrong with such an alias, and runs nothing
        words = gitwords.Words((*words.options, *inner.options), inner.verb, (*inner.rest, *words.rest))
    return words, "false"


def _pair(text: str) -> tuple[str, str]:
    key, _, value = text.partition("\n")
    return key, value


def _said(command: list[str], environment: dict[str, str]) -> str:
    """What a short command prints on standard output; "" where it fails."""
    return os.fsdecode(gitbatch.said(command, environment) or b"")
