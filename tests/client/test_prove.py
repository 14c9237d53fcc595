"""The table of channels is sound, and a verdict says what was seen: never more."""

import pytest

from claude_guard.client.channels import Channel, tool
from claude_guard.client.prove import TABLE, WORST, Verdict, sessions, verdict
from claude_guard.client.prove import Attempt as Played
from claude_guard.client.stage import Target


@pytest.mark.parametrize(
    ("evidence", "harmless", "shown", "control", "expected"),
    [
        ("wire", False, "", "plain", "closed"),
        ("wire", False, "base64", "plain", "open"),
        ("wire", False, "plain", "", "open"),
        ("wire", False, "", "", "unproven"),
        ("disk", False, "", "disk", "closed"),
        ("disk", False, "", "", "unproven"),
        ("none", False, "", "", "closed"),
        ("none", False, "plain", "", "open"),
        ("wire", True, "plain", "plain", "passed"),
        ("wire", True, "", "plain", "false denial"),
        ("wire", True, "", "", "unproven"),
    ],
)
def test_verdict(evidence: str, harmless: bool, shown: str, control: str, expected: Verdict) -> None:
    channel = Channel("x", "y", evidence=evidence, harmless=harmless)  # type: ignore[arg-type]
    assert verdict(channel, shown, control) == expected
    assert expected in WORST


@pytest.mark.parametrize("channel", TABLE, ids=lambda channel: f"{channel.name}: {channel.detail}")
def test_row(channel: Channel) -> None:
    assert channel.harmless or channel.behind or "%seen%" not in repr(channel)
    assert channel.calls or channel.prompt != "play" or channel.files
    if channel.session:
        assert channel.prompt == "play"
        assert channel.calls
    assert not channel.gap or channel.closes


def test_details_name_their_rows() -> None:
    named = [(channel.name, channel.detail) for channel in TABLE]
    assert len(set(named)) == len(named)


def test_sessions_are_shared_by_name_but_not_with_harmless_rows() -> None:
    call = (tool("Read", file_path="%abs%"),)
    rows = [
        Channel("a", "1", call, session="s"),
        Channel("a", "2", call),
        Channel("b", "3", call, session="s"),
        Channel("c", "4", call, session="s", harmless=True),
    ]
    target = Target(".env", "r", "ZQ")
    groups = sessions(Played(number, row, target) for number, row in enumerate(rows))
    assert [[attempt.channel.detail for attempt in group] for group in groups] == [["1", "3"], ["2"], ["4"]]
