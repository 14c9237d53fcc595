"""The paths in a git index file, versions 2, 3 and 4 (gitformat-index(5)). Pure: bytes in, names out."""

import os

FLAG_EXTENDED = 0x4000
LINK = 0o160000  # the mode of a submodule's entry


class BadIndex(ValueError):
    """Not an index file as this reader knows it."""


def names(data: bytes, digest: int = 20) -> list[str]:
    """The paths of the files in an index, relative to the work tree, `/` between names, undecodable bytes as
    surrogates; submodules and sparse folders left out. digest: bytes of an object name, 20 or 32. Raises
    BadIndex.
    """
    if data[:4] != b"DIRC" or len(data) < 12 + digest:
        raise BadIndex("no index file")
    version = int.from_bytes(data[4:8], "big")
    count = int.from_bytes(data[8:12], "big")
    if version not in (2, 3, 4):
        raise BadIndex(f"index version {version}")
    found: list[str] = []
    at = 12
    last = b""
    end = len(data) - digest
    fixed = 40 + digest  # ten numbers of four bytes, the object name
    for _ in range(count):
        start = at
        flags = int.from_bytes(data[start + fixed : start + fixed + 2], "big")
        at = start + fixed + (4 if version >= 3 and flags & FLAG_EXTENDED else 2)
        if version == 4:
            drop, at = _variable(data, at)
            stop = data.find(b"\0", at, end)
            if stop < 0 or drop > len(last):
                raise BadIndex("cut short")
            name = last[: len(last) - drop] + data[at:stop]
            at = stop + 1
        else:
            stop = data.find(b"\0", at, end)
            if stop < 0:
                raise BadIndex("cut short")
            name = data[at:stop]
            at = start + (stop - start + 8) // 8 * 8  # padded with one to eight NULs
        last = name
        mode = int.from_bytes(data[start + 24 : start + 28], "big")
        if mode & 0o170000 != LINK and not name.endswith(b"/"):
            found.append(os.fsdecode(name))
    return list(dict.fromkeys(found))


def _variable(data: bytes, at: int) -> tuple[int, int]:
    """A number as pack offsets have it, and the place behind it."""
    try:
        byte = data[at]
        value = byte & 0x7F
        while byte & 0x80:
            at += 1
            byte = data[at]
            value = ((value + 1) << 7) | (byte & 0x7F)
    except IndexError:
        raise BadIndex("cut short") from None
    return value, at + 1
