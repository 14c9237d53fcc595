"""What the doctor names: the confinement in force, what it masks, unsets and lets programs use, and what is to do."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from claude_guard.cli import doctor
from claude_guard.client import features, settings, shell, version
from claude_guard.client.prefix import PREFIX
from claude_guard.confine import probe
from claude_guard.confine.probe import Confinement

WORKS = Confinement("bubblewrap", program="/usr/bin/bwrap")
MISSING = Confinement("none", "bubblewrap is not installed", "sudo apt-get install bubblewrap")
POLICY = """version = 1
[[rules]]
paths = ["nda/"]
class = "restricted"
category = "intellectual-property"
[[rules]]
paths = ["secrets/"]
class = "restricted"
[[commands]]
run = "pytest"
uses = [".env.test"]
"""
OLD, NEW = version.Installed("/x/claude", features.OLDEST), version.Installed("/x/claude", features.CURRENT)


class Place:
    def __init__(self, folder: Path) -> None:
        self.project, self.home = folder / "project", folder / "home"
        for name in ("project/.claude", "project/nda", "project/secrets", "home"):
            (folder / name).mkdir(parents=True)
        (self.project / ".claude/guard.toml").write_text(POLICY)
        for name in (".env", "nda/a.c", "secrets/k"):
            (self.project / name).write_text("contents\n")

    def gate(self, then: str = "") -> None:
        where = settings.site("local", str(self.project), str(self.home))
        prefix = shell.write(str(self.home))
        settings.install(where, features.features(features.CURRENT), (), prefix=prefix, then=then, hooked=False)

    def look(self) -> dict[str, Any]:
        return doctor.examined(str(self.project), str(self.home))


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    made = Place(tmp_path)
    monkeypatch.setenv("HOME", str(made.home))
    for name in ("CLAUDE_CONFIG_DIR", "CLAUDE_CODE_SHELL_PREFIX", "CLAUDE_PROJECT_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ACME_TOKEN", "kestrel-plum-42")
    monkeypatch.setattr(doctor.probe, "look", lambda: WORKS)
    monkeypatch.setattr(doctor.version, "installed", lambda: NEW)
    return made


def text(state: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> str:
    doctor.show(state)
    return capsys.readouterr().out


def test_what_is_in_force_is_named(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.gate("/usr/bin/nice")
    state = place.look()
    assert (state["in_force"], state["open"], state["hints"]) == (True, [], [])
    assert [os.path.basename(path) for path in state["masked"]] == [".env", "secrets"]
    assert [(rule["pattern"], rule["paths"]) for rule in state["used"]] == [("nda/", [str(place.project / "nda")])]
    assert "ACME_TOKEN" in state["variables"]
    said = text(state, capsys)
    for part in (
        "yes: commands run confined",
        "bubblewrap (/usr/bin/bwrap) works here",
        "shell.confine = auto",
        "set in " + str(place.project / ".claude/settings.local.json"),
        "then `/usr/bin/nice`",
        "no program in a shell can open it: .env, secrets",
        "`nda/` of",
        "programs may read it, to build and test",
        "ACME_TOKEN",
        "`pytest` may use .env.test while it runs",
    ):
        assert part in said
    assert "kestrel" not in said


ROWS: list[tuple[str, bool, Confinement, version.Installed, list[str], str]] = [
    # (more policy, the gate is set, what confines, the client, what is said, what is open)
    ("", False, WORKS, NEW, ["shell gate    not set", "install --shell"], "programs that a command runs"),
    ("", True, MISSING, NEW, ["none: bubblewrap is not installed", "sudo apt-get"], "programs that a command runs"),
    ("", False, MISSING, NEW, ["sudo apt-get", "install --shell", "gets `ask`"], "environment variables"),
    ('[shell]\nconfine = "off"\n', True, WORKS, NEW, ["`off` in the policy"], "programs that a command runs"),
    ('[shell]\nconfine = "require"\n', True, WORKS, NEW, ["where nothing confines, no command runs"], ""),
    ("", True, WORKS, OLD, ["export CLAUDE_CODE_SHELL_PREFIX="], "MCP servers on this machine"),
]


@pytest.mark.parametrize(("policy", "gate", "found", "client", "parts", "is_open"), ROWS)
def test_what_is_missing_is_named_with_what_to_do(
    policy: str,
    gate: bool,
    found: Confinement,
    client: version.Installed,
    parts: list[str],
    is_open: str,
    place: Place,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (place.home / ".config/claude-guard").mkdir(parents=True)
    (place.home / ".config/claude-guard/policy.toml").write_text("version = 1\n" + policy)
    monkeypatch.setattr(doctor.probe, "look", lambda: found)
    monkeypatch.setattr(doctor.version, "installed", lambda: client)
    if gate:
        place.gate()
    state = place.look()
    assert (is_open in state["open"]) == bool(is_open)
    assert bool(state["open"]) == bool(is_open)
    said = text(state, capsys)
    for part in parts:
        assert part in said, said


def test_a_plugin_cannot_set_it(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    (place.home / ".claude").mkdir()
    (place.home / ".claude/settings.json").write_text(json.dumps({"enabledPlugins": {"data-guard@claude-guard": True}}))
    assert "a plugin cannot set it" in text(place.look(), capsys)


def test_a_gate_that_is_gone(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.gate()
    Path(shell.place(str(place.home))).unlink()
    state = place.look()
    assert not state["in_force"]
    assert "writes the gate anew" in text(state, capsys)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "home/.claude").mkdir(parents=True)
    (tmp_path / "project").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def state(home: Path, found: Confinement, monkeypatch: pytest.MonkeyPatch, **settings: object) -> dict[str, object]:
    held = {"env": {PREFIX: shell.write(str(home))}, **settings}
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
    found = state(home, WORKS, monkeypatch, sandbox={"enabled": True})
    assert (found["in_force"], found["note"]) == (True, "")


def test_a_profile_that_did_not_hold_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reason = "the profile did not hold in a trial: `read a file` was open"
    found = state(home, Confinement("none", reason), monkeypatch)
    assert (found["in_force"], found["reason"]) == (False, reason)
    assert found["open"]
