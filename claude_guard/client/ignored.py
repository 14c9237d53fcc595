"""Whether git leaves one person's settings out of the repository, and the line that makes it."""

import os
import subprocess
from typing import Literal

from . import files

MARK = "# claude-guard: names a path of this machine"
State = Literal["", "ignored", "added", "tracked"]


def keep_out(path: str) -> State:
    """Sees to it that git ignores a file of this machine, as the client does for the settings that it makes itself.

    "" where there is no repository; `added` where a line in the clone's own `info/exclude` now does it; `tracked` where
    the file is in the repository already, which no ignoring changes. Raises GuardError where that cannot be written.
    """
    folder, name = _split(path)
    if not os.path.isdir(folder) or _git(folder, "rev-parse", "--is-inside-work-tree") != "true":
        return ""
    if _git(folder, "ls-files", "--", name):
        return "tracked"
    if _git(folder, "check-ignore", "--", name):
        return "ignored"
    exclude = _exclude(folder)
    held = files.read(exclude) or ""
    line = "/" + (_git(folder, "rev-parse", "--show-prefix") or "") + name
    lead = "" if not held or held.endswith("\n") else "\n"
    files.replace(exclude, f"{held}{lead}{MARK}\n{line}\n")
    return "added"


def let_in(path: str) -> None:
    """Takes the line out again, where `keep_out` wrote one. Raises GuardError where that cannot be written."""
    folder, name = _split(path)
    if not os.path.isdir(folder) or _git(folder, "rev-parse", "--is-inside-work-tree") != "true":
        return
    exclude = _exclude(folder)
    held = files.read(exclude) or ""
    entry = f"{MARK}\n/{_git(folder, 'rev-parse', '--show-prefix') or ''}{name}\n"
    if entry in held:
        files.replace(exclude, held.replace(entry, ""), before=held)


def _split(path: str) -> tuple[str, str]:
    """The folder above the one that the file is in, which may be gone already, and the file in it."""
    inner, name = os.path.split(path)
    folder, last = os.path.split(inner)
    return folder, f"{last}/{name}"


def _exclude(folder: str) -> str:
    return os.path.join(folder, _git(folder, "rev-parse", "--git-path", "info/exclude") or "")


def _git(folder: str, *words: str) -> str | None:
    """What git says, without the line's end; None where it fails or there is none."""
    try:
        done = subprocess.run(
            ["git", "-C", folder, "-c", "core.fsmonitor=", *words], capture_output=True, text=True, check=False
        )
    except OSError:
        return None
    return done.stdout.removesuffix("\n") if done.returncode == 0 else None
