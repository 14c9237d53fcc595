"""What a repository's objects hold, in real repositories."""

import os
import subprocess
import time
from pathlib import Path

import pytest

from claude_guard.inventory import history, objects
from claude_guard.inventory import index as index_module
from claude_guard.inventory.tree import Inventory
from claude_guard.model import Judgement
from tests.inventory.test_tree import Rules

pytestmark = pytest.mark.oracle


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    run(root, "init", "-q", "-b", "main")
    commit(root, "src/app.py", "README.md")
    return root


def run(folder: Path, *arguments: str) -> str:
    environment = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(folder),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@example.com",
        "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@example.com",
    }
    arguments = ("-c", "protocol.file.allow=always", *arguments)
    done = subprocess.run(["git", *arguments], cwd=folder, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def commit(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(f"{name} {time.time_ns()}")
    run(root, "add", "-A")
    run(root, "commit", "-q", "--allow-empty", "-m", "change")


def remove(root: Path, name: str) -> None:
    run(root, "rm", "-q", "-r", name)
    run(root, "commit", "-q", "-m", "remove")


def held(root: Path, rules: Rules | None = None, cache: Path | None = None) -> list[str] | None:
    place = str(cache) if cache else ""
    found = objects.tracked(str(root), rules or Rules(), time.monotonic() + 30, place, "one")
    return None if found is None else [os.path.relpath(path, root) for path in found]


def branch(root: Path) -> None:
    run(root, "checkout", "-q", "-b", "other")
    commit(root, "deep/.env")
    run(root, "checkout", "-q", "main")


def tag(root: Path) -> None:
    branch(root)
    run(root, "tag", "-a", "-m", "x", "kept", "other")
    run(root, "branch", "-q", "-D", "other")


def amended(root: Path) -> None:
    commit(root, "deep/.env")
    run(root, "reset", "-q", "--hard", "HEAD^")


def stashed(root: Path) -> None:
    (root / "deep").mkdir()
    (root / "deep/.env").write_text("x")
    run(root, "stash", "-q", "--include-untracked")


def merged(root: Path) -> None:
    run(root, "checkout", "-q", "-b", "other")
    commit(root, "b")
    run(root, "checkout", "-q", "main")
    commit(root, "c")
    run(root, "merge", "-q", "--no-commit", "other")
    commit(root, "deep/.env")
    remove(root, "deep")


def staged(root: Path) -> None:
    (root / "deep").mkdir()
    (root / "deep/.env").write_text("x")
    run(root, "add", "-A")


def renamed(root: Path) -> None:
    commit(root, "deep/.env")
    run(root, "mv", "deep", "plain")
    run(root, "mv", "plain/.env", "plain/sample")
    run(root, "commit", "-q", "-m", "rename")


def fetched(root: Path) -> None:
    other = root.parent / "other"
    run(root.parent, "clone", "-q", str(root), str(other))
    commit(other, "deep/.env")
    run(root, "fetch", "-q", str(other), "main")


def packed(root: Path) -> None:
    commit(root, "deep/.env")
    remove(root, "deep")
    run(root, "gc", "-q")


def in_a_worktree(root: Path) -> None:
    run(root, "worktree", "add", "-q", "--detach", "../side")
    commit(root.parent / "side", "deep/.env")


@pytest.mark.parametrize(
    "change", [branch, tag, amended, stashed, merged, staged, renamed, fetched, packed, in_a_worktree]
)
def test_every_place_where_a_revision_may_be(repository: Path, change, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    cache = tmp_path / "cache"
    assert held(repository, cache=cache) == []
    change(repository)
    assert held(repository) == ["deep/.env"]
    assert held(repository, cache=cache) == ["deep/.env"]
    assert held(repository, cache=cache) == ["deep/.env"]


def test_what_is_known_is_not_asked_again(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "CLOCK", 6_000_000)
    cache = tmp_path / "cache"
    commit(repository, ".env", "secrets/x")
    time.sleep(0.02)
    expected = [".env", "secrets/x"]
    assert held(repository, cache=cache) == expected
    with monkeypatch.context() as nothing:
        nothing.setattr(history, "_git", None)
        rules = Rules()
        assert held(repository, rules, cache) == expected
        assert rules.asked == 0
        (repository / "new").write_text("x")
        run(repository, "add", "new")
        assert held(repository, rules, cache) == expected
        assert rules.asked == 1
    remove(repository, ".env")
    assert held(repository, cache=cache) == expected


def test_a_walk_that_ran_out_of_time_is_taken_up_again(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        commit(repository, f"{number}/.env")
    cache = tmp_path / "cache"
    whole = held(repository)
    assert whole is not None and len(whole) == 12
    real = history._git

    def cut(own: str, arguments, stdin, deadline):  # type: ignore[no-untyped-def]
        output = b"".join(real(own, arguments, stdin, deadline))
        if arguments[0] != "log":
            yield output
            return
        for size in (100, 100):
            yield output[:size]
            output = output[size:]
        if output:
            raise history.Late

    monkeypatch.setattr(history, "_git", cut)
    rounds = 0
    while (found := held(repository, cache=cache)) is None:
        rounds += 1
        assert rounds < 30
    assert rounds > 2
    assert found == whole


def test_out_of_time_is_not_nothing(repository: Path, tmp_path: Path) -> None:
    commit(repository, ".env")
    assert objects.tracked(str(repository), Rules(), time.monotonic() - 1) is None
    (repository / ".git/index").write_bytes(b"nonsense")
    assert held(repository) is None


def test_kinds_of_repositories(repository: Path, tmp_path: Path) -> None:
    commit(repository, ".env")
    run(tmp_path, "clone", "-q", "--bare", str(repository), "bare.git")
    assert held(tmp_path / "bare.git") == [".env"]
    run(repository, "worktree", "add", "-q", "--detach", "../side")
    assert held(tmp_path / "side") == [".env"]
    outer = tmp_path / "outer"
    outer.mkdir()
    run(outer, "init", "-q")
    run(outer, "submodule", "add", "-q", str(repository), "sub")
    run(outer, "commit", "-q", "-m", "x")
    assert held(outer) == []
    assert held(outer / "sub") == [".env"]
    assert held(repository / "src") == ["../.env"]
    assert held(tmp_path / "nothing") == []
    empty = tmp_path / "empty"
    empty.mkdir()
    run(empty, "init", "-q")
    assert held(empty) == []


def test_nothing_that_the_repository_names_is_run(repository: Path, tmp_path: Path) -> None:
    commit(repository, ".env", ".gitattributes")
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\n")
    trap.chmod(0o755)
    (repository / ".gitattributes").write_text("* diff=trap filter=trap\n")
    traps = (
        f"[core]\n\tpager = {trap}\n\tfsmonitor = {trap}\n\thooksPath = {tmp_path}\n\tsshCommand = {trap}\n"
        f'[diff]\n\texternal = {trap}\n[diff "trap"]\n\ttextconv = {trap}\n\tcommand = {trap}\n'
        f'[filter "trap"]\n\tclean = {trap}\n\tsmudge = {trap}\n[gpg]\n\tprogram = {trap}\n'
        f"[log]\n\tshowSignature = true\n[pager]\n\tlog = true\n[core]\n\talternateRefsCommand = {trap}\n"
    )
    with (repository / ".git/config").open("a") as config:
        config.write(traps)
    assert held(repository) == [".env"]
    assert not (tmp_path / "sprung").exists()


def test_a_loosened_policy_is_heard(repository: Path, tmp_path: Path) -> None:
    commit(repository, ".env")
    cache = str(tmp_path / "cache")
    assert objects.tracked(str(repository), Rules(), time.monotonic() + 9, cache, "one")
    allowed = Judgement("public", 0, "allow")
    assert objects.tracked(str(repository), lambda path, folder: allowed, time.monotonic() + 9, cache, "two") == ()


def test_the_clock_is_the_index_module_s() -> None:
    assert objects.CLOCK == index_module.CLOCK >= 1_000_000_000


def test_a_restricted_file_may_be_committed_under_another_of_its_names(repository: Path, tmp_path: Path) -> None:
    commit(repository, ".env")
    os.link(repository / ".env", repository / "notes.txt")
    run(repository, "add", "-A")
    run(repository, "commit", "-q", "-m", "link")
    inventory = Inventory(Rules(), str(tmp_path / "cache"), "one", str(tmp_path / "nobody"))
    assert inventory.tracked(str(repository), time.monotonic() + 20) == (
        str(repository / ".env"),
        str(repository / "notes.txt"),
    )
