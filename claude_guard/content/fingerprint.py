"""Fingerprints of restricted files: keyed hashes of their units, never the units themselves.

Two hashes of each unit: a checksum that is quick to compare in bulk, and a keyed digest that decides. The index is one
file in the guard's cache; what it was made of is noted in it (size, inode and times of each file), and a file that did
not change is not read again. The key is a file of its own, 32 random bytes, readable by its owner alone.
"""

from __future__ import annotations

import os
import stat
from array import array
from itertools import repeat
from zlib import crc32

from ..own import private_folder
from ..values import NamedTuple
from .units import PREFIX, RUN_TABLE, WORD_TABLE, disguises, sign, units, values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from hashlib import blake2b
else:
    from _blake2 import blake2b  # `hashlib` costs 2 ms

FILE_LIMIT = 2_000_000  # bytes of one restricted file that are fingerprinted
TOTAL_LIMIT = 64_000_000  # bytes of all of them
PUBLIC_LIMIT = 32_000_000  # bytes of files that may go out that are compared against
WIDTH = 12  # bytes of a digest
MAGIC = b"claude-guard fingerprints 2\n"


class Index(NamedTuple):
    """What to look for. seed: of the checksums. quick: checksums of all units and of their signs (see
    `units.sign`); whole: of the units alone. digests: of the same units, in the
    order of `owners`, which are places in `labels`: the names of the files, as messages show them."""

    key: bytes
    seed: int
    quick: frozenset[int]
    whole: array[int]
    digests: bytes
    owners: array[int]
    labels: tuple[str, ...]

    def owner(self, unit: bytes) -> str | None:
        """The label of the restricted file that a unit gives away; None where it gives none away."""
        if crc32(unit, self.seed) not in self.quick:
            return None
        digest = blake2b(unit, digest_size=WIDTH, key=self.key).digest()
        at = self.digests.find(digest)
        while at >= 0 and at % WIDTH:
            at = self.digests.find(digest, at + 1)
        return None if at < 0 else self.labels[self.owners[at // WIDTH]]


def nothing() -> Index:
    """An index that knows no file."""
    return Index(b"", 0, frozenset(), array("I"), b"", array("I"), ())


def key(cache: str) -> bytes:
    """The key of this cache, made on first use. Raises OSError."""
    folder = private_folder(cache)
    path = folder + "/key"
    try:
        os.makedirs(folder, 0o700, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        with open(path, "rb") as file:
            return file.read(32)
    made = os.urandom(32)
    os.write(descriptor, made)
    os.close(descriptor)
    return made


def build(restricted: Iterable[tuple[str, str]], public: Iterable[str], secret: bytes) -> Index:
    """Fingerprints files. restricted: (path, label) pairs; public: files that may go out, whose units do not count.

    Files that cannot be read, and what is past the limits, are left out. Empty files and binary ones count like others.
    """
    seed = crc32(secret)
    labels: list[str] = []
    found: dict[bytes, int] = {}
    left = TOTAL_LIMIT
    for path, label in restricted:
        text = _content(path, min(FILE_LIMIT, left))
        if not text:
            continue
        left -= len(text)
        labels.append(label)
        for unit in units(text):
            found.setdefault(unit, len(labels) - 1)
    shared, common = _shared(frozenset(found), public)
    for unit in shared:
        del found[unit]
    owners, signs, whole, digests = array("I"), set[int](), array("I"), bytearray()
    for unit, owner in found.items():
        for shown in set(disguises(unit)):
            word = sign(shown, common)
            if not word:
                continue
            owners.append(owner)
            whole.append(crc32(shown, seed))
            signs.add(crc32(word, seed))
            digests += blake2b(shown, digest_size=WIDTH, key=secret).digest()
    return Index(secret, seed, frozenset(signs.union(whole)), whole, bytes(digests), owners, tuple(labels))


def save(index: Index, path: str, state: str) -> None:
    """Writes an index where only its owner reads it. state: what it was made of, see `current`."""
    lines = [state, *index.labels]
    head = "\0".join(lines).encode("utf-8", "surrogateescape")
    signs = array("I", index.quick.difference(index.whole))
    parts = [MAGIC, *(len(part).to_bytes(8, "little") for part in (head, signs, index.owners)), head]
    parts += [signs.tobytes(), index.whole.tobytes(), index.owners.tobytes(), index.digests]
    scratch = f"{path}.{os.getpid()}"
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with open(descriptor, "wb") as file:
        file.write(b"".join(parts))
    os.replace(scratch, path)


def load(path: str, secret: bytes) -> tuple[Index, str] | None:
    """A written index and the state it was made of; None where there is none or it is not what was written."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError:
        return None
    if not data.startswith(MAGIC) or len(data) < len(MAGIC) + 24:
        return None
    at = len(MAGIC)
    sizes = [int.from_bytes(data[at + 8 * n : at + 8 * n + 8], "little") for n in range(3)]
    at += 24
    head = data[at : at + sizes[0]].decode("utf-8", "surrogateescape").split("\0")
    at += sizes[0]
    signs, whole, owners = array("I"), array("I"), array("I")
    if len(data) != at + 4 * (sizes[1] + 2 * sizes[2]) + WIDTH * sizes[2]:
        return None
    for part, size in ((signs, sizes[1]), (whole, sizes[2]), (owners, sizes[2])):
        part.frombytes(data[at : at + 4 * size])
        at += 4 * size
    return Index(secret, crc32(secret), frozenset(signs + whole), whole, data[at:], owners, tuple(head[1:])), head[0]


def state(paths: Iterable[str]) -> str:
    """What files are like now, as text to compare: a change of any of them changes it."""
    digest = blake2b(digest_size=16)
    for path in paths:
        try:
            status = os.stat(path)
            words = (path, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        except OSError:
            words = (path, 0, 0, 0, 0)
        digest.update(repr(words).encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def refresh(cache: str, restricted: list[tuple[str, str]], public: Iterable[str], name: str = "fingerprints") -> Index:
    """The index of these files, from the cache where nothing changed, else made anew and kept. Raises OSError."""
    secret = key(cache)
    now = state(path for path, _ in restricted)
    file = f"{private_folder(cache)}/{name}"
    held = load(file, secret)
    if held is not None and held[1] == now:
        return held[0]
    index = build(restricted, public, secret)
    save(index, file, now)
    return index


def _shared(found: frozenset[bytes], public: Iterable[str]) -> tuple[set[bytes], set[bytes]]:
    """The units that occur in public files too, and the words of units that do; cut in bulk, since there is much of
    them."""
    shared: set[bytes] = set()
    common: set[bytes] = set()
    words = frozenset(b" ".join(found).translate(RUN_TABLE).split())
    left = PUBLIC_LIMIT
    for path in public:
        if left <= 0 or not found:
            break
        text = _content(path, FILE_LIMIT)
        left -= len(text) + 4096
        if not text or b"\0" in text[:4096]:
            continue
        lines = text.split(b"\n")
        shared.update(found.intersection(map(bytes.strip, lines)))
        shared.update(found.intersection(map(bytes.rstrip, map(bytes.lstrip, lines, repeat(PREFIX)))))
        held = text.translate(RUN_TABLE).split()
        common.update(words.intersection(held))
        shared.update(found.intersection(held))
        shared.update(found.intersection(text.translate(WORD_TABLE).split()))
        shared.update(found.intersection(values(text)))
    return shared, common


def _content(path: str, limit: int) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return b""
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return b""
        with open(descriptor, "rb", closefd=False) as file:
            return file.read(max(limit, 0))
    except OSError:
        return b""
    finally:
        os.close(descriptor)
