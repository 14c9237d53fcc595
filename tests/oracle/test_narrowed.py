"""A command that was rewritten to leave restricted files out is run, and shows none of them."""

import shutil

import pytest

from claude_guard.confine import probe

from . import narrowed

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.slow,
    pytest.mark.skipif(
        not probe.look().works or shutil.which("strace") is None, reason="the oracle needs namespaces and strace"
    ),
]


def test_no_narrowed_evasion_shows_a_canary(capsys: pytest.CaptureFixture[str]) -> None:
    assert narrowed.main(["git-", "agents-"]) == 0, capsys.readouterr().out
