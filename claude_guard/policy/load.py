"""Reads a policy file: bytes to TOML to a validated document, and from a place in the document back to a line. Cold."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from typing import NamedTuple

from ..errors import PolicyError
from .schema import Document, Problem, validate

LIMIT = 4_000_000  # bytes

Place = tuple[str | int, ...]


class Source(NamedTuple):
    """A policy file, read.

    path: where it lies, or `builtin:NAME`. identity: what its snapshot is keyed by: path, device, inode, size,
    mtime_ns, ctime_ns. layer: builtin, managed, user, project or local.
    """

    path: str
    identity: tuple[str, int, int, int, int, int]
    document: Document
    lines: Lines
    layer: str

    def line(self, place: Place) -> int:
        """The line that holds a place of the document, from 1."""
        return self.lines.of(place)


def identity(path: str, status: os.stat_result) -> tuple[str, int, int, int, int, int]:
    """What tells one state of a file from another."""
    return path, status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def read(file: str, name: str = "", layer: str = "project") -> Source:
    """Reads and validates the policy file at `file`; `name` is what messages call it (`builtin:NAME`),
    `layer` the layer that it is read for.

    Raises PolicyError with line and column where they are known.
    """
    shown = name or file
    data, status = _bytes(file, shown)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PolicyError(shown, "not UTF-8", "save it as UTF-8", line) from None
    text = text.removeprefix("\ufeff")
    try:
        table = tomllib.loads(text + "\n")
    except tomllib.TOMLDecodeError as error:
        raise _toml_error(shown, text, str(error)) from None
    except RecursionError:
        raise PolicyError(shown, "nested too deeply", "use plain tables and lists") from None
    document = validate(table)
    if isinstance(document, Problem):
        raise PolicyError(shown, document.message, document.hint, Lines(text).of(document.place))
    return Source(shown, identity(file, status), document, Lines(text), layer)


def _bytes(file: str, shown: str) -> tuple[bytes, os.stat_result]:
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        reason = (error.strerror or "an error").lower()
        raise PolicyError(shown, f"cannot be read: {reason}", "make it readable, or remove it") from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise PolicyError(shown, "not a regular file", "put the policy there, or remove it")
        if status.st_size > LIMIT:
            raise PolicyError(shown, f"larger than {LIMIT // 1_000_000} MB", "shorten it")
        data = b""
        while len(data) <= LIMIT and (chunk := os.read(descriptor, LIMIT + 1 - len(data))):
            data += chunk
    finally:
        os.close(descriptor)
    return data, status


def _toml_error(shown: str, text: str, said: str) -> PolicyError:
    found = re.search(r" \(at line (\d+), column (\d+)\)$", said)
    if found:
        line, column = int(found[1]), int(found[2])
        said = said[: found.start()]
    else:
        line, column = text.count("\n") + 1, 0
        said = re.sub(r" \(at end of document\)$", "", said)
    said = re.sub(r"[\"']([^\"']*)[\"']", r"`\1`", said)
    if said == "Illegal character `\\n`":
        said = "a text is not closed"
    message = f"not TOML: {said[:1].lower()}{said[1:]}"
    return PolicyError(shown, message, "mend this line", line, column)


_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*((?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+))*)\s*=""")


class Lines:
    """The lines of a document's tables and keys: a scan of headers and keys, not a parser."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._places: dict[Place, int] = {}
        table: Place = ()
        counts: dict[Place, int] = {}
        for number, line in enumerate(self._lines, 1):
            if header := _HEADER.match(line):
                table = _split(header[2])
                if header[1] == "[[":
                    counts[table] = counts.get(table, -1) + 1
                    table = (*table, counts[table])
                self._places.setdefault(table, number)
            elif key := _KEY.match(line):
                place = (*table, *_split(key[1]))
                for end in range(len(table) + 1, len(place) + 1):
                    self._places.setdefault(place[:end], number)

    def of(self, place: Place) -> int:
        """The line of a place, from 1; that of the nearest table or key around it where it is not found."""
        found = next((end for end in range(len(place), 0, -1) if place[:end] in self._places), 0)
        if not found:
            return 1
        line = self._places[place[:found]]
        last = place[-1]
        return _element(self._lines, line, last) if found == len(place) - 1 and isinstance(last, int) else line


def _split(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in re.findall(r"\"[^\"]*\"|'[^']*'|[^.]+", dotted))


def _element(lines: list[str], start: int, index: int) -> int:
    """The line of the nth text in the list that starts on a line."""
    seen = -1
    for number in range(start, len(lines) + 1):
        line = lines[number - 1]
        if number == start:
            line = line.partition("=")[2]
        for text in re.finditer(r"\"(?:\\.|[^\"\\])*\"|'[^']*'|#.*$|\]|[^\s,\[\]#\"']+", line):
            if text[0].startswith("#"):
                continue
            if text[0] == "]":
                return start
            seen += 1
            if seen == index:
                return number
    return start
