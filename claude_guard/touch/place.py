"""From a path as a person or a tool writes it to an absolute one."""

import os

from ..world import World


def absolute(text: str, world: World) -> str:
    """The absolute path that a tool's path argument means: `~` is the home folder, the rest is relative to the
    working folder. `..` and links stay as they are: the judge looks at the spelling and at the real path."""
    if text == "~" or text.startswith("~/"):
        return world.home + text[1:]
    return os.path.join(world.cwd, text)


def from_url(text: str) -> str:
    """The path of a `file:` URL, "" where it is another kind of text. The host is ignored, as clients do."""
    if text[:5].lower() != "file:":
        return ""
    from urllib.parse import unquote, urlsplit

    try:
        return unquote(urlsplit(text).path, errors="surrogateescape")
    except ValueError:
        return ""
