"""What is written for each client version, and what is known again as ours."""

from typing import Any

import pytest

from claude_guard.client import hooks
from claude_guard.client.features import EVENTS, OLDEST, TOLERANT, features, parse, written
from claude_guard.errors import GuardError

VERSIONS = [
    "1.0.38",
    "2.0.50",
    "2.1.48",
    "2.1.49",
    "2.1.69",
    "2.1.100",
    "2.1.101",
    "2.1.139",
    "2.1.295",
    "2.1.330",
    "3.0.0",
]


@pytest.mark.parametrize("version", VERSIONS)
def test_no_event_is_written_that_could_drop_the_others(version: str) -> None:
    known = features(parse(version))
    names = set(hooks.groups(known, hooks.PROJECT))
    assert all(EVENTS[name] <= known.version for name in names)
    assert "PreToolUse" in names
    if known.version < TOLERANT:
        assert "UserPromptExpansion" not in names


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("start", [hooks.PROJECT, hooks.absolute("/v/bin/python", "/v/x y/claude_guard")])
def test_every_failure_is_closed(version: str, start: hooks.Start) -> None:
    known = features(parse(version))
    entry = hooks.hook(known, start)
    if "args" in entry:
        assert known.exec_form and entry["onFailure"] == "block"
    else:
        assert entry["command"].endswith(" || exit 2")
    assert entry["timeout"] > 10
    assert hooks.ours(entry)


def test_the_oldest_gets_no_rewrites_and_no_questions() -> None:
    old = features(OLDEST)
    assert "PostToolUse" not in hooks.groups(old, hooks.PROJECT)
    assert hooks.hook(old, hooks.PROJECT)["command"] == (
        '/bin/sh "$CLAUDE_PROJECT_DIR/.claude/claude-guard/guard.sh" --no-rewrite --no-ask || exit 2'
    )
    quoted = hooks.hook(old, hooks.absolute("/v/my venv/bin/python", "/v/claude_guard"))["command"]
    assert quoted == "'/v/my venv/bin/python' -I -S /v/claude_guard/__hook__.py --no-rewrite --no-ask || exit 2"


OURS: list[tuple[bool, Any]] = [
    (True, {"command": "/bin/sh", "args": ["${CLAUDE_PROJECT_DIR}/.claude/claude-guard/guard.sh"]}),
    (True, {"command": "python3 ~/x/claude_guard/__hook__.py"}),
    (True, {"command": "'/a b/claude_guard/__hook__.py' || exit 2"}),
    (False, {"command": "./my-claude-guard/guard.sh.old"}),
    (False, {"command": "echo claude-guard"}),
    (False, {"command": "not-claude-guard/guard.sh"}),
    (False, {"command": None, "args": "claude-guard/guard.sh"}),
    (False, "claude-guard/guard.sh"),
]


@pytest.mark.parametrize(("expected", "entry"), OURS)
def test_ours_is_known_again(expected: bool, entry: Any) -> None:
    assert hooks.ours(entry) == expected


@pytest.mark.parametrize("settings", [{}, {"hooks": []}, {"hooks": {"X": 1}}, {"hooks": {"X": [1, {"hooks": 2}]}}, []])
def test_any_shape_is_looked_through(settings: Any) -> None:
    assert hooks.found(settings) == []


@pytest.mark.parametrize("said", ["2.1.330 (Claude Code)\n", "v2.1.330", "2.1.330"])
def test_a_version_is_read(said: str) -> None:
    assert written(parse(said)) == "2.1.330"


@pytest.mark.parametrize("said", ["", "2.1", "claude", "2.1.x", "2.1.330.4", "99999999.1.1"])
def test_what_is_no_version_is_refused(said: str) -> None:
    with pytest.raises(GuardError, match="is not a version"):
        parse(said)
