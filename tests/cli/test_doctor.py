"""What the doctor says of a machine: the machine's answer is given, what follows from it is looked at."""

import json
import subprocess
from pathlib import Path

import pytest

from claude_guard.cli import doctor
from claude_guard.client import shell
from claude_guard.confine import probe
from claude_guard.confine.client import VARIABLE
from claude_guard.confine.probe import Confinement


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "home/.claude").mkdir(parents=True)
    (tmp_path / "project").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def state(home: Path, found: Confinement, monkeypatch: pytest.MonkeyPatch, **settings: object) -> dict[str, object]:
    held = {"env": {VARIABLE: shell.write(str(home))}, **settings}
    (home / ".claude/settings.json").write_text(json.dumps(held))
    monkeypatch.setattr(probe, "look", lambda: found)
    return doctor.examined(str(home.parent / "project"), str(home))


SEATBELT = Confinement("seatbelt", program="/usr/bin/sandbox-exec")


def test_a_profile_that_held_is_in_force_and_its_origin_is_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = state(home, SEATBELT, monkeypatch)
    assert (found["confinement"], found["in_force"], found["open"]) == ("seatbelt", True, [])
    assert "was not run by its authors" in str(found["note"])


def test_the_clients_own_sandbox_is_in_its_way(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = state(home, SEATBELT, monkeypatch, sandbox={"enabled": True})
    assert not found["in_force"]
    assert any("sandbox.enabled" in hint for hint in found["hints"])  # type: ignore[attr-defined]  # a list


def test_namespaces_nest(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = state(home, Confinement("bubblewrap"), monkeypatch, sandbox={"enabled": True})
    assert (found["in_force"], found["note"]) == (True, "")


def test_a_profile_that_did_not_hold_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reason = "the profile did not hold in a trial: `read a file` was open"
    found = state(home, Confinement("none", reason), monkeypatch)
    assert (found["in_force"], found["reason"]) == (False, reason)
    assert found["open"]


POLICY = """version = 1
[[rules]]
paths = ["~/**/x.key", "//srv/keys/*.key", "a.shut"]
class = "restricted"
category = "customer"
"""


@pytest.fixture
def project(home: Path) -> Path:
    made = home.parent / "project"
    (made / ".claude").mkdir()
    (made / ".claude/guard.toml").write_text(POLICY)
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
