"""A command that nobody can read: the real client runs it where the shell gate stands, and asks where it does not."""

from pathlib import Path

import pytest

from claude_guard.client import canary, settings, shell
from claude_guard.client.features import features, parse
from claude_guard.confine import probe

from .conftest import Play

pytestmark = pytest.mark.e2e

OPAQUE = (
    """python3 -c "import sys; print('ran'); print(open(''.join(chr(int(c)) for c in sys.argv[1:])).read())" """
    "46 101 110 118; echo status $?"
)


def put(project: Path, home: Path, version: str, gate: bool) -> str:
    """Installs the guard, with the shell gate or without it; the canary of the restricted file."""
    mark = canary.canary("gate")
    (project / ".env").write_text(f"TOKEN={mark}\n")
    where = settings.site("local", str(project), str(home))
    settings.install(where, features(parse(version)), (), prefix=shell.write(str(home)) if gate else "")
    return mark


@pytest.mark.oracle
@pytest.mark.parametrize("tool", ["Bash", "background"])
def test_behind_the_gate_it_runs_and_shows_nothing(
    play: Play, project: Path, home: Path, version: str, tool: str
) -> None:
    if not probe.look().works:
        pytest.skip("nothing confines commands here")
    mark = put(project, home, version, gate=True)
    background = {"run_in_background": True} if tool == "background" else {}
    record = play(project, [("Bash", {"command": OPAQUE, "description": "x", **background})], version, shell="bash")
    assert not record.shows(mark)
    said = record.results["toolu_main_0_0"].text
    assert "claude-guard" not in said
    if tool == "Bash":
        assert "ran" in said
        assert "Permission denied" in said or "Operation not permitted" in said
        assert "status 1" in said


def test_without_the_gate_it_is_asked(play: Play, project: Path, home: Path, version: str) -> None:
    mark = put(project, home, version, gate=False)
    record = play(project, [("Bash", {"command": OPAQUE, "description": "x"})], version, shell="bash")
    assert not record.shows(mark)
    said = record.results["toolu_main_0_0"].text
    assert "cannot tell" in said
    assert "ran" not in said.split()
