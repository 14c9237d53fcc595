"""What the masks show instead: placeholders in the guard's cache, and the binds that put them in place.

A placeholder has the size and time of what it stands for (so `ls -l` and `make` see no change), and no content. A
folder's placeholder is a replica: the same names, each a placeholder. They are kept, under names that say
which state of the masked thing they stand for.
"""

from __future__ import annotations

import os
import stat
import time

from . import kernel
from .bwrap import ROOT_READONLY, Bind
from .profile import masks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from hashlib import blake2b

    from .idmap import Place
    from .profile import Profile
else:
    from _blake2 import blake2b  # `hashlib` costs 2 ms

REPLICA_LIMIT = 2000
"""Names in a replica. A folder with more is shown as one that cannot be listed."""

SETTLED = 60.0  # seconds until a placeholder that is out of date is no longer about to be used


def binds(profile: Profile, place: Place, root: bool) -> tuple[Bind, ...]:
    """The binds that put a profile in force, in order. Paths of the profile that are not there are left out.

    place: see there. root: whether the effective user is 0. Raises OSError where a placeholder cannot be made.
    """
    store = _Store(place, frozenset(profile.hidden))
    left = masks(profile)
    answer = [Bind(path, path, writable=True) for path in sorted(_there(profile.kept))]
    answer += _fixed(profile)
    readonly = tuple(path for path in profile.readonly if os.path.dirname(path) not in profile.fixed)
    readonly = (*readonly, place.folder, *(ROOT_READONLY if root else ()))
    above = tuple(f"{path}/" for path in readonly)
    answer += [Bind(path, path) for path in _there(readonly) if not path.startswith(above)]
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
    answer += [Bind(store.objects(), path) for path in _there(left.stores)]
    answer.extend(Bind(path, path, writable=True) for path in _there(left.reopened))
    return tuple(answer)


def _fixed(profile: Profile) -> list[Bind]:
    """The binds that keep the names of folders as they are: what is mounted over cannot be renamed or removed, and in
    a folder that is mounted read-only nothing can be made. What is mounted in it is as writable as before."""
    answer = []
    for folder in profile.fixed:
        try:
            entries = [entry.path for entry in os.scandir(folder) if not entry.is_symlink()]
        except OSError:
            continue
        answer.append(Bind(folder, folder))
        answer += [Bind(path, path, writable=True) for path in sorted(entries) if path not in profile.readonly]
    return answer


class _Store:
    """Makes placeholders below one folder, each once."""

    def __init__(self, place: Place, hidden: frozenset[str]) -> None:
        self.folder = place.folder
        self.shown = place.shown
        self.devices = place.devices
        self.hidden = hidden

    def file(self, path: str, status: os.stat_result) -> str:
        version = "" if self.devices else f"{status.st_size:x}-{status.st_mtime_ns:x}"
        return self._kept(f"{_digest(path)}.{version}", lambda draft: self._place(draft, status))

    def empty(self, folder: bool) -> str:
        if folder:
            return self._kept("nothing.d", lambda draft: os.mkdir(draft, 0o000))
        return self._kept("nothing.f", lambda draft: self._place(draft, None))

    def objects(self) -> str:
        """An object store as git makes it, without objects: what looks at a repository still finds one."""

        def make(draft: str) -> None:
            for name in ("", "/info", "/pack"):
                os.mkdir(draft + name, 0o755)
            for name in ("/pack", "/info", ""):
                os.chmod(draft + name, 0o555)

        return self._kept("nothing.objects.d", make)

    def replica(self, folder: str) -> str:
        """A folder with the names below `folder`; without any where they are hidden, and one that cannot be listed
        where there are too many."""
        if folder in self.hidden:
            return self._kept("empty.d", lambda draft: os.mkdir(draft, 0o555))
        seen = _folders(folder, self.hidden)
        if seen is None:
            return self._kept("closed.d", lambda draft: os.mkdir(draft, 0o000))

        def make(draft: str) -> None:
            os.mkdir(draft, 0o700)
            self._copy(folder, draft)

        return self._kept(f"{_digest(folder)}.{_digest(repr((self.devices, sorted(self.hidden), seen)))}.d", make)

    def _kept(self, name: str, make: Callable[[str], None]) -> str:
        """What `make` made under this name, now or before, where it is shown; versions of the same thing that are older
        go. Other commands may do the same at the same time: what is there is never changed."""
        path, shown = f"{self.folder}/{name}", f"{self.shown}/{name}"
        held = _lstat(path)
        if held is not None and (stat.S_ISDIR(held.st_mode) or not stat.S_IMODE(held.st_mode)):
            return shown
        draft = f"{path}.{os.getpid()}"
        make(draft)
        try:
            os.rename(draft, path)
        except OSError:
            _remove(draft)
        if not name.startswith(("nothing", "closed", "empty")):
            self._sweep(name)
        return shown

    def _sweep(self, name: str) -> None:
        before = name.partition(".")[0] + "."
        for entry in list(os.scandir(self.folder)):
            if entry.name.startswith(before) and entry.name != name:
                try:
                    if time.time() - entry.stat(follow_symlinks=False).st_ctime > SETTLED:
                        _remove(entry.path)
                except OSError:
                    continue

    def _copy(self, folder: str, name: str) -> None:
        """Fills `name` with placeholders for what is in `folder`, so that it lists in the same order."""
        try:
            entries = [entry for entry in os.scandir(folder) if entry.path not in self.hidden]
        except OSError:
            entries = []
        self._fill(name, entries)
        if len(entries) > 1 and os.listdir(name) == [entry.name for entry in reversed(entries)]:
            for entry in entries:  # a file system in memory lists what is newest first
                _remove(f"{name}/{entry.name}")
            self._fill(name, entries[::-1])
        status = _lstat(folder)
        if status is not None:
            os.utime(name, ns=(status.st_atime_ns, status.st_mtime_ns))
        os.chmod(name, 0o555)

    def _fill(self, name: str, entries: list[os.DirEntry[str]]) -> None:
        for entry in entries:
            target = f"{name}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                os.mkdir(target, 0o700)
                self._copy(entry.path, target)
            else:
                self._place(target, entry.stat(follow_symlinks=False))

    def _place(self, name: str, status: os.stat_result | None) -> None:
        if self.devices:
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


def _folders(folder: str, hidden: frozenset[str]) -> list[tuple[str, int]] | None:
    """The folders at and below one, with their change times; None where they hold more than `REPLICA_LIMIT` names."""
    found: list[tuple[str, int]] = []
    left, names = [folder], 0
    while left:
        path = left.pop()
        try:
            found.append((path, os.stat(path).st_mtime_ns))
            entries = list(os.scandir(path))
        except OSError:
            continue
        names += len(entries)
        if names > REPLICA_LIMIT:
            return None
        left += [entry.path for entry in entries if entry.is_dir(follow_symlinks=False) and entry.path not in hidden]
    return found


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
    return sorted(
        "/dev/" + line.split()[3].replace("!", "/") for line in kernel.told("/proc/partitions").splitlines()[2:]
    )


def _digest(path: str) -> str:
    return blake2b(path.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
