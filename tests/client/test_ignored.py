"""What names a path of one machine stays out of a repository, whatever lies in it."""

import os
import subprocess
from pathlib import Path

import pytest

from claude_guard.client import ignored

NAME = ".claude/settings.local.json"


def git(folder: Path, *words: str) -> str:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_GLOBAL": os.devnull}
    who = ("-c", "user.name=a", "-c", "user.email=a@b")
    done = subprocess.run(
        ["git", *who, *words], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.fixture(params=["", "sub"])
def project(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The top of a repository, or a folder in one."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    git(tmp_path, "init", "-q")
    made = tmp_path / request.param
    (made / ".claude").mkdir(parents=True)
    (made / NAME).write_text("{}\n")
    return made


def test_it_is_ignored_once_and_let_in_again(project: Path) -> None:
    (project / ".claude" / "settings.json").write_text("{}\n")
    path = str(project / NAME)
    exclude = Path(git(project, "rev-parse", "--path-format=absolute", "--git-path", "info/exclude").strip())
    before = exclude.read_text()
    assert ignored.keep_out(path) == "added"
    assert git(project, "status", "--short", "-uall", ".").split()[1::2] == [".claude/settings.json"]
    held = exclude.read_text()
    assert ignored.keep_out(path) == "ignored"
    assert exclude.read_text() == held
    ignored.let_in(path)
    assert exclude.read_text() == before


def test_what_is_ignored_or_tracked_already(project: Path) -> None:
    (project / ".gitignore").write_text("*.local.json\n")
    assert ignored.keep_out(str(project / NAME)) == "ignored"
    git(project, "add", "-f", NAME)
    git(project, "commit", "-qm", "x")
    assert ignored.keep_out(str(project / NAME)) == "tracked"


def test_a_work_tree_uses_the_repositorys_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    git(tmp_path, "init", "-q", "main")
    git(tmp_path / "main", "commit", "-qm", "x", "--allow-empty")
    git(tmp_path / "main", "worktree", "add", "-q", "../other")
    (tmp_path / "other" / ".claude").mkdir()
    (tmp_path / "other" / NAME).write_text("{}\n")
    assert ignored.keep_out(str(tmp_path / "other" / NAME)) == "added"
    assert git(tmp_path / "other", "status", "--short") == ""
    ignored.let_in(str(tmp_path / "other" / NAME))
    assert git(tmp_path / "other", "status", "--short").split() == ["??", ".claude/"]


def test_outside_a_repository_nothing_is_done(tmp_path: Path) -> None:
    (tmp_path / ".claude").mkdir()
    assert ignored.keep_out(str(tmp_path / NAME)) == ""
    ignored.let_in(str(tmp_path / NAME))
    assert ignored.keep_out(str(tmp_path / "gone" / "x.json")) == ""
    assert os.listdir(tmp_path) == [".claude"]
