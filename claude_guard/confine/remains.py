"""Processes that are left of a command when it has ended: those that live in the mount namespace made for it."""

from __future__ import annotations

import os


def space(process: int) -> str:
    """What tells the mount namespace of a process from others; "" where it is the one that this process is in, or
    cannot be told."""
    found = _space(process)
    return "" if found == _space(os.getpid()) else found


def left(space_: str, after: int) -> list[int]:
    """Descriptors of the processes in a namespace, readable once these end. after: the first one's id: later ones have
    higher ids, but where the system has begun anew at the lowest; those are not found."""
    found: list[int] = []
    try:
        names = os.listdir("/proc") if space_ else []
    except OSError:
        return found
    for name in names:
        if name.isdigit() and int(name) > after and _space(int(name)) == space_:
            try:
                found.append(os.pidfd_open(int(name)))
            except OSError:
                continue
    return found


def _space(process: int) -> str:
    try:
        return os.readlink(f"/proc/{process}/ns/mnt")
    except OSError:
        return ""
