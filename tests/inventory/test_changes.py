import os
import subprocess
from pathlib import Path

import pytest

from claude_guard.inventory import changes

ASKED = """
rev-parse HEAD
rev-parse --verify -q HEAD~1
log --format= --name-only -z --no-renames --no-ext-diff --no-textconv -3 HEAD -- src
log --format=%H -n1 -Sword
diff --name-only -z --no-ext-diff HEAD
diff-tree -r --name-only -z A B
ls-files -z --others --exclude-standard
cat-file -t HEAD:x
branch --show-current
""".strip().splitlines()
REFUSED = """
show HEAD
diff HEAD
diff --name-only --output=/tmp/x
diff --name-only --ext-diff
log -p
log --format=%GG
log --format=%H --show-signature
cat-file -p HEAD
cat-file blob HEAD:x
branch new
branch -D main
tag new
tag -d new
symbolic-ref HEAD refs/heads/x
symbolic-ref -d HEAD
remote add x y
fetch origin
config --list
rev-parse --parseopt
grep word
-c alias.x=!id x
""".strip().splitlines()


@pytest.mark.parametrize("words", ASKED)
def test_questions_that_name_things_are_asked(words: str) -> None:
    assert changes.askable(tuple(words.split(" ")))


@pytest.mark.parametrize("words", REFUSED)
def test_anything_else_is_not(words: str) -> None:
    assert not changes.askable(tuple(words.split(" ")))


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    for words in (["init", "-q"], ["config", "user.email", "a@b"], ["config", "user.name", "a"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    (tmp_path / "a").write_text("1\n")
    subprocess.run(["git", "add", "a"], cwd=tmp_path, check=True)
    subprocess.run(["git", "commit", "-qm", "x"], cwd=tmp_path, check=True)
    return tmp_path


def test_git_answers(repository: Path) -> None:
    folder = str(repository)
    assert changes.answer(folder, ("diff", "--name-only", "-z")) == ""
    (repository / "a").write_text("2\n")
    assert changes.answer(folder, ("diff", "--name-only", "-z")) == "a\0"
    assert changes.answer(folder, ("rev-parse", "--verify", "-q", "nothing")) is None
    assert changes.answer("/nowhere", ("rev-parse", "HEAD")) is None
    assert changes.answer(folder, ("rev-parse", "HEAD"), seconds=0) is None


def test_asking_runs_nothing_that_the_repository_names(repository: Path) -> None:
    proof = repository / "proof"
    for key in ("core.fsmonitor", "diff.external", "core.pager", "diff.x.textconv", "core.sshCommand"):
        subprocess.run(["git", "config", key, f"touch {proof} #"], cwd=repository, check=True)
    (repository / ".gitattributes").write_text("* diff=x\n")
    (repository / "a").write_text("3\n")
    assert changes.answer(str(repository), ("diff", "--name-only", "-z", "--no-ext-diff", "--no-textconv"))
    assert changes.answer(str(repository), ("ls-files", "-z", "--others")) is not None
    assert not proof.exists()


def test_variables_of_the_caller_do_not_turn_it_to_another_repository(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    answer = changes.answer(str(repository), ("rev-parse", "--show-toplevel"))
    assert answer is not None and os.path.samefile(answer.strip(), repository)
