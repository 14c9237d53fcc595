"""What each version of the client knows of the things that an installation relies on: the table, and nothing else.

Sources: the client's changelog by version, and where it says "observed" a real client on the loopback API.
"""

import re
from typing import NamedTuple

from ..errors import GuardError

Version = tuple[int, int, int]

EVENTS: dict[str, Version] = {
    "PreToolUse": (1, 0, 38),
    "UserPromptSubmit": (1, 0, 54),
    "UserPromptExpansion": (2, 1, 101),  # in no changelog; see TOLERANT
    "InstructionsLoaded": (2, 1, 69),
    "SessionStart": (1, 0, 62),
    "PostToolUse": (1, 0, 38),
    "ConfigChange": (2, 1, 49),
}
"""Hook event -> the first version that may find it in its settings, in the order in which events are written."""

TOLERANT: Version = (2, 1, 101)
"""From here on an event that the client does not know is skipped; before, it silently drops every hook of the file."""

EXEC_FORM: Version = (2, 1, 139)
"""A hook's `args`: the program is started without a shell."""

ON_FAILURE: Version = (2, 1, 295)
"""A hook's `onFailure: "block"`; older clients ignore it silently (observed: 2.0.50)."""

REPLACES_OUTPUT: Version = (2, 1, 121)
"""PostToolUse `updatedToolOutput` for every tool (observed: 2.1.330 yes, 2.0.50 ignores it)."""

REPLACES_INPUT: Version = (2, 1, 295)
"""PreToolUse `updatedInput` without a permission decision. Observed: 2.1.330 yes, 2.0.50 only together with `allow`.
No changelog says since when, so nothing older than the newest requirement here is trusted with it."""

NEGATES: Version = (2, 1, 240)
"""A permission rule `Read(!x)` takes back what an earlier rule of the same settings file denies, and of no other file
(observed: 2.1.330; documented for this version). 2.0.50 lets it reach into other files too."""

ASKS: Version = (2, 1, 321)
"""A hook's `ask` holds where nobody can answer, too (observed: 2.0.50 runs the call when permissions are skipped). With
this version the last known case in which an `ask` was lost was mended."""

SERVERS: Version = (2, 1, 330)
"""Starts MCP servers after it has read `env` of the settings, in `-p` too (observed: 2.1.330 yes, 2.0.50 no). No changelog
says since when."""

MANAGED_FOLDER: Version = (2, 1, 83)
"""`managed-settings.d/`."""

REQUIRED_VERSION: Version = (2, 1, 163)
"""`requiredMinimumVersion` in managed settings."""

OLDEST: Version = (2, 0, 50)
"""The oldest version that the guard is tested with."""

CURRENT: Version = (2, 1, 330)
"""The newest version that the guard is tested with."""


class Features(NamedTuple):
    """What one version knows.

    events: the hook events that may stand in its settings. exec_form: a hook without a shell. on_failure: a failing
    hook can block. rewrites: calls can be narrowed and results filtered without allowing anything. asks: a question is
    never taken for a yes. negates: an exception among deny rules stays in its file.
    """

    version: Version
    events: tuple[str, ...]
    exec_form: bool
    on_failure: bool
    rewrites: bool
    asks: bool
    negates: bool


def features(version: Version) -> Features:
    """What the client of that version knows; what is not certain counts as not known."""
    return Features(
        version,
        tuple(event for event, since in EVENTS.items() if version >= since),
        version >= EXEC_FORM,
        version >= ON_FAILURE,
        version >= REPLACES_INPUT and version >= REPLACES_OUTPUT,
        version >= ASKS,
        version >= NEGATES,
    )


def parse(text: str) -> Version:
    """The version in `2.1.330` or in what `claude --version` says. Raises GuardError where there is none."""
    numbers = re.match(r"\s*v?(\d{1,6})\.(\d{1,6})\.(\d{1,6})(?![\w.])", text)
    if not numbers:
        raise GuardError(f"`{text.strip()[:60]}` is not a version of Claude Code", "write it like `2.1.330`")
    return int(numbers[1]), int(numbers[2]), int(numbers[3])


def written(version: Version) -> str:
    """The version as people write it."""
    return ".".join(map(str, version))
