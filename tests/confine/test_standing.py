"""What is kept of whether commands are confined: for whom, for how long, and what of it is not believed."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from claude_guard.confine import probe, seatbelt, standing
from claude_guard.confine.probe import Confinement

Looks = list[float]


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Looks:
    """A machine with a bubblewrap that works; one entry for each time it was tried."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/bwrap").write_text("#!/bin/sh\n")
    (tmp_path / "bin/bwrap").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr("sys.platform", "linux")
    found: Looks = []

    def look(seconds: float) -> Confinement:
        found.append(seconds)
        return Confinement("bubblewrap")

    monkeypatch.setattr(probe, "look", look)
    return found


def test_it_is_tried_once(cache: Path, looks: Looks) -> None:
    assert [standing.works(str(cache)) for _ in range(3)] == [True] * 3
    assert len(looks) == 1
    assert (cache / standing.NAME).stat().st_mode & 0o777 == 0o600


def aged(seconds: float) -> Callable[[Path], None]:
    return lambda file: os.utime(file, (0, time.time() - seconds))


def linked(file: Path) -> None:
    file.rename(file.with_name("other"))
    file.symlink_to("other")


DISTRUSTED: dict[str, Callable[[Path], object]] = {
    "older than a day": aged(standing.LASTS + 1),
    "from the future": aged(-60),
    "others may read it": lambda file: file.chmod(0o640),
    "a link": linked,
    "empty": lambda file: file.write_text(""),
    "no text": lambda file: file.write_bytes(b"\xff\0\xfe"),
    "of another kernel": lambda file: file.write_text("(...)\nworks\n"),
}


@pytest.mark.parametrize("what", DISTRUSTED)
def test_it_is_tried_again_where_the_answer_is(what: str, cache: Path, looks: Looks) -> None:
    standing.works(str(cache))
    DISTRUSTED[what](cache / standing.NAME)
    assert standing.works(str(cache))
    assert len(looks) == 2


def test_an_answer_of_another_user_is_not_believed(cache: Path, looks: Looks, monkeypatch: pytest.MonkeyPatch) -> None:
    standing.works(str(cache))
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    assert standing.works(str(cache))
    assert len(looks) == 2


def test_another_program_is_tried(cache: Path, looks: Looks, tmp_path: Path) -> None:
    standing.works(str(cache))
    (tmp_path / "bin/bwrap").write_text("#!/bin/sh\nexit 1\n")
    standing.works(str(cache))
    assert len(looks) == 2


def test_what_fails_is_tried_again_soon(cache: Path, looks: Looks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "look", lambda seconds: looks.append(seconds) or Confinement("none", "no"))
    assert [standing.works(str(cache)) for _ in range(2)] == [False, False]
    assert len(looks) == 1
    aged(standing.DOUBT + 1)(cache / standing.NAME)
    assert not standing.works(str(cache))
    assert len(looks) == 2


def test_one_that_hangs_does_not_work(cache: Path, looks: Looks, monkeypatch: pytest.MonkeyPatch) -> None:
    import subprocess

    def hangs(seconds: float) -> Confinement:
        raise subprocess.TimeoutExpired("bwrap", seconds)

    monkeypatch.setattr(probe, "look", hangs)
    assert not standing.works(str(cache))


def test_elsewhere_there_is_none(cache: Path, looks: Looks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    assert not standing.works(str(cache))
    assert not looks


@pytest.mark.skipif(os.path.exists(seatbelt.PROGRAM), reason="there is a `sandbox-exec` here")
def test_without_sandbox_exec_nothing_is_tried(cache: Path, looks: Looks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    assert not standing.works(str(cache))
    assert not looks


def test_without_bubblewrap_nothing_is_tried(cache: Path, looks: Looks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(cache))
    assert not standing.works(str(cache))
    assert not looks


def test_a_retracted_answer_is_gone(cache: Path, looks: Looks) -> None:
    assert not standing.retract(str(cache))
    standing.works(str(cache))
    assert standing.retract(str(cache))
    assert not standing.retract(str(cache))
    standing.works(str(cache))
    assert len(looks) == 2
