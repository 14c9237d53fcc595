"""What a prompt brings along besides its words: the files and folders that it mentions, the slash command that it
starts, and the instructions that go out with the first prompt of a session.

The client reads `@path` and `@"path with blanks"` where `@` stands at the start, after white space or after one of
four East Asian marks; it cuts a plain path after its last ASCII word character, and `#...` for a range of lines. A
mention of a file also loads the instructions that lie beside it; a folder's shows the names in it.
"""

from __future__ import annotations

import re

from ..model import Call, Touch
from ..world import World
from . import instructions, skill
from .place import absolute

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

SPACE = "\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"  # what JavaScript calls white space
BEFORE = rf"(?:^|(?<=[{SPACE}\u3002\u3001\uff1f\uff01]))"
QUOTED = re.compile(rf'{BEFORE}@"([^"]+)"')
PLAIN = re.compile(rf"{BEFORE}@([^{SPACE}\"][^{SPACE}]*)")
AFTER_WORD = re.compile(r"[^A-Za-z0-9_]+$")
SOURCE = "@"
"""The source of touches that the person named in the prompt."""


def touches(call: Call, world: World) -> Iterator[Touch]:
    """The touches of a UserPromptSubmit or UserPromptExpansion call."""
    if call.event == "UserPromptExpansion":
        name, arguments = call.raw.get("command_name"), call.raw.get("command_args")
        if isinstance(name, str):
            yield from skill.expansion(name, arguments if isinstance(arguments, str) else "", call.project, world)
    text = call.raw.get("prompt")
    if not isinstance(text, str):
        return
    if call.event == "UserPromptSubmit":
        yield from instructions.session(call, world)
        if text.startswith("/"):
            name, _, arguments = text[1:].partition(" ")
            yield from skill.expansion(name, arguments, call.project, world)
    yield from mentions(text, SOURCE, call.project, world)


def named(touch: Touch) -> bool:
    """Whether the person named this in the prompt."""
    return touch.source == SOURCE


def mentions(text: str, source: str, project: str, world: World) -> Iterator[Touch]:
    """A read of each existing path that the text mentions; a mentioned folder shows the names in it."""
    for path in dict.fromkeys(_paths(text, world)):
        yield Touch("path", "read", path, source)
        yield from instructions.beside(path, project, world)


def _paths(text: str, world: World) -> Iterator[str]:
    names = [match[1] for match in QUOTED.finditer(text)]
    names += [AFTER_WORD.sub("", match[1]) for match in PLAIN.finditer(text)]
    for name in names:
        # Which of these the client opens depends on its version.
        for spelled in (name, name.split("#", 1)[0], re.sub(r"#L\d+(-\d+)?$", "", name)):
            path = absolute(spelled, world)
            if spelled and world.kind(path) is not None:
                yield path
