"""One policy file's snapshot on disk: what it holds, how it is read in parts, and why it can be believed.

Layout: MAGIC, a nonce, the length of the header, the header, a bitmap of the keys, a table of shards, blocks. Each of
them carries a digest keyed with a secret of this user, over the nonce, its number and its content, so that neither a
changed block nor one moved from elsewhere is believed, or handed to `marshal`. The bitmap tells of most keys that no rule
is indexed under them: two bits are set for each key. Blocks: the shards of the key index, then the rules.
Reference: where a rule lies, [number in its file, offset, length], and a text that a path must hold for it to matter.
"""

from __future__ import annotations

import marshal
import os
from _blake2 import blake2b  # hashlib imports OpenSSL, which costs more than all the rest here

from ..own import FORM, private_folder
from .keys import SECOND

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .keys import Keys

    Reference = list[Any]

MAGIC = b"claude-guard 02 " + FORM
FORMAT = 13
DIGEST = 16
ENTRY = 16  # characters of the table for each shard: offset and length, in hexadecimal
SHARDS = 3  # the number of the first shard's block; 0 is the header, 1 the bitmap, 2 the table
_HEAD = len(MAGIC) + 16 + 4
_READ = 1 << 13  # holds the front of a snapshot, or the whole of a small one


class Damaged(Exception):
    """The snapshot is missing, stale, foreign or changed: it has to be compiled again."""


def digest(secret: bytes, nonce: bytes, number: int, content: bytes) -> bytes:
    """The keyed digest of one block. Numbers: see SHARDS."""
    return blake2b(nonce + number.to_bytes(4, "big") + content, key=secret, digest_size=DIGEST).digest()


def rule_block(shards: int, number: int) -> int:
    """The number of the block that holds a rule."""
    return SHARDS + shards + number


