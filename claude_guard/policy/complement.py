"""Names that one pattern matches and others do not, as patterns without negation. Pure.

A shape is a list of character sets, with at most one `*` in it: `.env*`, `*.pem`, `id_[a-z]?`. Shapes are closed under
intersection, and what a shape does not match is a union of shapes: every name differs from it at a first place.
"""

from __future__ import annotations

from ..values import NamedTuple

LIMIT = 300  # shapes; more of them would be a list that nobody searches with

TYPE_CHECKING = False
if TYPE_CHECKING:
    Characters = tuple[bool, frozenset[str]]  # (negated, characters): `(True, {})` is any character

ANY: Characters = (True, frozenset())


class Shape(NamedTuple):
    """head, then anything where `star`, then tail. Without a star the tail is empty."""

    head: tuple[Characters, ...]
    star: bool = False
    tail: tuple[Characters, ...] = ()


def one(character: str) -> Characters:
    """The set of one character."""
    return False, frozenset(character)


def shape(glob: str) -> Shape | None:
    """A glob of one segment as a shape; None where it holds several stars. Brackets: `[abc]`, `[a-z]`, `[!a]`."""
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
            parts[-1].append(one(character))
        index += 1
    if len(parts) > 2:
        return None
    return Shape(tuple(parts[0]), len(parts) == 2, tuple(parts[-1]) if len(parts) == 2 else ())


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


def _not(characters: Characters) -> Characters:
    return not characters[0], characters[1]


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


def complement(shape: Shape) -> list[Shape]:
    """What a shape does not match: names that end too early, or differ at a first place, from either end."""
    found = []
    head, tail = shape.head, shape.tail
    for index, characters in enumerate(head):
        if index:
            found.append(Shape(head[:index]))
        found.append(Shape((*head[:index], _not(characters)), True))
    if not shape.star:
        found.append(Shape((*head, ANY), True))
        return [shape for shape in found if _alive(shape)]
    for kept in range(len(tail)):
        rest = tail[len(tail) - kept :]
        if head or rest:
            found.append(Shape((*head, *rest)))
        found.append(Shape(head, True, (_not(tail[len(tail) - kept - 1]), *rest)))
    return [shape for shape in found if _alive(shape)]


def _alive(shape: Shape) -> bool:
    return all(negated or characters for negated, characters in (*shape.head, *shape.tail))


def subtract(shapes: list[Shape], exceptions: list[Shape]) -> tuple[list[Shape], bool]:
    """What the shapes match and none of the exceptions does, and whether that is exact: an exception that would take
    the list over LIMIT is left out, so that the list matches more."""
    exact = True
    for exception in exceptions:
        outside = complement(exception)
        left: list[Shape] = []
        for shape in shapes:
            if intersect(shape, exception):
                for other in outside:
                    left += intersect(shape, other)
            else:
                left.append(shape)
        left = _distinct(left)
        if len(left) > LIMIT:
            exact = False
        else:
            shapes = left
    return shapes, exact


def _distinct(shapes: list[Shape]) -> list[Shape]:
    kept: list[Shape] = []
    for shape in sorted(set(shapes), key=lambda shape: (not shape.star, len(shape.head) + len(shape.tail))):
        if not any(_within(shape, other) for other in kept):
            kept.append(shape)
    return kept


def _within(shape: Shape, other: Shape) -> bool:
    """Whether `other` matches all that `shape` does; False where that is not obvious."""
    if not other.star:
        return shape == other
    if shape.star:
        if len(shape.head) < len(other.head) or len(shape.tail) < len(other.tail):
            return False
        tail = shape.tail
    else:
        if len(shape.head) < len(other.head) + len(other.tail):
            return False
        tail = shape.head
    pairs = [
        *zip(shape.head, other.head, strict=False),
        *zip(reversed(tail), reversed(other.tail), strict=False),
    ]
    return all(_both(one, another) == one for one, another in pairs)


def render(shape: Shape, apart: bool = False, folding: bool = False) -> tuple[str, bool]:
    """A shape as a glob, and whether it is exact: what cannot be written becomes `?`, which matches more.

    apart: blanks, commas and braces must not appear, because the client splits lists of globs at them. folding:
    letters match in both cases.
    """
    exact = True
    out = []
    for characters in (*shape.head, None, *shape.tail):
        if characters is None:
            out.append("*" if shape.star else "")
            continue
        text = _render(characters, apart, folding)
        exact = exact and text is not None
        out.append("?" if text is None else text)
    return "".join(out), exact


_SPECIAL = frozenset("*?[]{}!#^-~")


def _render(characters: Characters, apart: bool, folding: bool) -> str | None:
    negated, found = characters
    if negated and not found:
        return "?"
    if folding:
        found = frozenset(cased for character in found for cased in (character.lower(), character.upper()))
    if any(len(c) != 1 or c == "\\" or (apart and c in " ,{}\t") for c in found):
        return None
    if len(found) == 1 and not negated:
        character = next(iter(found))
        return f"[{character}]" if character in "*?[{}" else character
    if not all(character.isascii() for character in found):
        return None  # tools differ in what a class of such characters matches: bytes or characters
    inside = "".join(sorted(found - _SPECIAL))
    first = "]" if "]" in found else ""
    last = "".join(sorted((found & _SPECIAL) - {"]", "-"})) + ("-" if "-" in found else "")
    if not negated and (first + inside + last)[0] in "!^":
        return None
    if "[" in found and len(found) > 1:
        return None  # `[[` opens a named class in some tools
    return f"[{'!' if negated else ''}{first}{inside}{last}]"
