"""The real client runs a whole-tree search over a project with restricted files: it works, without them.

The client's shell defines `grep`, `find` and `rg` as functions over search programs of its own, so that the words the
guard adds are tried on those.
"""

import os
import subprocess
from pathlib import Path

import pytest

from claude_guard.client import native, settings
from claude_guard.client.features import features, parse

from .conftest import Play

pytestmark = pytest.mark.e2e

VERSION = "2.1.330"
RESTRICTED = {
    ".env": "TOKEN=canary-3e91b7\n",
    "config/.env": "TOKEN=canary-81d0aa\n",
    "secrets/prod.key": "TOKEN=canary-c64f02\n",
    "secrets/deep/more.txt": "TOKEN=canary-95ab3d\n",
}
OPEN = {
    "src/app.py": "TOKEN = seen-4b7f1c\n",
    "src/deep/x.py": "x TOKEN seen-d20e88\n",
    "config/a.toml": "TOKEN = 'c'\n",
}
POLICY = """version = 1
[[rules]]
paths = ["secrets/", ".env"]
class = "restricted"
"""
COMMANDS = [
    ("grep -rn TOKEN .", ["seen-4b7f1c", "seen-d20e88"]),
    ("grep -rn TOKEN", ["seen-4b7f1c", "seen-d20e88"]),
    ("grep -r --include='*' TOKEN . src", ["seen-4b7f1c", "seen-d20e88"]),
    ("/usr/bin/grep -rn TOKEN .", ["seen-4b7f1c", "seen-d20e88"]),
    ("rg --hidden TOKEN", ["seen-4b7f1c", "seen-d20e88"]),
    ("rg -uuu TOKEN .", ["seen-4b7f1c", "seen-d20e88"]),
    ("git grep TOKEN", ["seen-4b7f1c", "seen-d20e88"]),
    ("git log -p", ["seen-4b7f1c", "seen-d20e88"]),
    ("cd src && grep -rn x . | head -3", ["seen-d20e88"]),
    ("cd config; grep -rn TOKEN . .. | head", ["seen-4b7f1c"]),
    ("find . -type f | xargs grep TOKEN", ["seen-4b7f1c", "seen-d20e88"]),
    ("find . -type f -exec grep -H TOKEN {} +", ["seen-4b7f1c", "seen-d20e88"]),
    ("tar cf - . | tar xOf -", ["seen-4b7f1c", "seen-d20e88"]),
]


@pytest.fixture
def guarded(project: Path, home: Path) -> Path:
    for name, text in {**RESTRICTED, **OPEN, ".claude/guard.toml": POLICY}.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text)
    environment = {**os.environ, "HOME": str(home), "GIT_CONFIG_GLOBAL": "/dev/null"}
    for words in (["init", "-q"], ["add", "-A"], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x"]):
        subprocess.run(["git", *words], cwd=project, env=environment, check=True)
    where = settings.site("local", str(project), str(home))
    settings.install(where, features(parse(VERSION)), native.derived(str(project), str(home)).rules)
    return project


@pytest.mark.parametrize("shell", ["bash", "zsh"])
@pytest.mark.parametrize(("command", "expected"), COMMANDS, ids=[row[0] for row in COMMANDS])
def test_a_search_works_without_what_is_restricted(
    play: Play, guarded: Path, command: str, expected: list[str], shell: str
) -> None:
    record = play(guarded, [("Bash", {"command": command, "description": "search"})], VERSION, shell=shell)
    said = record.results["toolu_main_0_0"].text
    assert [word for word in expected if word not in said] == [], said
    for name, text in RESTRICTED.items():
        assert not record.shows(text[len("TOKEN=") :].strip()), name
