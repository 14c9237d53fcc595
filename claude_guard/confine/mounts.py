"""Other names of a path: a folder that is mounted at a second place shows its files there too, and a mask on a path
covers that path alone."""

from __future__ import annotations

import os

from ..values import NamedTuple
from . import kernel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TABLE = "/proc/self/mountinfo"

SIGNS = (("\n", "\\012"), ("\t", "\\011"), (" ", "\\040"), ("\\", "\\134"))
"""What the table writes otherwise, the backslash last: it is what the others begin with."""


class Mount(NamedTuple):
    """One line of proc_pid_mountinfo(5): which folder `root` of which device is shown at `place`, with what options; both
    paths without a slash at the end."""

    device: str
    root: str
    place: str
    options: str


def table() -> list[Mount]:
    """The mounts that this process sees, in the order in which they were made; none where there is no table."""
    return read(kernel.told(TABLE))


def read(text: str) -> list[Mount]:
    """The mounts in a table."""
    lines = (line.split(" ", 6) for line in text.splitlines())
    return [Mount(fields[2], plain(fields[3]), plain(fields[4]), fields[5]) for fields in lines if len(fields) == 7]


def below(folder: str, mounts: list[Mount]) -> list[Mount]:
    """The mounts below a folder that can be seen: nothing is mounted over them or above them later."""
    found: list[Mount] = []
    for mount in mounts:
        if mount.place.startswith(folder + "/"):
            found = [one for one in found if not f"{one.place}/".startswith(mount.place + "/")]
            found.append(mount)
    return found


def holding(path: str, mounts: list[Mount]) -> Mount | None:
    """The mount that an absolute, real path lies on."""
    found = None
    for mount in mounts:
        if (path + "/").startswith(mount.place + "/") and (found is None or len(mount.place) >= len(found.place)):
            found = mount
    return found


def others(path: str, mounts: list[Mount]) -> Iterator[str]:
    """Where else an absolute, real path may be seen."""
    home = holding(path, mounts)
    if home is None:
        return
    inside = home.root + path[len(home.place) :]
    for mount in mounts:
        if mount.device == home.device and mount != home and (inside + "/").startswith(mount.root + "/"):
            yield mount.place + inside[len(mount.root) :]


def seen(paths: Iterable[str], mounts: list[Mount]) -> dict[str, list[str]]:
    """Path -> its other names, for those of the paths that have any."""
    mounts = [mount for mount in mounts if not mount.place.startswith(("/proc/", "/sys/", "/dev/"))]  # of no files
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


def _share(one: Mount, other: Mount) -> bool:
    """Whether the one mount shows something that the other shows too."""
    return one.device == other.device and one != other and (one.root + "/").startswith(other.root + "/")


def plain(field: str) -> str:
    """A path, out of the table."""
    if "\\" in field:
        for sign, code in SIGNS:
            field = field.replace(code, sign)
    return field.rstrip("/")
