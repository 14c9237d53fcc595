from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from claude_guard.cli.main import app
from tests.policy.desk import Desk, rule


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    desk = Desk(tmp_path)
    monkeypatch.setenv("HOME", desk.home)
    monkeypatch.chdir(desk.project)
    return desk


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("", 0, "ok {}/.claude/guard.toml (project)"),
        ("rulez = 1", 2, "error {}/.claude/guard.toml:2: unknown key `rulez`; did you mean `rules`?"),
        (rule("a", level="top"), 2, "error {}/.claude/guard.toml:4: unknown class `top`; known: `public`, `internal`"),
        (rule("config/", level="internal"), 0, "warning {}/.claude/guard.toml:2: `config/` also frees `config/.env`"),
        (rule(".env.test", level="internal"), 0, "ok {}/.claude/guard.toml (project)"),
        (
            '[shell]\nopaque = "pass"\n',
            0,
            'warning {}/.claude/guard.toml:3: `opaque = "pass"` has no effect in a project',
        ),
        ('[shell]\nconfine = "off"\n', 0, 'warning {}/.claude/guard.toml:3: `confine = "off"` has no effect in a'),
        ('[shell]\nopaque = "deny"\nconfine = "auto"\n', 0, "ok {}/.claude/guard.toml (project)"),
        ('[environment]\nallow = ["*"]\n', 2, "error {}/.claude/guard.toml:3: `allow` holds `*`, which may be more"),
        (rule("*", level="internal"), 0, "warning {}/.claude/guard.toml:2: `*` also frees `.env`"),
    ],
)
def test_lint(desk: Desk, text: str, code: int, said: str) -> None:
    desk.write({"project": text})
    answer = CliRunner().invoke(app, ["lint"])
    assert answer.exit_code == code, answer.output
    assert answer.output.startswith(said.format(desk.project)), answer.output


def test_files_and_json(desk: Desk) -> None:
    desk.write({"project": "", "nested": "x"})
    answer = CliRunner().invoke(app, ["lint", "--json", ".claude/guard.toml", "sub/.claude/guard.toml"])
    found = json.loads(answer.output)
    assert [error["line"] for error in found["errors"]] == [2]
    assert [row["layer"] for row in found["files"]] == ["project", "project"]
    assert answer.exit_code == 2


def test_a_user_policy_may_be_milder(desk: Desk) -> None:
    desk.write({"user": '[shell]\nopaque = "pass"\n[environment]\nallow = ["MY_*"]\n'})
    assert CliRunner().invoke(app, ["lint"]).output.startswith("ok ")
