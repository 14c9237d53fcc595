"""What stands between a command's output and the client: the filter, and what it knows of restricted files."""

from __future__ import annotations

import os

from .. import own
from . import restricted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..content.fingerprint import Index
    from ..content.rewrite import Rewriter


class Output:
    """The filters of one command. project: the session's; home, cache: the person's and the guard's own; roots: the trees
    whose other files may go out; found: the restricted paths; variables: the names of restricted variables."""

    def __init__(
        self,
        project: str,
        home: str,
        cache: str,
        roots: Iterable[str],
        found: tuple[restricted.Path, ...],
        variables: Iterable[str],
    ) -> None:
        self.project = project
        self.home = home
        self.cache = cache
        self.roots = tuple(roots)
        self.found = found
        self.variables = tuple(variables)
        self._index: Index | None = None
        self._told: set[str] = set()

    def stream(self) -> Late:
        """A filter of one stream."""
        return Late(self)

    def filter(self) -> Rewriter:
        """A filter, made."""
        from ..content.rewrite import Rewriter
        from ..content.scan import credentials

        named = [(os.environb.get(os.fsencode(name), b""), f"${name}") for name in self.variables]
        hidden = [os.fsencode(os.path.relpath(path.path, self.project)) for path in self.found if path.hidden]
        return Rewriter(self.index(), [pair for pair in named if len(pair[0]) >= 6], hidden, credentials, self.told)

    def index(self) -> Index:
        """The fingerprints of what is restricted, made when output first comes."""
        if self._index is None:
            from ..content import fingerprint

            files = restricted.files(self.found)
            labels = [(file, os.path.relpath(file, self.project)) for file in files]
            self._index = fingerprint.refresh(self.cache, labels, self._public(frozenset(files)))
        return self._index

    def told(self, label: str) -> None:
        """Records what was taken out of the output, each thing once for a command."""
        if label not in self._told:
            from ..audit import record

            self._told.add(label)
            record.replaced(own.state_folder(self.home), self.project, label)

    def _public(self, files: frozenset[str]) -> Iterator[str]:
        """The files of the trees that may go out."""
        closed = {path.path for path in self.found}
        left = list(self.roots)
        while left:
            folder = left.pop()
            try:
                entries = list(os.scandir(folder))
            except OSError:
                continue
            for entry in entries:
                if entry.path in closed or entry.name in (".git", "node_modules", ".venv"):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    left.append(entry.path)
                elif entry.path not in files:
                    yield entry.path


class Late:
    """A filter that is made when the first output comes: most commands of a session print little, some nothing."""

    held = False

    def __init__(self, output: Output) -> None:
        self.output = output
        self.filter: Rewriter | None = None

    def feed(self, data: bytes) -> bytes:
        if self.filter is None:
            self.filter = self.output.filter()
        shown = self.filter.feed(data)
        self.held = self.filter.held
        return shown

    def flush(self) -> bytes:
        if self.filter is None:
            return b""
        shown = self.filter.flush()
        self.held = self.filter.held
        return shown
