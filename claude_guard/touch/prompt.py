"""What a prompt brings along besides its words: the files and folders that it mentions, the slash command that it
starts, and the instructions that go out with the first prompt of a session.

The client reads `@path` and `@"path with blanks"` where `@` stands at the start or after white space, cuts what
follows the last word character, and takes `#L10-20` for a range of lines. A mention of a file also loads the
instructions that lie beside it.
"""

import re
from collections.abc import Iterator

from ..model import Call, Touch
from ..world import World
from . import instructions, skill
from .place import absolute

MENTION = re.compile(r"""(?:^|(?<=[^\w@]))@(?:"([^"\n]+)"?|'([^'\n]+)'|((?:\\.|[^\s"'\\])[^\s]*(?:\\\s\S*)*))""")
"""Wider than what the client reads today: a mention that it would not read costs a look whether the file exists."""
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
    for match in MENTION.finditer(text):
        quoted = match[1] or match[2]
        for name in _spellings(quoted or match[3], bool(quoted)):
            path = absolute(name, world)
            if world.kind(path) is not None:
                yield path


def _spellings(name: str, quoted: bool) -> Iterator[str]:
    """The ways to read a mention, from all of it down to its first words without what punctuation follows."""
    unescaped = re.sub(r"\\(.)", r"\1", name)
    for whole in dict.fromkeys((name, unescaped)):
        yield whole
        yield whole.split("#", 1)[0]
        if not quoted:
            cut = whole
            while cut:
                cut = re.sub(r"\w*$", "", cut) if cut[-1:].isalnum() else cut[:-1]
                stripped = cut.rstrip("/")
                if stripped and not stripped[-1].isalnum() and stripped[-1] not in "_.":
                    continue
                if stripped:
                    yield stripped
                if len(whole) - len(cut) > 200:
                    break
