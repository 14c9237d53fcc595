"""Tools that run a shell command: what the command would touch is the shell reader's answer."""

from __future__ import annotations

from ..model import Call, Touch
from ..world import World
from . import instructions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def touches(call: Call, world: World) -> Iterator[Touch]:
    """The touches of a Bash, Monitor or PowerShell call."""
    text = call.input.get("command")
    if text is None and call.tool == "Monitor":
        return
    if not isinstance(text, str):
        yield Touch("opaque", "read", f"what command {call.tool} runs", "command")
    elif call.tool == "PowerShell":
        from ..shell import powershell

        yield from powershell.read(text, world).touches
    else:
        loads = set()
        for touch in script(text, world):
            yield touch
            # A client that understands a simple reader (`cat FILE`) loads the instructions beside the file.
            if (
                touch.kind == "path"
                and touch.access == "read"
                and (folder := touch.name.rpartition("/")[0]) not in loads
            ):
                loads.add(folder)
                yield from instructions.beside(touch.name, call.project, world)


def script(text: str, world: World) -> Iterable[Touch]:
    """The touches of shell text, read for the shell that the client would use."""
    from ..shell import read

    return read(text, world, dialect(world)).touches


def dialect(world: World) -> str:
    """The shell of the client's Bash tool: `$SHELL`, else zsh where it is installed, else bash."""
    shell = world.environment.get("SHELL", "").rsplit("/", 1)[-1]
    if shell in ("bash", "zsh"):
        return shell
    return "both"
