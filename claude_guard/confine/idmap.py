"""Where placeholders lie; and those that not even root can open: their folder is shown under other owners.

Root's CAP_DAC_OVERRIDE counts only for a file whose owner the user namespace knows. An id-mapped mount
(mount_setattr(2), Linux 5.12; on tmpfs 6.3) can show files of root as files of nobody: then their mode 000
holds for root too. The mount is made in a mount namespace of this process alone, and what is
bound from it keeps its owners.
"""

from __future__ import annotations

import os

from ..values import NamedTuple
from . import libc
from .folder import private

MEMORY = "/dev/shm"
"""A file system in memory, for root where the guard's cache lies on one that cannot show other owners."""

NOBODYS = "1 0 1"
"""The namespace's map: files of user 1 are shown as root's, and those of everybody else, root too, as nobody's."""


class Place(NamedTuple):
    """Where placeholders lie. folder: where they are made; shown: where they are bound from; devices: they are device
    nodes (see `bwrap.py`)."""

    folder: str
    shown: str
    devices: bool = False


def place(cache: str, root: bool) -> Place:
    """Where the placeholders of a call lie. cache: a folder of the guard's own, absolute; root: whether the effective
    user is 0: then this process gets mounts of its own, where the machine allows it. Raises OSError."""
    usual = cache + "/masks"
    os.makedirs(usual, 0o700, exist_ok=True)
    if not root:
        return Place(usual, usual)
    shown = cache + "/shown"
    os.makedirs(shown, 0o700, exist_ok=True)
    for folder in filter(None, (usual, private(MEMORY, "masks"))):
        os.chmod(folder, 0o711)  # nobody's, as it is shown, and root has to pass; the folder above is closed
        if show(folder, shown):
            return Place(folder, shown)
    os.makedirs(cache + "/devices", 0o700, exist_ok=True)
    return Place(cache + "/devices", cache + "/devices", True)


def kind(cache: str) -> str:
    """What masks are on this machine, in words: looked at in a process of its own."""
    if os.geteuid() != 0:
        return "files that cannot be opened"
    child = os.fork()
    if child == 0:
        try:
            os._exit(int(place(cache, True).devices))
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    return (
        "devices that cannot be opened: `test -f` fails for root" if status else "files of nobody that root cannot open"
    )


def show(folder: str, place: str) -> bool:
    """Shows the folder `folder` at `place`, a folder too, with everything in it owned by nobody and not to be changed;
    whether that could be done. Nothing is different outside this process and those that it starts.
    """
    try:
        known = _namespace()
    except OSError:
        return False
    try:
        libc.alone()
        libc.mapped(folder, place, known)
    except OSError:
        return False
    finally:
        os.close(known)
    return True


def _namespace() -> int:
    """A descriptor of a user namespace with the map. Raises OSError."""
    ready, done = os.pipe()
    hold, release = os.pipe()
    holder = os.fork()
    if holder == 0:
        try:
            os.close(release)
            libc.unshare(libc.CLONE_NEWUSER)
            for name, text in (("setgroups", b"deny"), ("uid_map", NOBODYS.encode()), ("gid_map", NOBODYS.encode())):
                descriptor = os.open(f"/proc/self/{name}", os.O_WRONLY)
                os.write(descriptor, text)
            os.write(done, b".")
            os.read(hold, 1)
        finally:
            os._exit(0)
    os.close(done)
    os.close(hold)
    try:
        if not os.read(ready, 1):
            raise OSError("no user namespace")
        return os.open(f"/proc/{holder}/ns/user", os.O_RDONLY | os.O_CLOEXEC)
    finally:
        os.close(ready)
        os.close(release)
        os.waitpid(holder, 0)
