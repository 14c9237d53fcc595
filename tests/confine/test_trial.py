"""The trial of a profile: what it concludes, and that it tells a machine that keeps things from one that does not."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from claude_guard.confine import probe, trial

ALL = "".join(f"{name}\tkept\n" for name in trial.KEPT) + "".join(f"{name}\tworks\n" for name in trial.OPEN)
NESTED = "sandbox-exec: sandbox_apply: Operation not permitted\n"

ENDS = (
    (0, ALL, "", ""),
    (0, ALL, "a word of warning\n", ""),
    (71, "", NESTED, "another sandbox holds this process"),
    (65, "", "sandbox-exec: <input>:3: unbound variable: file-clone\n", "unbound variable: file-clone"),
    (71, "", "", "started nothing and ended with 71"),
    (-9, "", "", "started nothing"),
    (0, "", "", "started nothing"),
    (0, ALL.replace("read a file\tkept", "read a file\topen"), "", "`read a file` was open"),
    (0, ALL.replace("connect to a socket\tkept", "connect to a socket\tnot there"), "", "`connect to a socket`"),
    (0, ALL.replace("read it by a clone\tkept\n", ""), "", "`read it by a clone` was not tried"),
    (1, ALL.partition("read in a folder")[0], "Traceback\n", "was not tried"),
    (0, ALL.replace("read what is used\tworks", "read what is used\tfails EPERM"), "", "takes too much"),
    (1, ALL, "", "ended with 1"),
)


@pytest.mark.parametrize(("code", "said", "errors", "expected"), ENDS)
def test_what_is_concluded(code: int, said: str, errors: str, expected: str) -> None:
    reason = trial.concluded(code, said, errors)
    assert (reason == "") is (expected == "")
    assert expected in reason


@pytest.mark.parametrize("name", [*trial.KEPT, *trial.OPEN])
def test_each_single_answer_counts(name: str) -> None:
    for answer in ("kept", "works"):
        spoiled = ALL.replace(f"{name}\t{answer}\n", f"{name}\tanother\n")
        assert (spoiled == ALL) or name in trial.concluded(0, spoiled, "")


def tried(folder: Path, before: tuple[str, ...] = ()) -> dict[str, str]:
    trial.prepare(str(folder))
    with socket.socket(socket.AF_UNIX) as server:
        here = os.getcwd()
        os.chdir(folder)  # a socket's path is short
        try:
            server.bind("sealed")
        finally:
            os.chdir(here)
        server.listen(1)
        words = [*before, *trial.words(str(folder))]
        ended = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 0, ended.stderr
    return dict(line.split("\t", 1) for line in ended.stdout.splitlines())


def test_without_a_profile_everything_is_open(tmp_path: Path) -> None:
    answers = tried(tmp_path)
    assert set(answers) == {*trial.KEPT, *trial.OPEN}
    assert {name for name in trial.OPEN if answers[name] != "works"} == set()
    absent = {"read it by a clone", "read it where its folder was cloned", "start a hand-off"}
    assert {name for name in trial.KEPT if answers[name] == "kept"} <= absent
    assert "was open" in trial.concluded(0, "".join(f"{key}\t{value}\n" for key, value in answers.items()), "")


@pytest.mark.oracle
@pytest.mark.skipif(probe.look().kind != "bubblewrap", reason="bubblewrap makes no namespaces here")
def test_behind_masks_of_another_kind_the_same_attempts_are_kept(tmp_path: Path) -> None:
    """The masks of Linux stand in for those of macOS: the trial's attempts are real ones, and notice a real mask."""
    stage = tmp_path / "stage"
    stage.mkdir()
    run = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from claude_guard.confine import launcher, trial\n"
        "from claude_guard.confine.profile import Profile\n"
        "from tests.confine.behind import Plain\n"
        "base = sys.argv[2]\n"
        "names = dict(files=('file',), folders=('in/masked',), sealed=('sealed',), readonly=('settled',),"
        " uses=('in/masked/used',))\n"
        "profile = Profile(**{key: tuple(f'{base}/{one}' for one in value) for key, value in names.items()})\n"
        "launcher.leave(launcher.run(sys.argv[4:], (), lambda: launcher.Plan(profile, Plain), sys.argv[3]))\n"
    )
    root = str(Path(__file__).parents[2])
    answers = tried(stage, (sys.executable, "-c", run, root, str(stage), str(tmp_path / "cache")))
    assert {name: answers[name] for name in trial.KEPT if answers.get(name) != "kept"} == {}
    sizes = set() if os.geteuid() else {"see a masked file"}  # root's masks are devices
    assert {name for name in trial.OPEN if answers[name] != "works"} <= sizes
