"""What a change of the settings would take from a running session, row by row."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from claude_guard.client import changes, health, settings, shell
from claude_guard.client.features import CURRENT, OLDEST, features

Held = dict[str, Any]
Edit = Callable[[Held], Any]


class Session:
    """A project with the guard installed, and the environment of its hooks."""

    def __init__(self, folder: Path, scope: settings.Scope) -> None:
        self.project, self.home, self.scope = folder / "project", folder / "home", scope
        for one in (self.project, self.home):
            one.mkdir()
        self.prefix = shell.write(str(self.home))
        self.environment = {"CLAUDE_CODE_SHELL_PREFIX": self.prefix}

    def install(self, version: Any = CURRENT) -> None:
        own = self.prefix if self.scope != "project" else ""
        settings.install(self.site(self.scope), features(version), (), "#!/bin/sh\n", prefix=own)
        if not own:
            settings.install(self.site("local"), features(version), (), prefix=self.prefix, hooked=False)

    def site(self, scope: settings.Scope) -> settings.Site:
        return settings.site(scope, str(self.project), str(self.home))

    def edit(self, scope: settings.Scope, edit: Edit) -> None:
        file = Path(self.site(scope).settings)
        held = json.loads(file.read_text()) if file.exists() else {}
        edit(held)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(held))

    def lost(self, **more: str) -> str:
        return changes.lost(str(self.project), str(self.home), {**self.environment, **more}, bool(more))


@pytest.fixture(autouse=True)
def nothing_managed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(health, "MANAGED_FOLDER", str(tmp_path / "managed"))
    monkeypatch.delenv("CLAUDE_CONFIG_DIR", raising=False)


def other(held: Held) -> None:
    held.setdefault("env", {})["CLAUDE_CODE_SHELL_PREFIX"] = "/usr/bin/nice"


def tool(held: Held) -> Held:
    found: Held = held["hooks"]["PreToolUse"][0]
    return found


KEPT: dict[str, Edit] = {
    "another setting": lambda held: held.update(model="opus"),
    "another hook": lambda held: held["hooks"]["PreToolUse"].append({"hooks": [{"type": "command", "command": "x"}]}),
    "another variable": lambda held: held.setdefault("env", {}).update(A="b"),
}
LOST: dict[str, tuple[Edit, str]] = {
    "all hooks off": (lambda held: held.update(disableAllHooks=True), "`disableAllHooks`"),
    "no hooks": (lambda held: held.pop("hooks"), "hooks would be gone"),
    "one event": (lambda held: held["hooks"].pop("PreToolUse"), "hooks would be gone"),
    "one tool": (lambda held: tool(held).update(matcher="Write"), "hooks would be gone"),
    "another program": (lambda held: tool(held)["hooks"][0].update(command="/bin/true"), "hooks would be gone"),
    "not waited for": (lambda held: tool(held)["hooks"][0].update({"async": True}), "hooks would be gone"),
    "no time": (lambda held: tool(held)["hooks"][0].update(timeout=0.001), "hooks would be gone"),
}


@pytest.mark.parametrize("scope", settings.SCOPES)
@pytest.mark.parametrize("version", [CURRENT, OLDEST])
@pytest.mark.parametrize("what", KEPT)
def test_other_changes_pass(tmp_path: Path, scope: settings.Scope, version: Any, what: str) -> None:
    session = Session(tmp_path, scope)
    session.install(version)
    assert session.lost() == ""
    session.edit(scope, KEPT[what])
    assert session.lost() == ""


@pytest.mark.parametrize("scope", settings.SCOPES)
@pytest.mark.parametrize("what", LOST)
def test_what_takes_the_hooks_away_is_told(tmp_path: Path, scope: settings.Scope, what: str) -> None:
    session = Session(tmp_path, scope)
    session.install()
    edit, said = LOST[what]
    session.edit(scope, edit)
    assert said in session.lost()


@pytest.mark.parametrize("where", settings.SCOPES)
def test_hooks_that_are_switched_off_from_elsewhere(tmp_path: Path, where: settings.Scope) -> None:
    session = Session(tmp_path, "user")
    session.install()
    session.edit(where, lambda held: held.update(disableAllHooks=True))
    assert "would switch the guard off" in session.lost()


def test_a_prefix_counts_by_where_it_stands(tmp_path: Path) -> None:
    session = Session(tmp_path, "project")
    session.install()
    session.edit("user", other)
    assert session.lost() == ""
    session.edit("local", other)
    assert "`/usr/bin/nice` instead of the shell gate" in session.lost()
    assert session.lost(CLAUDE_CODE_SHELL_PREFIX="/usr/bin/nice") == ""


def test_a_file_that_is_gone_or_broken(tmp_path: Path) -> None:
    session = Session(tmp_path, "local")
    session.install()
    file = Path(session.site("local").settings)
    file.write_text("{")
    assert "hooks would be gone" in session.lost()
    file.unlink()
    assert "hooks would be gone" in session.lost()


def test_a_plugin_that_is_switched_off(tmp_path: Path) -> None:
    session = Session(tmp_path, "user")
    assert session.lost(CLAUDE_PLUGIN_ROOT="/plugin") == ""
    session.edit("project", lambda held: held.update(enabledPlugins={"data-guard@claude-guard": False}))
    assert "would switch the plugin off" in session.lost(CLAUDE_PLUGIN_ROOT="/plugin")


def test_managed_hooks_stay(tmp_path: Path) -> None:
    session = Session(tmp_path, "local")
    session.install()
    (tmp_path / "managed").mkdir()
    (tmp_path / "managed" / "managed-settings.json").write_text(Path(session.site("local").settings).read_text())
    session.edit("local", lambda held: held.pop("hooks"))
    assert session.lost() == ""
