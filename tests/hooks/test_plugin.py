"""The plugin's files say the same as the code."""

import json
import struct

from claude_guard import __version__
from claude_guard.client import hooks
from claude_guard.client.features import CURRENT, ON_FAILURE, features, written

from .conftest import ROOT

FOLDER = ROOT / ".claude-plugin"


def test_its_hooks_are_those_of_the_newest_client() -> None:
    assert json.loads((ROOT / "hooks" / "hooks.json").read_text()) == hooks.plugin(features(CURRENT))


def test_its_manifests() -> None:
    plugin = json.loads((FOLDER / "plugin.json").read_text())
    [listed] = json.loads((FOLDER / "marketplace.json").read_text())["plugins"]
    assert plugin["version"] == __version__
    assert plugin["name"] == listed["name"] == "data-guard"
    assert listed["engines"] == {"claude-code": f">={written(ON_FAILURE)}"}


def test_its_icon_is_a_square_png() -> None:
    icon = (FOLDER / "icon.png").read_bytes()
    assert struct.unpack(">II", icon[16:24]) == (512, 512)
    assert icon.startswith(b"\x89PNG")
