"""The trees that a command plainly reaches."""

import subprocess
from pathlib import Path

import pytest

from claude_guard.confine import reach

TREES = ("src/project/.git", "src/other/.git", "src/other/sub", "src/guarded/.claude", "home/lone", "home/work/.git")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    for name in TREES:
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "src/guarded/.claude/guard.toml").write_text("version = 1\n")
    for name in ("src/other/sub/x.py", "home/lone/x.csv", "src/project/a"):
        (tmp_path / name).write_text("")
    return tmp_path


REACHED = (
    ("make", [], []),
    ("cat a ./a", [], []),
    ("cd ../other && make", ["src/other"], []),
    ("make -C ../other", ["src/other"], []),
    ("cd ..; cat other/sub/x.py", ["src/other"], ["src"]),
    ("make -C src; cat ../other/sub/x.py", ["src/other"], []),
    ("python3 ../other/sub/x.py", ["src/other"], []),
    ("gcc -I../other/sub -o x", ["src/other"], []),
    ("tool --in=../other/sub/x.py", ["src/other"], []),
    ("tool --in=BASE/src/guarded", ["src/guarded"], []),
    ("cat ~/lone/x.csv", [], ["home/lone"]),
    ('cat "$HOME/work/y"', [], []),
    ('ls "$HOME/work"', ["home/work"], []),
    ("cat ~", [], []),
    ("cat ~root/x /etc/passwd /usr/lib/x /dev/null ../nothing/x", [], []),
    ("ls / /tmp /home", [], []),
    ("sed 's/a/b/' a; curl https://other/x", [], []),
    ("cat BASE/src/project/a", [], []),
)


@pytest.mark.parametrize(("script", "trees", "folders"), REACHED, ids=[row[0] for row in REACHED])
def test_words_lead_to_trees(base: Path, script: str, trees: list[str], folders: list[str]) -> None:
    project = f"{base}/src/project"
    found = reach.reached(script.replace("BASE", str(base)), project, f"{base}/home", [project])
    assert [tree.removeprefix(f"{base}/") for tree in found.trees] == trees
    assert [folder.removeprefix(f"{base}/") for folder in found.folders] == folders


def test_only_so_many_words_are_followed(base: Path) -> None:
    script = " ".join(f"../x{n}" for n in range(1000)) + " ../other"
    assert reach.reached(script, f"{base}/src/project", f"{base}/home", [f"{base}/src/project"]).trees == ()


def test_work_trees_of_a_repository_know_each_other(tmp_path: Path) -> None:
    def git(*words: str, cwd: Path = tmp_path) -> None:
        who = ("-c", "user.name=x", "-c", "user.email=x@localhost")
        subprocess.run(["git", *who, *words], cwd=cwd, check=True, capture_output=True)

    git("init", "-q", "main")
    main, linked = tmp_path / "main", tmp_path / "linked"
    git("commit", "-q", "--allow-empty", "-m", "x", cwd=main)
    git("worktree", "add", "-q", str(linked), cwd=main)
    git("worktree", "add", "-q", str(main / "inside"), "-b", "inside", cwd=main)
    assert sorted(reach.worktrees(str(main))) == [str(linked), str(main / "inside")]
    assert sorted(reach.worktrees(str(linked))) == [str(main), str(main / "inside")]
    assert reach.reached("true", str(main), "/h", [str(main)]).trees == (str(linked),)
    assert reach.worktrees(str(tmp_path)) == []
