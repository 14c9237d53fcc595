"""What the masks show instead: placeholders in the guard's cache, and the binds that put them in place.

A placeholder has the size and time of what it stands for (so `ls -l` and `make` see no change), and no content. A
folder's placeholder is a replica: the same names, each a placeholder. Replicas are kept, and made again when a
folder's time says that its names changed.
"""

from __future__ import annotations

import os
import stat

from .bwrap import ROOT_READONLY, Bind
from .profile import masks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hashlib import blake2b

    from .profile import Profile
else:
    from _blake2 import blake2b  # `hashlib` costs 2 ms

REPLICA_LIMIT = 2000
"""Names in a replica. A folder with more is shown as one that cannot be listed."""


def binds(profile: Profile, cache: str, root: bool) -> tuple[Bind, ...]:
    """The binds that put a profile in force, in order. Paths of the profile that are not there are left out.

    cache: a folder of the guard's own, absolute; placeholders are made in its `masks`. root: whether the effective
    user is 0. Raises OSError where a placeholder cannot be made.
    """
    store = _Store(cache + "/masks", root, frozenset(profile.hidden))
    left = masks(profile)
    answer = [Bind(path, path) for path in _there((*profile.readonly, *(ROOT_READONLY if root else ())))]
    for folder in left.folders:
        status = _lstat(folder)
        if status is not None:
            source = store.replica(folder) if stat.S_ISDIR(status.st_mode) else store.file(folder, status)
            answer.append(Bind(source, folder))
    for path in left.files:
        status = _lstat(path)
        if status is not None and not stat.S_ISLNK(status.st_mode):
            source = store.replica(path) if stat.S_ISDIR(status.st_mode) else store.file(path, status)
            answer.append(Bind(source, path))
    for path in (*left.sealed, *(_disks() if root else ())):
        status = _lstat(path)
        if status is not None and not stat.S_ISLNK(status.st_mode):
            answer.append(Bind(store.empty(stat.S_ISDIR(status.st_mode)), path))
    answer.extend(Bind(path, path, writable=True) for path in _there(left.reopened))
    return tuple(answer)


class _Store:
    """Makes placeholders below one folder, each once."""

    def __init__(self, folder: str, root: bool, hidden: frozenset[str]) -> None:
        self.folder = folder
        self.root = root
        self.hidden = hidden
        os.makedirs(folder, 0o700, exist_ok=True)

    def file(self, path: str, status: os.stat_result) -> str:
        name = f"{self.folder}/{_digest(path)}"
        self._place(name, status)
        return name

    def empty(self, folder: bool) -> str:
        name = f"{self.folder}/{'nothing.d' if folder else 'nothing'}"
        if not folder:
            self._place(name, None)
        elif _lstat(name) is None:
            os.mkdir(name, 0o000)
        return name

    def replica(self, folder: str) -> str:
        """A folder with the names below `folder`, or one that cannot be listed where there are too many."""
        base = f"{self.folder}/{_digest(folder)}"
        record, name = base + ".names", base + ".d"
        if not _fresh(record, folder, self.hidden):
            _remove(name)
            os.mkdir(name, 0o700)
            seen: list[str] = []
            if self._copy(folder, name, seen, REPLICA_LIMIT) < 0:
                _remove(name)
                os.mkdir(name, 0o000)
            _write(record, "\0".join([*sorted(self.hidden), "", *seen]))
        return name

    def _copy(self, folder: str, name: str, seen: list[str], left: int) -> int:
        """Fills `name` with placeholders for what is in `folder`; how many more names fit, -1 for too many."""
        seen.append(f"{os.stat(folder).st_mtime_ns} {folder}")
        try:
            entries = list(os.scandir(folder))
        except OSError:
            entries = []
        for entry in entries:
            if entry.path in self.hidden:
                continue
            left -= 1
            if left < 0:
                return -1
            target = f"{name}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                os.mkdir(target, 0o700)
                left = self._copy(entry.path, target, seen, left)
                if left < 0:
                    return -1
            else:
                self._place(target, entry.stat(follow_symlinks=False))
        os.chmod(name, 0o555)
        return left

    def _place(self, name: str, status: os.stat_result | None) -> None:
        held = _lstat(name)
        if held is not None and not stat.S_IMODE(held.st_mode) and (self.root or _alike(held, status)):
            return
        if held is not None:
            os.unlink(name)
        if self.root:
            os.mknod(name, stat.S_IFCHR, os.makedev(1, 3))
            return
        descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            if status is not None:
                os.ftruncate(descriptor, status.st_size)
                os.utime(descriptor, ns=(status.st_atime_ns, status.st_mtime_ns))
            os.fchmod(descriptor, 0)
        finally:
            os.close(descriptor)


def _alike(held: os.stat_result, status: os.stat_result | None) -> bool:
    return status is None or (held.st_size, held.st_mtime_ns) == (status.st_size, status.st_mtime_ns)


def _fresh(record: str, folder: str, hidden: frozenset[str]) -> bool:
    try:
        with open(record, encoding="utf-8", errors="surrogateescape") as file:
            names, folders = file.read().split("\0\0" if hidden else "\0", 1)
    except (OSError, ValueError):
        return False
    if names != "\0".join(sorted(hidden)):
        return False
    try:
        for line in folders.split("\0"):
            time, path = line.split(" ", 1)
            if os.stat(path).st_mtime_ns != int(time):
                return False
    except (OSError, ValueError):
        return False
    return True


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8", errors="surrogateescape", opener=_private) as file:
        file.write(text)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _remove(folder: str) -> None:
    """Removes a replica: folders and placeholders, nothing that a link leads to."""
    status = _lstat(folder)
    if status is None:
        return
    if not stat.S_ISDIR(status.st_mode):
        os.unlink(folder)
        return
    os.chmod(folder, 0o700)
    for entry in list(os.scandir(folder)):
        _remove(entry.path)
    os.rmdir(folder)


def _lstat(path: str) -> os.stat_result | None:
    try:
        return os.lstat(path)
    except OSError:
        return None


def _there(paths: tuple[str, ...]) -> list[str]:
    return [path for path in paths if _lstat(path) is not None]


def _disks() -> list[str]:
    """The block devices that hold something: whoever may read one reads every file on it."""
    answer = []
    try:
        names = os.listdir("/sys/class/block")
    except OSError:
        return []
    for name in names:
        try:
            with open(f"/sys/class/block/{name}/size", encoding="ascii") as file:
                if int(file.read()):
                    answer.append(f"/dev/{name}")
        except (OSError, ValueError):
            answer.append(f"/dev/{name}")
    return sorted(answer)


def _digest(path: str) -> str:
    return blake2b(path.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
