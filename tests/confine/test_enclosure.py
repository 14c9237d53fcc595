"""Starting behind a profile in words, as on macOS: everything but the profile itself, which needs macOS."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from claude_guard.confine import client, seatbelt
from claude_guard.confine.profile import Profile

from . import sbpl

RUN = """
import os, sys
from claude_guard.confine import enclosure, launcher
from claude_guard.confine.broker import Broker
from claude_guard.confine.namespace import NamespaceError
from claude_guard.confine.profile import Profile
from tests.confine.behind import Plain
if "no-pidfd" in sys.argv[4:]:
    del os.pidfd_open
starter = (sys.executable, "-IS", sys.argv[1], *(["--refuse"] if "refuse" in sys.argv[4:] else []))
files = tuple(f"/somewhere/{'x' * 90}/{n}" for n in range(1500)) if "many" in sys.argv[4:] else ("/somewhere/a",)
class Judge:
    def why_not(self, words, cwd, places):
        return "refused here" if "show" in words else ""
    def tracked(self, top):
        return ()
broker = None
if "git" in sys.argv[4:]:
    broker = Broker(sys.argv[2] + "/call", Judge(), Plain, (sys.executable, "-c", ""), sys.executable, False)
try:
    profile = Profile(files, variables=("CANARY_TOKEN",))
    plan = launcher.Plan(profile, Plain, broker)
    status = launcher.run(["/bin/bash", "-c", sys.argv[3]], profile.variables, lambda: plan, sys.argv[2], True, starter)
except NamespaceError as error:
    os.write(1, f"not run: {error}".encode())
    status = 0
launcher.leave(status)
"""
STARTER = str(Path(__file__).with_name("starter.py"))
ROOT = str(Path(__file__).parents[2])


def run(place: Path, command: str, *how: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": ROOT, "HOME": str(place), "CANARY_TOKEN": "x", **more}
    return subprocess.run(
        [sys.executable, "-c", RUN, STARTER, str(place), command, *how],
        cwd=place, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


COMMANDS = (
    ("output and code", "echo one; echo two >&2; exit 3", (3, "one\n", "two\n")),
    ("a signal", "kill -TERM $$", (-15, "", "")),
    ("a variable", "echo ${CANARY_TOKEN:-unset}", (0, "unset\n", "")),
    ("a short command", "true", (0, "", "")),
    ("much output", "head -c 3000000 /dev/zero | tr '\\0' x", (0, "x" * 3_000_000, "")),
    ("output after a pause", "echo a; sleep 0.2; echo b", (0, "a\nb\n", "")),
    ("many children", "for i in 1 2 3 4 5 6 7 8; do (sleep 0.0$i; echo $i); done; wait", (0, "1\n2\n3\n4\n5\n6\n7\n8\n", "")),
    ("what goes on behind", "(sleep 0.3; echo late) & echo now", (0, "now\nlate\n", "")),
    ("open files", "ls /proc/self/fd 2>/dev/null | wc -l", (0, "4\n", "")),
    ("a program that is not there", "exec /nowhere/x 2>/dev/null", (126, "", "")),
)  # fmt: skip


@pytest.mark.parametrize("way", [(), ("no-pidfd",)], ids=["pidfd", "signal"])
@pytest.mark.parametrize(("name", "command", "expected"), COMMANDS, ids=[row[0] for row in COMMANDS])
def test_a_command_behaves_as_ever(
    tmp_path: Path, name: str, command: str, expected: tuple[int, str, str], way: tuple[str, ...]
) -> None:
    if name == "open files" and not os.path.isdir("/proc/self/fd"):
        pytest.skip("there is no /proc")
    ended = run(tmp_path, command, *way)
    if name == "a program that is not there":
        assert ended.returncode in (126, 127)
    else:
        assert (ended.returncode, ended.stdout, ended.stderr) == expected


def test_where_no_profile_is_put_in_force_nothing_runs(tmp_path: Path) -> None:
    ended = run(tmp_path, "touch ran", "refuse")
    assert "not run" in ended.stdout
    assert "put no profile in force" in ended.stdout
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("size", ["few", "many"])
def test_the_profile_arrives_whole_and_is_not_left_behind(tmp_path: Path, size: str) -> None:
    kept = tmp_path / "kept"
    run(tmp_path, "true", size, KEEP=str(kept))
    rules = sbpl.read(kept.read_text())
    path = f"/somewhere/{'x' * 90}/1499" if size == "many" else "/somewhere/a"
    assert sbpl.denied(rules, sbpl.Access("file-read-data", path))
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


@pytest.mark.parametrize("way", [(), ("no-pidfd",)], ids=["pidfd", "signal"])
def test_git_on_path_is_the_brokers(tmp_path: Path, way: tuple[str, ...]) -> None:
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path, check=True)
    said = run(tmp_path, "git rev-parse --is-inside-work-tree; git show HEAD:x; echo $?", "git", *way)
    assert said.stdout == "true\n128\n"
    assert "refused here" in said.stderr


def test_git_that_belongs_behind_the_profile_runs_there(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1\n")
    (tmp_path / "b").write_text("2\n")
    assert "+2" in run(tmp_path, "git diff --no-index a b", "git").stdout


SNAPSHOT = "source /h/s.sh 2>/dev/null || true && eval 'echo \"$PATH\"' < /dev/null && pwd -P >| /tmp/claude-1-cwd"


def test_the_folder_stays_first_after_the_snapshot() -> None:
    changed = client.ahead(SNAPSHOT, "/run/it's \"a$b`c\\d")
    assert client.inner(changed) == client.inner(SNAPSHOT)
    said = subprocess.run(
        ["/bin/bash", "-c", changed.replace("source /h/s.sh 2>/dev/null", "PATH=/bin").partition(" < ")[0]],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert said.stdout == "/run/it's \"a$b`c\\d:/bin\n"
    chained = (
        f"sh -c {client.quote(SNAPSHOT.replace('/h/s.sh', '/dev/null').replace('/tmp/claude-1-cwd', '/dev/null'))}"
    )
    said = subprocess.run(
        ["/bin/bash", "-c", client.ahead(chained, "/run/a b")], capture_output=True, text=True, check=True
    )
    assert said.stdout.startswith("/run/a b:/")


def test_other_strings_stay_as_they_are() -> None:
    for command in ("echo hi", "eval x", "a && eval b", "eval 'x' < /dev/null && pwd -P >| /tmp/c"):
        assert client.ahead(command, "/run/x") == command


def test_paths_are_spelled_as_the_file_system_does(tmp_path: Path) -> None:
    from claude_guard.confine import enclosure

    (tmp_path / "real").mkdir()
    (tmp_path / "real/a").write_text("")
    (tmp_path / "link").symlink_to("real")
    spelled = enclosure.real(Profile((f"{tmp_path}/link/a", "/a", "/nowhere/b")))
    assert spelled.files == (f"{tmp_path}/real/a", "/a", "/nowhere/b")
    assert seatbelt.text(spelled)
