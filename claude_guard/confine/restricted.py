"""What the policy keeps from a shell command in the trees that matter to it. What it says of each path is kept; what lies
there is looked at for every command, because a link may lead elsewhere now."""

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
    identity: of the policy it speaks for. What that says is kept in `cache`, by the paths and what they lead to."""
    real = _Real()
    there = [(path, *real.leads(path)) for path in found]
    spelled = (f"{folder:d}{path}" for path, _, folder, _ in there)
    file = f"{cache}/inventory/{shelf.name_of('restricted', identity, *spelled)}"
    held: dict[str, Any] | None = shelf.read(file, identity)
    if held is None:
        held = {"said": [_said(judge(path, folder)) for path, _, folder, _ in there]}
        shelf.write(file, identity, held)
    rows = zip(there, held["said"], strict=True)
    return tuple(Path(to, folder, masked, hidden, False, single) for (_, to, folder, single), (masked, hidden) in rows)


def _said(judgement: Judgement) -> tuple[bool, bool]:
    """Whether no program may open what is judged so, and whether its name is not shown."""
    rule = judgement.rule
    return (True, False) if rule is None else (rule.programs == "none", rule.names == "hidden")


class _Real:
    """Real paths, each folder above them looked at once."""

    def __init__(self) -> None:
        self._folders = {"": ""}

    def leads(self, path: str) -> tuple[str, bool, bool]:
        """What an absolute path leads to: the real path, whether it is a folder, and whether a file of one name."""
        try:
            status = os.lstat(path)
        except OSError:
            return os.path.realpath(path), False, False
        kind = status.st_mode & 0o170000
        if kind == LINK:
            real = os.path.realpath(path)
            return real, os.path.isdir(real), False
        above, _, name = path.rpartition("/")
        return f"{self._folder(above)}/{name}", kind == FOLDER, kind != FOLDER and status.st_nlink == 1

    def _folder(self, path: str) -> str:
        real = self._folders.get(path)
        if real is None:
            above, _, name = path.rpartition("/")
            real = os.path.realpath(path) if os.path.islink(path) else f"{self._folder(above)}/{name}"
            self._folders[path] = real
        return real


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
