"""What of the masks is taken off for one command because it was read whole: what it writes without reading. Pure.

A masked path cannot be written, replaced or removed: a mask that could be would not hold. So where everything is known
that a command does, and none of it opens what is restricted, the paths that it writes stand without their masks.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .restricted import Path

    Entries = Callable[[str], list[tuple[str, bool]] | None]  # of a folder: names, and whether each is a folder

MOST = 2000
"""Masks in place of one folder's. A folder that would need more stays masked as a whole."""


def named(script: str, cwd: str, paths: Iterable[Path], root: str) -> bool:
    """Whether a script may be about masked paths: it names one of them, or a folder on the way from `root` to one; or
    it runs inside one."""
    words: set[str] = set()
    for path in paths:
        if cwd == path.path or cwd.startswith(path.path + "/"):
            return True
        words.update(path.path.removeprefix(root).split("/"))
    words.discard("")
    return any(word in script for word in words)


def without(paths: Iterable[Path], written: Iterable[str], entries: Entries) -> tuple[Path, ...]:
    """The masks that are left. written: absolute, links resolved; what lies below them is written too. entries: lists a
    folder of which only a part stays masked; None where it cannot."""
    open_ = frozenset(written)
    left: list[Path] = []
    for path in paths:
        if not path.masked or not _within(path.path, open_):
            inside = frozenset(one for one in open_ if one.startswith(path.path + "/"))
            parts = _parts(path, inside, entries) if path.masked and path.folder and inside else None
            left.extend([path] if parts is None else parts)
    return tuple(left)


def _parts(folder: Path, open_: frozenset[str], entries: Entries) -> list[Path] | None:
    """The masks of what a folder holds besides what is written in it; None where the folder stays masked."""
    found = entries(folder.path)
    if found is None or len(found) > MOST:
        return None
    left: list[Path] = []
    for name, is_folder in found:
        part = folder._replace(path=f"{folder.path}/{name}", folder=is_folder)
        inside = frozenset(one for one in open_ if one.startswith(part.path + "/"))
        if part.path in open_:
            continue
        parts = _parts(part, inside, entries) if inside and is_folder else [part]
        if parts is None or len(left) + len(parts) > MOST:
            return None
        left.extend(parts)
    return left


def _within(path: str, folders: frozenset[str]) -> bool:
    while path:
        if path in folders:
            return True
        path = path.rpartition("/")[0]
    return False
