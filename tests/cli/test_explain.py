from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from claude_guard.cli.main import app
from tests.policy.desk import Desk, rule


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    desk = Desk(tmp_path)
    desk.write({"user": rule(".env", level="internal"), "project": rule("secrets/", more="reason = 'why'")})
    monkeypatch.setenv("HOME", desk.home)
    monkeypatch.chdir(desk.project)
    return desk


def test_a_rule_is_named_with_its_place(desk: Desk) -> None:
    answer = CliRunner().invoke(app, ["explain", "secrets/a"])
    assert answer.exit_code == 0
    lines = answer.output.replace("\n", " ")
    assert f"{desk.project}/secrets/a: restricted, deny" in lines
    assert "rule `rules[1]`, pattern `secrets/`" in lines
    assert "reason: why" in lines


def test_what_was_set_aside_is_shown(desk: Desk) -> None:
    os.symlink("../p/.env", f"{desk.project}/link")
    answer = CliRunner().invoke(app, ["explain", "--json", ".env", "link"])
    first, second = json.loads(answer.output)
    assert (first["class"], first["action"]) == ("internal", "allow")
    assert [(said["layer"], said["class"], said["counts"]) for said in first["layers"]] == [
        ("user", "internal", True),
        ("builtin", "restricted", False),
    ]
    assert second["real"] == f"{desk.project}/.env"


TRADE = """
[[rules]]
paths = ["nda/"]
class = "restricted"
category = "intellectual-property"
"""

PROGRAMS = [
    ("nda/a.c", "programs: use, programs may read it, to build and test"),
    ("secrets/a", "programs: none, no program in a shell can open it"),
    ("~/.ssh/id_rsa", "programs: use, the programs that are known to need it may read it"),
    (".env", ""),
]


@pytest.mark.parametrize(("path", "said"), PROGRAMS)
def test_what_programs_may_do_is_said(desk: Desk, path: str, said: str) -> None:
    desk.write({"user": rule(".env", level="internal"), "project": rule("secrets/") + TRADE})
    answer = CliRunner().invoke(app, ["explain", os.path.expanduser(path)])
    shown = " ".join(answer.output.replace("│", " ").split())
    assert (said in shown) if said else ("programs:" not in shown)
