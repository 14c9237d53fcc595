"""Processes that are left of a command when it has ended: those that live in the mount namespace made for it."""

from __future__ import annotations

import os
import time

from . import kernel

FEW = 64
"""So many ids are rather asked for one by one than looked for in a list of all processes."""

SHORT = 1.0
"""Seconds in which no system gives out all its ids, so that the last one given out is the highest."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def left(space: int, after: int, since: float) -> list[int]:
    """Descriptors of the processes in the mount namespace behind a descriptor, readable once these end.

    after: the first one's id: later ones have higher ids, but where the system has begun anew at the lowest; those are
    not found. since: when it started, of the monotonic clock.
    """
    found: list[int] = []
    try:
        wanted = os.readlink(f"/proc/self/fd/{space}")
    except OSError:
        return found
    for process in _later(after, since):
        if _space(process) == wanted:
            try:
                found.append(os.pidfd_open(process))
            except OSError:
                continue
    return found


def _later(after: int, since: float) -> Iterable[int]:
    """The ids above one that processes may have."""
    last = _last()
    if time.monotonic() - since < SHORT and after <= last <= after + FEW:
        return range(after + 1, last + 1)
    try:
        return [int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) > after]
    except OSError:
        return ()


def _last() -> int:
    """The id that was given out last; -1 where the kernel does not say."""
    last = kernel.told("/proc/sys/kernel/ns_last_pid")
    return int(last) if last.isdigit() else -1


def _space(process: int) -> str:
    try:
        return os.readlink(f"/proc/{process}/ns/mnt")
    except OSError:
        return ""
