"""The pinned clients, and playing calls to them.

`play(project, calls, version)` runs one session of the real client in a folder and returns its Record. The clients
are installed once from npm into a cache folder outside the clone; CLAUDE_GUARD_TEST_CLIENTS names a folder that
already has `client-VERSION` subfolders instead.
"""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from claude_guard.client import session
from claude_guard.client import version as version_of
from claude_guard.client.loopback import Script, ToolCall

VERSIONS = ("2.1.330", "2.0.50")
PACKAGE = "@anthropic-ai/claude-code"
Play = Callable[..., session.Record]


def folder() -> Path:
    named = os.environ.get("CLAUDE_GUARD_TEST_CLIENTS")
    cache_home = os.environ.get("XDG_CACHE_HOME") or str(Path("~/.cache").expanduser())
    return Path(named) if named else Path(cache_home) / "claude-guard-tests"


@cache
def installed(version: str) -> version_of.Installed | str:
    """The client of that version, installed where it is not yet; or why it cannot be."""
    home = folder() / f"client-{version}"
    program = home / "node_modules" / ".bin" / "claude"
    if os.environ.get("CLAUDE_GUARD_TEST_CLIENTS"):
        return version_of.installed(str(program)) if program.exists() else f"no {program}"
    folder().mkdir(parents=True, exist_ok=True)
    with open(folder() / f"client-{version}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the workers of one run, and other runs
        if not program.exists():
            failure = install(version, home)
            if failure:
                return failure
    return version_of.installed(str(program))


def install(version: str, home: Path) -> str:
    """Installs a client beside its place and moves it there whole; "" or why that cannot be done."""
    npm = shutil.which("npm")
    if npm is None:
        return "npm is not installed"
    made = home.with_name(home.name + ".new")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir()
    done = subprocess.run(
        [npm, "install", "--no-fund", "--no-audit", "--prefix", str(made), f"{PACKAGE}@{version}"],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    if done.returncode or not (made / "node_modules" / ".bin" / "claude").exists():
        return f"npm could not install {PACKAGE}@{version}: {done.stderr[-500:]}"
    shutil.rmtree(home, ignore_errors=True)
    made.rename(home)
    return ""


def client_of(version: str) -> version_of.Installed:
    found = installed(version)
    if isinstance(found, version_of.Installed):
        return found
    if found == "npm is not installed" and not os.environ.get("CI"):
        pytest.skip(found)
    pytest.fail(found)


@pytest.fixture(params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """An empty folder for a project, next to which nothing is guarded."""
    made = tmp_path / "project"
    made.mkdir()
    return made


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty HOME, the same for all sessions of a test."""
    made = tmp_path / "home"
    made.mkdir()
    return made


@pytest.fixture
def play(home: Path) -> Play:
    """play(project, calls, version, prompt="play", ...) -> Record.

    calls: ToolCalls or (name, input) pairs, each one message; a list of them is one message with several. The
    other arguments are those of `session.run`.
    """

    def one(
        project: Path,
        calls: Iterable[Any] = (),
        version: str = VERSIONS[0],
        prompt: str = "play",
        **more: Any,
    ) -> session.Record:
        return session.run(
            client_of(version), str(project), prompt, script(calls), home=str(more.pop("home", home)), **more
        )

    return one


def script(calls: Iterable[Any]) -> Script:
    steps: list[Sequence[ToolCall]] = []
    for step in calls:
        together = step if isinstance(step, list) else [step]
        steps.append([c if isinstance(c, ToolCall) else ToolCall(c[0], _dict(c[1])) for c in together])
    return steps


def _dict(value: Mapping[str, Any]) -> dict[str, Any]:
    return dict(value)
