"""The Grep and Glob tools. A search over a folder is narrowed, not refused: the client's search program takes
exclusions, so what the policy restricts is left out and the rest is still searched."""

from __future__ import annotations

import os

from ..decide import applied, shown
from ..judge import Judge
from ..model import Access, Call, Touch
from ..world import World
from .place import absolute

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

NARROWED = "claude-guard left what the policy restricts out of this search"


def touches(call: Call, world: World) -> Iterator[Touch]:
    """The named path: Grep opens it, Glob lists it. What lies below a folder is left to `narrowed`."""
    path = call.input.get("path")
    access: Access = "read" if call.tool == "Grep" else "list"
    if path is not None and not isinstance(path, str):
        yield Touch("opaque", "read", f"where {call.tool} searches", "path")
        return
    yield Touch("path", access, absolute(path or ".", world), "path")
    pattern = call.input.get("pattern")
    if call.tool == "Glob" and isinstance(pattern, str) and not set(pattern) & set("*?[{"):
        yield Touch("path", "list", absolute(pattern, world), "pattern")


def root(call: Call, world: World) -> str | None:
    """The folder that a search covers; None where the call names a single file."""
    path = absolute(call.input.get("path") or ".", world)
    return None if world.kind(path) == "file" else path


def narrowed(call: Call, paths: Iterable[str], root: str) -> dict[str, Any] | None:
    """The input of a Grep call that leaves these paths out; None where its `glob` is not text.

    paths: absolute, at and below the folder `root` that is searched. The client's search program takes globs relative
    to the working folder, so elsewhere they are made to match at any depth; an exclusion never includes anything.
    """
    given = call.input.get("glob")
    if given is not None and not isinstance(given, str):
        return None
    parts = given.split() if given else []
    for path in paths:
        if path.startswith(call.cwd.rstrip("/") + "/"):
            parts.append("!/" + _glob(path[len(call.cwd.rstrip("/")) + 1 :]))
        else:
            parts.append("!**/" + _glob(path[len(root) :].lstrip("/") or path.rpartition("/")[2]))
    return {**call.input, "glob": " ".join(parts)}


def _glob(path: str) -> str:
    """A glob that matches a path literally, as far as one can be written without blanks, commas and braces, at which
    the client splits."""
    return "".join(
        f"[{character}]"
        if character in "*?["
        else "?"
        if character in " ,{}\\]!" or not character.isprintable()
        else character
        for character in path
    )


def left_open(call: Call, paths: Iterable[str], cwd: str) -> list[str]:
    """Those of the paths that the call's own `glob` does not already leave out."""
    given = call.input.get("glob")
    parts = given.replace(",", " ").split() if isinstance(given, str) else []
    excluded = {part[1:].removeprefix("**/").removesuffix("/**").strip("/") for part in parts if part[:1] == "!"}
    return [path for path in paths if not excluded & {shown(path, cwd), path.rsplit("/", 1)[-1]}]


def hint(call: Call, paths: list[str] | None, cwd: str) -> str:
    """Why a search was refused, and the same search that would pass."""
    where = f"`{call.input.get('path') or '.'}`"
    if not paths:
        return f"what {where} holds is not known yet, it is still being indexed; search a smaller folder, or try again"
    globs = " ".join(f"!**/{shown(path, cwd)}" for path in paths[:20])
    return f"{where} holds restricted files; search again with `glob` set to `{globs}`"


def without_hidden(output: Any, cwd: str, judge: Judge) -> dict[str, Any] | None:
    """A Glob result of the tool's own shape without hidden names; None where nothing is hidden in it."""
    names = output.get("filenames") if isinstance(output, dict) else None
    if not isinstance(names, list):
        return None
    kept = [name for name in names if isinstance(name, str) and not _hidden(os.path.join(cwd, name), judge)]
    if len(kept) == len(names):
        return None
    return {**output, "filenames": kept, "numFiles": len(kept)}


def _hidden(path: str, judge: Judge) -> bool:
    return applied(Touch("path", "list", path), judge.path(path)) != "allow"
