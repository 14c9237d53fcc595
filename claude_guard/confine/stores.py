"""Where version control keeps old copies of restricted files, and what of it programs must not see.

`python3 -c 'zlib.decompress(...)'` reads `.git/objects` as well as git does. So where any revision holds a
file that no program may open, the object store is shown empty to everything but git, which the broker runs outside.
Once a repository is known to hold one, it is not asked again: history grows.
"""

from __future__ import annotations

import os
import time

from ..inventory import shelf
from ..inventory.objects import Repository, discover

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ..model import Judgement

    Tracked = Callable[[str, float], tuple[str, ...] | None]

SECONDS = 2.0
"""How long one repository may be asked for what it holds. One that cannot say in time counts as holding something, and
is asked again, where it stopped, after `PAUSE` seconds."""
PAUSE = 600

OBJECTS = ("objects", "lfs/objects", "annex/objects", "rr-cache")
"""Folders that all work trees share, with whole files in them, old ones too."""

PATCHES = ("rebase-apply", "rebase-merge/patch", "sequencer/patch", "addp-hunk-edit.diff", "ADD_EDIT.patch")
"""What a work tree's own part may hold of a change that is being made."""

DEEP = 3
"""Folders that the name of a submodule may have."""

ALTERNATES = 8


class Stores:
    """Finds the stores. tracked: the restricted paths of a repository, before a deadline; judge: says what a path
    is; cache, identity: where it is kept what was found, and for which policy."""

    def __init__(
        self, tracked: Tracked, judge: Callable[[str, bool | None], Judgement], cache: str, identity: str
    ) -> None:
        self._tracked = tracked
        self._judge = judge
        self._folder = cache + "/inventory"
        self._identity = identity

    def closed(self, roots: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The object stores, and the files and folders with patches, of the repositories of some trees and of their
        submodules that programs must not see; absolute, only what is there."""
        stores: dict[str, None] = {}
        patches: dict[str, None] = {}
        for root in roots:
            found = discover(root)
            if found is None:
                continue
            for one in (found, *_modules(found)):
                if not self._holds(one):
                    continue
                there = (f"{one.common}/{name}" for name in OBJECTS)
                stores.update(dict.fromkeys(path for path in there if os.path.isdir(path)))
                stores.update(dict.fromkeys(_alternates(one.common)))
                there = (f"{one.own}/{name}" for name in PATCHES)
                patches.update(dict.fromkeys(path for path in there if os.path.lexists(path)))
        return tuple(stores), tuple(patches)

    def _holds(self, repository: Repository) -> bool:
        """Whether some revision holds a file that no program may open, or that cannot be told."""
        file = f"{self._folder}/{shelf.name_of('holds', repository.common)}"
        held = shelf.read(file, self._identity)
        if held is not None and (not held["late"] or 0 <= time.time() - held["late"] < PAUSE):
            return True
        paths = self._tracked(repository.top, time.monotonic() + SECONDS)
        if paths is None:
            shelf.write(file, self._identity, {"late": int(time.time())})
            return True
        for path in paths:
            rule = self._judge(path, False).rule
            if rule is None or rule.programs == "none":
                shelf.write(file, self._identity, {"late": 0})
                return True
        return False


def _modules(repository: Repository) -> Iterator[Repository]:
    """The repositories of the submodules that are checked out."""
    left = [(f"{repository.common}/modules", 0)]
    while left:
        folder, deep = left.pop()
        try:
            entries = [entry.path for entry in os.scandir(folder) if entry.is_dir(follow_symlinks=False)]
        except OSError:
            continue
        for path in entries:
            if os.path.lexists(path + "/HEAD"):
                tree = _work_tree(path)
                if tree:
                    yield Repository(tree, path, path, False)
                left.append((path + "/modules", deep))
            elif deep < DEEP:
                left.append((path, deep + 1))


def _work_tree(folder: str) -> str:
    """Where a submodule's repository is checked out, "" where its configuration does not say."""
    for line in _lines(folder + "/config"):
        name, _, value = line.partition("=")
        if name.strip().lower() == "worktree":
            return os.path.normpath(os.path.join(folder, value.strip().strip('"')))
    return ""


def _alternates(common: str) -> Iterator[str]:
    for line in _lines(common + "/objects/info/alternates")[:ALTERNATES]:
        path = os.path.normpath(os.path.join(common, "objects", line))
        if line and not line.startswith("#") and os.path.isdir(path):
            yield path


def _lines(file: str) -> list[str]:
    try:
        with open(file, encoding="utf-8", errors="surrogateescape") as opened:
            return opened.read(100_000).splitlines()
    except OSError:
        return []
