"""MCP tools and tools that the table does not know: every path that their input names, however deep."""

from __future__ import annotations

from ..model import Call, Touch
from ..parse import loads
from ..world import World
from .place import absolute, from_url

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

COMMANDS = ("command", "cmd", "script", "shell_command", "bash")
"""Fields whose text is read as a shell command, besides being read as a path."""
TREE_READERS = (
    "search",
    "grep",
    "read",
    "content",
    "pack",
    "archive",
    "zip",
    "index",
    "export",
    "copy",
    "upload",
    "dump",
)
"""A tool whose name holds one of these, given a folder, is taken to read what lies in it."""
LONGEST_PATH = 4096
DEEPEST = 64


def touches(call: Call, world: World) -> Iterator[Touch]:
    """A touch for each string that names a path: one that exists, or one that could be a path by its looks."""
    operation = call.tool.rsplit("__", 1)[-1].lower()
    reads_trees = any(word in operation for word in TREE_READERS)
    for field, text in _strings(call.input, "", 0):
        if field is None:
            yield Touch("opaque", "read", f"what the deeply nested input of {call.tool} names", text)
            continue
        if field.lower() in COMMANDS and call.tool.startswith("mcp__"):
            from . import command

            yield from command.script(text, world)
        yield from _named(text, field, reads_trees, world)


def _named(text: str, field: str, reads_trees: bool, world: World) -> Iterator[Touch]:
    url = from_url(text)
    name = url or text
    if not name or len(name) > LONGEST_PATH or "\0" in name or "\n" in name:
        return
    path = absolute(name, world)
    kind = world.kind(path)
    if kind is None and not url and any(character.isspace() for character in name):
        return
    if kind == "dir":
        yield Touch("path", "read" if reads_trees else "list", path, field, tree=reads_trees)
        if not reads_trees:
            return
    yield Touch("path", "read", path, field)


def _strings(value: Any, field: str, depth: int) -> Iterator[tuple[str | None, str]]:
    if depth > DEEPEST:
        yield None, field
    elif isinstance(value, str):
        yield field, value
        stripped = value.strip()
        if stripped[:1] in ("{", "["):
            try:
                yield from _strings(loads(stripped), field, depth + 1)
            except (ValueError, RecursionError):
                pass
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield field, str(key)
            yield from _strings(inner, str(key), depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner, field, depth + 1)
