"""The verbs that install: what they print, and how they end."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


class Person:
    """A person with an empty home folder, a project, and no client unless one is put on PATH."""

    def __init__(self, folder: Path) -> None:
        self.home, self.project, self.bin = (folder / name for name in ("home", "project", "bin"))
        for one in (self.home, self.project / ".git", self.bin):
            one.mkdir(parents=True)

    def client(self, version: str) -> None:
        (self.bin / "claude").write_text(f"#!/bin/sh\necho '{version} (Claude Code)'\n")
        (self.bin / "claude").chmod(0o755)

    def run(self, *words: str, folder: Path | None = None) -> tuple[int, str, str]:
        done = subprocess.run(
            [sys.executable, "-m", "claude_guard", *words],
            cwd=folder or self.project,
            env={"HOME": str(self.home), "PATH": f"{self.bin}:/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr


@pytest.fixture
def person(tmp_path: Path) -> Person:
    return Person(tmp_path)


def test_from_nothing_and_back(person: Person) -> None:
    person.client("2.1.330")
    code, out, err = person.run("install")
    assert (code, err) == (0, "")
    assert "the guard is installed in" in out
    launcher = person.project / ".claude" / "claude-guard" / "guard.sh"
    assert launcher.read_text() == (ROOT / "hooks" / "guard.sh").read_text()
    assert os.access(launcher, os.X_OK)
    assert "nothing to do" in person.run("install")[1]
    assert "is as it was before" in person.run("uninstall")[1]
    assert os.listdir(person.project) == [".git"]
    assert "nothing to do" in person.run("uninstall")[1]


def test_from_a_folder_below(person: Person) -> None:
    (person.project / "sub").mkdir()
    assert person.run("install", folder=person.project / "sub")[0] == 0
    assert (person.project / ".claude" / "settings.json").exists()


VERSIONS = [
    ("2.1.330", (), "2.1.330", True),
    ("2.0.50", (), "2.0.50", False),
    ("2.1.330", ("--client-version", "2.0.50"), "2.0.50", False),
    ("", (), "2.0.50", False),
    ("", ("--client-version", "2.1.330"), "2.1.330", True),
]


@pytest.mark.parametrize(("own", "options", "written", "exec_form"), VERSIONS)
def test_the_client_that_is_written_for(
    person: Person, own: str, options: tuple[str, ...], written: str, exec_form: bool
) -> None:
    if own:
        person.client(own)
    code, out, _ = person.run("install", "--json", *options)
    assert code == 0
    said = json.loads(out)
    assert said["client"] == written
    [entry] = json.loads(Path(said["settings"]).read_text())["hooks"]["PreToolUse"][0]["hooks"]
    assert ("args" in entry) == exec_form


def test_the_scopes_go_to_their_files(person: Person) -> None:
    for option, path in (
        ("--project", person.project / ".claude" / "settings.json"),
        ("--local", person.project / ".claude" / "settings.local.json"),
        ("--user", person.home / ".claude" / "settings.json"),
    ):
        assert json.loads(person.run("install", option, "--json")[1])["settings"] == str(path)
        assert path.exists()


WRONG = [
    (("install", "--local", "--user"), "exclude each other"),
    (("install", "--client-version", "two"), "`two` is not a version"),
    (("install", "--root", "/nowhere/at/all"), "is not a folder"),
    (("managed", "build", "--out", "x", "--interpreter", "python3"), "is not absolute"),
    (("managed", "build", "--out", "x", "--client-version", "2.0.50"), "`managed-settings.d`"),
]


@pytest.mark.parametrize(("words", "says"), WRONG)
def test_a_wrong_use_says_what_is_right(person: Person, words: tuple[str, ...], says: str) -> None:
    code, out, err = person.run(*words)
    assert (code, out) == (2, "")
    assert says in err
    assert err.count("\n") == 1


def test_broken_settings_end_in_one_line(person: Person) -> None:
    (person.project / ".claude").mkdir()
    (person.project / ".claude" / "settings.json").write_text('{\n  "a": 1,\n}\n')
    code, out, err = person.run("install")
    assert (code, out) == (2, "")
    assert "line 3, column 1" in err
    assert "take out the comma" in err
    assert os.listdir(person.project / ".claude") == ["settings.json"]


def test_status_ends_with_one_where_the_guard_does_not_hold(person: Person) -> None:
    person.client("2.1.330")
    assert person.run("status")[0] == 1
    person.run("install", "--local")
    code, out, _ = person.run("status")
    assert (code, "the guard holds" in out) == (0, True)
    state = json.loads(person.run("status", "--json")[1])
    assert state["sound"] is True
    assert state["installed"][0]["probe"]["restricted"] == "denied"


def test_a_managed_build_keeps_the_policy(person: Person) -> None:
    out = person.project / "out"
    assert person.run("managed", "build", "--out", str(out))[0] == 0
    files = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    said = json.loads(person.run("managed", "build", "--out", str(out), "--json")[1])
    assert said["changed"] == []
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == files
    policy = out / "claude-guard" / "policy.toml"
    policy.write_text(policy.read_text() + '[[rules]]\npaths = ["contracts/"]\nclass = "restricted"\n')
    said = json.loads(person.run("managed", "build", "--out", str(out), "--json")[1])
    assert said["changed"] == ["managed-settings.d/50-claude-guard.json"]
    assert "Read(contracts/)" in said["deny"]
