"""What lies in the trees of this machine that the policy does not let out, and which files are the same as
such a one."""

from __future__ import annotations

import os
import time

from ..errors import DeadlineError
from ..model import Judgement
from . import shelf
from .index import Index, Stale

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .index import Sieves, Spelling

ALLOWED = Judgement("internal", 1, "allow")

TWIN_SECONDS = 3.0
"""How long the other names of one file may be looked for."""

FRESH_SECONDS = 600
"""How long "this file is no other name of a restricted one" holds for a file that has not changed. Linking or
renaming a file changes its change time; renaming a folder above it does not."""

HOME_DEPTH = 4
"""How deep below home credentials are looked for, in folders that start with a dot."""

NEAR = -2
"""How deep a folder that is no tree is looked through, as an index takes it."""

MARKS = (".git", ".claude/guard.toml", ".claude/settings.json", ".claude/settings.local.json")


class Inventory:
    """Restricted paths by tree. judge: says what a path is by its spelling; cache: the guard's cache folder,
    in which the indexes of trees are kept; identity: of the policy that `judge` speaks for: another one
    begins anew. sieves: spare `judge` the names that it has nothing to say of.
    """

    def __init__(
        self,
        judge: Spelling,
        cache: str,
        identity: str,
        home: str = "",
        sieves: Sieves | None = None,
        project: str = "",
    ) -> None:
        self._judge = judge
        self._sieves = sieves
        self._folder = cache + "/inventory"
        self._identity = identity
        self._home = home or os.path.expanduser("~")
        self._project = project
        self._open: dict[tuple[str, int], Index] = {}
        self._known: dict[str, str] = {}  # path -> real path

    @property
    def identity(self) -> str:
        """Changes with everything that judgements in the trees looked at so far hang on: the policy, and the policies that
        lie in these trees and above them."""
        states = {path: state for index in self._open.values() for path, state in index.policies.items()}
        return shelf.name_of(self._identity, repr(sorted(states.items())))

    def below(self, root: str, deadline: float) -> tuple[str, ...] | None:
        """The paths at and below `root` (absolute) that the policy does not let out, absolute and sorted:
        files, links, and folders that hold nothing else, without what lies in them. deadline: of the
        monotonic clock; None where it has passed. What has been found out by then is kept, so that a later
        call gets further."""
        found = self._below(root, deadline, set())
        return None if found is None else tuple(sorted(found))

    def _below(self, root: str, deadline: float, seen: set[str]) -> set[str] | None:
        root = "/" + os.path.normpath(root).lstrip("/")
        real = self._real(root)
        seen.add(real)
        if not os.path.isdir(real):
            if not os.path.lexists(root):
                return set()
            restricted = any(self._judge(path, False).action != "allow" for path in {root, real})
            return {root} if restricted else set()
        index, start = self._index_of(root, real)
        refreshed = self._refreshed(index, start, deadline)
        if refreshed is None:
            return None
        base = refreshed.root
        found = {f"{base}/{path}" if path else base or "/" for path in refreshed.paths(start)}
        for path, to in list(refreshed.outside(start)):
            if to not in seen:
                inside = self._below(f"{base}/{path}", deadline, seen)
                if inside is None:
                    return None
                found |= inside
        return found

    def _real(self, path: str) -> str:
        real = self._known.get(path)
        if real is None:
            real = self._known[path] = os.path.realpath(path)
        return real

    def tracked(self, repository: str, deadline: float) -> tuple[str, ...] | None:
        """What the repository at a folder holds in some revision that the policy does not let out: see
        `objects`. A restricted file that has several names in the work tree may be committed under each."""
        from . import objects

        sieves: dict[str, Callable[[str], bool]] = {}

        def judge(path: str, folder: bool | None) -> Judgement:
            above, name = os.path.split(path)
            if self._sieves is not None:
                if above not in sieves:
                    sieves[above] = self._sieves(above)
                if not sieves[above](name):
                    return ALLOWED
            return self._judge(path, folder)

        cache = os.path.dirname(self._folder)
        found = objects.tracked(repository, judge, deadline, cache, self.identity)
        if not found or not any(_several(path) for path in found):
            return found
        index, start = self._index_of(repository, os.path.realpath(repository))
        refreshed = self._refreshed(index, start, deadline)
        if refreshed is None:
            return None
        prefix = f"{start}/" if start else ""
        others = {f"{refreshed.root}/{path}" for path in refreshed.others if path.startswith(prefix)}
        return tuple(sorted({*found, *others}))

    def at_home(self, deadline: float) -> tuple[str, ...] | None:
        """The credentials at home, in folders that start with a dot; None where the deadline has passed."""
        index = self._opened(self._home, self._real(self._home), HOME_DEPTH)
        refreshed = self._refreshed(index, "", deadline)
        if refreshed is None:
            return None
        base = refreshed.root
        return tuple(sorted(f"{base}/{path}" for path in refreshed.paths("") if path))

    def near(self, root: str, deadline: float) -> tuple[str, ...] | None:
        """The restricted paths in a folder (absolute) and in the folders in it; None where the deadline has passed."""
        index = self._opened(root, os.path.realpath(root), NEAR)
        refreshed = self._refreshed(index, "", deadline)
        if refreshed is None:
            return None
        base = refreshed.root
        return tuple(sorted(f"{base}/{path}" if path else base for path in refreshed.paths("")))

    def twins(self, path: str) -> str | None:
        """The restricted path that the file at `path` (absolute, links resolved) is another name of, or None.
        Looks in the project or repository that the file is part of, in the session's project, and among the
        credentials at home. Raises DeadlineError."""
        try:
            status = os.stat(path)
        except (OSError, ValueError):
            return None
        key = f"{status.st_dev}:{status.st_ino}:{path}"  # the restricted name itself has no other
        file = f"{self._folder}/twins"
        now = int(time.time())
        known = (shelf.read(file, self._identity) or {}).get("single", {})
        since = known.get(key, [0, 0])
        if since[0] == status.st_ctime_ns and 0 <= now - since[1] < FRESH_SECONDS:
            return None
        deadline = time.monotonic() + TWIN_SECONDS
        roots = dict.fromkeys(((self._tree_of(path), 0), (self._project, 0), (self._home, HOME_DEPTH)))
        for root, shallow in roots:
            real = os.path.realpath(root)
            if not root or not _holds(real, status.st_dev):
                continue
            index, start = self._index_of(root, real) if not shallow else (self._opened(root, real, shallow), "")
            refreshed = self._refreshed(index, start, deadline)
            if refreshed is None:
                hint = "try again: what was found so far is kept"
                raise DeadlineError(
                    f"`{path}` has several names, and no time is left to compare them in `{root}`", hint
                )
            twin = refreshed.twin(status.st_dev, status.st_ino, path)
            if twin is not None:
                return twin
        kept = {other: found for other, found in known.items() if now - found[1] < FRESH_SECONDS}
        shelf.write(file, self._identity, {"single": kept | {key: [status.st_ctime_ns, now]}})
        return None

    def _tree_of(self, path: str) -> str:
        """The project or repository that a file lies in, "" where it lies in none."""
        above = os.path.dirname(path)
        while above not in ("/", self._home, ""):
            if any(os.path.lexists(f"{above}/{mark}") for mark in MARKS):
                return above
            above = os.path.dirname(above)
        return ""

    def _index_of(self, root: str, real: str) -> tuple[Index, str]:
        """The index that covers a folder, and the folder's path in it: that of a folder above where there is
        one."""
        above = root
        while above == root or above not in ("/", self._home):
            if (above, 0) in self._open or os.path.lexists(self._file(above, 0)):
                start = root[len(above.rstrip("/")) + 1 :]
                outer = self._real(above)
                if outer.rstrip("/") + (f"/{start}" if start else "") == real.rstrip("/"):
                    index = self._opened(above, outer, 0)
                    if start in index.folders:
                        return index, start
            if above == "/":
                break
            above = os.path.dirname(above)
        return self._opened(root, real, 0), ""

    def _opened(self, root: str, real: str, shallow: int) -> Index:
        index = self._open.get((root, shallow))
        if index is None:
            index = self._open[root, shallow] = Index(root, real, self._judge, shallow, self._sieves)
            index.skipped = os.path.dirname(self._folder)
            found = shelf.read(self._file(root, shallow), self._identity)
            if found is not None:
                index.load(found)
        return index

    def _refreshed(self, index: Index, start: str, deadline: float) -> Index | None:
        """The index brought up to date and kept, made anew where a policy in its tree has changed; None out
        of time."""
        shallow = next(key[1] for key, one in self._open.items() if one is index)
        key = (index.root or "/", shallow)
        try:
            done = index.refresh(start, deadline)
        except Stale:
            index = self._open[key] = Index(index.root or "/", index.real or "/", self._judge, shallow, self._sieves)
            done = index.refresh("", deadline)
        if index.changed:
            shelf.write(self._file(*key), self._identity, index.dump())
            index.changed = False
            if not index.loaded:
                shelf.sweep(self._folder, time.time())
        return index if done else None

    def _file(self, root: str, shallow: int) -> str:
        return f"{self._folder}/{shelf.name_of(root, str(shallow))}"


def _several(path: str) -> bool:
    """Whether a file has several names."""
    try:
        return os.lstat(path).st_nlink > 1 and not os.path.isdir(path)
    except (OSError, ValueError):
        return False


def _holds(root: str, device: int) -> bool:
    """Whether a folder is there and on a device: a file has no names on another one."""
    try:
        return os.stat(root).st_dev == device
    except OSError:
        return False
