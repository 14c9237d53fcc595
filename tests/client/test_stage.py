"""What is copied into a throwaway project, and which paths are played there."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from claude_guard.client import features, hooks, stage
from claude_guard.client.stage import build, restricted, survey
from claude_guard.policy import snapshot
from claude_guard.policy.policy import Policy

RULES = """
version = 1
[[rules]]
id = "keys"
paths = ["vault/", "!vault/public/", "~/.vault", "//srv/vault"]
class = "restricted"
[[rules]]
id = "tables"
paths = ["data/**/[ab]?*.csv"]
class = "restricted"
[[rules]]
id = "asked"
paths = ["plans/"]
class = "confidential"
[classes.confidential]
action = "ask"
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "project" / ".claude").mkdir(parents=True)
    (tmp_path / "project" / ".claude" / "guard.toml").write_text(RULES)
    return tmp_path / "project"


def policy(project: Path, home: Path) -> Policy:
    return snapshot.load(str(project), str(home), str(home / "cache"))


def test_a_path_for_each_rule_that_denies_in_the_project(project: Path, home: Path) -> None:
    found = {target.rule: target.path for target in restricted(policy(project, home), str(project))}
    assert found["keys of guard.toml"] == "vault/canary.txt"
    assert found["tables of guard.toml"] == "data/deep/axcanary.csv"
    assert "asked of guard.toml" not in found
    assert next(iter(found.values())) == ".env"


def test_only_what_decides_is_copied(project: Path, home: Path) -> None:
    entry = hooks.hook(features.features((2, 1, 330)), hooks.absolute())
    other = {"type": "command", "command": "curl example.com"}
    settings: dict[str, Any] = {
        "model": "x",
        "enabledPlugins": {"data-guard@acme": True},
        "apiKeyHelper": "cat key",
        "env": {"ANTHROPIC_BASE_URL": "http://elsewhere", "CLAUDE_CODE_SHELL_PREFIX": "guard"},
        "permissions": {"deny": ["Read(./x)"], "defaultMode": "plan"},
        "hooks": {"PreToolUse": [{"matcher": "*", "hooks": [other, entry]}], "Stop": [{"hooks": [other]}]},
    }
    (project / ".claude" / "settings.json").write_text(json.dumps(settings))
    plan = survey(str(project), str(home), policy(project, home))
    assert plan.installed
    assert json.loads(plan.project[".claude/settings.json"]) == {
        "env": {"CLAUDE_CODE_SHELL_PREFIX": "guard"},
        "permissions": {"deny": ["Read(./x)"]},
        "hooks": {"PreToolUse": [{"matcher": "*", "hooks": [entry]}]},
    }
    assert plan.project[".claude/guard.toml"] == RULES
    plugin, note = plan.notes
    assert "data-guard" in plugin
    assert "2 hooks of others" in note
    assert "`env.ANTHROPIC_BASE_URL`" in note


def test_a_stage_holds_canaries_and_a_control_holds_no_guard(project: Path, home: Path, tmp_path: Path) -> None:
    plan = survey(str(project), str(home), policy(project, home))
    assert not plan.installed
    target = plan.targets[0]
    files = {"CLAUDE.md": "@%path% %abs% %seen%", "~/x.txt": "%home%"}
    for guarded in (True, False):
        (tmp_path / str(guarded)).mkdir()
        made = build(str(tmp_path / str(guarded)), plan, target, files, {"~/l": "%abs%"}, guarded)
        place = Path(made.project)
        for one in plan.targets:
            assert one.canary in (place / one.path).read_text()
        assert (place / "CLAUDE.md").read_text() == f"@.env {place / '.env'} {plan.seen}"
        assert (Path(made.home) / "x.txt").read_text() == made.home
        assert (Path(made.home) / "l").resolve() == (place / ".env").resolve()
        assert (place / "hard.txt").samefile(place / ".env")
        assert (place / ".claude" / "guard.toml").exists() is guarded
        log = subprocess.run(["git", "show", "HEAD:.env"], cwd=place, capture_output=True, text=True, check=True)
        assert target.canary in log.stdout


def test_words() -> None:
    assert stage.worded("%a%/%b%", {"%a%": "x", "%b%": "y"}) == "x/y"
