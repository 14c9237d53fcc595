"""The broker's own place: one for each call."""

import os
from pathlib import Path

from claude_guard.confine.broker import Broker

from .behind import Plain


class Judge:
    def why_not(self, words: list[str], cwd: str, places: dict[str, str]) -> str:
        return ""

    def tracked(self, top: str) -> tuple[str, ...] | None:
        return ()


def test_what_a_killed_call_left_is_in_nobodys_way(tmp_path: Path) -> None:
    left = tmp_path / str(os.getpid())
    (left / "hooks.1").mkdir(parents=True)
    (left / "socket").write_text("")
    (left / "hooks.1/pre-commit").write_text("")
    broker = Broker(str(tmp_path), Judge(), Plain, ("true",), "/usr/bin/python3", False)
    assert broker.folder == str(left)
    assert sorted(os.listdir(left)) == ["git", "socket"]
    broker.close()
    broker.server.close()  # a launcher leaves that to its own end
    assert list(tmp_path.iterdir()) == []
