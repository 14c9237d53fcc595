"""What one shell command is kept from, as a value: no disk, no platform.

A profile says which paths are masked and which variables are unset. `bwrap.py` and `seatbelt.py` put it into the
words of a platform, `masks.py` prepares on disk what the masks show instead.
"""

from __future__ import annotations

from ..values import NamedTuple


class Profile(NamedTuple):
    """What a command must not see. Paths are absolute and real (links resolved), tuples need no order.

    files: restricted files, each masked by itself; twins by hard link are named too. folders: restricted as a
    whole. hidden: those below `folders` whose names are not shown either. sealed: masked as well and shown empty:
    the guard's own secrets, sockets of daemons that would run work outside the mask. readonly: readable, not
    writable: the guard's own files, a repository's configuration and hooks. fixed: folders in which no name may appear
    or go, what lies in them stays as it is. variables: names to unset. uses: paths
    that the judged command may use while it runs; they and what lies below them are not masked.
    """

    files: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    sealed: tuple[str, ...] = ()
    readonly: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()


class Masks(NamedTuple):
    """What is left to mask of a profile, sorted, nothing twice: no file below a masked folder. reopened: used paths
    below a masked folder, to be shown again after it is masked."""

    files: tuple[str, ...]
    folders: tuple[str, ...]
    sealed: tuple[str, ...]
    reopened: tuple[str, ...]


def masks(profile: Profile) -> Masks:
    """What of a profile is masked once its uses are taken out and covered paths are merged."""
    uses = frozenset(profile.uses)
    folders = _merged({path for path in profile.folders if not _within(path, uses)})
    files = {path for path in profile.files if not _within(path, uses) and not _within(path, folders)}
    sealed = {path for path in profile.sealed if not _within(path, uses)}
    reopened = {path for path in uses if _within(path, folders)}
    return Masks(tuple(sorted(files)), tuple(sorted(folders)), tuple(sorted(sealed)), tuple(sorted(reopened)))


def _merged(paths: set[str]) -> frozenset[str]:
    return frozenset(path for path in paths if not _within(path[: path.rfind("/")], frozenset(paths)))


def _within(path: str, folders: frozenset[str]) -> bool:
    """Whether `path` is one of `folders` or lies below one, by spelling."""
    if not folders:
        return False
    while path:
        if path in folders:
            return True
        path = path[: path.rfind("/")]
    return "/" in folders
