"""What is known of one tree: its folders, and what in them the policy does not let out.

Folders are kept by their path below the root ("" is the root), a parent always before what lies in it.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    Stamp = tuple[int, int, int]
    """A folder's change time, inode and device."""

UNKNOWN: Stamp = (0, 0, 0)
"""Of a folder that has not been listed. One that changed just before it was listed has the change time 0."""


class Holdings:
    """One tree. root: absolute, as spelled, "" for `/`; real: the same with links resolved."""

    def __init__(self, root: str, real: str) -> None:
        self.root = root
        self.real = real
        self.folders: dict[str, Stamp] = {"": UNKNOWN}
        self.held: dict[str, dict[str, int]] = {}  # folder -> restricted files in it -> inode
        self.links: dict[str, dict[str, tuple[str, bool]]] = {}  # folder -> links in it -> (leads to, restricted)
        self.closed: set[str] = set()  # restricted folders
        self.mixed: set[str] = set()  # those of them that hold something that is not restricted
        self.shared: list[list[int]] = []  # restricted files with several names: device, inode, change time
        self.others: list[str] = []  # the other names of these in the tree, which are not restricted by themselves

    def paths(self, start: str) -> Iterator[str]:
        """The restricted paths at and below `start`, relative to the root: files, links, and folders that
        hold nothing but restricted things, without what lies in them."""
        mixed = set()
        for folder in self.mixed:
            while folder not in mixed and folder in self.closed:
                mixed.add(folder)
                folder = folder.rpartition("/")[0]
        whole = self.closed - mixed
        prefix = f"{start}/" if start else ""
        for folder in whole:
            if (folder == start or folder.startswith(prefix)) and (
                folder == start or not _covered(folder, whole, start)
            ):
                yield folder
        for folder, names in self.held.items():
            if (folder == start or folder.startswith(prefix)) and not _within(folder, whole, start):
                for name in names:
                    yield f"{folder}/{name}" if folder else name
        for folder, links in self.links.items():
            if (folder == start or folder.startswith(prefix)) and not _within(folder, whole, start):
                for name, (_, restricted) in links.items():
                    if restricted:
                        yield f"{folder}/{name}" if folder else name
        for path in self.others:
            if path.startswith(prefix):
                yield path

    def several(self) -> list[list[int]]:
        """The restricted files that have several names: device, inode, change time (which a link or rename moves)."""
        found = []
        lstat = os.lstat
        for folder, names in self.held.items():
            above = f"{self.root}/{folder}/" if folder else f"{self.root}/"
            for name in names:
                try:
                    status = lstat(above + name)
                except OSError:
                    continue
                if status.st_nlink > 1:
                    found.append([status.st_dev, status.st_ino, status.st_ctime_ns])
        return sorted(found)

    def outside(self, start: str) -> Iterator[tuple[str, str]]:
        """Links below `start` that lead to folders outside of it and are not restricted: (path, leads to)."""
        prefix = f"{start}/" if start else ""
        scope = f"{self.real}/{start}" if start else self.real
        for folder, links in self.links.items():
            if folder == start or folder.startswith(prefix):
                for name, (to, restricted) in links.items():
                    if not restricted and to != scope and not to.startswith(scope + "/") and os.path.isdir(to):
                        yield (f"{folder}/{name}" if folder else name), to

    def twin(self, device: int, inode: int, path: str) -> str | None:
        """The restricted file with this inode, absolute; None where there is none but `path` itself."""
        for folder, names in self.held.items():
            if inode in names.values() and self.folders[folder][2] == device:
                for name, found in names.items():
                    twin = "/".join(filter(None, (self.root, folder, name)))
                    if found == inode and twin != path:
                        return twin
        return None


def _covered(folder: str, whole: set[str], start: str) -> bool:
    """Whether a folder above this one, at or below `start`, is among the `whole` ones."""
    while folder and folder != start:
        folder = folder.rpartition("/")[0]
        if folder in whole:
            return True
    return False


def _within(folder: str, whole: set[str], start: str) -> bool:
    return folder in whole or _covered(folder, whole, start)
