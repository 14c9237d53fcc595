"""Every channel of the table, on every pinned client: the control shows the canary, the guard keeps it off the wire."""

import os
import shutil
from functools import cache
from pathlib import Path

import pytest

from claude_guard.cli.demo import sample
from claude_guard.client import prove
from claude_guard.client.prove import Outcome
from claude_guard.confine import probe

from .conftest import VERSIONS, client_of

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
GROUPED = [pytest.param(one, marks=pytest.mark.xdist_group(f"channels-{one}")) for one in VERSIONS]
"""Each version's channels are played once, by one worker."""
NAMES = list(dict.fromkeys(channel.name for channel in prove.TABLE))


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("channels")


@cache
def played(version: str, folder: str) -> list[Outcome]:
    """Every channel, in as few sessions as it takes: once for all tests of a version."""
    client = client_of(version)
    place = os.path.join(folder, version)
    os.makedirs(place)
    return prove.prove(client, sample(place, client.version), workers=os.cpu_count() or 1)


def gap(outcome: Outcome, version: str) -> bool:
    """Whether nothing closes the channel in a client of that version. It must then be open: else the table is wrong."""
    first_last = outcome.attempt.channel.gap
    within = first_last is not None and first_last[0] <= client_of(version).version <= first_last[1]
    assert not within or outcome.verdict == "open", outcome
    return within


def unmasked(outcome: Outcome) -> bool:
    """Whether the attempt is one that the shell gate alone closes, and it confines nothing on this machine."""
    return outcome.attempt.channel.behind and not probe.look().works


@pytest.mark.oracle
@pytest.mark.skipif(not probe.look().works, reason="nothing confines commands here")
@pytest.mark.parametrize("version", GROUPED)
def test_programs_that_nobody_can_read_run_behind_the_gate(version: str, folder: Path) -> None:
    mine = [outcome for outcome in played(version, str(folder)) if outcome.attempt.channel.behind]
    assert {outcome.attempt.channel.detail: outcome.ran for outcome in mine if outcome.verdict == "closed"} == {
        outcome.attempt.channel.detail: True
        for outcome in mine
        if outcome.verdict != "absent" and not gap(outcome, version)
    }


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("version", GROUPED)
def test_channel(name: str, version: str, folder: Path) -> None:
    mine = [outcome for outcome in played(version, str(folder)) if outcome.attempt.channel.name == name]
    bad = [
        f"{outcome.verdict}: {outcome.attempt.channel.detail}, `{outcome.attempt.target.path}`: {outcome.said}"
        for outcome in mine
        if outcome.verdict not in ("closed", "passed", "absent") and not gap(outcome, version) and not unmasked(outcome)
    ]
    assert mine
    assert not bad, "\n".join(bad)


ABSENT = {
    "2.1.330": {
        "background: BashOutput",
        "programs: in the background, asked for",
        "harmless: Grep over the tree, as the refusal says",
    },
    "2.0.50": {
        "background: output file",
        "programs: in the background",
        "Monitor: its messages",
        "import: in a folder, found by Read",
        "harmless: Grep over the tree",
    },
}


@pytest.mark.parametrize("version", GROUPED)
def test_only_what_a_version_lacks_is_absent(version: str, folder: Path) -> None:
    assert {
        f"{outcome.attempt.channel.name}: {outcome.attempt.channel.detail}"
        for outcome in played(version, str(folder))
        if outcome.verdict == "absent" and shutil.which(outcome.attempt.channel.needs or "sh")
    } == ABSENT[version]