class Store:
    """A snapshot, opened: its header now, its shards and rules when they are asked for.

    Raises Damaged when anything is not as it was written, now or later.
    """

    def __init__(self, data: bytes, secret: bytes, descriptor: int = -1) -> None:
        self._data = data
        self._secret = secret
        self._descriptor = descriptor
        self.recompile: Callable[[], Store] | None = None
        self._nonce = data[len(MAGIC) : len(MAGIC) + 16]
        self._shards: dict[int, dict[str, list[Reference]]] = {}
        self._rules: dict[int, dict[str, Any]] = {}
        if data[: len(MAGIC)] != MAGIC or len(data) < _HEAD:
            raise Damaged
        length = int.from_bytes(data[_HEAD - 4 : _HEAD], "big")
        self.header: dict[str, Any] = marshal.loads(self._block(0, _HEAD, length))
        self.shards: int = self.header["shards"]
        size: int = self.header["bitmap"]
        at = _HEAD + length + DIGEST
        self._bitmap = self._block(1, at, size)
        self._table = self._block(2, at + size + DIGEST, self.shards * ENTRY).decode()  # hexadecimal

    def recover(self) -> None:
        """Compiles the snapshot again and takes its place; for a block that was found to be Damaged."""
        if self.recompile is not None:
            fresh = self.recompile()
            self.close()
            self.__dict__.update(fresh.__dict__)

    def close(self) -> None:
        """Gives the file back."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _block(self, number: int, offset: int, length: int) -> bytes:
        end = offset + length + DIGEST
        if end <= len(self._data):
            block = self._data[offset:end]
        elif self._descriptor >= 0:
            block = os.pread(self._descriptor, length + DIGEST, offset)
        else:
            raise Damaged
        content = block[:-DIGEST]
        if len(block) != length + DIGEST or block[-DIGEST:] != digest(self._secret, self._nonce, number, content):
            raise Damaged
        return content

    def _shard_at(self, number: int) -> dict[str, list[Reference]]:
        shard = self._shards.get(number)
        if shard is None:
            shard = self._shards[number] = self._shard(number)
        return shard

    def rule(self, reference: Reference) -> dict[str, Any]:
        """The rule at a reference."""
        number, offset, length, _ = reference
        rule = self._rules.get(number)
        if rule is None:
            rule = marshal.loads(self._block(rule_block(self.shards, number), offset, length))
            self._rules[number] = rule
        return rule

    def candidates(self, keys: Keys) -> list[Reference]:
        """The rules that may match a path with these keys, last first."""
        found: dict[int, Reference] = {}
        bitmap, mask = self._bitmap, len(self._bitmap) - 1
        for kind in self.header["kinds"]:
            for key, number in keys[kind]:
                other = number >> SECOND
                if not bitmap[number >> 3 & mask] >> (number & 7) & bitmap[other >> 3 & mask] >> (other & 7) & 1:
                    continue
                for reference in self._shard_at(number % self.shards).get(key, ()):
                    if reference[3] in keys.path:
                        found[reference[0]] = reference
        return [found[number] for number in sorted(found, reverse=True)]

    def every(self) -> list[dict[str, Any]]:
        """All rules in their order."""
        found: dict[int, Reference] = {}
        for number in range(self.shards):
            for references in self._shard(number).values():
                for reference in references:
                    found[reference[0]] = reference
        return [self.rule(found[number]) for number in sorted(found)]

    def indexed(self) -> list[str]:
        """Every key that a rule is indexed under, and `%text` for one that goes by a text: a matching path holds it."""
        shards = [self._shard_at(number) for number in range(self.shards)]
        return [
            "%" + reference[3] if key[0] == "%" else key
            for shard in shards
            for key, references in shard.items()
            for reference in references
        ]

    def _shard(self, number: int) -> dict[str, list[Reference]]:
        at = number * ENTRY
        length = int(self._table[at + 8 : at + ENTRY], 16)
        if not length:
            return {}
        shard: dict[str, list[Reference]] = marshal.loads(
            self._block(SHARDS + number, int(self._table[at : at + 8], 16), length)
        )
        return shard


def open_store(file: str, secret: bytes) -> Store:
    """Opens a snapshot file. Raises Damaged where it is missing, foreign, open to others, or not as written."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        raise Damaged from None
    keep = False
    try:
        status = os.fstat(descriptor)
        if not owned(status) or not regular(status):
            raise Damaged
        data = os.pread(descriptor, _READ, 0)
        whole = len(data) >= status.st_size
        store = Store(data, secret, -1 if whole else descriptor)
        keep = not whole
        return store
    except (OSError, ValueError, KeyError, TypeError):
        raise Damaged from None
    finally:
        if not keep:
            os.close(descriptor)


def regular(status: os.stat_result) -> bool:
    """Whether it is a plain file."""
    return status.st_mode & 0o170000 == 0o100000


def owned(status: os.stat_result) -> bool:
    """Whether a file is this user's own and open to nobody else."""
    if not hasattr(os, "getuid"):
        return True
    return status.st_uid == os.getuid() and not status.st_mode & 0o077


def secret_of(cache: str, create: bool = False) -> bytes:
    """The secret that this user's snapshots are signed with, 32 bytes. Raises Damaged where there is none that can be
    believed; with `create` makes one, atomically, and raises OSError where it cannot."""
    folder = private_folder(cache)
    file = folder + "/secret"
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0))
        try:
            status = os.fstat(descriptor)
            secret = os.read(descriptor, 64)
        finally:
            os.close(descriptor)
        if len(secret) == 32 and owned(status) and regular(status) and owned(os.stat(folder)):
            return secret
    except OSError:
        pass
    if not create:
        raise Damaged
    for place in (cache, folder):
        os.makedirs(place, 0o700, exist_ok=True)
        if not owned(os.lstat(place)):
            raise PermissionError(f"{place} is open to others")
    temporary = f"{file}.{os.getpid()}"
    write_private(temporary, os.urandom(32))
    try:
        os.rename(temporary, file)
    except OSError:
        os.unlink(temporary)
        raise
    return secret_of(cache)


def write_private(file: str, data: bytes) -> None:
    """Writes a new file that only this user may read. Raises OSError."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        while data:
            data = data[os.write(descriptor, data) :]
    finally:
        os.close(descriptor)
