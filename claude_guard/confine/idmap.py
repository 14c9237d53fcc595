"""Where placeholders lie; and those that not even root can open: their folder is shown under other owners.

Root's CAP_DAC_OVERRIDE counts only for a file whose owner the user namespace knows. An id-mapped mount
(mount_setattr(2), Linux 5.12; on tmpfs 6.3) can show files of root as files of nobody: then their mode 000
holds for root too. The mount is made nowhere, put into the command's namespace alone (`namespace.py`), and what is
bound from it keeps its owners.
"""

from __future__ import annotations

import os
import time

from ..values import NamedTuple
from . import kernel, libc
from .bwrap import OWNERS
from .folder import private
from .namespace import PATIENCE, PAUSE, PROGRAM, said, telling

MEMORY = "/dev/shm"
"""A file system in memory, for root where the guard's cache lies on one that cannot show other owners."""


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
    for folder in (usual, MEMORY) if known >= 0 else ():
        folder = folder if folder == usual else private(folder, "masks")
        try:
            os.chmod(folder, 0o711)  # nobody's, as it is shown, and root has to pass; the folder above is closed
            return Place(folder, shown, tree=libc.tree(folder, known))
        except OSError:
            continue
    os.makedirs(cache + "/devices", 0o700, exist_ok=True)
    return Place(cache + "/devices", cache + "/devices", True)


def kind(cache: str) -> str:
    """What masks are on this machine, in words."""
    if os.geteuid() != 0:
        return "files that cannot be opened"
    owners = Owners()
    found = place(cache, owners)
    owners.leave()
    if found.devices:
        return "devices that cannot be opened: `test -f` fails for root"
    os.close(found.tree)
    return "files of nobody that root cannot open"


class Owners:
    """A user namespace with the map, of a process that waits until `namespace` has been asked for, or this one ends.
    Bubblewrap makes it: a copy of this process would cost more. Raises OSError where bubblewrap cannot be started."""

    def __init__(self) -> None:
        self.info, told = telling()
        blocked, self.release = os.pipe()
        for end in (told, blocked):
            os.set_inheritable(end, True)
        waits = ("--info-fd", str(told), "--block-fd", str(blocked))
        words = [PROGRAM, *OWNERS, *waits, "--", "/bin/true"]
        nowhere = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in range(3)]
        try:
            self.holder = os.posix_spawnp(words[0], words, {}, file_actions=nowhere)
        finally:
            os.close(told)
            os.close(blocked)

    def namespace(self) -> int:
        """A descriptor of the namespace; what held it ends. Raises OSError where none can be made."""
        child = said(self.info)
        try:
            for _ in range(PATIENCE if child else 0):
                if kernel.told(f"/proc/{child}/uid_map"):
                    return os.open(f"/proc/{child}/ns/user", os.O_RDONLY | os.O_CLOEXEC)
                time.sleep(PAUSE)
            raise OSError("no user namespace")
        finally:
            if child:
                os.kill(child, 9)  # bubblewrap takes leave of it, and ends then
            os.close(self.info)
            os.close(self.release)

    def leave(self) -> None:
        """Takes leave of the process, which has ended meanwhile."""
        if self.holder:
            os.waitpid(self.holder, 0)
            self.holder = 0
