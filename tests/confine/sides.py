"""The same command string with the shell gate and without it, in a project that has restricted files.

`Sides` makes the project; `words(command, gate)` are the words of either side, started as the client starts them: in the
project, with the variables of the client and a restricted one.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from claude_guard import own
from claude_guard.confine import launcher

GATE = Path(own.PACKAGE) / "__shell__.py"
SECRET = "kestrel-plum-42-zq"
PLAN = "walrus-fig-77-kk"
POLICY = """version = 1
[[rules]]
paths = ["secrets/", ".env*"]
class = "restricted"
category = "credentials"
[[rules]]
paths = ["nda/"]
class = "restricted"
category = "intellectual-property"
"""


def heard() -> None:
    """Lets a process hear the signals that whoever started the tests ignores: `nohup`, a shell in the background."""
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)


class Sides:
    """Everything below `base`. runtime: the folder that holds what belongs to single calls."""

    def __init__(self, base: Path) -> None:
        self.project = base / "project"
        self.home = base / "home"
        for folder in ("secrets", "nda", ".claude"):
            (self.project / folder).mkdir(parents=True)
        (self.home / ".claude").mkdir(parents=True)
        (self.project / ".claude/guard.toml").write_text(POLICY)
        (self.project / ".env").write_text(f"KEY={SECRET}\n")
        (self.project / "secrets/prod.key").write_text(f"{SECRET}\n")
        (self.project / "nda/plan.txt").write_text(f"{PLAN}\n")
        subprocess.run(["git", "init", "-q", "."], cwd=self.project, check=True, capture_output=True)
        (base / "run").mkdir(mode=0o700)
        self.runtime = base / f"run/claude-guard-{os.geteuid()}"
        self.environment = {
            "HOME": str(self.home),
            "PATH": os.environ["PATH"],
            "CLAUDE_PROJECT_DIR": str(self.project),
            "XDG_RUNTIME_DIR": str(base / "run"),
            "SHELL": "/bin/bash",
        }

    def words(self, command: str, gate: bool) -> list[str]:
        if gate:
            return [sys.executable, "-IS", str(GATE), command]
        return launcher.shell(command, self.environment)

    def start(self, command: str, gate: bool, **more: Any) -> "subprocess.Popen[bytes]":
        """Starts one side; `more` goes to Popen."""
        environment = {**self.environment, **more.pop("environment", {})}
        more.setdefault("stdin", subprocess.DEVNULL)
        more.setdefault("start_new_session", True)
        more.setdefault("preexec_fn", heard)
        return subprocess.Popen(self.words(command, gate), cwd=self.project, env=environment, **more)

    def run(self, command: str, gate: bool, given: bytes = b"", **more: Any) -> tuple[int, bytes, bytes]:
        """(exit status, standard output, standard error) of one side."""
        more = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
        with self.start(command, gate, **more) as process:
            try:
                out, err = process.communicate(given if more["stdin"] == subprocess.PIPE else None, timeout=60)
            finally:
                process.kill()
        return process.returncode, out or b"", err or b""

    def calls(self) -> list[str]:
        """The folders of calls that are there."""
        return [name for name in os.listdir(self.runtime) if name.isdigit()] if self.runtime.exists() else []
