"""Installations of a stand-in guard, made of a link to this interpreter and a folder for its package."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
LAUNCHER = ROOT / "hooks" / "guard.sh"
VERSION = f"python3.{sys.version_info[1]}"

ANSWERS = """
import os, sys
def main(arguments):
    call = sys.stdin.read()
    os.write(1, b'{"heard": %d}' % len(call))
    os._exit(97 if "--launched" in arguments else 0)
"""
"""A hook.py that ends as the real one does when it has answered."""


class Ended(NamedTuple):
    code: int
    out: str
    err: str


def installation(folder: Path, hook: str = ANSWERS, shebang: str = "#!{python}\n") -> Path:
    """A virtual environment's folder with a stand-in guard in it; returns the console script."""
    package = folder / "lib" / VERSION / "site-packages" / "claude_guard"
    package.mkdir(parents=True)
    (folder / "bin").mkdir()
    python = folder / "bin" / "python"
    python.symlink_to(os.path.realpath(sys.executable))
    for name in ("__hook__.py", "bundle.py", "compiled.py"):
        shutil.copy(ROOT / "claude_guard" / name, package)
    (package / "__init__.py").touch()
    (package / "hook.py").write_text(hook)
    script = folder / "bin" / "claude-guard"
    script.write_text(shebang.format(python=python) + "import sys\n")
    script.chmod(0o755)
    return script


Launch = Callable[..., Ended]


SHELLS = [words for words in ("dash", "bash", "busybox sh", "zsh --emulate sh") if shutil.which(words.split()[0])]


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest) -> list[str]:
    words: list[str] = request.param.split()
    return [shutil.which(words[0]) or words[0], *words[1:]]


@pytest.fixture
def launch(shell: list[str], tmp_path: Path) -> Launch:
    """Runs the launcher with an environment of our making, with `claude-guard` on PATH in `found`."""
    home, project = tmp_path / "home", tmp_path / "project"
    home.mkdir()
    project.mkdir()

    def run(found: str = "", arguments: tuple[str, ...] = (), launcher: Path = LAUNCHER, **more: str) -> Ended:
        env = {"HOME": str(home), "PATH": f"{found}:/usr/bin:/bin", "CLAUDE_PROJECT_DIR": str(project), **more}
        process = subprocess.run(
            [*shell, str(launcher), *arguments],
            input=b'{"hook_event_name": "PreToolUse"}',
            capture_output=True,
            env=env,
            cwd=project,
            timeout=60,
            check=False,
        )
        return Ended(process.returncode, process.stdout.decode(), process.stderr.decode())

    return run
