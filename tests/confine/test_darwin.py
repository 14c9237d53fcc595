"""What macOS is asked: what the answers mean, where there is no macOS to give them."""

import os
import sys
from pathlib import Path

import pytest

from claude_guard.confine import darwin


def test_the_working_folder_of_a_process() -> None:
    assert darwin.folder(os.getpid()) == (os.getcwd() if sys.platform == "darwin" else "")


def test_outside_a_profile_nothing_is_sealed(tmp_path: Path) -> None:
    assert not darwin.sealed(str(tmp_path / "private"), "/usr/bin/true")
    assert (tmp_path / "private").stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.geteuid() == 0, reason="root is kept from nothing by a mode")
def test_a_folder_that_a_mode_closes_is_not_sealed(tmp_path: Path) -> None:
    (tmp_path / "private").mkdir(0)
    assert not darwin.sealed(str(tmp_path / "private"), "/nowhere/program")
