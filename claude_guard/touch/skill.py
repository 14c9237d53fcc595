"""Slash commands and skills: the shell parts and the files that the client puts in their place before they are sent."""

from __future__ import annotations

import os
import re

from ..model import Call, Touch
from ..world import World
from . import command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

SHELL_PARTS = re.compile(r"!`([^`]+)`|^[ \t]*```!([^\n]*\n.*?)^[ \t]*```", re.MULTILINE | re.DOTALL)
ARGUMENT = re.compile(r"\$(ARGUMENTS(?:\[(\d+)\])?|(\d+))")


def touches(call: Call, world: World) -> Iterator[Touch]:
    """The touches of a Skill call of the model."""
    name = call.input.get("skill") or call.input.get("command") or ""
    arguments = call.input.get("args") or ""
    if not isinstance(name, str) or not isinstance(arguments, str):
        yield Touch("opaque", "read", f"which skill {call.tool} runs", "skill")
        return
    first, _, rest = name.lstrip("/").partition(" ")
    yield from expansion(first, arguments or rest, call.project, world)


def expansion(name: str, arguments: str, project: str, world: World) -> Iterator[Touch]:
    """What the client reads and runs to expand a command or skill of this name. Nothing where no file defines it: then
    it is one of the client's own."""
    for path in dict.fromkeys(definitions(name, project, world)):
        yield Touch("path", "read", path, f"/{name}", because=f"the definition of `/{name}`")
        text = world.text(path)
        if text is None:
            continue
        for whole in substituted(text, arguments):
            yield from _expanded(whole, name, project, world)


def _expanded(text: str, name: str, project: str, world: World) -> Iterator[Touch]:
    from . import prompt

    why = f"which `/{name}` brings in"
    for match in SHELL_PARTS.finditer(text):
        for touch in command.script(match[1] or match[2], world):
            yield touch._replace(because=touch.because or why)
    for touch in prompt.mentions(text, f"/{name}", project, world):
        yield touch._replace(because=touch.because or why)


def definitions(name: str, project: str, world: World) -> Iterator[str]:
    """The files that may define a command: of the project and the folders from the working folder up to it, of the
    person, and of installed plugins (`plugin:name`)."""
    if not name or "\0" in name or ".." in name.split("/"):
        return
    parts = [part for part in re.split("[:/]", name) if part]
    if not parts:
        return
    nested = os.path.join(*parts)
    last = parts[-1]
    for base in dict.fromkeys([*_bases(project, world), world.home + "/.claude"]):
        yield from _existing(base, nested, last, world)
    plugins = world.home + "/.claude/plugins"
    if world.kind(plugins) == "dir":
        for base in _plugins(plugins, world, 0):
            yield from _existing(base, last, last, world)


def _bases(project: str, world: World) -> Iterator[str]:
    folder = world.cwd
    while True:
        yield folder + "/.claude"
        if folder in (project, "/") or not folder.startswith(project + "/"):
            break
        folder = os.path.dirname(folder)
    yield project + "/.claude"


def _existing(base: str, nested: str, last: str, world: World) -> Iterator[str]:
    for path in (
        f"{base}/commands/{nested}.md",
        f"{base}/commands/{last}.md",
        f"{base}/skills/{nested}/SKILL.md",
        f"{base}/skills/{last}/SKILL.md",
    ):
        if world.kind(path) == "file":
            yield path
    commands = f"{base}/commands"
    if world.kind(f"{commands}/{last}.md") is None and world.kind(commands) == "dir":
        # A command in a subfolder is also known by its bare name.
        for name in world.listdir(commands) or ():
            path = f"{commands}/{name}/{last}.md"
            if world.kind(path) == "file":
                yield path


def _plugins(folder: str, world: World, depth: int) -> Iterator[str]:
    names = world.listdir(folder) or []
    if "commands" in names or "skills" in names:
        yield folder
    if depth < 4:
        for name in names:
            path = f"{folder}/{name}"
            if name not in ("commands", "skills", "node_modules", ".git") and world.kind(path) == "dir":
                yield from _plugins(path, world, depth + 1)


def substituted(text: str, arguments: str) -> Iterator[str]:
    """The text with `$ARGUMENTS` and `$1` in place: counted from 0 and from 1, as newer and older clients do."""
    words = arguments.split()

    def value(match: re.Match[str], first: int) -> str:
        if match[2] is None and match[3] is None:
            return arguments
        at = int(match[2]) if match[2] is not None else int(match[3]) - first
        return words[at] if 0 <= at < len(words) else ""

    for first in (0, 1) if ARGUMENT.search(text) else (0,):
        yield ARGUMENT.sub(lambda match, first=first: value(match, first), text)  # type: ignore[misc]
