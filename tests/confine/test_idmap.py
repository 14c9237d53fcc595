"""Root's placeholders: regular files of nobody that root cannot open, and devices where there are none."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from claude_guard.confine import idmap, masks, probe
from claude_guard.confine.folder import private
from claude_guard.confine.profile import Profile

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(os.geteuid() != 0 or not probe.look().works, reason="root's masks are for root"),
]

ROOT = str(Path(__file__).parents[2])
SHOW = """
import os, sys
sys.path.insert(0, {root!r})
from claude_guard.confine import idmap, libc
place = idmap.place({cache!r}, idmap.Owners())
if place.devices:
    sys.exit("devices")
os.close(os.open(place.folder + "/mask", os.O_CREAT, 0))
libc.unshare(libc.CLONE_NEWNS)
libc.move(place.tree, place.shown)
for name in ("mask", "gone"):
    try:
        os.stat(place.shown + "/" + name)
        os.open(place.shown + "/" + name, os.O_RDONLY)
    except OSError as error:
        print(name, type(error).__name__)
"""


def test_what_is_shown_is_closed_to_root_and_shown_in_one_namespace_alone(tmp_path: Path) -> None:
    text = SHOW.format(root=ROOT, cache=str(tmp_path))
    said = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=False)
    if said.stderr == "devices\n":
        pytest.skip("this kernel shows no other owners here")
    assert said.stdout == "mask PermissionError\ngone FileNotFoundError\n"
    assert list((tmp_path / "shown").iterdir()) == []


def test_devices_take_their_place_where_owners_cannot_be_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(folder: str, namespace: int) -> int:
        raise OSError(f"`{folder}` cannot be shown with other owners")

    monkeypatch.setattr("claude_guard.confine.libc.tree", fails)
    file = tmp_path / "file"
    file.write_text("x")
    place = idmap.place(str(tmp_path), idmap.Owners())
    assert place.devices
    (bind,) = (bind for bind in masks.binds(Profile(files=(str(file),)), place, True) if bind.target == str(file))
    assert Path(bind.source).is_char_device()


def test_a_folder_of_somebody_else_is_not_used(tmp_path: Path) -> None:
    assert private(str(tmp_path), "masks") == f"{tmp_path}/claude-guard-0/masks"
    (tmp_path / "claude-guard-0").chmod(0o777)
    assert private(str(tmp_path), "masks") == ""
