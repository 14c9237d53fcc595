"""The compiled modules of the package in one file beside Python's own: a process of the guard imports dozens of them, and
finding and reading each one's file costs more than what is in it.

A module is taken out of the file while its source has the size and time that it had when the file was written; any other
is left to Python. Where Python has compiled a module that the file does not hold, a process that misses it writes the
file anew: see `compiled.py`.
"""

from __future__ import annotations

import gc
import os
import sys
from _frozen_importlib import ModuleSpec
from _frozen_importlib_external import MAGIC_NUMBER, SourceFileLoader
from _imp import _fix_co_filename, source_hash  # type: ignore[attr-defined] # as what reads `.pyc` files uses it
from marshal import loads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

    Row = tuple[str, int, int, int, int]
    """A source below the package, its size and mtime_ns; where its code begins among all code, and its length."""

PACKAGE = __name__.rpartition(".")[0]
FORMAT = 1
HEAD = 16  # bytes: the seal, and the length of the index that follows


def main(module: str) -> Any:
    """The function `main` of a module of this package, imported with the help of the file, and without looks for
    garbage: what is made on the way is kept."""
    gc.disable()
    cached = __spec__.cached or ""
    folder, _, name = __file__.rpartition("/")
    beside = f"{folder}/__pycache__/{name[:-3]}"
    if cached.startswith(beside) and not sys.pycache_prefix:
        sys.meta_path.insert(0, Finder(folder, cached[len(beside) :]))
    return __import__(f"{PACKAGE}.{module}", fromlist=["main"]).main


class Loader(SourceFileLoader):
    """Python's own, with the code at hand."""

    code: CodeType | None

    def get_code(self, fullname: str) -> CodeType | None:
        code, self.code = self.code, None
        return code or super().get_code(fullname)


class Finder:
    """Finds modules of the package that lies in `folder`. suffix: how the names of its `.pyc` files go on after the
    module's: it names the interpreter and how far that optimises."""

    def __init__(self, folder: str, suffix: str) -> None:
        self.folder = folder
        self.suffix = suffix
        self.file = f"{folder}/__pycache__/bundle{suffix[:-3]}bin"
        self.settled = False  # whether the file stays as it is, as far as this process goes
        self.rows: dict[str, Row] = {}
        self.read()

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """How Python asks for a module; None leaves it to the other finders."""
        code = self.code(name)
        if code is None and not self.settled and name.startswith(PACKAGE + "."):
            self.settled = True
            from . import compiled

            compiled.collect(self, name)
            self.read()
            code = self.code(name)
        if code is None:
            return None
        file = self.rows[name][0]
        place = self.folder + file
        _fix_co_filename(code, place)
        loader = Loader(name, place)
        loader.code = code
        spec = ModuleSpec(name, loader, origin=place)
        spec.has_location = True
        spec.cached = self.cached(file)
        if file.endswith("/__init__.py"):
            spec.submodule_search_locations = [place[:-12]]
        return spec

    def cached(self, file: str) -> str:
        """Where Python puts what it compiles a source to."""
        folder, _, name = file.rpartition("/")
        return f"{self.folder}{folder}/__pycache__/{name[:-3]}{self.suffix}"

    def code(self, name: str) -> CodeType | None:
        """The code of a module; None where the file does not have that of its source as it is now."""
        row = self.rows.get(name)
        if row is None:
            return None
        file, size, changed, start, length = row
        try:
            status = os.stat(self.folder + file)
            if status.st_size != size or status.st_mtime_ns != changed or _state(self.source) != self.state:
                return None
            code = loads(os.pread(self.source, length, self.start + start))
        except (OSError, EOFError, ValueError, TypeError, MemoryError):
            return None
        return code if type(code) is type(_state.__code__) else None

    def read(self) -> None:
        """Takes the modules that the file has, where nobody else can have written it. It stays open: others may put
        another in its place."""
        try:
            source = os.open(self.file, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            return
        status = os.fstat(source)
        owners = (0, os.geteuid(), os.stat(self.folder).st_uid)
        if status.st_mode & 0o170022 != 0o100000 or status.st_uid not in owners or source <= 2:
            self.settled = True  # written anew it would be the same where the file system knows no owners
        else:
            head = os.pread(source, HEAD, 0)
            index = os.pread(source, min(int.from_bytes(head[12:], "little"), status.st_size), HEAD)
            if head == sealed(index):
                length, rows = loads(index)
                if status.st_size == HEAD + len(index) + length:
                    self.source, self.state = source, _state(source)
                    self.start, self.rows = HEAD + len(index), rows
                    return
        os.close(source)


def sealed(index: bytes) -> bytes:
    """What a file with this index begins with."""
    return MAGIC_NUMBER + source_hash(FORMAT, index) + len(index).to_bytes(4, "little")


def _state(descriptor: int) -> tuple[int, ...]:
    """What tells an open file from every other, also from one that was given its number."""
    status = os.fstat(descriptor)
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
