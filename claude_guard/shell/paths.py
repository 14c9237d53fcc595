"""Paths as a command spells them."""

import re

from ..world import World
from .context import HOLE

_PROCESS = re.compile(r"/proc/(?:self|thread-self|\d+|[*?\[\]0-9]+)(?:/task/[^/]+)?/(cwd|root)(?=/|$)")
_ENVIRON = re.compile(r"/proc/[^/]+(?:/task/[^/]+)?/environ")


def absolute(word: str, cwd: str, world: World) -> str:
    """The absolute path that `word` names in `cwd`: `.` and doubled slashes removed, `..` taken as the kernel takes it
    (a link before it is followed), `/proc/self/cwd` and `/proc/self/root` replaced by what they lead to."""
    path = word if word.startswith("/") else f"{cwd}/{word}"
    found = _PROCESS.match(path)
    if found:
        path = (cwd if found.group(1) == "cwd" else "") + path[found.end() :]
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            here = "/" + "/".join(parts)
            if HOLE in here:
                parts.append("..")
                continue
            real = world.realpath(here) if parts else "/"
            parts = [piece for piece in real.split("/") if piece][:-1]
        elif part and part != ".":
            parts.append(part)
    return "/" + "/".join(parts)


def environ(path: str) -> bool:
    """Whether the path is a process's environment."""
    return _ENVIRON.fullmatch(path) is not None
