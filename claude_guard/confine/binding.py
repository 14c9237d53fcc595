"""Binds as calls of the kernel: what is found out about them beforehand, and what is left to do in the namespace."""

from __future__ import annotations

import os

from ..values import NamedTuple
from . import libc
from . import mounts as mounting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .bwrap import Bind
    from .idmap import Place
    from .mounts import Mount


class Calls(NamedTuple):
    """held: sources that something else is mounted over before they are bound, and which are opened first. rows: each
    (source, target, whether that is protected then); no source: a mount that came along and is protected, (``, where,
    whether it lets no program run)."""

    held: tuple[str, ...]
    rows: list[tuple[str, str, bool]]


def calls(binds: tuple[Bind, ...], place: Place, mounts: list[Mount]) -> Calls:
    """What makes some binds, each of which shows what was there before all of them; placeholders, as they are now.

    place: of the placeholders. mounts: of the host; what is bound brings the mounts below it along.
    """
    own = (f"{place.folder}/", f"{place.shown}/")
    held: list[str] = []
    rows: list[tuple[str, str, bool]] = []
    above: tuple[str, ...] = ()
    for bind in binds:
        if bind.source.startswith(own):
            rows.append((bind.source, bind.target, False))
        else:
            if above and f"{bind.source}/".startswith(above):
                held.append(bind.source)
            rows.append((bind.source, bind.target, not bind.writable))
            real = os.path.realpath(bind.source) if os.path.islink(bind.source) else bind.source
            for mount in () if bind.writable else mounting.below(real, mounts):
                rows.append(("", bind.target + mount.place[len(real) :], "noexec" in mount.options.split(",")))
        above += (f"{bind.target}/",)
    return Calls(tuple(held), rows)


def make(calls: Calls) -> None:
    """Makes the calls in the mount namespace of this process. Targets that are not there (any more) are left out. Raises
    OSError."""
    opened = {source: os.open(source, os.O_PATH | os.O_CLOEXEC) for source in calls.held if os.path.exists(source)}
    for source, target, so in calls.rows:
        if not source:
            libc.protect(target, libc.MS_NOEXEC if so else 0)
            continue
        held = opened.get(source)
        try:
            libc.bind(source if held is None else f"/proc/self/fd/{held}", target)
        except OSError:
            if os.path.exists(target):
                raise
            continue
        if so:
            libc.protect(target, os.statvfs(target).f_flag & libc.MS_NOEXEC)
    for held in opened.values():
        os.close(held)
