"""The plugin's setup: builds once, again when the plugin changed, one at a time, and never half."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .conftest import ANSWERS, ROOT, VERSION, Ended, installation

BUILDS = """#!/bin/sh
# Stands for Python: knows the checks, and `-m venv` and `-m pip` without packages.
echo "$*" >>"$LOG"
case "$*" in
    "-I -c import ensurepip"*) exit 0 ;;
    "-I -m venv "*) mkdir -p "$4/bin" && cp "$0" "$4/bin/python" ;;
    "-I -c import sys, tomllib"*) echo a-package ;;
    "-I -m pip "*) sleep "${SLOW:-0}"; echo 'no such package' >&2; exit "${PIP:-0}" ;;
    "-I -S "*) exec "$REAL" "$@" ;;
    *) exit 9 ;;
esac
"""


class Plugin:
    """A plugin with a stand-in guard, its data folder, and a stand-in for Python."""

    def __init__(self, folder: Path) -> None:
        self.root, self.data, self.log = folder / "plug in", folder / "the data", folder / "log"
        installation(self.root, ANSWERS)
        (self.root / "lib" / VERSION / "site-packages" / "claude_guard").rename(self.root / "claude_guard")
        (self.root / "hooks").mkdir()
        for name in ("guard.sh", "setup.sh"):
            shutil.copy(ROOT / "hooks" / name, self.root / "hooks")
        (self.root / "pyproject.toml").write_text('[project]\ndependencies = ["a-package"]\n')
        self.bin = folder / "bin"
        self.bin.mkdir()
        for name in ("sh", "cmp", "mkdir", "rm", "mv", "cp", "cat", "sleep", "tail", "grep", "dirname"):
            (self.bin / name).symlink_to(shutil.which(name) or name)
        (self.bin / "python3.14").write_text(BUILDS)
        (self.bin / "python3.14").chmod(0o755)
        self.project = folder / "project"
        self.project.mkdir()

    def start(self, *arguments: str, **more: str) -> "subprocess.Popen[bytes]":
        variables = {"CLAUDE_PLUGIN_ROOT": str(self.root), "CLAUDE_PLUGIN_DATA": str(self.data)}
        env = {
            "PATH": str(self.bin),
            "HOME": str(self.bin),
            "LOG": str(self.log),
            "REAL": os.path.realpath(sys.executable),
            "CLAUDE_PROJECT_DIR": str(self.project),
            **({} if arguments else variables),
            **more,
        }
        return subprocess.Popen(
            ["/bin/sh", str(self.root / "hooks" / "setup.sh"), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=env,
        )

    def run(self, *arguments: str, **more: str) -> Ended:
        process = self.start(*arguments, **more)
        out, err = process.communicate(b'{"hook_event_name": "SessionStart"}', timeout=60)
        return Ended(process.returncode, out.decode(), err.decode())

    def built(self) -> int:
        return self.log.read_text().count("-m pip") if self.log.exists() else 0


@pytest.fixture
def plugin(tmp_path: Path) -> Plugin:
    return Plugin(tmp_path)


def test_a_sessions_start_builds_and_hands_on(plugin: Plugin) -> None:
    assert plugin.run() == (0, '{"heard": 35}', "")
    assert sorted(os.listdir(plugin.data)) == ["venv"]
    assert plugin.run().code == 0
    assert plugin.built() == 1


def test_it_builds_again_when_the_plugin_changed(plugin: Plugin) -> None:
    plugin.run()
    (plugin.root / "pyproject.toml").write_text('[project]\ndependencies = ["b-package"]\n')
    assert plugin.run().code == 0
    assert plugin.built() == 2
    assert sorted(os.listdir(plugin.data)) == ["venv"]


def test_it_builds_again_when_the_interpreter_is_gone(plugin: Plugin) -> None:
    plugin.run()
    (plugin.data / "venv" / "bin" / "python").unlink()
    assert plugin.run().code == 0
    assert plugin.built() == 2


def test_by_hand(plugin: Plugin) -> None:
    ended = plugin.run(str(plugin.data))
    assert (ended.code, ended.err) == (0, "")
    assert str(plugin.data) in ended.out


def test_a_failed_build_denies_and_leaves_nothing_behind(plugin: Plugin) -> None:
    ended = plugin.run(PIP="1")
    assert ended.code == 2
    assert "the setup failed: no such package" in ended.err
    assert "hooks/setup.sh" in ended.err
    assert os.listdir(plugin.data) == []
    assert plugin.run(str(plugin.data), PIP="1").code == 1


def test_a_failed_rebuild_keeps_the_old_environment(plugin: Plugin) -> None:
    plugin.run()
    (plugin.root / "pyproject.toml").write_text("changed")
    ended = plugin.run(PIP="1")
    assert ended.out == '{"heard": 35}'
    assert os.listdir(plugin.data) == ["venv"]


def test_no_python(plugin: Plugin) -> None:
    (plugin.bin / "python3.14").unlink()
    ended = plugin.run()
    assert ended.code == 2
    assert "Python 3.11" in ended.err


def test_a_repository_does_not_supply_the_interpreter(plugin: Plugin) -> None:
    (plugin.bin / "python3.14").rename(plugin.project / "python3.14")
    assert plugin.run(PATH=f"{plugin.project}:{plugin.bin}").code == 2
    assert plugin.run(PATH=f"{plugin.bin}:.").code == 2
    assert plugin.built() == 0


def test_two_sessions_build_once(plugin: Plugin) -> None:
    both = [plugin.start(SLOW="1") for _ in range(2)]
    ended = [process.communicate(b"{}", timeout=60) for process in both]
    assert [process.returncode for process in both] == [0, 0], ended
    assert plugin.built() == 1


def test_a_dead_sessions_lock_is_taken_over(plugin: Plugin) -> None:
    dead = subprocess.Popen(["/bin/sh", "-c", "exit 0"])
    dead.wait()
    (plugin.data / "venv.lock").mkdir(parents=True)
    (plugin.data / "venv.lock" / "holder").write_text(f"{dead.pid}\n")
    (plugin.data / "venv.new.1").mkdir()
    assert plugin.run().code == 0
    assert os.listdir(plugin.data) == ["venv"]


def test_a_stopped_setup_leaves_nothing_half(plugin: Plugin) -> None:
    process = plugin.start(SLOW="2")
    for _ in range(200):
        if plugin.built():
            break
        time.sleep(0.05)
    process.terminate()
    process.communicate(timeout=60)
    assert os.listdir(plugin.data) == []


def test_without_a_folder_it_says_how_it_is_used(plugin: Plugin) -> None:
    ended = plugin.run(CLAUDE_PLUGIN_DATA="")
    assert ended.code == 2
    assert "usage" in ended.err
