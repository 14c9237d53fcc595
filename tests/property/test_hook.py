"""Whatever the bytes on standard input, the answer is one valid verdict, and nothing but it."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from claude_guard import hook, wire
from claude_guard.touch import TOOLS

texts = st.text(max_size=30) | st.sampled_from(
    [".env", "/", "~", "src/a.py", "../x", "file:///etc/shadow", "\0", "\ud800"]
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
FIELDS = ["file_path", "path", "pattern", "glob", "notebook_path", "files", "uri", "skill", "args", "filePath"]
TOOL_NAMES = [*(tool for tool in TOOLS if tool not in ("Bash", "Monitor", "PowerShell")), "mcp__a__b", "New", ""]
EVENTS = [
    "PreToolUse",
    "PostToolUse",
    "UserPromptSubmit",
    "UserPromptExpansion",
    "InstructionsLoaded",
    "SessionStart",
    "X",
]
inputs = st.fixed_dictionaries(
    {
        "hook_event_name": st.sampled_from(EVENTS) | values,
        "cwd": st.just("PROJECT") | values,
        "tool_name": st.sampled_from(TOOL_NAMES) | values,
        "tool_input": st.dictionaries(st.sampled_from(FIELDS), values, max_size=4) | values,
    },
    optional={
        "session_id": values, "prompt": values, "file_path": values, "tool_response": values,
        "command_name": values, "command_args": values,
    },
)  # fmt: skip


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("hook")
    (made / "home").mkdir()
    (made / "project/src").mkdir(parents=True)
    (made / "project/.env").write_text("TOKEN=1\n")
    (made / "project/src/a.py").write_text("x = 1\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(made / "home"))
        patch.setenv("CLAUDE_PROJECT_DIR", str(made / "project"))
        yield made / "project"


def check(data: bytes) -> wire.Answer:
    said = hook.judged(lambda: data, [])
    assert said.code in (0, 2)
    if said.stdout:
        assert isinstance(json.loads(said.stdout), dict)
    if said.code == 2:
        assert said.stderr.startswith("claude-guard")
    return said


@given(st.binary(max_size=200))
@example(b"")
@example(b"[]")
@example(b"{}")
@example(b"null")
@example(b"[" * 100_000)
@example(b'{"a":' * 100_000)
@settings(max_examples=200, deadline=None)
def test_garbage_is_blocked(data: bytes) -> None:
    assert check(data).code == 2


@given(inputs)
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_hook_input_gets_one_answer(project: Path, value: dict[str, Any]) -> None:
    if value["cwd"] == "PROJECT":
        value = {**value, "cwd": str(project)}
    check(json.dumps(value).encode())


def test_an_input_beyond_the_limit_is_blocked() -> None:
    assert "longer than" in check(b" " * (wire.LIMIT + 1)).stderr
