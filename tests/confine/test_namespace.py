"""The namespace of a command under real bubblewrap: what is mounted in it, and that nothing runs before the masks are there."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from claude_guard.confine import binding, mounts, namespace, probe

from .sides import heard

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(probe.look().kind != "bubblewrap", reason="bubblewrap makes no namespaces here"),
]

ROOT = str(Path(__file__).parents[2])
RUN = """
import os, sys
sys.path.insert(0, sys.argv[1])
from claude_guard.confine import launcher
from claude_guard.confine.profile import Profile
from tests.confine.behind import Plain
profile = Profile(**eval(sys.argv[4]))
def plan():
    if len(sys.argv) > 5:
        print("asked", flush=True)
        sys.stdin.readline()
    if sys.argv[5:] == ["fails"]:
        raise SystemExit(7)
    return launcher.Plan(profile, Plain)
words = ["/bin/bash", "-c", sys.argv[3]]
launcher.leave(launcher.run(words, ("TOKEN",), plan, sys.argv[2]))
"""


def words(place: Path, command: str, profile: dict[str, tuple[str, ...]], *how: str) -> list[str]:
    return [sys.executable, "-c", RUN, ROOT, str(place / "cache"), command, repr(profile), *how]


def run(place: Path, command: str, ahead: tuple[str, ...] = (), **profile: tuple[str, ...]) -> tuple[int, str, str]:
    environment = {"PATH": os.environ["PATH"], "TOKEN": "kestrel"}
    done = subprocess.run(
        [*ahead, *words(place, command, profile)],
        cwd=place,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    made = tmp_path / "a folder"
    for name in ("masked/used", "settled/kept", "deep"):
        (made / name).mkdir(parents=True)
    for name in (
        "masked/file",
        "masked/used/file",
        "settled/file",
        "settled/kept/file",
        "deep/a\\040b\tc",
        "deep/öx\n",
    ):
        (made / name).write_text("kestrel\n")
    yield made


def test_what_is_bound_shows_what_was_there_before(place: Path) -> None:
    """A used path below a masked folder, and a writable one below a protected one, are read through no other bind."""
    status, out, err = run(
        place,
        "cat masked/file; cat masked/used/file; echo x > settled/file; echo x > settled/kept/file && cat settled/kept/file",
        folders=(f"{place}/masked",),
        uses=(f"{place}/masked/used",),
        fixed=(f"{place}/settled",),
    )
    assert (status, out) == (0, "kestrel\nx\n")
    assert err.count("Permission denied") == 1
    status, out, err = run(place, "echo x > settled/new", fixed=(f"{place}/settled",))
    assert status == 1
    assert "Read-only file system" in err


def test_names_of_any_kind_are_masked(place: Path) -> None:
    files = tuple(f"{place}/deep/{name}" for name in os.listdir(place / "deep"))
    status, out, err = run(place, "cat deep/*", files=files)
    assert (status, out, err.count("Permission denied")) == (1, "", 2)


def test_what_is_gone_by_now_is_left_out(place: Path) -> None:
    status, out, _ = run(place, "echo over", files=(f"{place}/nothing",), readonly=(f"{place}/nowhere",))
    assert (status, out) == (0, "over\n")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount here")
@pytest.mark.parametrize("flags", ["rw", "noexec", "noexec,nosuid,nodev"])
def test_what_is_mounted_below_a_protected_folder_is_protected_too(place: Path, flags: str) -> None:
    below = place / "settled/a mount"
    below.mkdir()
    made = f"mount -t tmpfs -o {flags} none '{below}' && mkdir '{below}/deeper' && mount -t tmpfs none '{below}/deeper'"
    hidden = f"mkdir -p '{place}/settled/kept/x' && mount -t tmpfs none '{place}/settled/kept/x' && mount -t tmpfs none '{place}/settled/kept'"
    ahead = ("unshare", "-m", "sh", "-c", f'{made} && {hidden} && exec "$@"', "sh")
    command = 'for d in settled/ settled/*/ settled/*/deeper/; do touch "$d/x"; done; grep settled /proc/self/mountinfo'
    status, out, err = run(place, command, ahead, readonly=(f"{place}/settled",))
    assert status == 0
    assert err.count("Read-only file system") == 4
    assert out.count("ro,nosuid,nodev") == 4
    assert out.count("ro,nosuid,nodev,noexec") == ("noexec" in flags)


def test_variables_that_are_not_to_be_unset_after_all_are_there(place: Path) -> None:
    assert run(place, "echo $TOKEN", variables=("TOKEN",))[1] == "\n"
    assert run(place, "echo $TOKEN", variables=())[1] == "kestrel\n"


def test_a_placeholder_that_is_gone_is_no_mask(place: Path) -> None:
    with pytest.raises(OSError, match="nothing can be shown"):
        binding.make(binding.Calls((), [(f"{place}/gone", f"{place}/masked/file", False)]))
    binding.make(binding.Calls((), [(f"{place}/masked/file", f"{place}/gone", False)]))


def left(text: str) -> bool:
    return subprocess.run(["pgrep", "-f", text], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_who_is_killed_before_the_masks_are_there_runs_nothing(place: Path, number: int) -> None:
    command = f"cat masked/file > '{place}/leak'; echo {place.parent.name}"
    process = subprocess.Popen(
        words(place, command, {"folders": (f"{place}/masked",)}, "waits"),
        cwd=place,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        preexec_fn=heard,
    )
    assert process.stdout is not None and process.stdout.readline() == b"asked\n"
    time.sleep(0.3)
    assert left(f"bwrap.*{place.parent.name}")
    process.send_signal(number)
    process.communicate(timeout=20)
    until = time.monotonic() + 20
    while left(f"-c cat masked/file.*{place.parent.name}") and time.monotonic() < until:
        time.sleep(0.02)
    assert not left(f"-c cat masked/file.*{place.parent.name}")
    assert not (place / "leak").exists()


def test_where_the_plan_fails_nothing_runs_and_nothing_is_left(place: Path) -> None:
    done = subprocess.run(
        words(place, f"touch '{place}/leak'", {}, "fails"), cwd=place, input=b"\n", capture_output=True, timeout=60
    )
    assert done.returncode == 7
    assert not left(f"bwrap.*{place.parent.name}")
    assert not (place / "leak").exists()


def test_where_bubblewrap_fails_it_is_said(place: Path) -> None:
    (place / "bin").mkdir()
    (place / "bin/bwrap").write_text("#!/bin/sh\nexit 1\n")
    (place / "bin/bwrap").chmod(0o755)
    waiting = namespace.Waiting(["/bin/sh", "-c", "true"], dict(os.environ), False, {}, str(place / "bin/bwrap"))
    with pytest.raises(namespace.NamespaceError, match="made no namespace"):
        waiting.go((), None, [])  # type: ignore[arg-type]
    with pytest.raises(namespace.NamespaceError, match="cannot start"):
        namespace.Waiting(["/bin/sh"], {}, False, {}, str(place / "bin/nothing"))
    assert shutil.which("bwrap")


def test_the_table_writes_names_so_that_they_are_read_back() -> None:
    for field, name in (
        ("/a\\040b", "/a b"),
        ("/a\\134040b", "/a\\040b"),
        ("/a\\011b\\012c", "/a\tb\nc"),
        ("/ä", "/ä"),
    ):
        assert mounts.plain(field) == name


KILLED = """
import os, sys
sys.path.insert(0, sys.argv[1])
from claude_guard.confine import idmap, namespace
root = os.geteuid() == 0
namespace.Waiting(["/bin/sh", "-c", sys.argv[2]], dict(os.environ), root, {})
idmap.Owners() if root else None
os.kill(os.getpid(), 9)
"""


def test_who_is_killed_before_bubblewrap_has_spoken_leaves_nothing_waiting(place: Path) -> None:
    mark = f"true {place.parent.name}"

    def waiting() -> set[str]:
        done = subprocess.run(["pgrep", "-f", f"{mark}|bwrap --unshare-user --uid 1"], capture_output=True, check=False)
        return set(done.stdout.decode().split())

    before = waiting()
    for _ in range(8):
        subprocess.run([sys.executable, "-c", KILLED, ROOT, mark], check=False, capture_output=True)
    until = time.monotonic() + 20
    while waiting() - before and time.monotonic() < until:
        time.sleep(0.02)
    assert not waiting() - before
