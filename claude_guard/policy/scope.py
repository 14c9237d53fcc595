"""The layers in force for a path, taken together: the order of classes, and what action each class gets. Pure.

A layer can loosen what lower layers and the built-in packs say, and only tighten what its own betters say: an action
or a clearance counts as written where it stands no lower than the layer that gave the class, else only if stricter.
"""

from __future__ import annotations

from ..errors import PolicyError
from ..model import STRICTNESS
from ..values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from ..model import Action

CLASSES = ("public", "internal", "confidential", "restricted")
_ACTIONS: dict[str, Action] = {
    "public": "allow",
    "internal": "allow",
    "confidential": "ask",
    "restricted": "deny",
}
BUILTIN = 1_000  # the authority of the packs that are on by default: anyone may say otherwise


def _strictness(action: Action) -> int:
    return STRICTNESS[action]


class Settings(NamedTuple):
    """What one policy file says besides its rules. authority: 0 is the highest. tighten: it may only tighten here."""

    file: str
    authority: int
    header: dict[str, Any]
    tighten: bool = False


class Scope:
    """The classes and actions of a set of policy files, highest authority first. Raises PolicyError for a class that
    is not defined, or defined twice in different places."""

    def __init__(self, settings: Sequence[Settings], destination: str) -> None:
        self.settings = settings
        self.destination = destination
        self.order = list(CLASSES)
        self._above: dict[str, str] = {}
        self._cache: dict[tuple[str, int], Action] = {}
        for one in settings:
            self._define(one)
        self.rank = {name: rank for rank, name in enumerate(self.order)}
        for one in settings:
            self._check(one)

    def _define(self, one: Settings) -> None:
        classes: dict[str, list[Any]] = one.header["classes"]
        waiting = {name: row[0] for name, row in classes.items() if row[0] is not None}
        while waiting:
            ready = [name for name, above in waiting.items() if above in self.order]
            if not ready:
                name, above = next(iter(waiting.items()))
                hint = f"known: {', '.join(f'`{known}`' for known in self.order)}"
                raise self._error(one, name, f"class `{name}` stands above `{above}`, which is not a class", hint)
            for name in ready:
                above = waiting.pop(name)
                if name in CLASSES:
                    raise self._error(one, name, f"class `{name}` is built in and cannot be moved", "remove `above`")
                if name not in self.order:
                    self.order.insert(self.order.index(above) + 1, name)
                    self._above[name] = above
                elif self._above[name] != above:
                    hint = f'write `above = "{self._above[name]}"`'
                    raise self._error(one, name, f"class `{name}` already stands above `{self._above[name]}`", hint)

    def _check(self, one: Settings) -> None:
        header = one.header
        known = ", ".join(f"`{name}`" for name in self.order)
        for name in header["classes"]:
            if name not in self.rank:
                hint = 'add `above = "confidential"` or another class that it is stricter than'
                raise self._error(one, name, f"class `{name}` is new and has no place", hint)
        used = [*header["levels"], *header["clearance_levels"]]
        if header["default"] is not None:
            used.append([header["default"], header["default_line"]])
        for name, line in used:
            if name not in self.rank:
                raise PolicyError(one.file, f"unknown class `{name}`", f"known: {known}", line)

    def _error(self, one: Settings, name: str, message: str, hint: str) -> PolicyError:
        return PolicyError(one.file, message, hint, one.header["class_lines"].get(name, 0))

    def clearance(self, authority: int = BUILTIN) -> str:
        """The highest class that goes out to the destination in force, as far as a layer of `authority` cares."""
        said: int | None = None
        floors: list[int] = []
        for one in self.settings:
            table = one.header["clearance"]
            value = table.get(self.destination, table.get("default"))
            if value is None:
                continue
            rank = self.rank[value]
            if one.tighten or one.authority > authority:
                floors.append(rank)
            else:
                said = rank if said is None else min(said, rank)
        return self.order[min([self.rank["internal"] if said is None else said, *floors])]

    def action(self, level: str, authority: int = BUILTIN) -> Action:
        """What a class gets that a layer of `authority` gave."""
        action = self._cache.get((level, authority))
        if action is None:
            action = self._action(level, authority)
            self._cache[(level, authority)] = action
        return action

    def _action(self, level: str, authority: int) -> Action:
        if self.rank[level] <= self.rank[self.clearance(authority)]:
            return "allow"
        said: Action | None = None
        floor: Action = "allow"
        for one in self.settings:
            row = one.header["classes"].get(level)
            if row is None or row[1] is None:
                continue
            action: Action = row[1]
            if one.tighten or one.authority > authority:
                floor = max(floor, action, key=_strictness)
            else:
                said = max(said or "allow", action, key=_strictness)
        if said is None:
            said = _ACTIONS[level] if level in _ACTIONS else self._inherited(level, authority)
        return max(said, floor, key=_strictness)

    def _inherited(self, level: str, authority: int) -> Action:
        """A class of one's own gets, where nothing is said of it, what the class below it gets."""
        above = self._above[level]
        return max(_ACTIONS.get(above, "allow"), self._action(above, authority), key=_strictness)

    def writes(self, level: str) -> Action:
        """Whether a class may be written: `allow` unless a layer says `deny`."""
        rows = [one.header["classes"].get(level) for one in self.settings]
        return "deny" if any(row and row[2] == "deny" for row in rows) else "allow"
