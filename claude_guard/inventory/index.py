"""What one tree holds that the policy does not let out, kept up to date by the change times of its folders.

A folder's change time moves whenever an entry is added, removed or renamed in it, and cannot be set back. So
a folder that still has the change time and inode it was listed with need not be listed again, and nothing is
asked of single files. Change times are only as fine as the file system's clock: a folder that changed just
before it was listed is listed again the next time.

Folders are kept by their path below the root ("" is the root), a parent always before what lies in it.
"""

from __future__ import annotations

import os
import stat
import time

from .holdings import UNKNOWN, Holdings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..model import Judgement

    Spelling = Callable[[str, bool | None], Judgement]

    Sieves = Callable[[str], Callable[[str], bool]]
    """For a folder: says of a name in it whether the policy may be about it; where not, it is allowed."""

CLOCK = 2_000_000_000  # nanoseconds: the coarsest clock of a file system in use (FAT)
POLICIES = ("guard.toml", "guard.local.toml")
ABOVE = (*(f"/.claude/{name}" for name in POLICIES), "/.git")


class Stale(Exception):
    """A policy inside the tree is not the one that the index was made with, or a tree in it begins
    elsewhere."""


class Index(Holdings):
    """One tree. root: absolute, as spelled; real: the same with links resolved; judge: says what a path is.

    shallow: look no further than this many folders deep, and only below dotted ones; 0: the whole tree; below 0: so many
    folders deep, dotted or not.
    sieves: spare the judge what the policy is not about.
    """

    def __init__(self, root: str, real: str, judge: Spelling, shallow: int = 0, sieves: Sieves | None = None) -> None:
        super().__init__(root.rstrip("/"), real.rstrip("/"))
        self._judge = judge
        self.skipped = ""  # a folder that a shallow look leaves out: the guard's own, which each call changes
        self._shallow = shallow
        self._sieves = sieves
        self.born = time.time_ns()
        self.complete = False
        self.loaded = False
        self.roots: set[str] = set()  # folders that hold a `.git`: where trees begin
        self.policies = _above(self.root)  # policy files in the tree and above it -> what tells their state
        self.changed = True

    def restricted(self, path: str, folder: bool) -> bool:
        """Whether the policy does not let out a path below the root, by its spelling and by that of the real
        root."""
        tail = f"/{path}" if path else ""
        if self._judge((self.root + tail) or "/", folder).action != "allow":
            return True
        return self.real != self.root and self._judge((self.real + tail) or "/", folder).action != "allow"

    def dump(self) -> dict[str, Any]:
        """The index as values for the shelf."""
        return {
            "real": self.real,
            "born": self.born,
            "complete": self.complete,
            "folders": self.folders,
            "held": self.held,
            "links": self.links,
            "closed": sorted(self.closed),
            "mixed": sorted(self.mixed),
            "roots": sorted(self.roots),
            "policies": self.policies,
            "shared": self.shared,
            "others": self.others,
        }

    def load(self, found: dict[str, Any]) -> bool:
        """Takes over what `dump` gave. False, and nothing taken, where it is not about this tree, or a policy has
        changed."""
        above, policies = self.policies, found["policies"]
        if found["real"] != self.real or any(path not in policies for path in above):
            return False
        if any((above.get(path) or _state(path)) != state for path, state in policies.items()):
            return False
        self.closed, self.mixed, self.roots = set(found["closed"]), set(found["mixed"]), set(found["roots"])
        self.folders, self.held, self.links = found["folders"], found["held"], found["links"]
        self.policies = policies
        self.shared, self.others = found["shared"], found["others"]
        self.born, self.complete = found["born"], found["complete"]
        self.changed = False
        self.loaded = True
        return True

    def refresh(self, start: str, deadline: float) -> bool:
        """Brings the part below `start` up to date. deadline: of the monotonic clock; False where it has
        passed, and then what has been done is kept for the next time. Raises Stale."""
        start = start if start in self.folders else ""
        if not self.loaded and self.folders[""] == UNKNOWN and self.restricted("", True):
            self.closed.add("")
        now = time.time_ns() - CLOCK
        relisted: dict[str, set[str]] = {}
        gone: set[str] = set()
        prefix = f"{start}/" if start else ""
        base = self.root + "/"
        lstat, clock = os.lstat, time.monotonic
        known = self.folders
        todo = list(known) if not start else [path for path in known if path == start or path.startswith(prefix)]
        late = False
        for count, folder in enumerate(todo):
            if (gone or relisted) and folder != start:
                parent, _, name = folder.rpartition("/")
                if parent in gone or (parent in relisted and name not in relisted[parent]):
                    gone.add(folder)
                    self._forget(folder)
                    continue
            if late or (not count & 63 and clock() > deadline):
                late = True  # what has vanished is still forgotten, nothing else is done
                continue
            try:
                status = lstat(base + folder) if folder else os.stat(base)
            except OSError:
                gone.add(folder)
                self._forget(folder)
                continue
            stamp = (status.st_ctime_ns, status.st_ino, status.st_dev)
            if stamp != known[folder]:
                if not stat.S_ISDIR(status.st_mode):
                    gone.add(folder)
                    self._forget(folder)
                    continue
                relisted[folder] = self._list(folder)
                known[folder] = stamp if stamp[0] < now else (0, *stamp[1:])
                late = clock() > deadline
        fresh = [f"{folder}/{name}" if folder else name for folder, names in relisted.items() for name in names]
        if not self._grow([path for path in fresh if path not in known], now, deadline) or late:
            return False
        if not self._follow(prefix, start, bool(relisted or gone), deadline):
            return False
        if not start and not self.complete:
            self.complete = self.changed = True
        return self._compare(deadline)

    def _compare(self, deadline: float) -> bool:
        """Finds the other names of restricted files that have several. Only where there are such files, and the tree or
        they have changed, are the names of the tree looked through."""
        shared = self.several()
        if shared == self.shared and not self.changed:
            return True
        wanted = {(device, inode) for device, inode, _ in shared}
        others = []
        for count, (folder, stamp) in enumerate(self.folders.items() if wanted else ()):
            if not count & 63 and time.monotonic() > deadline:
                return False
            known = self.held.get(folder, {})
            try:
                with os.scandir(f"{self.root}/{folder}") as entries:
                    found = [e.name for e in entries if (stamp[2], e.inode()) in wanted and e.name not in known]
            except OSError:
                continue
            others += [f"{folder}/{name}" if folder else name for name in found]
        self.shared, self.others, self.changed = shared, others, True
        return True

    def _grow(self, fresh: list[str], now: int, deadline: float) -> bool:
        """Lists folders that are new and what lies below them."""
        known = self.folders
        for path in fresh:
            known[path] = UNKNOWN
        while fresh:
            if time.monotonic() > deadline:
                return False
            folder = fresh.pop()
            try:
                status = os.lstat(f"{self.root}/{folder}")
            except OSError:
                self._forget(folder)
                continue
            names = self._list(folder)
            settled = status.st_ctime_ns < now
            known[folder] = (status.st_ctime_ns if settled else 0, status.st_ino, status.st_dev)
            for name in names:
                path = f"{folder}/{name}"
                known[path] = UNKNOWN
                fresh.append(path)
        return True

    def _forget(self, folder: str) -> None:
        self.changed = True
        self.folders.pop(folder, None)
        self._empty(folder)
        self.closed.discard(folder)
        self.roots.discard(folder)

    def _empty(self, folder: str) -> None:
        self.held.pop(folder, None)
        self.links.pop(folder, None)
        self.mixed.discard(folder)

    def _list(self, folder: str) -> set[str]:
        """Lists a folder anew; the names of the folders in it."""
        self.changed = True
        self._empty(folder)
        folders: set[str] = set()
        held: dict[str, int] = {}
        links: dict[str, tuple[str, bool]] = {}
        prefix = f"{folder}/" if folder else ""
        mixed = root = False
        may = self._sieve(prefix)
        if folder == ".claude" or folder.endswith("/.claude"):
            self._policies(f"{self.root}/{folder}")
        try:
            with os.scandir(f"{self.root}/{folder}") as entries:
                for entry in entries:
                    name = entry.name
                    path = prefix + name
                    root = root or name == ".git"
                    if entry.is_symlink():
                        links[name] = ("", False)
                    elif entry.is_dir(follow_symlinks=False):
                        if name == "objects" and (folder == ".git" or folder.endswith("/.git")):
                            continue
                        if self._shallow and f"{self.root}/{path}" == self.skipped:
                            continue
                        if may(name) and self.restricted(path, True):
                            self.closed.add(path)
                        else:
                            self.closed.discard(path)
                            mixed = True
                            if self._shallow and not self._near(path):
                                continue
                        folders.add(name)
                    elif may(name) and self.restricted(path, False):
                        held[name] = entry.inode()
                    else:
                        mixed = True
        except OSError:  # not readable by this user, and so not by a call of theirs
            return folders
        if root != (folder in self.roots):
            if self.loaded and self.folders[folder] != UNKNOWN:
                raise Stale  # where a tree begins, patterns without a folder of their own begin
            (self.roots.add if root else self.roots.discard)(folder)
        if held:
            self.held[folder] = held
        if links:
            self.links[folder] = links
        if mixed and folder in self.closed:
            self.mixed.add(folder)
        return folders

    def _sieve(self, prefix: str) -> Callable[[str], bool]:
        if self._sieves is None:
            return lambda name: True
        spelled = self._sieves(f"{self.root}/{prefix}")
        if self.real == self.root:
            return spelled
        real = self._sieves(f"{self.real}/{prefix}")
        return lambda name: spelled(name) or real(name)

    def _near(self, path: str) -> bool:
        if self._shallow < 0:
            return path.count("/") < -self._shallow - 1
        return path.startswith(".") and path.count("/") < self._shallow

    def _follow(self, prefix: str, start: str, changed: bool, deadline: float) -> bool:
        """Finds out where links lead: all of them when the tree changed, else those that lead out of it."""
        inside = self.real + "/"
        for folder, links in self.links.items():
            if start and folder != start and not folder.startswith(prefix):
                continue
            for name, (to, restricted) in links.items():
                if to and not changed and to.startswith(inside):
                    continue
                if time.monotonic() > deadline:
                    return False
                path = f"{folder}/{name}" if folder else name
                real = os.path.realpath(f"{self.root}/{path}")
                if real == to:
                    continue
                self.changed = True
                restricted = self.restricted(path, False) or self._judge(real, os.path.isdir(real)).action != "allow"
                links[name] = (real, restricted)
                if not restricted and folder in self.closed:
                    self.mixed.add(folder)
        return True

    def _policies(self, folder: str) -> None:
        """Notes the policy files of a `.claude` in the tree. Raises Stale where one is not the one known."""
        for name in POLICIES:
            path = f"{folder}/{name}"
            state = _state(path)
            # While the tree is still being listed for the first time, a policy that was there before counts
            # already.
            counted = not self.complete and path not in self.policies and state[:1] < [self.born - CLOCK]
            if self.loaded and state != self.policies.get(path, []) and not counted:
                raise Stale
            if state:
                self.policies[path] = state


def _above(root: str) -> dict[str, list[int]]:
    """What lies above a root and has a say in it: policy files, and the `.git` of a tree; with their states."""
    found = {}
    while root:
        root = root.rpartition("/")[0]
        for name in ABOVE:
            state = _state(root + name)
            if state:
                found[root + name] = state
    return found


def _state(path: str) -> list[int]:
    """What tells one state of a policy file from another; of a `.git` only whether it is there. [] for
    nothing."""
    if path.endswith("/.git"):
        return [1] if os.path.lexists(path) else []
    try:
        status = os.stat(path)
    except OSError:
        return []
    return [status.st_ctime_ns, status.st_mtime_ns, status.st_size, status.st_ino]
