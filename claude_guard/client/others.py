"""The files that hooks of somebody else start without a shell: the client runs those behind no prefix."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

OURS = ("claude-guard/guard.sh", "claude_guard/__hook__.py")


def started(settings: Iterable[str], project: str) -> list[str]:
    """The files that stand in the commands of such hooks. settings: the files that hold hooks; those that are missing or
    broken hold none. project: what stands for `${CLAUDE_PROJECT_DIR}`."""
    found = []
    for path in settings:
        try:
            with open(path, encoding="utf-8") as file:
                text = file.read()
        except (OSError, ValueError):
            continue
        if any(not any(name in part.partition("]")[0] for name in OURS) for part in text.split('"args"')[1:]):
            found += [word.replace("${CLAUDE_PROJECT_DIR}", project) for word in _words(text)]
    return [path for path in found if path.startswith("/") and os.path.isfile(path)]


def _words(text: str) -> list[str]:
    """The words of every hook in exec form."""
    from json import loads

    try:
        left: list[Any] = [loads(text).get("hooks")]
    except (ValueError, AttributeError, RecursionError):
        return []
    words: list[str] = []
    while left:
        one = left.pop()
        if isinstance(one, dict):
            if isinstance(one.get("args"), list):
                words += [word for word in (one.get("command"), *one["args"]) if isinstance(word, str)]
            left += one.values()
        elif isinstance(one, list):
            left += one
    return words
