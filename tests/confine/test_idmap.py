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
import sys
sys.path.insert(0, {root!r})
from claude_guard.confine import idmap
import os
shown = idmap.show({folder!r}, {place!r})
print(shown)
for name in os.listdir({place!r}):
    try:
        open({place!r} + "/" + name).close()
        print("open", name)
    except PermissionError:
        print("closed", name)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "made"
    made.mkdir(0o755)
    (made / "mask").write_text("x")
    (made / "mask").chmod(0)
    return made


def test_what_is_shown_is_closed_to_root_and_shown_to_this_process_alone(folder: Path) -> None:
    place = folder.parent / "place"
    place.mkdir()
    text = SHOW.format(root=ROOT, folder=str(folder), place=str(place))
    said = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True).stdout
    if said.startswith("False"):
        pytest.skip("this kernel shows no other owners here")
    assert said == "True\nclosed mask\n"
    assert list(place.iterdir()) == []
    assert (folder / "mask").read_text() == "x"


def test_devices_take_their_place_where_owners_cannot_be_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claude_guard.confine.idmap.show", lambda folder, place: False)
    file = tmp_path / "file"
    file.write_text("x")
    place = idmap.place(str(tmp_path), True)
    assert place.devices
    (bind,) = (bind for bind in masks.binds(Profile(files=(str(file),)), place, True) if bind.target == str(file))
    assert Path(bind.source).is_char_device()


def test_a_folder_of_somebody_else_is_not_used(tmp_path: Path) -> None:
    assert private(str(tmp_path), "masks") == f"{tmp_path}/claude-guard-0/masks"
    (tmp_path / "claude-guard-0").chmod(0o777)
    assert private(str(tmp_path), "masks") == ""
