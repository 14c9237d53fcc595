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


def narrowed(call: Call, exclusions: Iterable[str], anchored: bool) -> dict[str, Any] | None:
    """The input of a Grep call with these globs left out; None where its `glob` cannot carry them.

    exclusions: gitignore globs without negation, relative to the folder searched. anchored: that folder is the
    working folder, which the client's search program takes globs relative to; elsewhere a glob is made to match at
    any depth. The client splits `glob` at blanks and commas, so in an exclusion `?` stands for these.
    """
    given = call.input.get("glob")
    if given is not None and not isinstance(given, str):
        return None
    parts = [given] if given and given.strip() else []
    parts += ["!" + _carried(glob, anchored) for glob in exclusions]
    return {**call.input, "glob": " ".join(parts)} if len(parts) > 0 else None


def _carried(glob: str, anchored: bool) -> str:
    for character in " ,\t\n{}":
        glob = glob.replace("\\" + character, "?").replace(character, "?")
    if anchored or "/" not in glob.rstrip("/") or glob.startswith("**/"):
        return glob
    return "**/" + glob.lstrip("/")


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
        return f"cannot tell what {where} holds in time; search a smaller folder"
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
