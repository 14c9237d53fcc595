"""The system calls that Python 3.11 does not offer. `_ctypes` alone costs 0.3 ms, `ctypes` 4 ms."""

import _ctypes
import os
import sys

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
CLONE_NEWNS = 0x00020000
CLONE_NEWUSER = 0x10000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND, MS_REC = 1, 2, 4, 8, 32, 4096, 1 << 14
MNT_DETACH = 2
OPEN_TREE, MOVE_MOUNT, MOUNT_SETATTR = 428, 429, 442
"""Numbers of system calls, the same on every architecture."""
AT_FDCWD, AT_EMPTY_PATH = -100, 0x1000
OPEN_TREE_CLONE, OPEN_TREE_CLOEXEC = 1, os.O_CLOEXEC
MOVE_MOUNT_F_EMPTY_PATH = 4
MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, MOUNT_ATTR_NODEV, MOUNT_ATTR_IDMAP = 1, 2, 4, 0x00100000

_HANDLE = _ctypes.dlopen(None, 0)  # type: ignore[arg-type]  # None is this process, as in `ctypes`


def _call(name: str, *arguments: object) -> int:
    result: int = _ctypes.call_function(_ctypes.dlsym(_HANDLE, name), arguments)
    return result


def adopt(on: bool) -> None:
    """Makes this process the parent of orphans among its descendants, or stops that."""
    _call("prctl", PR_SET_CHILD_SUBREAPER, int(on), 0, 0, 0)


def enter(namespace: int, kind: int) -> None:
    """Joins the namespace behind a descriptor. Raises OSError."""
    if _call("setns", namespace, kind):
        raise OSError(f"setns {kind:#x} failed")


def bind(source: str, target: str) -> None:
    """Shows `source` at `target`, and what is mounted below it, with the flags of these mounts. Raises OSError."""
    if _call("mount", os.fsencode(source), os.fsencode(target), None, MS_BIND | MS_REC, None):
        raise OSError(f"nothing can be shown at `{target}`")


def protect(mount: str, kept: int) -> None:
    """Makes a mount read-only, without devices and programs of others. kept: what else of its flags a user who did not
    make it may not take off. Raises OSError."""
    flags = MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV | kept
    if _call("mount", None, os.fsencode(mount), None, flags, None):
        raise OSError(f"`{mount}` cannot be made read-only")


def uncover(target: str) -> None:
    """Takes the uppermost mount off. Raises OSError."""
    if _call("umount2", os.fsencode(target), MNT_DETACH):
        raise OSError(f"what is mounted at `{target}` cannot be taken off")


def follow(number: int) -> None:
    """Lets this process get a signal when its parent ends."""
    _call("prctl", PR_SET_PDEATHSIG, number, 0, 0, 0)


def unshare(kind: int) -> None:
    """Gives this process a namespace of its own. Raises OSError."""
    if _call("unshare", kind):
        raise OSError(f"unshare {kind:#x} failed")


def tree(folder: str, namespace: int) -> int:
    """A descriptor of a mount that is nowhere yet and shows `folder`, read-only, owners as the user namespace behind a
    descriptor maps them. Raises OSError."""
    found = _call("syscall", OPEN_TREE, AT_FDCWD, os.fsencode(folder), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC)
    if found < 0:
        raise OSError(f"cannot take hold of `{folder}`")
    wanted = MOUNT_ATTR_IDMAP | MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV
    attributes = b"".join(number.to_bytes(8, sys.byteorder) for number in (wanted, 0, 0, namespace))
    if _call("syscall", MOUNT_SETATTR, found, b"", AT_EMPTY_PATH, attributes, len(attributes)):
        os.close(found)
        raise OSError(f"`{folder}` cannot be shown with other owners")
    return found


def move(mount: int, target: str) -> None:
    """Puts the mount behind a descriptor of `tree` in its place. Raises OSError."""
    if _call("syscall", MOVE_MOUNT, mount, b"", AT_FDCWD, os.fsencode(target), MOVE_MOUNT_F_EMPTY_PATH):
        raise OSError(f"nothing can be shown at `{target}`")
