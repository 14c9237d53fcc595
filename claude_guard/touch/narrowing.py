"""A shell command with the words added that leave restricted paths out of what it reads: pure text editing. Whether the
result is any better is for the reader of commands to say, again."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..model import Touch

MOST = 8_000  # characters of added words; beyond, a command line is no place for them
DASHES = "-- "


def narrowed(text: str, touches: Iterable[Touch]) -> tuple[str, tuple[str, ...]] | None:
    """The command without these touches, and what was added to it, one text for each place; None where one of the
    touches does not say how it is left out."""
    places: dict[int, dict[str, None]] = {}
    for touch in touches:
        if not touch.exclude or not 0 <= touch.at <= len(text):
            return None
        places.setdefault(touch.at, {}).setdefault(touch.exclude)
    added = {at: joined(words) for at, words in places.items()}
    if not added or sum(map(len, added.values())) > MOST:
        return None
    for at in sorted(added, reverse=True):
        text = f"{text[:at]} {added[at]}{text[at:]}"
    return text, tuple(added[at] for at in sorted(added))


def joined(exclusions: Iterable[str]) -> str:
    """Exclusions as one: what stands behind `--` stands behind one `--`."""
    parts = list(exclusions)
    behind = [part.removeprefix(DASHES) for part in parts if part.startswith(DASHES)]
    before = [part for part in parts if not part.startswith(DASHES)]
    return " ".join([*before, *(["--", *behind] if behind else [])])


def told(added: Iterable[str]) -> str:
    """What the model is told of a command that was narrowed."""
    words = ", ".join(f"`{part}`" for part in added)
    return f"claude-guard left what the policy restricts out of this command: it ran with {words} added"
