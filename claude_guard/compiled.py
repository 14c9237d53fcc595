"""Puts what Python has compiled of the package into the one file that `bundle.py` reads: whole or not at all, and with
nothing compiled for it, so that the process that does it is held up only for milliseconds."""

from __future__ import annotations

import os
import sys
from _frozen_importlib_external import MAGIC_NUMBER
from marshal import dumps
from time import time

from .bundle import PACKAGE, Loader, sealed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .bundle import Finder

COLD = "/cli"
"""The folder of the command line, which does not start this way."""
SETTLED = 2.0
"""Seconds for which a source must not have changed: within a tick of the file system's clock a change shows no other
time."""


def collect(finder: Finder, missed: str) -> None:
    """Writes the file of a finder anew where that adds the module that was missed. What cannot be written, or is not
    to be, is no error: Python finds the modules without it."""
    if sys.dont_write_bytecode or not os.access(os.path.dirname(finder.file), os.W_OK):
        return
    place = missed.removeprefix(PACKAGE).replace(".", "/")
    if not _compiled(finder, f"{place}.py") and not _compiled(finder, f"{place}/__init__.py"):
        return
    rows, codes, length = {}, [], 0
    for name, file in _sources(finder.folder):
        if found := _compiled(finder, file):
            size, changed, code = found
            rows[name] = (file, size, changed, length, len(code))
            codes.append(code)
            length += len(code)
    index = dumps((length, rows))
    mode = os.stat(__file__).st_mode & 0o444 | 0o200
    Loader(__name__, __file__).set_data(finder.file, b"".join([sealed(index), index, *codes]), _mode=mode)


def _sources(package: str) -> list[tuple[str, str]]:
    """The modules of the package that start this way, by name, each with its file below the package."""
    found = []
    for folder, folders, files in os.walk(package):
        below = folder[len(package) :]
        folders[:] = [name for name in folders if f"{below}/{name}" != COLD]
        for file in files:
            if file.endswith(".py"):
                path = below if file == "__init__.py" else f"{below}/{file[:-3]}"
                found.append((PACKAGE + path.replace("/", "."), f"{below}/{file}"))
    return sorted(found)


def _compiled(finder: Finder, file: str) -> tuple[int, int, bytes] | None:
    """Size and mtime_ns of a source, and what Python has compiled it to; None where it has not, or not this one."""
    try:
        status = os.stat(finder.folder + file)
        if time() - status.st_mtime < SETTLED:
            return None
        with open(finder.cached(file), "rb") as opened:
            data = opened.read()
    except OSError:
        return None
    numbers = int(status.st_mtime) & 0xFFFFFFFF, status.st_size & 0xFFFFFFFF
    if data[:16] != MAGIC_NUMBER + bytes(4) + b"".join(number.to_bytes(4, "little") for number in numbers):
        return None
    return status.st_size, status.st_mtime_ns, data[16:]
