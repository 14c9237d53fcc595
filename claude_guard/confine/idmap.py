"""Where placeholders lie; and those that not even root can open: their folder is shown under other owners.

Root's CAP_DAC_OVERRIDE counts only for a file whose owner the user namespace knows. An id-mapped mount
(mount_setattr(2), Linux 5.12; on tmpfs 6.3) can show files of root as files of nobody: then their mode 000
holds for root too. The mount is made nowhere, put into the command's namespace alone (`namespace.py`), and what is
bound from it keeps its owners.
"""

from __future__ import annotations

import os

from ..values import NamedTuple
from . import libc
from .folder import private

MEMORY = "/dev/shm"
"""A file system in memory, for root where the guard's cache lies on one that cannot show other owners."""

NOBODYS = b"1 0 1"
"""The namespace's map: files of user 1 are shown as root's, and those of everybody else, root too, as nobody's."""


class Place(NamedTuple):
    """Where placeholders lie. folder: where they are made; shown: where they are bound from; devices: they are device
    nodes (see `bwrap.py`); tree: a descriptor of the mount that belongs at `shown`, -1 where none does."""

    folder: str
    shown: str
    devices: bool = False
    tree: int = -1


def place(cache: str, owners: Owners | None) -> Place:
    """Where the placeholders of a call lie. cache: a folder of the guard's own, absolute; owners: for root. Raises
    OSError."""
    usual = cache + "/masks"
    os.makedirs(usual, 0o700, exist_ok=True)
    if owners is None:
        return Place(usual, usual)
    shown = cache + "/shown"
    os.makedirs(shown, 0o700, exist_ok=True)
    try:
        known = owners.namespace()
    except OSError:
        known = -1
    for folder in filter(None, (usual, private(MEMORY, "masks"))) if known >= 0 else ():
        os.chmod(folder, 0o711)  # nobody's, as it is shown, and root has to pass; the folder above is closed
        try:
            return Place(folder, shown, tree=libc.tree(folder, known))
        except OSError:
            continue
    os.makedirs(cache + "/devices", 0o700, exist_ok=True)
    return Place(cache + "/devices", cache + "/devices", True)


def kind(cache: str) -> str:
    """What masks are on this machine, in words."""
    if os.geteuid() != 0:
        return "files that cannot be opened"
    found = place(cache, Owners())
    if found.devices:
        return "devices that cannot be opened: `test -f` fails for root"
    os.close(found.tree)
    return "files of nobody that root cannot open"


class Owners:
    """A user namespace with the map, of a process that is started here and ends when `namespace` is asked for, or with
    this one. Raises OSError where there is no room for a process."""

    def __init__(self) -> None:
        self.ready, done = os.pipe()
        hold, self.release = os.pipe()
        self.holder = os.fork()
        if self.holder == 0:
            try:
                os.close(self.release)
                libc.unshare(libc.CLONE_NEWUSER)
                for name, text in (("setgroups", b"deny"), ("uid_map", NOBODYS), ("gid_map", NOBODYS)):
                    descriptor = os.open(f"/proc/self/{name}", os.O_WRONLY)
                    os.write(descriptor, text)
                os.write(done, b".")
                os.read(hold, 1)
            finally:
                os._exit(0)
        os.close(done)
        os.close(hold)

    def namespace(self) -> int:
        """A descriptor of the namespace. Raises OSError where none can be made."""
        try:
            if not os.read(self.ready, 1):
                raise OSError("no user namespace")
            return os.open(f"/proc/{self.holder}/ns/user", os.O_RDONLY | os.O_CLOEXEC)
        finally:
            os.close(self.ready)
            os.close(self.release)
            os.waitpid(self.holder, 0)
