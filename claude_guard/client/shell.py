"""The shell prefix on this machine: written, named, and whether it stands."""

from __future__ import annotations

import os
import sys

from .. import own
from ..confine import client
from ..errors import GuardError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

NAME = "shell"
DECLINED = "no-shell.local.json"
"""The file that says that the person does not want the shell gate in a project; git ignores it."""


def place(home: str) -> str:
    """Where the prefix is kept: a folder that no call may write to."""
    return os.path.join(own.state_folder(home), NAME)


def text() -> str:
    """What it holds for this interpreter and this package."""
    return client.executable(sys.executable, own.PACKAGE)


def write(home: str) -> str:
    """Writes the prefix where it is missing or out of date; its path. Raises OSError."""
    from . import files

    path = place(home)
    if files.read(path) != text():
        os.makedirs(os.path.dirname(path), 0o700, exist_ok=True)
        files.replace(path, text(), 0o700)
    return path


def stands(environment: Mapping[str, str], home: str) -> bool:
    """Whether the client with this environment runs its commands through the prefix of this installation."""
    return client.stands(environment, place(home), text())


def refresh(environment: Mapping[str, str], home: str) -> None:
    """Writes the prefix anew where the client with this environment uses it and it is of another installation, or of
    an older version of the plugin that is gone. One that cannot be written stays as it is."""
    if environment.get(client.VARIABLE, "") == place(home) and not stands(environment, home):
        try:
            write(home)
        except (OSError, GuardError):
            return


def completing() -> str:
    """The command that lets the client run commands through the prefix: by name where it is on PATH, else by the
    interpreter and the package that run now, as in a plugin."""
    from shlex import quote
    from shutil import which

    if which("claude-guard"):
        return "claude-guard install --shell"
    return f"PYTHONPATH={quote(os.path.dirname(own.PACKAGE))} {quote(sys.executable)} -m claude_guard install --shell"


def declined(project: str) -> bool:
    """Whether the person has left the shell gate out of a project, and need not be told of it."""
    return os.path.exists(f"{project}/.claude/claude-guard/{DECLINED}")


def decline(folder: str) -> bool:
    """Remembers that, in the guard's folder beside the settings; whether it was not known. Raises GuardError."""
    from . import files

    if os.path.exists(f"{folder}/{DECLINED}"):
        return False
    files.replace(f"{folder}/{DECLINED}", "{}\n")
    return True


def accept(folder: str) -> bool:
    """Forgets it; whether it was known. Raises GuardError."""
    from . import files

    if not os.path.exists(f"{folder}/{DECLINED}"):
        return False
    files.delete(f"{folder}/{DECLINED}")
    files.delete_empty(folder)
    return True
