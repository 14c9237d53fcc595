"""Patterns mean what git takes them for: generated lists of patterns and paths, judged by both."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claude_guard.policy import build
from claude_guard.policy.compile import Compiled, PatternError, compile_pattern
from claude_guard.policy.keys import Keys, kind_of
from claude_guard.policy.match import matching, way

pytestmark = pytest.mark.oracle

NAMES = [
    "a",
    "b",
    "ab",
    "abc",
    ".env",
    "a b",
    "#x",
    "!y",
    "a]",
    "-",
    "\\",
    "a ",
    "[",
    "z",
    "caf\u00e9",
    "a\nb",
    "A",
    "a~",
]
PIECES = [
    "a", "b", "ab", "x", ".env", "*", "**", "***", "?", "/", "/", "/", "**/", "/**", "[ab]", "[!a]", "[^a]", "[a-c]",
    "[]a]", "[a/b]", "[!/]", "[[:alpha:]]", "[[:upper:]]", "[!]", "[c-a]", "[\\]a]", "[a-]", "[!a-b]", "[\\a-c]",
    "[[:x:]]", "[a-\\c]", "[--a]", "[[a]", "[&&a]", "[a~~b]", "\\*", "\\a", "\\/", "\\ ", "\\\\", "\\#", "\\!", "\\",
    "#", "!", " ", "  ", "\t", "-", "caf\u00e9", "[", "~",
]  # fmt: skip
PATTERN = st.builds(
    lambda negated, pieces: "!" * negated + "".join(pieces),
    st.integers(0, 3).map(lambda number: number == 0),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=5),
)
PATHS = st.lists(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4).map("/".join), min_size=20, max_size=40)


class Git:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(root), "GIT_CONFIG_NOSYSTEM": "1"}
        assert self.run("init", "-q").returncode == 0

    def run(self, *words: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        command = ["git", "-C", str(self.root), *words]
        return subprocess.run(command, env=self.environment, input=given, capture_output=True, check=False)

    def matched(self, patterns: list[str], paths: list[str]) -> dict[str, bool]:
        """For each path whether the list excludes it."""
        listing = self.root / ".git/info/exclude"
        listing.write_bytes(b"".join(os.fsencode(pattern) + b"\n" for pattern in patterns))
        words = ["check-ignore", "--no-index", "-v", "-n", "-z", "--stdin"]
        given = b"".join(os.fsencode(path) + b"\0" for path in paths)
        answer = self.run(*words, given=given)
        fields = [os.fsdecode(field) for field in answer.stdout.split(b"\0")[:-1]]
        assert len(fields) == 4 * len(paths), answer.stderr
        return {path: bool(by) and not by.startswith("!") for by, path in zip(fields[2::4], fields[3::4], strict=True)}


@pytest.fixture(scope="module")
def git(tmp_path_factory: pytest.TempPathFactory) -> Git:
    return Git(tmp_path_factory.mktemp("git"))


def compiled(patterns: list[str]) -> tuple[list[str], list[Compiled]]:
    """Those of the patterns that can match anything, and what they are compiled to."""
    found = []
    for pattern in patterns:
        try:
            found.append((pattern, compile_pattern(pattern)))
        except PatternError:
            continue
    return [pattern for pattern, _ in found], [one for _, one in found]


@settings(max_examples=250, deadline=None)
@given(patterns=st.lists(PATTERN, min_size=1, max_size=3), paths=PATHS)
def test_git_agrees(git: Git, patterns: list[str], paths: list[str]) -> None:
    kept, found = compiled(patterns)
    rows = [one.row for one in found]
    if any(row[3] for row in rows):
        return  # `~/` and `//` are ours
    wanted = git.matched(kept, paths)
    for path in paths:
        mine = matching(rows, way(f"/base/{path}", "/home/x", "/base", False)) is not None
        assert mine is wanted[path], (kept, path, rows)


@settings(max_examples=150, deadline=None)
@given(patterns=st.lists(PATTERN, min_size=1, max_size=3), paths=PATHS)
def test_what_git_never_matches_is_an_error_or_matches_nothing(git: Git, patterns: list[str], paths: list[str]) -> None:
    for pattern in patterns:
        try:
            compile_pattern(pattern.removeprefix("!"))
        except PatternError as error:
            # `x**//` is the one spelling that git gives a meaning and the guard refuses: see below.
            if "single slashes" not in error.message + error.hint:
                assert not any(git.matched([pattern.removeprefix("!")], paths).values()), pattern


@settings(max_examples=300, deadline=None)
@given(patterns=st.lists(PATTERN, min_size=1, max_size=4), paths=PATHS, few=st.sampled_from([0, build.FEW]))
def test_the_index_never_loses_a_match(patterns: list[str], paths: list[str], few: int) -> None:
    _, found = compiled(patterns)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "FEW", few)
        index = build._index([[one] for one in found])
    for path in paths:
        whole = f"/base/{path}"
        path_keys = Keys(whole)
        kinds = {kind_of(key) for one in found for key in one.keys} | set(map(kind_of, index))
        keys = {key for kind in kinds for key, _ in path_keys[kind]}
        for number, one in enumerate(found):
            if one.row[1] or matching([one.row], way(whole, "/home/x", "/base", False)) is None:
                continue
            assert set(one.keys) <= keys, (one, path)
            assert one.literal in path, (one, path)
            listed = [(key, text) for key, rules in index.items() for rule, text in rules if rule == number]
            assert any(key in keys and text in path for key, text in listed), (one, path)


FOLDERS = [
    # (patterns, folder, whether the folder itself is excluded)
    (["x/"], "x", True),
    (["x/**"], "x", False),
    (["**/x/"], "a/x", True),
    (["/x/"], "a/x", False),
    (["*/"], "a", True),
    (["**/"], "a", True),
    (["a/*/"], "a/x", True),
    (["x/", "!x/"], "x", False),
]


@pytest.mark.parametrize(("patterns", "folder", "wanted"), FOLDERS)
def test_folders(git: Git, patterns: list[str], folder: str, wanted: bool) -> None:
    (git.root / folder).mkdir(parents=True, exist_ok=True)
    assert git.matched(patterns, [folder]) == {folder: wanted}
    rows = [compile_pattern(pattern).row for pattern in patterns]
    assert (matching(rows, way(f"/base/{folder}", "/h", "/base", True)) is not None) is wanted
    inside = matching(rows, way(f"/base/{folder}/in", "/h", "/base", False)) is not None
    assert git.matched(patterns, [f"{folder}/in"]) == {f"{folder}/in": inside}


def test_a_character_is_a_character() -> None:
    """git counts bytes: `?` is never an accented letter there. A policy that misses a name is a leak."""
    for pattern in ("caf?", "caf[\u00e8\u00e9]", "caf[!a]"):
        row = compile_pattern(pattern).row
        assert matching([row], way("/base/caf\u00e9", "/h", "/base", False)) is not None


ERRORS = [
    ("#a", "pattern `#a` is a comment in gitignore syntax", "write `\\#a`"),
    ("a\\", "pattern `a\\` ends in a lone backslash", "write `\\\\` for a backslash"),
    ("[a", "pattern `[a` has a `[` that is not closed", "write `\\[` for a bracket"),
    ("[[:word:]]", "pattern `[[:word:]]` names no class with `[:word:]`", "try `[:alpha:]`"),
    ("/", "pattern `/` matches nothing", "name a file or folder"),
    ("  ", "pattern `  ` matches nothing", "name a file or folder"),
    ("a//b", "pattern `a//b` matches nothing", "write single slashes"),
    ("~/", "pattern `~/` matches nothing", "name a file or folder"),
    ("a\nb", "pattern 'a\\nb' holds a line break or NUL", "remove it"),
]


@pytest.mark.parametrize(("pattern", "message", "hint"), ERRORS)
def test_a_pattern_that_matches_nothing_is_an_error(pattern: str, message: str, hint: str) -> None:
    with pytest.raises(PatternError) as caught:
        compile_pattern(pattern)
    assert (caught.value.message, caught.value.hint) == (message, hint)
