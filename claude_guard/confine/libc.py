"""The four system calls that Python 3.11 does not offer. `_ctypes` alone costs 0.3 ms, `ctypes` 4 ms."""

import _ctypes
import os

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
CLONE_NEWNS = 0x00020000
CLONE_NEWUSER = 0x10000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_REMOUNT, MS_BIND = 1, 2, 4, 32, 4096

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
