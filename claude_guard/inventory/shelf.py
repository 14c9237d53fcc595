"""Small JSON files in the guard's cache: written whole or not at all, believed only where they are this
user's own."""

from __future__ import annotations

import os

from ..parse import dumps, loads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FORMAT = 2
KEPT_SECONDS = 30 * 24 * 3600


def name_of(*parts: str) -> str:
    """A file name that stands for these texts."""
    from _blake2 import blake2b  # hashlib imports OpenSSL, which costs more than all the rest here

    return blake2b("\0".join(parts).encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


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
        with open(descriptor, "rb", closefd=False) as opened:
            found = loads(opened.read().decode())
    except (OSError, ValueError, RecursionError):
        return None
    finally:
        os.close(descriptor)
    if not isinstance(found, dict) or found.get("format") != FORMAT or found.get("identity") != identity:
        return None
    return found


def write(file: str, identity: str, content: dict[str, Any]) -> None:
    """Puts a JSON object there, mode 0600. A cache that cannot be written is no error: the next call works
    anew."""
    data = dumps({"format": FORMAT, "identity": identity} | content).encode()
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
