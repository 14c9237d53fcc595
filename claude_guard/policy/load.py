"""Reads a policy file: bytes to TOML to a validated document, and from a place in the document back to a line. Cold."""

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
    text: str
    layer: str

    def line(self, place: Place) -> int:
        """The line that holds a place of the document, from 1; the nearest one around it where it is not found."""
        return line_of(self.text, place)


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
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _toml_error(shown, text, str(error)) from None
    except RecursionError:
        raise PolicyError(shown, "nested too deeply", "use plain tables and lists") from None
    document = validate(table)
    if isinstance(document, Problem):
        raise PolicyError(shown, document.message, document.hint, line_of(text, document.place))
    return Source(shown, identity(file, status), document, text, layer)


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
    message = f"not TOML: {said[:1].lower()}{said[1:]}"
    return PolicyError(shown, message, "mend this line", line, column)


_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(
    r"""^\s*((?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)(?:\s*\.\s*(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+))*)\s*="""
)


def line_of(text: str, place: Place) -> int:
    """The line of a place: a scan of headers and keys, not a parser; what it cannot find is its nearest table."""
    wanted = [part for part in place if part != "[key]"]
    best, depth = 1, 0
    table: list[str | int] = []
    counts: dict[str, int] = {}
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        header = _HEADER.match(line)
        if header:
            table = [*_split(header[2])]
            if header[1] == "[[":
                name = ".".join(map(str, table))
                table.append(counts.get(name, 0))
                counts[name] = counts.get(name, 0) + 1
            keys = table
        elif key := _KEY.match(line):
            keys = [*table, *_split(key[1])]
        else:
            continue
        shared = _shared(keys, wanted)
        if shared == len(keys) and shared > depth:
            best, depth = number, shared
    if depth < len(wanted) and isinstance(wanted[-1], int) and depth == len(wanted) - 1:
        return _element(lines, best, wanted[-1])
    return best


def _split(dotted: str) -> list[str]:
    return [part.strip().strip("\"'") for part in re.findall(r"\"[^\"]*\"|'[^']*'|[^.]+", dotted)]


def _shared(keys: list[str | int], wanted: list[str | int]) -> int:
    count = 0
    for one, other in zip(keys, wanted, strict=False):
        if one != other:
            break
        count += 1
    return count


def _element(lines: list[str], start: int, index: int) -> int:
    """The line of the nth text in the list that starts on a line."""
    seen = -1
    for number in range(start, len(lines) + 1):
        line = lines[number - 1]
        if number == start:
            line = line.split("=", 1)[1]
        for text in re.finditer(r"\"(?:\\.|[^\"\\])*\"|'[^']*'|#.*$|\]", line):
            if text[0].startswith("#"):
                continue
            if text[0] == "]":
                return start
            seen += 1
            if seen == index:
                return number
    return start
