"""Folders of single calls: made for one process, removed with all that is in them."""

import os
from pathlib import Path

from claude_guard.confine import folder


def test_a_folder_is_removed_with_what_is_in_it_and_nothing_that_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept/file").touch()
    made = Path(folder.make(str(tmp_path / "calls")))
    (made / "deep/er").mkdir(parents=True)
    (made / "deep/er/file").touch()
    (made / "link").symlink_to(tmp_path / "kept")
    folder.remove(str(made))
    folder.remove(str(made))
    assert not made.exists()
    assert (tmp_path / "kept/file").exists()


def test_folders_of_processes_that_are_gone_are_swept(tmp_path: Path) -> None:
    mine = Path(folder.make(str(tmp_path)))
    gone, handed = tmp_path / "999999999", tmp_path / "999999998.x"
    for made in (gone, handed):
        made.mkdir()
    folder.hand_over(str(handed), os.getpid())
    folder.sweep(str(tmp_path))
    assert sorted(tmp_path.iterdir()) == sorted([mine, handed])
