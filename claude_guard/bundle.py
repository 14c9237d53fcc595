"""The compiled modules of the package in one file beside Python's own: a process of the guard imports dozens of them, and
finding and reading each one's file costs more than what is in it.

The file holds what was in the `.pyc` files when it was written. A module is taken out of it while its source has the
size and time that it had then; any other is left to Python. Where Python has compiled a module that the file does not
hold, the process that misses it writes the file anew.
"""

from __future__ import annotations

import os
import sys
from _frozen_importlib import ModuleSpec
from _frozen_importlib_external import MAGIC_NUMBER, SourceFileLoader
from _imp import _fix_co_filename, source_hash  # type: ignore[attr-defined] # as what reads `.pyc` files uses it
from marshal import dumps, loads
from time import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

    Row = tuple[str, int, int, int, int]  # file below the package, its size and mtime_ns; where its code begins, length

PACKAGE = __name__.rpartition(".")[0]
COLD = "/cli"
"""The folder of the command line, which does not start this way."""
FORMAT = 1
SETTLED = 2.0
"""Seconds for which a source must not have changed: what is written within a file system's tick has the same time."""


def main(module: str) -> Any:
    """The function `main` of a module of this package, imported with the help of the file."""
    cached = __spec__.cached or ""
    folder, name = __file__.rpartition("/")[::2]
    start = f"{folder}/__pycache__/{name.removesuffix('.py')}"
    if cached.startswith(start) and not sys.pycache_prefix:
        sys.meta_path.insert(0, Finder(folder, cached[len(start) :]))
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
        self.file = f"{folder}/__pycache__/bundle{suffix.removesuffix('pyc')}bin"
        self.rows: dict[str, Row] = {}
        self.source = -1
        self.start = 0
        self.state: tuple[int, ...] = ()
        self.settled = False
        """Whether the file is to stay as it is, as far as this process goes."""
        self.read()

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """How Python asks for a module; None leaves it to the other finders."""
        code = self.code(name)
        if code is None:
            if self.settled or not name.startswith(PACKAGE + ".") or not self.renew(name):
                return None
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
        except (OSError, EOFError, ValueError, TypeError):
            return None
        return code if type(code) is type(_state.__code__) else None

    def read(self) -> None:
        """Takes the modules that the file has, where nobody else can have written it."""
        try:
            source = os.open(self.file, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            return
        status = os.fstat(source)
        owners = (0, os.geteuid(), os.stat(self.folder).st_uid)
        if status.st_mode & 0o170022 != 0o100000 or status.st_uid not in owners or source <= 2:
            self.settled = True  # written anew it would be the same where the file system knows no owners
        else:
            head = os.pread(source, 16, 0)
            index = os.pread(source, int.from_bytes(head[12:], "little"), 16)
            if head[:12] == _seal(index):
                length, rows = loads(index)
                self.start = 16 + len(index)
                if status.st_size == self.start + length:
                    self.source, self.state, self.rows = source, _state(source), rows
                    return
        os.close(source)

    def renew(self, missed: str) -> bool:
        """Writes the file anew, once, where that adds the module that was missed."""
        place = missed.removeprefix(PACKAGE).replace(".", "/")
        if not self.compiled(f"{place}.py") and not self.compiled(f"{place}/__init__.py"):
            return False
        self.settled = True
        if sys.dont_write_bytecode or not os.access(os.path.dirname(self.file), os.W_OK):
            return False
        rows, codes, length = {}, [], 0
        for name, file in self.sources():
            if found := self.compiled(file):
                size, changed, code = found
                rows[name] = (file, size, changed, length, len(code))
                codes.append(code)
                length += len(code)
        index = dumps((length, rows))
        head = _seal(index) + len(index).to_bytes(4, "little")
        mode = os.stat(__file__).st_mode & 0o444 | 0o200
        Loader(__name__, __file__).set_data(self.file, b"".join([head, index, *codes]), _mode=mode)
        self.read()
        return True

    def sources(self) -> list[tuple[str, str]]:
        """The modules of the package that start this way, by name, each with its file below the package."""
        found = []
        for folder, folders, files in os.walk(self.folder):
            below = folder[len(self.folder) :]
            folders[:] = [name for name in folders if f"{below}/{name}" != COLD]
            for file in files:
                if file.endswith(".py"):
                    path = below if file == "__init__.py" else f"{below}/{file[:-3]}"
                    found.append((PACKAGE + path.replace("/", "."), f"{below}/{file}"))
        return sorted(found)

    def compiled(self, file: str) -> tuple[int, int, bytes] | None:
        """Size and mtime_ns of a source, and what Python has compiled it to; None where it has not, or not this one."""
        try:
            status = os.stat(self.folder + file)
            if time() - status.st_mtime < SETTLED:
                return None
            with open(self.cached(file), "rb") as opened:
                data = opened.read()
        except OSError:
            return None
        times = int(status.st_mtime) & 0xFFFFFFFF, status.st_size & 0xFFFFFFFF
        if data[:16] != MAGIC_NUMBER + bytes(4) + b"".join(number.to_bytes(4, "little") for number in times):
            return None
        return status.st_size, status.st_mtime_ns, data[16:]

    def cached(self, file: str) -> str:
        """Where Python puts what it compiles a source to."""
        folder, _, name = file.rpartition("/")
        return f"{self.folder}{folder}/__pycache__/{name[:-3]}{self.suffix}"


def _state(descriptor: int) -> tuple[int, ...]:
    """What tells an open file from every other, also from the one that takes its number."""
    status = os.fstat(descriptor)
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _seal(index: bytes) -> bytes:
    """What a file with this index begins with."""
    return MAGIC_NUMBER + source_hash(FORMAT, index)
