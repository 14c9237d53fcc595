"""Masks put over what git has put in place while a command runs.

A file that is replaced from outside loses its mask with its name: the kernel takes a mount off a name that is removed in
another mount namespace. And a branch brings restricted files along that were not there when the command
began. So when git has written to a work tree, what is not covered then is covered before git's caller goes on.
"""

from __future__ import annotations

import os

from . import libc, masks, mounts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .bwrap import Bind
    from .namespace import Space
    from .profile import Profile


def again(space: Space, profile: Profile) -> bool:
    """Puts the masks of a profile in place that are not there; whether all are then. Raises OSError where a placeholder
    cannot be made."""
    shown = space.place.shown + "/"
    binds = [bind for bind in masks.binds(profile, space.place, space.root) if bind.source.startswith(shown)]
    worker = os.fork()
    if worker == 0:
        status = 1
        try:
            status = int(not _covered(space, binds))
        finally:
            os._exit(status)
    return os.waitpid(worker, 0)[1] == 0


def _covered(space: Space, binds: list[Bind]) -> bool:
    for descriptor, kind in space.descriptors:
        libc.enter(descriptor, kind)
    there = {mount.place for mount in mounts.table()}
    for bind in binds:
        if bind.target in there:
            continue
        try:
            libc.bind(bind.source, bind.target)
        except OSError:
            if os.path.lexists(bind.target):
                return False
    return True
