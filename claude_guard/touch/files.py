"""Tools whose input names files in fields of their own."""

from __future__ import annotations

from ..model import Access, Call, Touch
from ..world import World
from . import instructions
from .place import absolute

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

FIELDS: dict[str, tuple[tuple[str, Access], ...]] = {
    "Read": (("file_path", "read"),),
    # An edit's result shows the lines around it, and whether `old_string` occurs tells what the file holds;
    # a write's result shows the difference to what was there.
    "Edit": (("file_path", "read"), ("file_path", "write")),
    "MultiEdit": (("file_path", "read"), ("file_path", "write")),
    "Write": (("file_path", "read"), ("file_path", "write")),
    "NotebookRead": (("notebook_path", "read"),),
    "NotebookEdit": (("notebook_path", "read"), ("notebook_path", "write")),
    "LSP": (("filePath", "read"), ("file_path", "read")),
    "Artifact": (("file_path", "read"), ("file_paths", "read"), ("out_dir", "write")),
    "Projects": (("local_path", "read"), ("local_paths", "read"), ("path", "read")),
    "SendUserFile": (("files", "read"),),
    "ShareOnboardingGuide": (("file_path", "read"),),
    "Workflow": (("scriptPath", "execute"),),
    "EnterWorktree": (("path", "list"),),
    "LS": (("path", "list"),),
}
OPENS = ("Read", "Edit", "MultiEdit", "Write", "NotebookRead", "NotebookEdit")
"""Tools after which the client loads the instructions that lie beside the file."""
UPLOADS = ("Artifact", "Projects", "SendUserFile")
"""Tools that take a folder as everything in it."""


def touches(call: Call, world: World) -> Iterator[Touch]:
    """The touches of a call of one of these tools; a field of an unexpected shape is opaque."""
    for field, access in FIELDS[call.tool]:
        value = call.input.get(field)
        if value is None:
            continue
        for text in value if isinstance(value, list) else [value]:
            if not isinstance(text, str):
                yield Touch("opaque", access, f"what the `{field}` of {call.tool} names", field)
                continue
            path = absolute(text, world)
            tree = call.tool in UPLOADS and access == "read" and world.kind(path) == "dir"
            yield Touch("path", access, path, field, tree)
            if call.tool in OPENS and access == "read":
                yield from instructions.beside(path, call.project, world)
    if call.tool == "ShareOnboardingGuide" and not call.input.get("file_path"):
        yield Touch("path", "read", absolute("ONBOARDING.md", world), "ONBOARDING.md")
