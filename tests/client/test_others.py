"""Which files the hooks of others start without a shell."""

import json
from pathlib import Path
from typing import Any

import pytest

from claude_guard.client import others

ROWS: list[tuple[dict[str, Any], list[str]]] = [
    ({"command": "/bin/sh", "args": ["${CLAUDE_PROJECT_DIR}/a.sh", "--all"]}, ["a.sh"]),
    ({"command": "${CLAUDE_PROJECT_DIR}/a.sh", "args": []}, ["a.sh"]),
    ({"command": "${CLAUDE_PROJECT_DIR}/a.sh"}, []),
    ({"command": "node", "args": ["${CLAUDE_PROJECT_DIR}/gone.js", 7]}, []),
    ({"command": "/bin/sh", "args": ["${CLAUDE_PROJECT_DIR}/.claude/claude-guard/guard.sh"]}, []),
    ({"command": 7, "args": "${CLAUDE_PROJECT_DIR}/a.sh"}, []),
]


@pytest.mark.parametrize(("entry", "expected"), ROWS, ids=str)
def test_the_words_that_are_files(tmp_path: Path, entry: dict[str, Any], expected: list[str]) -> None:
    (tmp_path / ".claude/claude-guard").mkdir(parents=True)
    for name in ("a.sh", ".claude/claude-guard/guard.sh"):
        (tmp_path / name).touch()
    settings = tmp_path / ".claude/settings.json"
    settings.write_text(json.dumps({"hooks": {"PostToolUse": [{"hooks": [entry]}]}}))
    found = others.started([str(settings), str(tmp_path / "missing.json")], str(tmp_path))
    assert [path for path in found if path.startswith(str(tmp_path))] == [str(tmp_path / name) for name in expected]


@pytest.mark.parametrize("text", ["{", "[]", '{"hooks": [{"args": ["/etc/passwd"]', '"args"'])
def test_broken_settings_hold_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "settings.json").write_text(text)
    assert others.started([str(tmp_path / "settings.json")], str(tmp_path)) == []
