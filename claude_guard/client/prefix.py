"""The shell prefix in one settings file: put in, in front of somebody else's, and taken out again."""

from typing import Any

from .document import Document

PREFIX = "CLAUDE_CODE_SHELL_PREFIX"
THEN = "CLAUDE_GUARD_SHELL_THEN"
"""The prefix of somebody else, which ours runs behind the masks."""

PLACE = "/.local/state/claude-guard/shell"
"""How the path of our prefix ends, wherever home is."""


def ours(value: object) -> bool:
    """Whether a prefix is the guard's, of this installation or of another one."""
    return isinstance(value, str) and value.endswith(PLACE)


def standing(settings: dict[str, Any]) -> str:
    """The prefix of ours that stands in the settings, "" where none does."""
    held = _environment(settings).get(PREFIX)
    return held if isinstance(held, str) and ours(held) else ""


def then(settings: dict[str, Any]) -> str:
    """The prefix that ours runs, as these settings say; "" where they do not."""
    held = _environment(settings).get(THEN)
    return held if isinstance(held, str) and standing(settings) else ""


def put(document: Document, record: dict[str, Any], prefix: str, under: str) -> dict[str, Any]:
    """Puts ours in; what the record of the installation says of it. `before` is what stood in this very file.

    under: the prefix that counts where this file holds none. record: of the installation before.
    """
    held = _environment(document.value)
    before = _before(held, record) if ours(held.get(PREFIX)) else held.get(PREFIX)
    behind = under if before is None else before
    if held.get(PREFIX) != prefix:
        document.put(("env", PREFIX), prefix)
    if behind and held.get(THEN) != behind:
        document.put(("env", THEN), behind)
    elif not behind and THEN in held:
        document.remove(("env", THEN))
    return {"prefix": prefix, **({} if before is None else {"before": before})}


def take_out(document: Document, record: dict[str, Any]) -> None:
    """Takes ours out, where it stands, and puts back what stood in its place."""
    held = _environment(document.value)
    if not standing(document.value):
        return
    if THEN in held:
        document.remove(("env", THEN))
    before = _before(held, record)
    if before is None:
        document.remove(("env", PREFIX))
    else:
        document.put(("env", PREFIX), before)


def recorded(record: dict[str, Any]) -> dict[str, Any]:
    """What a record says of the prefix."""
    return {name: record[name] for name in ("prefix", "before") if name in record}


def forgotten(record: dict[str, Any]) -> dict[str, Any]:
    """The record without it."""
    return {name: value for name, value in record.items() if name not in ("prefix", "before")}


def _before(held: dict[str, Any], record: dict[str, Any]) -> str | None:
    """What stood in place of ours. Where the record is lost, what ours runs stands for it."""
    before = record.get("before") if "prefix" in record else held.get(THEN)
    return before if isinstance(before, str) else None


def _environment(settings: dict[str, Any]) -> dict[str, Any]:
    held = settings.get("env")
    return held if isinstance(held, dict) else {}
