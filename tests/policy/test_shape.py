"""What two globs both match, against every short name there is."""

from __future__ import annotations

import fnmatch
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from claude_guard.policy.shape import Shape, intersect, outline

NAMES = ["".join(letters) for length in range(1, 6) for letters in product("ab.", repeat=length)]
PIECES = st.lists(st.sampled_from(["a", "b", ".", "?", "[ab]", "[!a]", "[a-b]"]), max_size=3)
GLOBS = st.builds(
    lambda head, star, tail: "".join([*head, star, *tail]), PIECES, st.sampled_from(["", "*"]), PIECES
).filter(bool)


def matches(shape: Shape, name: str) -> bool:
    """The naive meaning of a shape."""
    ends = len(shape.head) + len(shape.tail)
    if len(name) < ends or (not shape.star and len(name) > ends):
        return False
    pairs = [*zip(name, shape.head, strict=False), *zip(reversed(name), reversed(shape.tail), strict=False)]
    return all((character in found) != negated for character, (negated, found) in pairs)


@settings(max_examples=200, deadline=None)
@given(one=GLOBS, other=GLOBS)
def test_both_match_what_the_intersection_does(one: str, other: str) -> None:
    shapes = intersect(outline(one), outline(other))
    got = {name for name in NAMES if any(matches(shape, name) for shape in shapes)}
    assert got == {name for name in NAMES if fnmatch.fnmatchcase(name, one) and fnmatch.fnmatchcase(name, other)}


def test_of_several_stars_the_outer_texts_count() -> None:
    shape = outline("a*b*a")
    assert all(matches(shape, name) for name in ("aba", "abba", "aa", "a.a"))
    assert not any(matches(shape, name) for name in ("a", "ab", "ba"))
