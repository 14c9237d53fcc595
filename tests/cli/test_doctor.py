"""What `doctor` says of what is masked and what is not."""

import subprocess
from pathlib import Path

import pytest

from claude_guard.cli import doctor

POLICY = """version = 1
[[rules]]
paths = ["~/**/x.key", "//srv/keys/*.key", "a.shut"]
class = "restricted"
category = "customer"
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "project"
    (made / ".claude").mkdir(parents=True)
    (made / ".claude/guard.toml").write_text(POLICY)
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return made


def test_patterns_without_a_folder_to_begin_with_are_named(project: Path) -> None:
    state = doctor.examined(str(project), str(project.parent / "home"))
    assert state["not_looked_for"] == ["~/**/x.key"]
    assert state["hidden_stores"] == []
    doctor.show(state)


def test_stores_that_programs_do_not_see_are_named(project: Path) -> None:
    (project / "a.shut").write_text("x")
    for words in (("init", "-q"), ("add", "a.shut")):
        subprocess.run(["git", *words], cwd=project, check=True)
    state = doctor.examined(str(project), str(project.parent / "home"))
    assert state["hidden_stores"] == [f"{project}/.git/objects"]
    doctor.show(state)
