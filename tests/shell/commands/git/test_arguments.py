import pytest

from claude_guard.shell.commands.git.arguments import object_path, parse, patched


@pytest.mark.parametrize(
    ("word", "path"),
    [
        ("HEAD", None),
        ("HEAD:a/b", "a/b"),
        ("HEAD:./b", "./b"),
        (":a", "a"),
        (":0:a", "a"),
        (":2:a/b", "a/b"),
        (":/text", None),
        (":/text:a", "a"),
        ("HEAD^{/fix: x}:a", "a"),
        ("main@{10:00}", None),
        ("main@{10:00}:a", "a"),
        (":(top)a", None),
        (":!a", None),
        ("HEAD:", ""),
    ],
)
def test_the_path_in_a_revision(word: str, path: str | None) -> None:
    assert object_path(word) == path


@pytest.mark.parametrize(
    ("words", "default", "shown"),
    [
        ("", True, True),
        ("", False, False),
        ("-p", False, True),
        ("--stat", True, False),
        ("--stat -p", True, True),
        ("--name-only", True, False),
        ("-s", True, False),
        ("-p -s", False, False),
        ("-s -p", False, True),
        ("--check", True, True),
        ("-U0", False, True),
        ("--word-diff", False, True),
        ("--oneline --graph", False, False),
        ("--cc", False, True),
        ("-wp", False, True),
        ("--quiet", True, False),
        ("-S p", False, False),
        ("--author p", False, False),
    ],
)
def test_whether_content_is_shown(words: str, default: bool, shown: bool) -> None:
    assert patched(parse(words.split()), default) == shown


def test_options_take_their_values_attached_or_not() -> None:
    found = parse(["-qF", "file", "-am", "text", "--author=me", "word", "--", "-x"], ("-F", "-m", "--author"))
    assert found.values("-F", "-m", "--author") == ["file", "text", "me"]
    assert found.words == ["word"]
    assert found.paths == ["-x"]
