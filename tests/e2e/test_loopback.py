"""The harness itself: what the real client reads is on the wire, and each call's result is found again."""

from pathlib import Path

from .conftest import Play


def test_a_read_and_a_failing_command_are_on_the_wire(play: Play, project: Path, version: str) -> None:
    (project / "a.txt").write_text("ZQFIRST111\n")
    (project / "b.txt").write_text("ZQSECOND22\n")
    record = play(
        project,
        [
            [
                ("Read", {"file_path": str(project / "a.txt")}),
                ("Bash", {"command": "base64 b.txt; false", "description": "x"}),
            ],
            ("Read", {"file_path": str(project / "none.txt")}),
        ],
        version,
    )
    assert record.code == 0, record.err
    assert record.shows("ZQFIRST111") == "plain"
    assert record.shows("ZQSECOND22") == "base64"
    assert record.shows("ZQTHIRD333") == ""
    assert {key: result.error for key, result in record.results.items()} == {
        "toolu_main_0_0": False,
        "toolu_main_0_1": True,
        "toolu_main_1_0": True,
    }
