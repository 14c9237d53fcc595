"""The world as a script has changed it so far: files that it wrote, what it moved or linked."""

from __future__ import annotations

import os
from collections.abc import Mapping

from ..world import World
from .state import State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..world import Kind


class Overlay:
    """A `World` over another, as one state of a script sees it."""

    def __init__(self, world: World, state: State) -> None:
        self.base = world
        self.state = state
        self.cwd = state.cwd
        self.home = world.home
        self.environment: Mapping[str, str] = world.environment

    def origin(self, path: str) -> str:
        """Where the content of a path was before this script moved or linked it; the path itself where it did not."""
        for _ in range(8):
            for new, old in reversed(self.state.links):
                if path == new or path.startswith(new.rstrip("/") + "/"):
                    path = old + path[len(new) :]
                    break
            else:
                break
        return path

    def kind(self, path: str) -> Kind | None:
        path = os.path.normpath(path) if self.state.links and ".." in path else path
        if path in self.state.files:
            return "file"
        found = self.base.kind(path)
        if found is None and self.state.links:
            origin = self.origin(path)
            return self.base.kind(origin) if origin != path else None
        return found

    def realpath(self, path: str) -> str:
        return self.base.realpath(path)

    def listdir(self, path: str) -> list[str] | None:
        names = self.base.listdir(path)
        path = os.path.normpath(path) if self.state.links and ".." in path else path
        if names is None and self.state.links:
            names = self.base.listdir(self.origin(path))
        if not (self.state.files or self.state.links):
            return names
        folder = path.rstrip("/") + "/"
        made = [*self.state.files, *(new for new, _ in self.state.links)]
        added = {known[len(folder) :].split("/")[0] for known in made if known.startswith(folder)}
        if not added:
            return names
        return sorted({*(names or ()), *added} - {""})

    def text(self, path: str, limit: int = 1_000_000) -> str | None:
        if path in self.state.files:
            text = self.state.files[path]
            return text if text is None or len(text) <= limit else None
        origin = self.origin(path) if self.state.links else path
        return self.base.text(origin, limit)

    def sensitive(self, root: str) -> tuple[str, ...] | None:
        """None also where the script put something restricted there under another name."""
        inside = root.rstrip("/") + "/"
        brought = {old for new, old in self.state.links if new.startswith(inside)}
        if self.state.links and self.origin(root) != root:
            brought.add(self.origin(root))
        if any(self.base.sensitive(old) != () for old in brought):
            return None
        return self.base.sensitive(root)

    def sensitive_objects(self, repository: str) -> tuple[str, ...] | None:
        origin = self.origin(repository) if self.state.links else repository
        found = self.base.sensitive_objects(origin)
        return found if origin == repository or not found else None

    def copied(self, path: str, copy: str, top: str, travels: bool) -> bool:
        """What the world says of a copy of a restricted file (see `judge.Workplace`); False where it cannot tell."""
        question = getattr(self.base, "copied", None)
        return bool(question and question(path, copy, top, travels))

    def written(self) -> tuple[str, ...]:
        """The paths that the script has written, moved or linked so far."""
        return (*self.state.files, *(path for pair in self.state.links for path in pair))

    def git(self, folder: str, arguments: tuple[str, ...]) -> str | None:
        """What the world's git says (see `inventory/changes.py`), as things were before the script."""
        question = getattr(self.base, "git", None)
        answer: str | None = question(folder, arguments) if question else None
        return answer
