"""Names that a pattern matches, as a shape: what two patterns both match can be told. Pure.

A shape is a list of character sets, with at most one `*` in it: `.env*`, `*.pem`, `id_[a-z]?`. Shapes are closed under
intersection.
"""

from __future__ import annotations

from ..values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    Characters = tuple[bool, frozenset[str]]  # (negated, characters): `(True, {})` is any character

ANY: Characters = (True, frozenset())


class Shape(NamedTuple):
    """head, then anything where `star`, then tail. Without a star the tail is empty."""

    head: tuple[Characters, ...]
    star: bool = False
    tail: tuple[Characters, ...] = ()


def outline(glob: str) -> Shape:
    """A glob of one segment as a shape: of several stars only the outer texts count, so that the shape matches more.
    Brackets: `[abc]`, `[a-z]`, `[!a]`."""
    parts = _parts(glob)
    if len(parts) == 1:
        return Shape(parts[0])
    return Shape(parts[0], True, parts[-1])


def _parts(glob: str) -> list[tuple[Characters, ...]]:
    """The texts between the stars of a glob."""
    parts: list[list[Characters]] = [[]]
    index = 0
    while index < len(glob):
        character = glob[index]
        if character == "*":
            parts.append([])
        elif character == "?":
            parts[-1].append(ANY)
        elif character == "[":
            end = glob.index("]", index + 2 + (glob[index + 1] == "!"))
            parts[-1].append(_bracket(glob[index + 1 : end]))
            index = end
        else:
            parts[-1].append((False, frozenset(character)))
        index += 1
    return [tuple(part) for part in parts]


def _bracket(inside: str) -> Characters:
    negated = inside.startswith("!")
    inside = inside[negated:]
    found = set()
    index = 0
    while index < len(inside):
        if inside[index + 1 : index + 2] == "-" and index + 2 < len(inside):
            found |= {chr(code) for code in range(ord(inside[index]), ord(inside[index + 2]) + 1)}
            index += 3
        else:
            found.add(inside[index])
            index += 1
    return negated, frozenset(found)


def _both(left: Characters, right: Characters) -> Characters:
    if left[0] and right[0]:
        return True, left[1] | right[1]
    if left[0]:
        return False, right[1] - left[1]
    return False, left[1] - right[1] if right[0] else left[1] & right[1]


def _merge(length: int, *constraints: tuple[int, tuple[Characters, ...]]) -> tuple[Characters, ...] | None:
    """`length` characters under constraints that start at given places; None where nothing is left."""
    merged = [ANY] * length
    for start, characters in constraints:
        for index, character in enumerate(characters, start):
            merged[index] = _both(merged[index], character)
            if not merged[index][0] and not merged[index][1]:
                return None
    return tuple(merged)


def intersect(left: Shape, right: Shape) -> list[Shape]:
    """What both shapes match."""
    if left.star and right.star:
        heads, tails = max(len(left.head), len(right.head)), max(len(left.tail), len(right.tail))
        least = max(len(left.head) + len(left.tail), len(right.head) + len(right.tail))
        found = [_fixed(length, left, right) for length in range(least, heads + tails)]
        head = _merge(heads, (0, left.head), (0, right.head))
        tail = _merge(tails, (tails - len(left.tail), left.tail), (tails - len(right.tail), right.tail))
        if head is not None and tail is not None:
            found.append(Shape(head, True, tail))
        return [shape for shape in found if shape is not None]
    length = len(right.head) if left.star else len(left.head)
    shape = _fixed(length, left, right)
    return [] if shape is None else [shape]


def _fixed(length: int, *shapes: Shape) -> Shape | None:
    constraints = []
    for shape in shapes:
        if len(shape.head) + len(shape.tail) > length or (not shape.star and len(shape.head) != length):
            return None
        constraints += [(0, shape.head), (length - len(shape.tail), shape.tail)]
    merged = _merge(length, *constraints)
    return None if merged is None else Shape(merged)
