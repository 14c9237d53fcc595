"""What is found out about an installation: every switch and every age that keeps it from holding."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from claude_guard.client import health, hooks, native, settings, shell
from claude_guard.client.features import CURRENT, OLDEST, features
from claude_guard.client.version import Installed

CLIENT = Installed("/somewhere/claude", CURRENT)


class Place:
    """A project, a home and a folder for managed settings."""

    def __init__(self, folder: Path) -> None:
        self.project, self.home, self.managed = (folder / name for name in ("project", "home", "managed"))
        for one in (self.project, self.home, self.managed):
            one.mkdir()

    def install(self, scope: settings.Scope = "local", **more: Any) -> settings.Site:
        where = settings.site(scope, str(self.project), str(self.home))
        rules = native.derived("" if scope == "user" else str(self.project), str(self.home)).rules
        settings.install(where, more.pop("features", features(CURRENT)), rules, "exit 2\n", **more)
        return where

    def look(self, client: Installed | None = CLIENT) -> health.Health:
        return health.look(str(self.project), str(self.home), client, str(self.managed))

    def rule(self, name: str, values: dict[str, Any]) -> None:
        (self.managed / name).parent.mkdir(exist_ok=True)
        (self.managed / name).write_text(json.dumps(values))

    def change(self, where: settings.Site, edit: Callable[[dict[str, Any]], Any]) -> None:
        held = json.loads(Path(where.settings).read_text())
        edit(held)
        Path(where.settings).write_text(json.dumps(held))


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    made = Place(tmp_path)
    monkeypatch.setenv("HOME", str(made.home))
    monkeypatch.delenv("CLAUDE_CONFIG_DIR", raising=False)
    return made


def texts(state: health.Health, grave: bool) -> str:
    return "\n".join(finding.text for finding in state.findings if finding.grave == grave)


def test_a_sound_installation_is_run_for_real(place: Place) -> None:
    place.install()
    state = place.look()
    assert state.findings == ()
    assert state.sound
    assert state.found[0].probe and state.found[0].probe.sound
    assert ("builtin", "builtin:credentials") in state.layers


def test_nothing_installed(place: Place) -> None:
    state = place.look()
    assert not state.sound
    assert "not installed" in texts(state, grave=True)


def test_a_launcher_that_finds_no_guard(place: Place) -> None:
    place.install("project")
    state = place.look()
    assert not state.sound
    assert "a harmless call is denied" in texts(state, grave=False)


def test_an_interpreter_that_is_gone(place: Place) -> None:
    place.install(start=hooks.absolute(str(place.home / "gone")))
    state = place.look()
    assert "cannot be started" in texts(state, grave=True)
    assert not state.sound


def test_a_hook_that_lets_everything_pass(place: Place) -> None:
    package = place.home / "claude_guard"
    package.mkdir()
    (package / "__hook__.py").write_text("")
    place.install(start=hooks.absolute(sys.executable, str(package)))
    assert "a restricted file would be read" in texts(place.look(), grave=True)


@pytest.mark.parametrize("scope", settings.SCOPES)
def test_all_hooks_switched_off(place: Place, scope: settings.Scope) -> None:
    place.install()
    where = settings.site(scope, str(place.project), str(place.home))
    if not Path(where.settings).exists():
        Path(where.settings).parent.mkdir(exist_ok=True)
        Path(where.settings).write_text("{}")
    place.change(where, lambda held: held.update(disableAllHooks=True))
    state = place.look()
    assert f"`disableAllHooks` in the {scope} settings" in texts(state, grave=True)
    assert not state.sound


def test_only_managed_hooks(place: Place) -> None:
    place.install()
    place.rule("managed-settings.d/10-theirs.json", {"allowManagedHooksOnly": True})
    assert "`allowManagedHooksOnly`" in texts(place.look(), grave=True)


def test_a_managed_installation_holds_by_itself(place: Place) -> None:
    entry = hooks.hook(features(CURRENT), hooks.absolute())
    held = {"allowManagedHooksOnly": True, "hooks": {"PreToolUse": [{"matcher": "*", "hooks": [entry]}]}}
    place.rule("managed-settings.d/50-claude-guard.json", held)
    state = place.look()
    assert state.sound, state.findings
    assert state.found[0].scope == "managed"
    place.rule("managed-settings.json", {"disableAllHooks": True})
    assert not place.look().sound


def test_rules_that_are_out_of_date(place: Place) -> None:
    place.install()
    (place.project / ".claude" / "guard.toml").write_text(
        'version = 1\n[[rules]]\npaths = ["*.zzz"]\nclass = "restricted"\n'
    )
    state = place.look()
    assert "1 missing, 0 left over" in texts(state, grave=False)
    assert state.sound


def test_a_broken_policy_is_named(place: Place) -> None:
    place.install()
    (place.project / ".claude" / "guard.toml").write_text("version = ")
    assert "the policy is broken" in texts(place.look(), grave=False)


def test_broken_settings_are_named(place: Place) -> None:
    where = place.install()
    Path(where.settings).write_text("{")
    assert "not JSON" in texts(place.look(), grave=True)


def test_hooks_that_an_older_client_does_not_know(place: Place) -> None:
    place.install()
    state = place.look(Installed("/old/claude", OLDEST))
    assert "does not know `ConfigChange`" in texts(state, grave=True)
    assert "starts its hooks in a way" in texts(state, grave=True)


def test_an_installation_for_an_older_client(place: Place) -> None:
    place.install(features=features(OLDEST))
    state = place.look()
    assert "was written for client 2.0.50" in texts(state, grave=False)
    assert state.sound


def test_a_plugin_without_its_environment(place: Place) -> None:
    (place.home / ".claude").mkdir()
    (place.home / ".claude" / "settings.json").write_text('{"enabledPlugins": {"data-guard@claude-guard": true}}')
    assert "virtual environment is missing" in texts(place.look(), grave=False)


def gated(place: Place, prefix: str = "") -> settings.Site:
    """The hooks in the project's settings, the gate beside them."""
    where = settings.site("local", str(place.project), str(place.home))
    place.install("user")
    settings.install(where, features(CURRENT), (), prefix=prefix or shell.write(str(place.home)), hooked=False)
    return where


def test_the_gate_beside_the_hooks(place: Place) -> None:
    gated(place)
    state = place.look()
    assert state.sound
    assert not state.findings
    assert [(one.scope, bool(one.events), one.gate) for one in state.found] == [
        ("user", True, False),
        ("local", False, True),
    ]


def test_a_gate_alone_is_no_guard(place: Place) -> None:
    where = settings.site("local", str(place.project), str(place.home))
    settings.install(where, features(CURRENT), (), prefix=shell.write(str(place.home)), hooked=False)
    assert "the guard is not installed" in texts(place.look(), grave=True)


def test_a_gate_of_somebody_elses_machine(place: Place) -> None:
    gated(place, "/home/else/.local/state/claude-guard/shell")
    state = place.look()
    assert "`/home/else/.local/state/claude-guard/shell` is missing or of another" in texts(state, grave=False)
    assert any("`claude-guard install --shell`" in finding.mend for finding in state.findings)


def test_a_prefix_that_counts_instead_of_the_gate(place: Place) -> None:
    where = gated(place)
    place.change(where, lambda held: held["env"].update(CLAUDE_CODE_SHELL_PREFIX="/usr/bin/nice"))
    user = settings.site("user", str(place.project), str(place.home))
    place.change(user, lambda held: held.update(env={"CLAUDE_CODE_SHELL_PREFIX": shell.place(str(place.home))}))
    assert "the shell gate in the user settings does not count" in texts(place.look(), grave=False)
