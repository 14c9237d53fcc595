"""Installing keeps what is not ours, a second run changes nothing, and uninstalling gives back what was there."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from claude_guard.client import hooks, settings
from claude_guard.client.features import CURRENT, OLDEST, features
from claude_guard.errors import GuardError

NEW, OLD = features(CURRENT), features(OLDEST)
DENY = ("Read(./.env)", "Read(./secrets/**)")
SCRIPT = "#!/bin/sh\nexit 2\n"
SCOPES: tuple[settings.Scope, ...] = ("project", "local", "user")

HELD = """{
    "$schema": "https://json.schemastore.org/claude-code-settings.json",
    "unknownKey": [1, 2.50, {"b": 1, "a": 2}],
    "permissions": {
        "allow": ["Bash(ls:*)"],
        "deny": ["Read(./.env)"]
    },
    "hooks": {
        "PreToolUse": [
            {"matcher": "Bash", "hooks": [{"type": "command", "command": "./mine.sh"}]}
        ],
        "Stop": []
    }
}"""


@pytest.fixture(autouse=True)
def no_configured_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLAUDE_CONFIG_DIR", raising=False)


def at(folder: Path, scope: settings.Scope = "project", held: str | None = None) -> settings.Site:
    where = settings.site(scope, str(folder / "project"), str(folder / "home"))
    if held is not None:
        Path(where.settings).parent.mkdir(parents=True)
        Path(where.settings).write_bytes(held.encode())
    return where


def tree(folder: Path) -> dict[str, tuple[bytes, int]]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path): (path.read_bytes(), path.stat().st_mode) for path in paths}


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("client", [NEW, OLD], ids=["new", "old"])
@pytest.mark.parametrize("held", [HELD, "{}", "", None, HELD.replace("\n", "\r\n")])
def test_uninstalling_restores_every_byte(tmp_path: Path, scope: settings.Scope, client: Any, held: str | None) -> None:
    where = at(tmp_path, scope, held)
    before = tree(tmp_path)
    assert settings.install(where, client, DENY, SCRIPT).changed
    assert settings.uninstall(where).restored
    assert tree(tmp_path) == before
    assert held is not None or not (tmp_path / "project").exists() or not any((tmp_path / "project").iterdir())


@pytest.mark.parametrize("scope", SCOPES)
def test_a_second_run_changes_nothing(tmp_path: Path, scope: settings.Scope) -> None:
    where = at(tmp_path, scope, HELD)
    settings.install(where, NEW, DENY, SCRIPT)
    before = tree(tmp_path)
    assert not settings.install(where, NEW, DENY, SCRIPT).changed
    assert tree(tmp_path) == before


def test_what_is_not_ours_is_kept(tmp_path: Path) -> None:
    where = at(tmp_path, held=HELD)
    settings.install(where, NEW, DENY, SCRIPT)
    now = json.loads(Path(where.settings).read_text())
    held = json.loads(HELD)
    assert list(now) == list(held)
    assert now["hooks"]["PreToolUse"][0] == held["hooks"]["PreToolUse"][0]
    assert now["permissions"]["deny"] == ["Read(./secrets/**)", "Read(./.env)"]
    assert Path(where.settings).read_text().startswith(HELD[: HELD.index('"deny"')])
    assert list(now["hooks"]) == ["PreToolUse", "Stop", *[event for event in NEW.events if event != "PreToolUse"]]


def test_a_persons_own_deny_rule_stays(tmp_path: Path) -> None:
    where = at(tmp_path, held=HELD)
    settings.install(where, NEW, DENY, SCRIPT)
    path = Path(where.settings)
    path.write_text(path.read_text().replace('"unknownKey"', '"otherKey"'))
    settings.uninstall(where)
    assert json.loads(path.read_text())["permissions"]["deny"] == ["Read(./.env)"]


def test_a_hand_edit_survives_uninstalling(tmp_path: Path) -> None:
    where = at(tmp_path, held=HELD)
    settings.install(where, NEW, DENY, SCRIPT)
    path = Path(where.settings)
    now = json.loads(path.read_text())
    now["model"] = "opus"
    now["hooks"]["PreToolUse"].reverse()
    now["hooks"]["PreToolUse"][0]["hooks"].append({"type": "command", "command": "./late.sh"})
    path.write_text(json.dumps(now, indent=4))
    assert not settings.uninstall(where).restored
    left = json.loads(path.read_text())
    expected = json.loads(HELD)
    expected["model"] = "opus"
    late = {"matcher": "*", "hooks": [{"type": "command", "command": "./late.sh"}]}
    expected["hooks"]["PreToolUse"].insert(0, late)
    assert left == expected
    assert os.listdir(path.parent) == ["settings.json"]


def test_a_hand_edit_between_two_runs_survives_too(tmp_path: Path) -> None:
    where = at(tmp_path, held=HELD)
    settings.install(where, NEW, DENY, SCRIPT)
    path = Path(where.settings)
    path.write_text(path.read_text().replace('"Bash(ls:*)"', '"Bash(ls:*)", "Bash(pwd)"'))
    assert settings.install(where, NEW, (*DENY, "Read(./more)"), SCRIPT).changed
    settings.uninstall(where)
    assert path.read_text() == HELD.replace('"Bash(ls:*)"', '"Bash(ls:*)", "Bash(pwd)"')


def test_a_refresh_replaces_hooks_and_rules(tmp_path: Path) -> None:
    where = at(tmp_path, held=HELD)
    settings.install(where, OLD, DENY, SCRIPT)
    outcome = settings.install(where, NEW, ("Read(./other)",), SCRIPT)
    assert outcome.changed
    now = json.loads(Path(where.settings).read_text())
    assert now["permissions"]["deny"] == ["Read(./other)", "Read(./.env)"]
    assert [event for event, *_ in hooks.found(now)] == list(NEW.events)
    assert settings.uninstall(where).restored
    assert Path(where.settings).read_text() == HELD


def test_a_clone_without_the_backup_is_cleaned_all_the_same(tmp_path: Path) -> None:
    where = at(tmp_path, held=HELD)
    settings.install(where, NEW, DENY, SCRIPT)
    os.unlink(where.backup)
    settings.uninstall(where)
    assert Path(where.settings).read_text() == HELD


def test_a_damaged_record_leaves_only_the_rules(tmp_path: Path) -> None:
    where = at(tmp_path, held=HELD)
    settings.install(where, NEW, DENY, SCRIPT)
    Path(where.record).write_text("{")
    settings.uninstall(where)
    left = json.loads(Path(where.settings).read_text())
    assert not hooks.found(left)
    assert sorted(left["permissions"]["deny"]) == sorted(DENY)


def test_the_backup_is_of_the_state_before(tmp_path: Path) -> None:
    where = at(tmp_path, held=HELD)
    for deny in (DENY, DENY[:1], (*DENY, "Read(./x)")):
        settings.install(where, NEW, deny, SCRIPT)
        assert Path(where.backup).read_text() == HELD


def test_installing_after_ours_was_deleted_by_hand_starts_anew(tmp_path: Path) -> None:
    where = at(tmp_path, held=HELD)
    settings.install(where, NEW, DENY, SCRIPT)
    Path(where.settings).write_text('{"model": "opus"}')
    settings.install(where, NEW, DENY, SCRIPT)
    settings.uninstall(where)
    assert Path(where.settings).read_text() == '{"model": "opus"}'


def test_a_link_stays_a_link_and_the_mode_stays(tmp_path: Path) -> None:
    where = at(tmp_path, "user")
    target = tmp_path / "dotfiles" / "claude.json"
    target.parent.mkdir()
    target.write_text(HELD)
    target.chmod(0o640)
    Path(where.settings).parent.mkdir(parents=True)
    Path(where.settings).symlink_to(target)
    settings.install(where, NEW, DENY)
    assert Path(where.settings).is_symlink()
    assert target.stat().st_mode & 0o777 == 0o640
    assert hooks.found(json.loads(target.read_text()))
    assert os.listdir(target.parent) == ["claude.json"]
    settings.uninstall(where)
    assert Path(where.settings).is_symlink()
    assert target.read_text() == HELD


def test_project_and_local_stand_beside_each_other(tmp_path: Path) -> None:
    project, local = at(tmp_path, "project"), at(tmp_path, "local")
    settings.install(project, NEW, DENY, SCRIPT)
    settings.install(local, NEW, DENY)
    settings.uninstall(local)
    assert settings.installed(local) is None
    found = settings.installed(project)
    assert found and found.deny == DENY
    assert (Path(project.folder) / "guard.sh").read_text() == SCRIPT
    settings.uninstall(project)
    assert not Path(project.folder).exists()


BROKEN = [
    ('{"a": 1,}', "line 1, column 9"),
    ('{"hooks": []}', "`hooks` must be an object"),
    ('{"hooks": {"PreToolUse": {}}}', "`hooks.PreToolUse` must be a list"),
    ('{"permissions": {"deny": "Read"}}', "`permissions.deny` must be a list"),
    ('{"permissions": 1}', "`permissions` must be an object"),
]


@pytest.mark.parametrize(("held", "says"), BROKEN)
def test_broken_settings_are_not_touched(tmp_path: Path, held: str, says: str) -> None:
    where = at(tmp_path, held=held)
    before = tree(tmp_path)
    with pytest.raises(GuardError, match=says):
        settings.install(where, NEW, DENY, SCRIPT)
    assert tree(tmp_path) == before


def test_settings_in_another_encoding_are_not_touched(tmp_path: Path) -> None:
    where = at(tmp_path)
    Path(where.settings).parent.mkdir(parents=True)
    Path(where.settings).write_bytes(b'{"a": "\xff"}')
    with pytest.raises(GuardError, match="not UTF-8"):
        settings.install(where, NEW, DENY, SCRIPT)


@pytest.mark.parametrize("client", [NEW, OLD], ids=["new", "old"])
def test_a_projects_files_name_no_path_of_this_machine(tmp_path: Path, client: Any) -> None:
    where = at(tmp_path)
    settings.install(where, client, DENY, SCRIPT)
    for text, _ in tree(tmp_path / "project").values():
        for folder in (str(tmp_path), os.path.expanduser("~"), os.path.dirname(settings.__file__)):
            assert folder.encode() not in text


def test_what_belongs_to_one_machine_is_ignored_by_git(tmp_path: Path) -> None:
    where, local = at(tmp_path, held=HELD), settings.site("local", str(tmp_path / "project"), str(tmp_path / "home"))
    settings.install(where, NEW, DENY, SCRIPT)
    ignored = {Path(where.backup).name, Path(local.record).name}
    patterns = (Path(where.folder) / ".gitignore").read_text().split()
    assert all(any(Path(name).match(pattern) for pattern in patterns) for name in ignored)
    assert not any(Path(where.record).match(pattern) for pattern in patterns)


def test_the_root_is_the_nearest_project(tmp_path: Path) -> None:
    (tmp_path / "p" / ".git").mkdir(parents=True)
    (tmp_path / "p" / "sub" / "deep").mkdir(parents=True)
    assert settings.root(str(tmp_path / "p" / "sub" / "deep"), str(tmp_path)) == str(tmp_path / "p")
    (tmp_path / "p" / "sub" / ".claude").mkdir()
    assert settings.root(str(tmp_path / "p" / "sub" / "deep"), str(tmp_path)) == str(tmp_path / "p")
    (tmp_path / "p" / "sub" / ".claude" / "guard.toml").touch()
    assert settings.root(str(tmp_path / "p" / "sub" / "deep"), str(tmp_path)) == str(tmp_path / "p" / "sub")
    (tmp_path / ".claude").mkdir()
    (tmp_path / "bare").mkdir()
    assert settings.root(str(tmp_path / "bare"), str(tmp_path)) == str(tmp_path / "bare")
