"""Whether commands are confined on this machine, as a hook call may ask: what was found is kept for a while.

What is kept counts for the same program on the same kernel with the same switches, and only in a file that nobody else
could have written. The gate takes it back when it finds otherwise, and runs nothing then: the hook may have
let the command pass because of it.
"""

from __future__ import annotations

import os
import sys
import time

from ..inventory import shelf
from . import kernel

NAME = "confinement"
LASTS = 86_400.0
"""Seconds that an answer is kept."""
DOUBT = 300.0
"""Seconds that it is kept where they are not: what the remedy changes may be no part of the key."""
SECONDS = 4.0
"""How long what confines them may take to show that it works; a hook call has 10 s."""

SWITCHES = (
    "/proc/sys/user/max_user_namespaces",
    "/proc/sys/kernel/unprivileged_userns_clone",
    "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
    "/proc/sys/kernel/random/boot_id",
    "/proc/self/attr/current",
)


def works(cache: str) -> bool:
    """Whether commands are confined. cache: the guard's own folder. Never raises for what it finds."""
    key = _key()
    if not key:
        return False
    held = _held(cache)
    if held is not None and held[0] == key and 0 <= held[2] < (LASTS if held[1] else DOUBT):
        return held[1]
    from subprocess import SubprocessError

    from . import probe

    try:
        answer = probe.look(seconds=SECONDS).works
    except (OSError, SubprocessError):
        return False
    shelf.write(f"{cache}/{NAME}", NAME, {"key": key, "works": answer})
    return answer


def retract(cache: str) -> bool:
    """Takes back an answer that it works; whether there was one that still counted."""
    held = _held(cache)
    if held is None or not held[1] or held[2] >= LASTS:
        return False
    try:
        os.unlink(f"{cache}/{NAME}")
    except OSError:
        pass
    return True


def _key() -> str:
    """What an answer holds for, on one line; "" where there is nothing to ask."""
    if sys.platform == "darwin":
        places = ["/usr/bin/sandbox-exec"]
    elif sys.platform.startswith("linux"):
        places = [f"{folder or '.'}/bwrap" for folder in os.environ.get("PATH", os.defpath).split(":")]
    else:
        return ""
    path = next((path for path in places if os.access(path, os.X_OK)), "")
    if not path:
        return ""
    status = os.stat(path)
    program = (
        path,
        status.st_dev,
        status.st_ino,
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
        status.st_mode,
    )
    return repr(
        (program, os.uname().version, os.uname().release, os.geteuid(), [kernel.told(switch) for switch in SWITCHES])
    )


def _held(cache: str) -> tuple[str, bool, float] | None:
    """What was kept: its key, the answer and its age in seconds; None where nothing is, or not by us alone."""
    file = f"{cache}/{NAME}"
    held = shelf.read(file, NAME) or {}
    try:
        return held["key"], held["works"], time.time() - os.stat(file).st_mtime
    except (KeyError, OSError):
        return None
