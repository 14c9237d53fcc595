"""Which policy files there are: where each layer lies, and whether the managed one is the administrator's own."""

from __future__ import annotations

import os
import sys

from ..errors import PolicyError
from ..values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    LayerName = Literal["builtin", "managed", "user", "project", "local"]

FOLDING = sys.platform in ("darwin", "win32")
"""Whether file systems here take names for the same that differ in case or Unicode form."""

if sys.platform == "darwin":
    MANAGED_ROOT = "/Library/Application Support/ClaudeGuard"
elif sys.platform == "win32":
    # Not from the environment: `%ProgramFiles%` could be set before the client starts.
    MANAGED_ROOT = "C:/Program Files/ClaudeGuard"
else:
    MANAGED_ROOT = "/etc/claude-guard"

PROJECT_FILES: tuple[tuple[LayerName, str], ...] = (
    ("project", "/.claude/guard.toml"),
    ("local", "/.claude/guard.local.toml"),
)


_FOLDER, _FILE = 0o040000, 0o100000


class Found(NamedTuple):
    """A policy file. base: the folder that its relative patterns are relative to; "" for the tree of each file."""

    layer: LayerName
    file: str
    base: str


def user_file(home: str) -> str:
    """Where the user's policy lies."""
    return home.rstrip("/") + "/.config/claude-guard/policy.toml"


def exists(file: str) -> bool:
    """Whether something is there, be it a dangling link. Raises PolicyError where it may be but cannot be reached."""
    try:
        os.lstat(file)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return False
    except OSError as error:
        folder = os.path.dirname(os.path.dirname(file))
        if isinstance(error, PermissionError) and os.access(folder, os.X_OK):
            raise PolicyError(file, "cannot be reached: permission denied", "make its folder readable") from None
        return False  # the folder itself is out of reach, and so is every file in it; or the name is too long to be
    return True


def above(folder: str, project: str) -> tuple[tuple[Found, ...], tuple[str, ...]]:
    """The policy files in one folder's `.claude/`; and the folder itself where it is the root of a tree."""
    folder = folder.rstrip("/")
    found = tuple(Found(layer, folder + name, folder or "/") for layer, name in PROJECT_FILES if exists(folder + name))
    root = bool(found) or (folder or "/") == project or os.path.lexists(folder + "/.git")
    return found, (folder or "/",) if root else ()


def managed(root: str, owner: int) -> list[Found]:
    """The managed policy files. Raises PolicyError for one, or its folder, that another than `owner` may change."""
    try:
        _check(root, owner, _FOLDER)
    except FileNotFoundError:
        return []
    files = [root + "/policy.toml"]
    folder = root + "/policy.d"
    try:
        _check(folder, owner, _FOLDER)
        files += sorted(f"{folder}/{name}" for name in os.listdir(folder) if name.endswith(".toml"))
    except FileNotFoundError:
        pass
    except OSError as error:
        raise PolicyError(folder, f"cannot be listed: {(error.strerror or 'an error').lower()}") from None
    found = []
    for file in files:
        try:
            _check(file, owner, _FILE)
        except FileNotFoundError:
            continue
        found.append(Found("managed", file, ""))
    return found


def _check(path: str, owner: int, kind: int) -> None:
    try:
        status = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        raise FileNotFoundError from None
    except OSError as error:
        reason = (error.strerror or "an error").lower()
        raise PolicyError(path, f"managed policy cannot be reached: {reason}", "ask your administrator") from None
    if status.st_mode & 0o170000 != kind:
        what = "folder" if kind == _FOLDER else "regular file"
        raise PolicyError(path, f"managed policy is not a {what}", "ask your administrator")
    if sys.platform == "win32":
        return
    if status.st_uid != owner:
        raise PolicyError(path, "managed policy is not owned by root", f"run `chown root {path}` as root")
    if status.st_mode & 0o022:
        raise PolicyError(path, "managed policy can be changed by others", f"run `chmod go-w {path}` as root")
