"""Every attempt to get round the masks, on the system itself; what the masks alone let through is what counts."""

from collections.abc import Iterator
from pathlib import Path
from shutil import which

import pytest

from claude_guard.confine import probe

from .attempts import ATTEMPTS, HANDED, MACOS, here
from .stage import CANARY, Stage

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(not probe.look().works, reason="nothing confines commands here"),
]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize(("name", "command", "programs"), here(), ids=[row[0] for row in here()])
def test_attempt_is_stopped(stage: Stage, name: str, command: str, programs: tuple[str, ...]) -> None:
    missing = [program for program in programs if which(program) is None]
    if missing:
        pytest.skip(f"{missing[0]} is not installed")
    ended = stage.run(command, many=40 if name == "many masks" else 0)
    assert stage.leaks(ended) == [], ended.stdout[-2000:]
    kept = [path.read_text() for name in ("secrets/prod.key", ".env") for path in stage.base.glob(f"*/{name}")]
    assert kept == [f"KEY={CANARY}\n"] * 2


def test_a_file_that_is_not_masked_leaks(stage: Stage) -> None:
    (stage.project / "open.txt").write_text(CANARY)
    assert stage.leaks(stage.run("cat open.txt")) == [CANARY]


def test_there_are_forty_attempts_with_different_names() -> None:
    names = [row[0] for row in (*ATTEMPTS, *MACOS, *HANDED)]
    assert len(ATTEMPTS) >= 40
    assert len(set(names)) == len(names)
