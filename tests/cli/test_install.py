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


PREFIX = "CLAUDE_CODE_SHELL_PREFIX"


def prefix_in(file: Path) -> str:
    held = json.loads(file.read_text()) if file.exists() else {}
    return str(held.get("env", {}).get(PREFIX, ""))


# (words, where the hooks go, where the shell gate goes)
GATES = [
    ((), "settings.json", "settings.local.json"),
    (("--project",), "settings.json", "settings.local.json"),
    (("--local",), "settings.local.json", "settings.local.json"),
    (("--user",), "~", "~"),
    (("--shell",), "", "settings.local.json"),
    (("--shell", "--user"), "", "~"),
    (("--no-shell",), "settings.json", ""),
    (("--no-shell", "--local"), "settings.local.json", ""),
]


@pytest.mark.parametrize(("words", "hooked", "gated"), GATES)
def test_where_the_shell_gate_goes(person: Person, words: tuple[str, ...], hooked: str, gated: str) -> None:
    files = {name: person.project / ".claude" / name for name in ("settings.json", "settings.local.json")}
    files["~"] = person.home / ".claude" / "settings.json"
    code, out, err = person.run("install", *words, "--json")
    assert (code, err) == (0, "")
    said = json.loads(out)
    assert said["gate"]["settings"] == (str(files[gated]) if gated else "")
    own = str(person.home / ".local/state/claude-guard/shell")
    for name, file in files.items():
        assert prefix_in(file) == (own if name == gated else "")
        assert (file.exists() and "PreToolUse" in file.read_text()) == (name == hooked)
    assert os.access(own, os.X_OK) == bool(gated)
    assert json.loads(person.run("install", *words, "--json")[1])["changed"] is False
    assert person.run("uninstall", *(word for word in words if word != "--no-shell"))[0] == 0
    left = [str(path) for folder in (person.project, person.home / ".claude") for path in folder.rglob("*.json")]
    assert left == []


def test_the_gate_comes_and_goes_alone(person: Person) -> None:
    local = person.project / ".claude" / "settings.local.json"
    person.run("install", "--local")
    assert "the shell gate is taken out" in person.run("uninstall", "--shell")[1]
    assert (prefix_in(local), "PreToolUse" in local.read_text()) == ("", True)
    assert "the shell gate is installed" in person.run("install", "--shell")[1]
    assert "nothing to do" in person.run("install", "--shell")[1]
    assert prefix_in(local)
    person.run("install", "--local", "--no-shell")
    assert prefix_in(local) == ""
    person.run("install", "--local")
    person.run("uninstall", "--local", "--no-shell")
    assert (bool(prefix_in(local)), "PreToolUse" in local.read_text()) == (True, False)
    person.run("uninstall", "--local")
    assert not local.exists()


def test_broken_settings_beside_keep_all_from_being_written(person: Person) -> None:
    (person.project / ".claude").mkdir()
    (person.project / ".claude" / "settings.local.json").write_text("{")
    assert person.run("install")[0] == 2
    assert os.listdir(person.project / ".claude") == ["settings.local.json"]


def test_a_repository_does_not_get_a_path_of_this_machine(person: Person) -> None:
    (person.project / ".git").rmdir()
    environment = {"PATH": os.environ["PATH"], "HOME": str(person.home)}
    subprocess.run(["git", "init", "-q"], cwd=person.project, env=environment, check=True)
    assert "`info/exclude` now does" in person.run("install")[1]
    subprocess.run(["git", "add", "-A"], cwd=person.project, env=environment, check=True)
    staged = subprocess.run(
        ["git", "diff", "--cached"], cwd=person.project, env=environment, capture_output=True, text=True, check=True
    ).stdout
    assert "PreToolUse" in staged
    assert str(person.home) not in staged
    exclude = (person.project / ".git/info/exclude").read_text()
    person.run("uninstall")
    assert "settings.local.json" in exclude
    assert "settings.local.json" not in (person.project / ".git/info/exclude").read_text()


def test_a_prefix_that_counts_instead_is_told(person: Person) -> None:
    person.run("install", "--user")
    (person.project / ".claude").mkdir()
    (person.project / ".claude/settings.json").write_text(json.dumps({"env": {PREFIX: "/usr/bin/nice"}}))
    assert "the prefix in your project settings counts instead" in person.run("install", "--user")[1]
    assert "`/usr/bin/nice` in the project one does" in person.run("status")[1]
    state = json.loads(person.run("doctor", "--json")[1])
    assert state["in_force"] is False
    assert state["gate"]["overridden"] == {"scope": "project", "prefix": "/usr/bin/nice"}
    assert "in front of `/usr/bin/nice`" in person.run("install", "--shell")[1]
    assert json.loads(person.run("doctor", "--json")[1])["gate"]["then"] == "/usr/bin/nice"


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
