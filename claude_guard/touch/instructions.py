"""The instruction files that the client loads by itself, and what they import. No tool call stands before that.

The client loads CLAUDE.md, CLAUDE.local.md and `.claude/rules` from the working folder and every folder above it when
a session starts, and those of a subfolder when a file in it is opened. `@path` in their text imports a file, relative
to the importing one, except in code; imports nest.
"""

from __future__ import annotations

import os

from ..model import Call, Touch
from ..parse import loads
from ..world import World

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = ("CLAUDE.md", "CLAUDE.local.md", ".claude/CLAUDE.md")
RULES = ".claude/rules"
MANAGED = "/etc/claude-code/CLAUDE.md"
DEEPEST = 8  # imports and rule folders; the client stops at 5
IMPORT = r"(?:^|\s)@((?:[^\s\\]|\\ )+)"
FENCE = r"^ {0,3}(`{3,}|~{3,})"
CODE = r"(`+)(?:[^`]|[^`].*?[^`])\1(?!`)"


def session(call: Call, world: World) -> Iterator[Touch]:
    """What goes out with the first prompt: the instructions above the working folder and the person's own, and those
    that the client said it loaded."""
    seen: set[str] = set()
    for folder in dict.fromkeys([*_upward(call.cwd), *_upward(call.project), world.home]):
        yield from _folder(folder, "which the client loads at the start of a session", seen, world)
    yield from _loaded(MANAGED, "which the client loads at the start of a session", "", seen, world)
    for path in remembered(world.home, call.session):
        if world.kind(path) is not None:
            yield Touch("path", "read", path, "instructions", because="which the client loaded as instructions")


def beside(path: str, project: str, world: World) -> Iterator[Touch]:
    """What opening a file pulls in: the instructions of its folder and those above it, up to the project's root."""
    real = world.realpath(path)
    for spelled in dict.fromkeys((os.path.normpath(path), real)):
        folder = os.path.dirname(spelled)
        seen = {spelled}
        while folder.startswith(project + "/"):
            yield from _folder(folder, f"which opening `{os.path.basename(spelled)}` loads", seen, world)
            folder = os.path.dirname(folder)


def _upward(folder: str) -> Iterator[str]:
    while True:
        yield folder
        if folder == "/":
            return
        folder = os.path.dirname(folder)


def _folder(folder: str, why: str, seen: set[str], world: World) -> Iterator[Touch]:
    for name in NAMES:
        yield from _loaded(os.path.join(folder, name), why, "", seen, world)
    yield from _rules(os.path.join(folder, RULES), why, seen, world, 0)


def _rules(folder: str, why: str, seen: set[str], world: World, depth: int) -> Iterator[Touch]:
    if world.kind(folder) != "dir" or depth > DEEPEST:
        return
    for name in world.listdir(folder) or ():
        path = os.path.join(folder, name)
        if name.endswith(".md"):
            yield from _loaded(path, why, "", seen, world)
        else:
            yield from _rules(path, why, seen, world, depth + 1)


def _loaded(path: str, why: str, importer: str, seen: set[str], world: World, depth: int = 0) -> Iterator[Touch]:
    if path in seen or depth > DEEPEST or world.kind(path) != "file":
        return
    seen.add(path)
    because = f"imported by `{importer}`, {why}" if importer else why
    yield Touch("path", "read", path, "instructions", because=because)
    for name in imports(world.text(path) or ""):
        target = world.home + name[1:] if name.startswith("~/") else os.path.join(os.path.dirname(path), name)
        yield from _loaded(os.path.normpath(target), why, path, seen, world, depth + 1)


def imports(text: str) -> Iterator[str]:
    """The paths that instructions import, as written; what stands in code is none."""
    if "@" not in text:
        return
    import re

    fence = ""
    for line in text.splitlines():
        mark = re.match(FENCE, line)
        if fence:
            if mark and mark[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
            continue
        if mark:
            fence = mark[1]
            continue
        for match in re.finditer(IMPORT, re.sub(CODE, " ", line)):
            name = match[1].replace("\\ ", " ")
            yield name
            if (cut := name.rstrip(".,;:!?)]}'\"")) != name:
                yield cut


def remember(cache: str, session: str, path: str) -> None:
    """Keeps that the client loaded a restricted instructions file in this session."""
    known = _known(cache, session)
    if path in known:
        return
    import json

    folder = os.path.join(cache, "sessions")
    os.makedirs(folder, mode=0o700, exist_ok=True)
    temporary = f"{_file(cache, session)}.{os.getpid()}"
    with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump([*known, path], file)
    os.replace(temporary, _file(cache, session))


def remembered(home: str, session: str) -> list[str]:
    """The restricted instructions files that the client loaded in this session."""
    from ..own import cache_folder

    return _known(cache_folder(home), session)


def _known(cache: str, session: str) -> list[str]:
    try:
        with open(_file(cache, session)) as file:
            known = loads(file.read())
    except FileNotFoundError:
        return []
    return [path for path in known if isinstance(path, str)]


def _file(cache: str, session: str) -> str:
    name = "".join(character if character.isalnum() else "-" for character in session[:100])
    return os.path.join(cache, "sessions", name + ".json")
