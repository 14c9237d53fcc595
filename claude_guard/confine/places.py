"""Restricted files outside every tree that is looked through: where the patterns of rules name them.

`~/Documents/contracts/` and `//srv/keys/*.pem` say where to look: below the part before the first wildcard, and only
where the rest of the pattern leads. What was found is kept by the change times of the folders that were listed.
"""

from __future__ import annotations

import os
import stat
import time

from ..inventory import shelf
from ..inventory.index import CLOCK
from ..values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from ..model import Judgement

    Below = Callable[[str, float], tuple[str, ...] | None]
    Stamp = tuple[int, int, int]
    Listed = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], int]
    """What one place names: the folders that tell when that changes; the restricted paths; trees that are too large to be
    noted here; how many names were listed."""

NAMES = 20_000
"""Entries that are listed for one place. What a pattern names in a folder with more is not found."""

FEW = 200
"""So many names are rather listed again than noted: a folder like `/tmp` changes all the time. And a tree of so many
folders is kept here; a larger one has an index of its own."""


class Place(NamedTuple):
    """What one pattern names. base: absolute, without wildcards; rest: the segments below it, wildcards among them."""

    base: str
    rest: tuple[str, ...]


def places(rows: Iterable[tuple[str, str, tuple[str, ...]]], home: str) -> list[Place]:
    """The places that rules name, from (space, text before the first wildcard, further segments)."""
    answer = []
    for space, start, rest in rows:
        base = (home if space == "~" else "") + (f"/{start}" if start else "")
        if "%u" in base:
            base = base.replace("%u", str(os.getuid()))
        answer.append(Place(base or "/", rest))
    return list(dict.fromkeys(answer))


def wide(found: Iterable[Place], home: str) -> list[Place]:
    """Those that name files anywhere below home or the root."""
    return [place for place in found if "**" in place.rest and place.base in ("/", home)]


class Seeker:
    """Finds what places name. judge: says what a path is by its spelling; below: the restricted paths in a tree
    before a deadline; cache, identity: where what was found is kept, and for which policy."""

    def __init__(
        self,
        judge: Callable[[str, bool | None], Judgement],
        below: Below,
        cache: str,
        identity: str,
        home: str,
    ) -> None:
        self._judge = judge
        self._below = below
        self._file = f"{cache}/inventory/{shelf.name_of('places', identity)}"
        self._identity = identity
        self._home = home
        self._settled = time.time_ns() - CLOCK
        self._stamps: dict[str, Stamp | None] = {}
        self.late: list[str] = []

    def found(self, named: Iterable[Place], deadline: float) -> set[str]:
        """The restricted files, and folders of nothing else, at some places; absolute. `late` names the places for
        which no time was left (deadline: of the monotonic clock)."""
        held: dict[str, Any] = shelf.read(self._file, self._identity) or {"stamps": {}, "places": {}}
        stamps: dict[str, Stamp | None] = held["stamps"]
        moved = {folder for folder, stamp in stamps.items() if self._stamp(folder) != stamp}
        places: dict[tuple[str, tuple[str, ...]], Listed] = {}
        same: dict[Listed, Listed] = {}  # most places hold nothing, in few folders: they are kept as one
        noted: set[str] = set()
        answer: set[str] = set()
        changed = False
        for place in named:
            before: Listed | None = held["places"].get(place)
            known = before
            if known is None or not moved.isdisjoint(known[0]):
                known = self._listed(place, deadline)
                noted.update(known[0])
                changed = changed or before is None or before[1:] != known[1:] or known[3] > FEW
            places[place.base, place.rest] = same.setdefault(known, known)
            answer.update(path for path in known[1] if os.access(path, os.R_OK))
            for path in known[2]:
                answer.update(self._whole(path, deadline))
        now = {folder: self._told(folder) for folder in noted}
        if changed or any(stamp and not stamps.get(folder) for folder, stamp in now.items()):
            now = {folder: now.get(folder, stamps.get(folder)) for row in places.values() for folder in row[0]}
            shelf.write(self._file, self._identity, {"stamps": now, "places": places})
        return answer

    def _whole(self, path: str, deadline: float) -> tuple[str, ...]:
        """A folder as the tree below it holds it: rules may let out parts of it."""
        if not os.access(path, os.R_OK | os.X_OK):
            return ()
        below = self._below(path, deadline)
        if below is None:
            self.late.append(path)
            return (path,)
        return below

    def _listed(self, place: Place, deadline: float) -> Listed:
        listed: dict[str, None] = {}
        found: list[str] = []
        trees: list[str] = []
        left = [(place.base, place.rest)] if place not in wide([place], self._home) else []
        names = 0
        while left:
            path, rest = left.pop()
            kind = self._kind(path, listed)
            if not kind:
                continue
            if not rest or (kind == "folder" and rest[0] == "**"):
                if rest or (kind != "other" and self._judge(path, kind == "folder").action != "allow"):
                    (trees if kind == "folder" else found).append(path)
            elif kind == "folder":
                listed[path] = None
                head, tail = _ends(rest[0])
                for name in _names(path) if head + tail != rest[0] else (rest[0],):
                    names += 1
                    if names <= NAMES and name.startswith(head) and name.endswith(tail):
                        left.append((f"{path.rstrip('/')}/{name}", rest[1:]))
        for tree in list(trees):
            folders = _folders(tree)
            if folders is not None:
                listed.update(dict.fromkeys(folders))
                late = len(self.late)
                found += self._whole(tree, deadline)
                if len(self.late) == late:
                    trees.remove(tree)
        return tuple(listed), tuple(sorted(found)), tuple(sorted(trees)), names

    def _kind(self, path: str, listed: dict[str, None]) -> str:
        """`folder`, `file`, `other`, or "" where nothing is; notes the folder that will tell when that changes."""
        try:
            kind = os.stat(path).st_mode
        except (OSError, ValueError):
            above = os.path.dirname(path)
            while above != "/" and self._stamp(above) is None:
                above = os.path.dirname(above)
            listed[above] = None
            return ""
        listed[os.path.dirname(path)] = None
        return "folder" if stat.S_ISDIR(kind) else "file" if stat.S_ISREG(kind) else "other"

    def _told(self, folder: str) -> Stamp | None:
        """The stamp that tells the next change of a folder; None where it changed so lately that it may not."""
        stamp = self._stamp(folder)
        return None if stamp is None or stamp[0] > self._settled else stamp

    def _stamp(self, folder: str) -> Stamp | None:
        if folder not in self._stamps:
            try:
                status = os.stat(folder)
                self._stamps[folder] = (status.st_ctime_ns, status.st_ino, status.st_dev)
            except OSError:
                self._stamps[folder] = None
        return self._stamps[folder]


def _folders(tree: str) -> list[str] | None:
    """A folder and those below it; None where they are more than `FEW`, or one is a link out of it."""
    found = [tree]
    for folder in found:
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.is_symlink():
                        return None
                    if entry.is_dir(follow_symlinks=False):
                        found.append(entry.path)
        except OSError:
            continue
        if len(found) > FEW:
            return None
    return found


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _ends(glob: str) -> tuple[str, str]:
    """The texts that a name begins and ends with that matches a segment; together the segment where it is no glob."""
    marks = [at for at, sign in enumerate(glob) if sign in "*?[]"]
    return (glob[: marks[0]], glob[marks[-1] + 1 :]) if marks else (glob, "")
