"""Runs git for commands behind the masks: outside them, where it sees files as they are.

Behind the masks `shim.py` stands in git's place and sends each call here with its words, environment, working directory
and descriptors. Each call gets a process of its own, in which `gitcall.py` judges it, runs git and answers.
"""

from __future__ import annotations

import os

from . import folder, shim
from .bwrap import Bind

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from typing import Protocol

    from .namespace import Space
    from .profile import Profile
    from .pump import Pump, Stream
else:
    import _socket as socket

    Protocol = object

FAILED = 128 << 8
"""The wait status of a git that ended with its own code for "fatal"."""


class Judge(Protocol):
    """What says which calls of git are run."""

    def why_not(self, words: list[str], cwd: str, places: dict[str, str]) -> str:
        """Why a command is not run, "" where it may be. words: with `git`; places: variables that say which
        repository it is about."""

    def tracked(self, top: str) -> tuple[str, ...] | None:
        """The restricted files that the repository of a work tree holds in some revision; None where that is not
        known."""

    def renewed(self) -> Profile:
        """What the command is kept from, as things are now."""


class Broker:
    """One launcher's broker. runtime: the folder below which each call has one; judge: see `Judge`; stream: makes an output
    filter; through: the words that run a shell's text behind the masks; python: the interpreter for the shim; bound:
    whether `binds` puts the shim in git's place: else it is the `git` of a folder that comes first on PATH."""

    def __init__(
        self,
        runtime: str,
        judge: Judge,
        stream: Callable[[], Stream],
        through: tuple[str, ...],
        python: str,
        bound: bool = True,
    ) -> None:
        folder.sweep(runtime)
        self.folder = folder.make(runtime)
        self.judge = judge
        self.stream = stream
        self.through = through
        self.git = _found("git")
        self.pipes: frozenset[int] = frozenset()
        self.handlers: set[int] = set()
        self.closed = False  # whether object stores are hidden from what runs behind the masks
        self.space: Space | None = None
        self.server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.server.bind(self.folder + "/socket")
        self.server.listen(64)
        self.shim = self.folder + "/git"
        self.real = self.folder + "/real" if bound else self.git
        descriptor = os.open(self.shim, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o755)
        os.write(descriptor, os.fsencode(shim.text(python, self.folder + "/socket", self.real)))
        os.close(descriptor)
        if self.real.startswith(self.folder):
            os.close(os.open(self.real, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o755))

    def binds(self) -> tuple[Bind, ...]:
        """What puts the shim in git's place, and the real git where the shim finds it."""
        if not self.git:
            return ()
        shown = (Bind(self.git, self.real),) if self.real.startswith(self.folder) else ()
        twin = _twin(self.git)
        return (*shown, Bind(self.shim, self.git), *((Bind(self.shim, twin),) if twin else ()))

    def watch(self, pump: Pump) -> None:
        """Serves while `pump` runs."""
        self.pipes = frozenset(os.fstat(source).st_ino for source in pump.open) - {0}
        pump.watch(self.server.fileno(), lambda: self._accept(pump))

    def hold(self, space: Space) -> None:
        """Keeps hold of the namespaces of the command that is served, which has just been started."""
        self.space = space

    def _cover(self) -> bool:
        """Masks what git has put in place; whether all of it is masked."""
        if self.space is None:
            return True
        from .cover import again

        return again(self.space, self.judge.renewed())

    def hand_over(self, process: int) -> None:
        """Lets this call's folder belong to a copy of this process."""
        folder.hand_over(self.folder, process)

    def close(self) -> None:
        """Removes this call's folder."""
        self._reap()
        folder.remove(self.folder)

    def _accept(self, pump: Pump) -> None:
        client, _ = self.server._accept()  # type: ignore[attr-defined]
        self._reap()
        handler = os.fork()
        if handler:
            self.handlers.add(handler)
            os.close(client)
            return
        status = FAILED
        try:
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, client)
            try:
                for source in pump.open:
                    os.close(source)
                self.server.close()
                from .gitcall import Call

                call = Call(self)
                status = call.serve(connection)
                if call.wrote and not self._cover():
                    os.write(2, b"claude-guard: restricted files that git put in place could not be masked\n")
                    status = FAILED
            finally:
                connection.sendall(status.to_bytes(4, "little"))
        finally:
            os._exit(0)

    def _reap(self) -> None:
        """Takes leave of handlers that have ended; those of the process that this one was copied from are not ours."""
        running = set()
        for handler in self.handlers:
            try:
                if os.waitpid(handler, os.WNOHANG) == (0, 0):
                    running.add(handler)
            except ChildProcessError:
                continue
        self.handlers = running


def _twin(git: str) -> str:
    """The copy of git's program that lies among its own parts and is no link to it; "" where there is none."""
    for path in ("/usr/lib/git-core/git", "/usr/libexec/git-core/git"):
        try:
            if os.lstat(path).st_size == os.stat(git).st_size and not os.path.islink(path):
                return path
        except OSError:
            continue
    return ""


def _found(program: str) -> str:
    for place in os.environ.get("PATH", os.defpath).split(":"):
        path = f"{place}/{program}"
        if place.startswith("/") and os.access(path, os.X_OK):
            return os.path.realpath(path)
    return ""
