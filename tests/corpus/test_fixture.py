import subprocess
from pathlib import Path

from tests.corpus import fixture


def test_it_is_the_same_each_time(tmp_path: Path) -> None:
    heads = []
    for name in ("one", "two"):
        root = fixture.build(str(tmp_path / name))
        heads.append(subprocess.run(["git", "rev-parse", "--all"], cwd=root, check=True, capture_output=True).stdout)
    assert heads[0] == heads[1]


def test_every_canary_is_where_it_should_be(tmp_path: Path) -> None:
    root = Path(fixture.build(str(tmp_path / "home")))
    for path, (name, _) in fixture.WORKTREE.items():
        assert fixture.canary(name) in (root / path).read_text()
    words = ["git", "log", "--all", "-p", "-m", "--reflog"]
    history = subprocess.run(words, cwd=root, check=True, capture_output=True, text=True).stdout
    for name in fixture.OLDER:
        assert fixture.canary(name) in history


def test_nothing_harmless_holds_one(tmp_path: Path) -> None:
    for text in (*fixture.HARMLESS.values(), *fixture.UNTRACKED.values()):
        assert not any(secret in text for secret in fixture.sources())
