"""Names that one glob matches and others do not, against every short name there is."""

from __future__ import annotations

import fnmatch
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from claude_guard.policy.complement import fits, outline, render, subtract

NAMES = ["".join(letters) for length in range(1, 6) for letters in product("ab.", repeat=length)]
PIECES = st.lists(st.sampled_from(["a", "b", ".", "?", "[ab]", "[!a]"]), max_size=3)
ONE_STAR = st.builds(lambda head, star, tail: "".join([*head, star, *tail]), PIECES, st.sampled_from(["", "*"]), PIECES)
GLOBS = ONE_STAR.filter(bool)


@settings(max_examples=200, deadline=None)
@given(glob=GLOBS, exceptions=st.lists(GLOBS, min_size=1, max_size=3))
def test_it_is_exact_where_it_says_so_and_never_matches_less(glob: str, exceptions: list[str]) -> None:
    shapes, exact = subtract([outline(glob)[0]], [outline(one)[0] for one in exceptions], 60)
    globs = [render(shape)[0] for shape in shapes]
    kept = {name for name in NAMES if fnmatch.fnmatchcase(name, glob)}
    wanted = kept - {name for name in kept if any(fnmatch.fnmatchcase(name, one) for one in exceptions)}
    got = {name for name in NAMES if any(fnmatch.fnmatchcase(name, one) for one in globs)}
    assert wanted <= got <= kept
    assert got == wanted or not exact


@settings(max_examples=300, deadline=None)
@given(
    parts=st.lists(ONE_STAR, min_size=1, max_size=3), names=st.lists(st.sampled_from(NAMES), min_size=30, max_size=60)
)
def test_fits_is_fnmatch(parts: list[str], names: list[str]) -> None:
    glob = "".join(parts)
    assert [fits(glob, name) for name in names] == [fnmatch.fnmatchcase(name, glob) for name in names]


def test_dotenv_without_its_example() -> None:
    shapes, exact = subtract([outline(".env*")[0]], [outline(".env.ex")[0]], 60)
    globs = [render(shape)[0] for shape in shapes]
    assert exact
    assert globs == [".env[!.]*", ".env.[!e]*", ".env.e[!x]*", ".env.ex?*", ".env", ".env.", ".env.e"]


def test_what_cannot_be_written_matches_more() -> None:
    assert render(outline("a b,c")[0], apart=True) == ("a?b?c", False)
    assert render(outline("a b,c")[0]) == ("a b,c", True)
    assert render(outline("[*][?]x")[0]) == ("[*][?]x", True)
    assert render(outline("id")[0], folding=True) == ("[Ii][Dd]", True)
