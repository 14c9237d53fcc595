"""The system calls that Python 3.11 does not offer. `_ctypes` alone costs 0.3 ms, `ctypes` 4 ms."""

import _ctypes
import os
import sys

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
CLONE_NEWNS = 0x00020000
CLONE_NEWUSER = 0x10000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_REMOUNT, MS_BIND = 1, 2, 4, 32, 4096
MS_REC, MS_SLAVE = 1 << 14, 1 << 19
OPEN_TREE, MOVE_MOUNT, MOUNT_SETATTR = 428, 429, 442
"""Numbers of system calls, the same on every architecture."""
AT_FDCWD, AT_EMPTY_PATH = -100, 0x1000
OPEN_TREE_CLONE, OPEN_TREE_CLOEXEC = 1, os.O_CLOEXEC
MOVE_MOUNT_F_EMPTY_PATH = 4
MOUNT_ATTR_RDONLY, MOUNT_ATTR_NOSUID, MOUNT_ATTR_NODEV, MOUNT_ATTR_IDMAP = 1, 2, 4, 0x00100000

_HANDLE = _ctypes.dlopen(None, 0)  # type: ignore[arg-type]  # None is this process, as in `ctypes`


def _call(name: str, *arguments: object) -> int:
    _ctypes.set_errno(0)
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
    """Shows `source` at `target`, with the mount flags of the mount that `source` lies on. Raises OSError."""
    if _call("mount", os.fsencode(source), os.fsencode(target), None, MS_BIND, None):
        raise OSError(f"cannot mask `{target}`")


def follow(number: int) -> None:
    """Lets this process get a signal when its parent ends."""
    _call("prctl", PR_SET_PDEATHSIG, number, 0, 0, 0)


def unshare(kind: int) -> None:
    """Gives this process a namespace of its own. Raises OSError."""
    if _call("unshare", kind):
        raise OSError(f"unshare {kind:#x} failed")


def alone() -> None:
    """Gives this process a mount namespace of its own: it still sees what is mounted elsewhere, and nobody sees what it
    mounts. Raises OSError."""
    unshare(CLONE_NEWNS)
    if _call("mount", None, b"/", None, MS_REC | MS_SLAVE, None):
        raise OSError("mounts cannot be kept apart")


def mapped(source: str, target: str, namespace: int) -> None:
    """Shows `source` at `target`, read-only, owners as the user namespace behind a descriptor maps them. Raises
    OSError."""
    tree = _call("syscall", OPEN_TREE, AT_FDCWD, os.fsencode(source), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC)
    if tree < 0:
        raise OSError(f"cannot take hold of `{source}`")
    try:
        wanted = MOUNT_ATTR_IDMAP | MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV
        attributes = b"".join(number.to_bytes(8, sys.byteorder) for number in (wanted, 0, 0, namespace))
        if _call("syscall", MOUNT_SETATTR, tree, b"", AT_EMPTY_PATH, attributes, len(attributes)):
            raise OSError(f"`{source}` cannot be shown with other owners")
        if _call("syscall", MOVE_MOUNT, tree, b"", AT_FDCWD, os.fsencode(target), MOVE_MOUNT_F_EMPTY_PATH):
            raise OSError(f"nothing can be shown at `{target}`")
    finally:
        os.close(tree)
