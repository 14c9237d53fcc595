"""Placeholders that not even root can open: the folder that they lie in is shown under other owners.

Root's CAP_DAC_OVERRIDE counts only for a file whose owner the user namespace knows. An id-mapped mount
(mount_setattr(2), Linux 5.12; on tmpfs 6.3) can show files of root as files of nobody: then their mode 000
holds for root too. The mount is made in a mount namespace of this process alone, and what is
bound from it keeps its owners.
"""

from __future__ import annotations

import os

from . import libc

NOBODYS = "1 0 1"
"""The namespace's map: files of user 1 are shown as root's, and those of everybody else, root too, as nobody's."""


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
