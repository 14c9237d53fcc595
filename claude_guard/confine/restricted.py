"""What the policy keeps from a shell command in the trees that matter to it, found once and kept while nothing changes: a
link may lead elsewhere for the next command."""

from __future__ import annotations

import os

from ..inventory import shelf
from ..values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from ..model import Judgement

LINK, FOLDER = 0o120000, 0o040000


class Path(NamedTuple):
    """One restricted path, real. masked: no program may open it; else programs may and nothing shows it. hidden: its
    name is not shown. twin: it is another name of a restricted file. single: it is known to have no other name."""

    path: str
    folder: bool
    masked: bool
    hidden: bool
    twin: bool = False
    single: bool = False


def paths(
    found: Iterable[str], judge: Callable[[str, bool | None], Judgement], identity: str, cache: str
) -> tuple[Path, ...]:
    """Each path with what holds for it. found: what the inventory knows; judge: says what a path is by its spelling;
    identity: of the policy it speaks for. Kept in `cache` as long as each path leads where it led."""
    listed = list(found)
    file = f"{cache}/inventory/{shelf.name_of('restricted', identity, *listed)}"
    held: dict[str, Any] = shelf.read(file, identity) or {"paths": []}
    answer = [_still(path, *row) for path, row in zip(listed, held["paths"], strict=False)]
    if len(answer) == len(listed) and None not in answer:
        return tuple(path for path in answer if path)
    answer = [_looked(path, judge) for path in listed]
    shelf.write(file, identity, {"paths": [tuple(path)[:4] for path in answer if path]})
    return tuple(path for path in answer if path)


def _still(path: str, real: str, folder: bool, masked: bool, hidden: bool) -> Path | None:
    """What held for a path where that holds still, else None. A path that is no link is masked where it lies, whatever
    the folders above it are."""
    try:
        status = os.lstat(path)
    except OSError:
        return None
    kind = status.st_mode & 0o170000
    if kind == LINK or real != path:
        same = os.path.realpath(path) == real and os.path.isdir(real) == folder
        return Path(real, folder, masked, hidden) if same else None
    if (kind == FOLDER) != folder:
        return None
    return Path(real, folder, masked, hidden, False, not folder and status.st_nlink == 1)


def _looked(path: str, judge: Callable[[str, bool | None], Judgement]) -> Path:
    real = os.path.realpath(path)
    folder = os.path.isdir(real)
    rule = judge(path, folder).rule
    return Path(real, folder, rule is None or rule.programs == "none", rule is not None and rule.names == "hidden")


def twins(found: Iterable[Path], roots: Iterable[str], limit: int = 200_000) -> tuple[Path, ...]:
    """The other names of restricted files that have several, below `roots`. Looks at no more than `limit` names."""
    wanted: dict[int, tuple[int, int, Path]] = {}
    for path in found:
        if path.folder or path.single:
            continue
        try:
            status = os.lstat(path.path)
        except OSError:
            continue
        if status.st_nlink > 1:
            wanted[status.st_ino] = (status.st_dev, status.st_nlink, path)
    if not wanted:
        return ()
    known = {path.path for path in found}
    missing = sum(links for _, links, _ in wanted.values()) - len(wanted)
    answer: list[Path] = []
    left = [root for root in roots if os.path.isdir(root)]
    while left and limit > 0 and len(answer) < missing:
        try:
            entries = list(os.scandir(left.pop()))
        except OSError:
            continue
        limit -= len(entries)
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                left.append(entry.path)
            elif entry.inode() in wanted and entry.path not in known:
                device, _, path = wanted[entry.inode()]
                if entry.stat(follow_symlinks=False).st_dev == device:
                    answer.append(path._replace(path=entry.path, twin=True))
    return tuple(answer)


def files(found: Iterable[Path], limit: int = 5000) -> list[str]:
    """The files among restricted paths and below restricted folders, no more than `limit`."""
    answer: list[str] = []
    left = [(path.path, path.folder) for path in found]
    while left and len(answer) < limit:
        path, folder = left.pop()
        if not folder:
            answer.append(path)
            continue
        try:
            left.extend((entry.path, entry.is_dir(follow_symlinks=False)) for entry in os.scandir(path))
        except OSError:
            continue
    return sorted(answer)
