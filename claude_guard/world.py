"""The live machine, as the capabilities that reading a call needs.

Whatever cannot be found out is None or "", never a guess: the reader turns that into an opaque touch.
"""

from __future__ import annotations

import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal, Protocol

    Kind = Literal["file", "dir", "other"]
else:
    Protocol = object
    Kind = str


class World(Protocol):
    """What a reader of calls and scripts may ask of the machine. Nothing here changes the machine."""

    @property
    def cwd(self) -> str:
        """The working folder, absolute."""

    @property
    def home(self) -> str:
        """The person's home folder."""

    @property
    def environment(self) -> Mapping[str, str]:
        """The environment variables that a command would start with."""

    def kind(self, path: str) -> Kind | None:
        """What a path leads to, links followed; None where nothing is there or it cannot be told."""

    def realpath(self, path: str) -> str:
        """The path with links and `..` resolved as the kernel would; a missing tail is kept as spelled."""

    def listdir(self, path: str) -> list[str] | None:
        """The names in a folder, sorted; None where it cannot be listed."""

    def text(self, path: str, limit: int = 1_000_000) -> str | None:
        """A file's text, for scripts and lists that a command names; None where it cannot be read, is not a
        regular file, is longer than `limit` bytes, or is restricted (the guard itself shows nothing either)."""

    def sensitive(self, root: str) -> tuple[str, ...] | None:
        """The paths at and below `root` that the policy does not let out, absolute and sorted, folders without
        what lies in them; None where that cannot be told in time."""

    def sensitive_objects(self, repository: str) -> tuple[str, ...] | None:
        """The paths that the policy does not let out and that some revision of the repository at this work tree
        holds, absolute as if checked out there; None where that cannot be told in time."""


class Machine:
    """The real machine. `sensitive` and `sensitive_objects` come from the policy: see `judge.py`."""

    def __init__(self, cwd: str, home: str = "", environment: Mapping[str, str] | None = None) -> None:
        self.cwd = cwd
        self.home = home or os.path.expanduser("~")
        self.environment = os.environ if environment is None else environment

    def kind(self, path: str) -> Kind | None:
        try:
            mode = os.stat(path).st_mode
        except (OSError, ValueError):
            return None
        if stat.S_ISREG(mode):
            return "file"
        return "dir" if stat.S_ISDIR(mode) else "other"

    def realpath(self, path: str) -> str:
        try:
            return os.path.realpath(path)
        except (OSError, ValueError):
            return path

    def listdir(self, path: str) -> list[str] | None:
        try:
            return sorted(os.listdir(path))
        except (OSError, ValueError):
            return None

    def text(self, path: str, limit: int = 1_000_000) -> str | None:
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except (OSError, ValueError):
            return None
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode) or status.st_size > limit:
                return None
            with open(descriptor, "rb", closefd=False) as file:
                return file.read(limit).decode("utf-8", "surrogateescape")
        except OSError:
            return None
        finally:
            os.close(descriptor)
