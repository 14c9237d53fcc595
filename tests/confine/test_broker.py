"""The broker's own place: one for each call."""

from pathlib import Path

from claude_guard.confine.broker import Broker

from .behind import Plain


class Judge:
    def why_not(self, words: list[str], cwd: str, places: dict[str, str]) -> str:
        return ""

    def tracked(self, top: str) -> tuple[str, ...] | None:
        return ()


def made(runtime: Path) -> Broker:
    return Broker(str(runtime), Judge(), Plain, ("true",), "/usr/bin/python3", False)


def test_what_a_killed_call_left_is_in_nobodys_way(tmp_path: Path) -> None:
    first = made(tmp_path)
    second = made(tmp_path)
    assert first.folder != second.folder
    second.close()
    assert [str(path) for path in tmp_path.iterdir()] == [first.folder]
    first.close()
    for broker in (first, second):
        broker.server.close()  # a launcher leaves that to its own end
    assert list(tmp_path.iterdir()) == []
