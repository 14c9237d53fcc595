"""Small files of values in the guard's cache: written whole or not at all, believed only where they are this user's own
and as they were written.

Layout: the form of the values (`own.FORM`), a digest of what follows, a dictionary."""

from __future__ import annotations

import marshal
import os

from ..own import FORM

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hashlib import blake2b
    from typing import Any
else:
    from _blake2 import blake2b  # hashlib imports OpenSSL, which costs more than all the rest here

FORMAT = 5
DIGEST = 16
KEPT_SECONDS = 30 * 24 * 3600


def name_of(*parts: str) -> str:
    """A file name that stands for these texts."""
    return blake2b("\0".join(parts).encode("utf-8", "surrogateescape"), digest_size=DIGEST).hexdigest()


def read(file: str, identity: str) -> dict[str, Any] | None:
    """What `write` put there under the same identity; None where there is nothing, or nothing to believe."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        status = os.fstat(descriptor)
        if status.st_mode & 0o170000 != 0o100000 or status.st_uid != os.geteuid() or status.st_mode & 0o077:
            return None
        data = os.read(descriptor, status.st_size)
    except OSError:
        return None
    finally:
        os.close(descriptor)
    start = len(FORM) + DIGEST
    content = data[start:]
    if data[:start] != FORM + blake2b(content, digest_size=DIGEST).digest():
        return None
    found: dict[str, Any] = marshal.loads(content)
    return found if (found["format"], found["identity"]) == (FORMAT, identity) else None


def write(file: str, identity: str, content: dict[str, Any]) -> None:
    """Puts texts, numbers, and lists, tuples and dictionaries of such there, mode 0600. A cache that cannot be written is
    no error: the next call works anew."""
    values = marshal.dumps({"format": FORMAT, "identity": identity} | content)
    data = FORM + blake2b(values, digest_size=DIGEST).digest() + values
    folder = os.path.dirname(file)
    draft = f"{file}.{os.getpid()}"
    try:
        os.makedirs(folder, 0o700, exist_ok=True)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError:
        return
    try:
        with open(descriptor, "wb") as opened:
            opened.write(data)
        os.rename(draft, file)
    except OSError:
        os.unlink(draft)


def sweep(folder: str, now: float) -> None:
    """Removes what has not been written for `KEPT_SECONDS`; now: seconds since the epoch."""
    try:
        with os.scandir(folder) as entries:
            old = [entry.path for entry in entries if now - entry.stat().st_mtime > KEPT_SECONDS]
        for file in old:
            os.unlink(file)
    except OSError:
        return
