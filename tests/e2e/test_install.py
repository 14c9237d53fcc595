"""The real client runs what an installation writes, and nothing gets past it when the guard itself fails."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from claude_guard.client import hooks, native, settings
from claude_guard.client.features import features, parse

from ..hooks.conftest import ANSWERS, LAUNCHER, ROOT, installation
from .conftest import Play, client_of

pytestmark = pytest.mark.e2e

CANARY, HARMLESS = "canary-7f3a91", "harmless-52c0e8"

FAILURES = {
    "no interpreter": None,
    "broken package": "def main(a:",
    "an exception": "raise ValueError",
    "exit 1": "import os\ndef main(a): os._exit(1)",
    "exit 0 without an answer": "import os\ndef main(a): os._exit(0)",
    "kill -9": "import os\ndef main(a): os.kill(os.getpid(), 9)",
    "broken JSON": "import os\ndef main(a): os.write(1, b'{'); os._exit(3)",
}
LONG = "#!/bin/sh\n'''exec' \"{python}\" \"$0\" \"$@\"\n' '''\n"
"""How pip names an interpreter whose path has a blank."""
DIRECT = {name: hook for name, hook in FAILURES.items() if name != "exit 0 without an answer"}
"""What an installation without the launcher closes too: nobody stands between the client and a 0 there."""


def put(project: Path, scope: settings.Scope, version: str, home: Path, guard: Path) -> None:
    """Installs a guard, in `guard`, whose process is a stand-in."""
    (project / ".env").write_text(f"TOKEN={CANARY}\n")
    (project / "notes.txt").write_text(HARMLESS + "\n")
    start = hooks.absolute(str(guard / "bin" / "python"), package(guard))
    where = settings.site(scope, str(project), str(home))
    settings.install(where, features(parse(version)), (), LAUNCHER.read_text(), start)


def package(guard: Path) -> str:
    return str(guard / "lib" / f"python3.{sys.version_info[1]}" / "site-packages" / "claude_guard")


def reads(project: Path) -> list[tuple[str, dict[str, str]]]:
    return [("Read", {"file_path": str(project / name)}) for name in (".env", "notes.txt")]


@pytest.mark.parametrize("scope", settings.SCOPES)
def test_the_hooks_are_run(play: Play, project: Path, tmp_path: Path, version: str, scope: settings.Scope) -> None:
    refuses = """
import json, os, sys
def main(arguments):
    call = json.loads(sys.stdin.read())
    if ".env" in json.dumps(call.get("tool_input", "")):
        os.write(2, b"refused by the stand-in")
        os._exit(2)
    os._exit(97 if "--launched" in arguments else 0)
"""
    script = installation(tmp_path / "my guard's", refuses, LONG)
    put(project, scope, version, tmp_path / "home", tmp_path / "my guard's")
    record = play(project, reads(project), version, extra={"PATH": f"{script.parent}:{os.environ['PATH']}"})
    assert not record.shows(CANARY)
    assert record.shows(HARMLESS)
    assert "refused by the stand-in" in record.results["toolu_main_0_0"].text


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failing_guard_lets_nothing_out(
    play: Play, project: Path, tmp_path: Path, version: str, failure: str
) -> None:
    hook = FAILURES[failure]
    script = installation(tmp_path / "guard", hook or ANSWERS)
    if hook is None:
        shutil.rmtree(tmp_path / "guard")
    put(project, "project", version, tmp_path / "home", tmp_path / "guard")
    record = play(project, reads(project), version, extra={"PATH": f"{script.parent}:{os.environ['PATH']}"})
    assert not record.shows(CANARY)
    assert not record.shows(HARMLESS)


@pytest.mark.parametrize("failure", DIRECT)
def test_nor_without_the_launcher(play: Play, project: Path, tmp_path: Path, version: str, failure: str) -> None:
    hook = DIRECT[failure]
    installation(tmp_path / "guard", hook or ANSWERS)
    if hook is None:
        shutil.rmtree(tmp_path / "guard")
    put(project, "local", version, tmp_path / "home", tmp_path / "guard")
    assert not play(project, reads(project), version).shows(CANARY)


def test_the_native_rules_alone(play: Play, project: Path, tmp_path: Path, version: str) -> None:
    """No hook: what the client itself does with the rules, and that they deny nothing else."""
    closed = [".env", "api/.env.local", "certs/privkey.pem", "config/secrets.yml", "ci/.docker/config.json"]
    opened = [".env.example", "docs/.env.sample", "certs/chain.pem", "chart/templates/secrets.yaml", "src/main.py"]
    for name in (*closed, *opened):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(f"canary-{name.replace('/', '-')}-x\n")
    rules = native.derived(str(project), str(tmp_path / "home")).rules
    (project / ".claude").mkdir()
    (project / ".claude" / "settings.json").write_text(json.dumps({"permissions": {"deny": rules}}))
    calls = [[("Read", {"file_path": str(project / name)}) for name in (*closed, *opened)]]
    record = play(project, calls, version, skip_permissions=False)
    shown = {name for name in (*closed, *opened) if record.shows(f"canary-{name.replace('/', '-')}-x")}
    assert shown == set(opened)


@pytest.fixture
def plugin(tmp_path: Path) -> Callable[[str], Path]:
    """plugin(hook): a copy of the plugin whose guard is a stand-in."""

    def made(hook: str) -> Path:
        root = tmp_path / "plug in"
        for name in ("hooks", ".claude-plugin", "claude_guard"):
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(ROOT / name, root)
        (root / "claude_guard" / "hook.py").write_text(hook)
        return root

    return made


def environment_of(home: Path, root: Path) -> None:
    """A finished setup for the plugin, without the packages that the stand-in does not need."""
    data = home / ".claude" / "plugins" / "data" / "data-guard-inline"
    (data / "venv" / "bin").mkdir(parents=True)
    (data / "venv" / "bin" / "python").symlink_to(os.path.realpath(sys.executable))
    shutil.copy(root / "pyproject.toml", data / "venv")


def test_the_plugins_hooks_are_run(play: Play, project: Path, tmp_path: Path, plugin: Callable[[str], Path]) -> None:
    refuses = "import os, sys\ndef main(a): os._exit(2 if '.env' in sys.stdin.read() else 97)"
    root = plugin(refuses)
    environment_of(tmp_path / "home", root)
    (project / ".env").write_text(CANARY)
    (project / "notes.txt").write_text(HARMLESS)
    record = play(project, reads(project), arguments=["--plugin-dir", str(root)])
    assert not record.shows(CANARY)
    assert record.shows(HARMLESS)


def test_the_plugin_denies_until_it_is_set_up(
    play: Play, project: Path, tmp_path: Path, plugin: Callable[[str], Path]
) -> None:
    root = plugin(ANSWERS)
    (root / "hooks" / "setup.sh").write_text("exit 0\n")
    (project / ".env").write_text(CANARY)
    (project / "notes.txt").write_text(HARMLESS)
    bare = f"{tmp_path}/no-bin:/usr/bin:/bin"
    record = play(project, reads(project), arguments=["--plugin-dir", str(root)], extra={"PATH": bare})
    assert not record.shows(CANARY)
    assert not record.shows(HARMLESS)


def test_the_plugin_is_valid(tmp_path: Path) -> None:
    client = client_of("2.1.330")
    done = subprocess.run(
        [client.path, "plugin", "validate", str(ROOT), "--profile", "directory", "--strict"],
        env={"HOME": str(tmp_path), "PATH": os.environ["PATH"], "DISABLE_AUTOUPDATER": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nothing to report" in done.stdout
