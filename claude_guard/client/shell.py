"""The shell prefix on this machine: written, named, and whether it stands."""

from __future__ import annotations

import os
import sys

from .. import own
from ..confine import client

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

NAME = "shell"


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
