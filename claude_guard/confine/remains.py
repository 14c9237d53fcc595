"""Processes that are left of a command when it has ended: those that live in the mount namespace made for it."""

from __future__ import annotations

import os


def left(space: int, after: int) -> list[int]:
    """Descriptors of the processes in the mount namespace behind a descriptor, readable once these end. after: the first
    one's id: later ones have higher ids, but where the system has begun anew at the lowest; those are not found."""
    found: list[int] = []
    try:
        wanted = os.readlink(f"/proc/self/fd/{space}")
        names = os.listdir("/proc")
    except OSError:
        return found
    for name in names:
        if name.isdigit() and int(name) > after and _space(int(name)) == wanted:
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
