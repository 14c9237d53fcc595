"""The shell gate as a whole on the ways that macOS takes, without its masks: see `as_darwin.py`."""

import sys
from pathlib import Path

import pytest

from . import test_git
from .test_git import CANARY, SHOWS, Site, site

__all__ = ["site"]
GATE = str(Path(__file__).with_name("as_darwin.py"))
FLOWS = [row for row in test_git.FLOWS if row[0] not in ("by its full path", "with an empty environment")]
"""git by name: found by its path, it runs behind the profile there, and nothing else is there to tell it."""


def run(site: Site, command: str) -> tuple[int, str]:
    import subprocess

    ended = subprocess.run(
        [sys.executable, "-IS", GATE, command], cwd=site.project, env=site.environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=60,
    )  # fmt: skip
    return ended.returncode, ended.stdout.decode("utf-8", "replace")


@pytest.mark.parametrize(("name", "command"), FLOWS, ids=[row[0] for row in FLOWS])
def test_git_by_name_goes_through_the_broker(site: Site, name: str, command: str) -> None:
    plain = site.project.parent / "plain"
    site.said(f"cp -a . {plain}")
    code, said = run(site, command)
    ended = site._replace(project=plain).run(command, guarded=False)
    assert (code, said.replace(str(site.project), "X")) == (
        ended.returncode, ended.stdout.decode().replace(str(plain), "X"),
    )  # fmt: skip


BY_NAME = [command for command in SHOWS if "base64" not in command and "rev" not in command]


@pytest.mark.parametrize("command", BY_NAME)
def test_git_by_name_shows_nothing(site: Site, command: str) -> None:
    assert CANARY not in run(site, command)[1]


OTHERS = (
    ("echo one; echo two >&2; exit 3", (3, "one\ntwo\n")),
    ("cat .env", (0, "[restricted: .env]\n")),
    ("python3 -c 'print(open(\"secrets/prod.key\").read())'", (0, "[restricted: secrets/prod.key]\n\n")),
    ("echo ${MY_TOKEN:-unset}; pwd | sed s,.*/,,", (0, "unset\nproject\n")),
    ("(sleep 0.3; echo late) & echo now", (0, "now\nlate\n")),
    ("kill -KILL $$", (-9, "")),
)


@pytest.mark.parametrize(("command", "expected"), OTHERS, ids=[row[0] for row in OTHERS])
def test_a_command_runs_and_is_filtered(site: Site, command: str, expected: tuple[int, str]) -> None:
    site.environment["MY_TOKEN"] = "kestrel-token-1"
    assert run(site, command) == expected


def test_the_broker_answers_also_where_a_snapshot_restores_the_path(site: Site) -> None:
    snapshot = site.project.parent / "snapshot.sh"
    snapshot.write_text(f"export PATH={site.environment['PATH']}\n")
    site.environment["SHELL"] = "/bin/bash"
    script = "eval 'git show HEAD:.env; echo $?' < /dev/null && pwd -P >| cwd.txt"
    for command in ("git show HEAD:.env; echo $?", f"source {snapshot} 2>/dev/null || true && {script}"):
        code, said = run(site, command)
        assert code == 0
        assert "claude-guard: `git show` is not run" in said
        assert said.endswith("\n128\n")


def test_git_by_its_path_is_not_the_brokers(site: Site) -> None:
    assert "is not run" not in run(site, "$(command -v git | sed s,.*,/usr/bin/git,) show HEAD:.env")[1]
