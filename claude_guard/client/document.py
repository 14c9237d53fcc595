"""A JSON text that is edited in place: what is not edited keeps its bytes, blanks and order.

The text is read once for errors and once for the places of its values. An edit adds or takes out one member or element
together with its comma, in the style of its neighbours, and the places are read again: settings files are small.
"""

import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn

from ..errors import GuardError

MENDS = (
    (re.compile(r"^(<<<<<<<|=======|>>>>>>>)", re.M), "resolve the merge conflict in it"),
    (re.compile(r"^\s*(//|/\*|#)", re.M), "take the comments out; JSON has none"),
    (re.compile(r",\s*[}\]]"), "take out the comma before the closing bracket"),
)
"""What is often wrong with a settings file -> the mend."""

_BLANK = re.compile(r"[ \t\r\n]*")
_READ = json.JSONDecoder().raw_decode


class Place(NamedTuple):
    """Where a value stands. parts: the spans of an object's members, keys included, or of an array's elements."""

    start: int
    end: int
    parts: tuple[tuple[int, int], ...] = ()
    inner: tuple["Place", ...] = ()
    keys: tuple[str, ...] = ()


class Document:
    """A JSON object in a file. file: its name, for messages. Raises GuardError where the text is not a JSON object."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.value = self._parsed()
        self.newline = "\r\n" if "\r\n" in text else "\n"
        indented = re.search(r"\n([ \t]+)\S", text)
        inline = "\n" not in text.strip() and bool(self.value)
        self.indent: str | None = indented[1] if indented else None if inline else "  "

    def append(self, path: tuple[str, ...], *values: Any, front: bool = False) -> None:
        """Adds elements to the array at a path of keys, after its others or in front of them; what is missing on the
        way is made."""
        missing = list(path)
        place = self._root()
        while missing and missing[0] in place.keys:
            place = place.inner[place.keys.index(missing.pop(0))]
        key = missing.pop(0) if missing else None
        items: list[Any] = list(values)
        if key is not None:
            items = [items]
        while missing:
            items = [{missing.pop(): items[0]}]
        own = re.match(r"[ \t]*", self.text[self.text.rfind("\n", 0, place.start) + 1 :])
        outer = own[0] if own else ""
        inner = outer + (self.indent or "")
        on_lines = self.indent is not None
        if place.parts:
            first = place.parts[0][0]
            on_lines = "\n" in self.text[place.start : first]
            if on_lines:
                inner = self.text[self.text.rfind("\n", 0, first) + 1 : first]
        lead = self.newline + inner if on_lines else ""
        written = [json.dumps(one, ensure_ascii=False, indent=self.indent if on_lines else None) for one in items]
        item = ("," + (lead or " ")).join(one.replace("\n", self.newline + inner) for one in written)
        if key is not None:
            item = f"{json.dumps(key, ensure_ascii=False)}: {item}"
        if place.parts and front and key is None:
            self._splice(place.parts[0][0], place.parts[0][0], item + "," + (lead or " "))
        elif place.parts:
            self._splice(place.parts[-1][1], place.parts[-1][1], "," + (lead or " ") + item)
        else:
            tail = self.newline + outer if on_lines else ""
            self._splice(place.start + 1, place.end - 1, lead + item + tail)

    def put(self, path: tuple[str, ...], value: Any) -> None:
        """Makes the value at a path of keys this one; what is missing on the way is made."""
        held: Any = self.value
        for key in path:
            held = held.get(key) if isinstance(held, dict) else None
        if held is None:
            self.append(path, value)
        place = self._root()
        for key in path:
            place = place.inner[place.keys.index(key)]
        self._splice(place.start, place.end, json.dumps(value, ensure_ascii=False))

    def remove(self, path: tuple[str | int, ...]) -> None:
        """Takes out the member or element at a path of keys and indices, and every container that it leaves empty."""
        place, index = self._root(), 0
        trail = []
        for step in path:
            index = step if isinstance(step, int) else place.keys.index(step)
            trail.append((place, index))
            place = place.inner[index]
        while trail:
            place, index = trail.pop()
            if len(place.parts) > 1 or not trail:
                break
        if len(place.parts) == 1:
            self._splice(place.start + 1, place.end - 1, "")
        elif index == len(place.parts) - 1:
            self._splice(place.parts[index - 1][1], place.parts[index][1], "")
        else:
            self._splice(place.parts[index][0], place.parts[index + 1][0], "")

    def remove_all(self, path: tuple[str, ...], unwanted: Callable[[Any], bool]) -> None:
        """Takes the unwanted elements out of the array at a path of keys, and the array where it held no others."""
        place = self._root()
        for key in path:
            place = place.inner[place.keys.index(key)]
        held: Any = self.value
        for key in path:
            held = held[key]
        kept = [index for index, one in enumerate(held) if not unwanted(one)]
        if not kept:
            self.remove(path)
            return
        cuts = [(place.parts[0][0], place.parts[kept[0]][0])]
        cuts += [
            (place.parts[index - 1][1], place.parts[index][1])
            for index in range(kept[0] + 1, len(held))
            if index not in kept
        ]
        text = self.text
        for start, end in reversed(cuts):
            text = text[:start] + text[end:]
        self._splice(0, len(self.text), text)

    def _splice(self, start: int, end: int, text: str) -> None:
        self.text = self.text[:start] + text + self.text[end:]
        self.value = self._parsed()

    def _root(self) -> Place:
        blank = _BLANK.match(self.text)
        return _scan(self.text, blank.end() if blank else 0)

    def _parsed(self) -> dict[str, Any]:
        try:
            value = json.loads(self.text, object_pairs_hook=_once)
        except json.JSONDecodeError as error:
            self._broken(error)
        except (RecursionError, _TwiceError) as error:
            raise GuardError(f"`{self.file}` cannot be changed: {error}", "mend it, then run this again") from None
        if not isinstance(value, dict):
            raise GuardError(f"`{self.file}` holds no JSON object", "it must begin with `{` and end with `}`")
        return value

    def _broken(self, error: json.JSONDecodeError) -> NoReturn:
        near = self.text[max(0, error.pos - 200) : error.pos + 40]
        mend = next((mend for pattern, mend in MENDS if pattern.search(near)), "mend it there")
        what = error.msg[:1].lower() + error.msg[1:]
        where = f"`{self.file}` line {error.lineno}, column {error.colno}"
        raise GuardError(f"{where}: not JSON: {what}", f"{mend}, then run this again; nothing was changed")


class _TwiceError(Exception):
    """A key that stands twice in one object: no parser keeps both."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _TwiceError(f"the key `{next(k for k in keys if keys.count(k) > 1)}` stands twice in one object")
    return found


def _scan(text: str, at: int) -> Place:
    """The places in a valid JSON text, from the first character of a value on."""
    if text[at] not in "{[":
        return Place(at, _READ(text, at)[1])
    start, is_object = at, text[at] == "{"
    parts, inner, keys = [], [], []
    at = _skip(text, at + 1)
    while text[at] not in "}]":
        began = at
        if is_object:
            key, at = _READ(text, at)
            keys.append(key)
            at = _skip(text, _skip(text, at) + 1)
        inner.append(_scan(text, at))
        parts.append((began, inner[-1].end))
        at = _skip(text, inner[-1].end)
        if text[at] == ",":
            at = _skip(text, at + 1)
    return Place(start, at + 1, tuple(parts), tuple(inner), tuple(keys))


def _skip(text: str, at: int) -> int:
    blank = _BLANK.match(text, at)
    return blank.end() if blank else at
