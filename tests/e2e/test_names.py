"""Names that a rule hides do not come out of Glob: filtered where the client lets a hook do that, refused where not."""

from pathlib import Path

import pytest

from claude_guard.client import native, settings
from claude_guard.client.features import features, parse

from .conftest import Play

pytestmark = pytest.mark.e2e

POLICY = """version = 1
[[rules]]
paths = ["customers/"]
class = "restricted"
names = "hidden"
"""


@pytest.fixture
def guarded(project: Path, home: Path, version: str) -> Path:
    files = {"customers/acme-corp.csv": "x\n", "src/app.py": "x = 1\n", ".claude/guard.toml": POLICY}
    for name, text in files.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text)
    where = settings.site("local", str(project), str(home))
    settings.install(where, features(parse(version)), native.derived(str(project), str(home)).rules)
    return project


def test_glob_shows_no_hidden_name(guarded: Path, home: Path, play: Play, version: str) -> None:
    record = play(guarded, [("Glob", {"pattern": "**/*"})], version, home=home, tools=("Glob",))
    [result] = record.results.values()
    assert not any(b"acme-corp" in body for body in record.bodies)
    assert result.error if version == "2.0.50" else "app.py" in result.text
