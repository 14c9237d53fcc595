"""Other names of a path: a folder that is mounted at a second place shows its files there too, and a mask on a path
covers that path alone."""

from __future__ import annotations

import os

from ..values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TABLE = "/proc/self/mountinfo"

SIGNS = (("\\", "\\134"), (" ", "\\040"), ("\t", "\\011"), ("\n", "\\012"))
"""What the table writes otherwise, the backslash first."""


class Mount(NamedTuple):
    """One line of proc_pid_mountinfo(5): which folder `root` of which device is shown at `place`; both without a slash
    at the end."""

    device: str
    root: str
    place: str


def read(text: str) -> list[Mount]:
    """The mounts in a table, in the order in which they were made, without those that nothing else could show too."""
    found = []
    for line in text.splitlines():
        fields = line.split(" ", 5)
        if len(fields) == 6 and not fields[4].startswith(("/proc/", "/sys/", "/dev/")):
            found.append(Mount(fields[2], plain(fields[3]), plain(fields[4])))
    return found


def others(path: str, mounts: list[Mount]) -> Iterator[str]:
    """Where else an absolute, real path may be seen."""
    home = None
    for mount in mounts:
        if (path + "/").startswith(mount.place + "/") and len(mount.place) >= (len(home.place) if home else 0):
            home = mount
    if home is None:
        return
    inside = home.root + path[len(home.place) :]
    for mount in mounts:
        if mount.device == home.device and mount != home and (inside + "/").startswith(mount.root + "/"):
            yield mount.place + inside[len(mount.root) :]


def seen(paths: Iterable[str]) -> dict[str, list[str]]:
    """Path -> its other names, for those of the paths that have any on this machine."""
    mounts = read(_table())
    devices = [mount.device for mount in mounts]
    several = [mount for mount in mounts if devices.count(mount.device) > 1]
    if not any(_share(one, other) for one in several for other in several):
        return {}
    found: dict[str, list[str]] = {}
    for path in paths:
        for other in others(path, mounts):
            try:
                same = other != path and os.path.samestat(os.lstat(path), os.lstat(other))
            except OSError:
                continue
            if same:
                found.setdefault(path, []).append(other)
    return found


def _table() -> str:
    """The table of this process, "" where there is none."""
    text = b""
    try:
        file = os.open(TABLE, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return ""
    try:
        while part := os.read(file, 1 << 16):
            text += part
    finally:
        os.close(file)
    return os.fsdecode(text)


def _share(one: Mount, other: Mount) -> bool:
    """Whether the one mount shows something that the other shows too."""
    return one.device == other.device and one != other and (one.root + "/").startswith(other.root + "/")


def plain(field: str) -> str:
    """A path, out of the table."""
    if "\\" in field:
        for sign, code in SIGNS[::-1]:
            field = field.replace(code, sign)
    return field.rstrip("/")


def escaped(path: str) -> str:
    """A path as the table has it."""
    for sign, code in SIGNS:
        path = path.replace(sign, code)
    return path
