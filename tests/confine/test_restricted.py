"""What holds for restricted paths, as they lie there now: what is kept of an earlier command is only what the policy says."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from claude_guard.confine import restricted
from claude_guard.model import Judgement, Rule

KEY = Rule("keys", "guard.toml", 1, "project", "k*", "credentials", names="hidden")
PLAN = Rule("plans", "guard.toml", 2, "project", "p*", "contract", programs="use")


class Says:
    """A policy that counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, path: str, folder: bool | None) -> Judgement:
        self.asked += 1
        return Judgement("restricted", 3, "deny", KEY if os.path.basename(path).startswith("k") else PLAN)


def relinked(there: Path) -> None:
    (there / "key").unlink()
    (there / "key").symlink_to("b")


def deepened(there: Path) -> None:
    (there / "plan").unlink()
    (there / "plan").mkdir()


def doubled(there: Path) -> None:
    (there / "c").hardlink_to(there / "plan")


CHANGES: list[tuple[str, Callable[[Path], object], list[tuple[str, bool]]]] = [
    # (what happens, how, (real path, folder) of `key`, `plan` and `folder/key` then)
    ("nothing", lambda there: None, [("a", False), ("plan", False), ("folder/key", False)]),
    ("a link leads elsewhere", relinked, [("b", False), ("plan", False), ("folder/key", False)]),
    ("a file becomes a folder", deepened, [("a", False), ("plan", True), ("folder/key", False)]),
    ("a file gets a name", doubled, [("a", False), ("plan", False), ("folder/key", False)]),
]


@pytest.mark.parametrize(("change", "then"), [row[1:] for row in CHANGES], ids=[row[0] for row in CHANGES])
def test_what_is_kept_does_not_outlive_a_change(
    tmp_path: Path, change: Callable[[Path], object], then: list[tuple[str, bool]]
) -> None:
    there, cache = tmp_path.resolve() / "there", str(tmp_path / "cache")
    (there / "folder").mkdir(parents=True)
    for name in ("a", "b", "plan", "folder/key"):
        (there / name).write_text("kestrel-plum-42\n")
    (there / "key").symlink_to("a")
    found = [f"{there}/{name}" for name in ("key", "plan", "folder/key")]
    restricted.paths(found, Says(), "one", cache)
    change(there)
    answer = restricted.paths(found, Says(), "one", cache)
    assert [(path.path, path.folder) for path in answer] == [(f"{there}/{to}", folder) for to, folder in then]
    assert all(os.lstat(path.path).st_nlink == 1 for path in answer if path.single)
    assert [(path.masked, path.hidden) for path in answer] == [(True, True), (False, False), (True, True)]


def test_the_policy_is_asked_once(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("kestrel-plum-42\n")
    (tmp_path / "plans").mkdir()
    says, found, cache = Says(), [str(tmp_path / "key"), str(tmp_path / "plans")], str(tmp_path / "cache")
    first = restricted.paths(found, says, "one", cache)
    assert [path[:4] for path in restricted.paths(found, says, "one", cache)] == [path[:4] for path in first]
    assert says.asked == 2
    restricted.paths(found, says, "two", cache)
    assert says.asked == 4


def test_another_name_is_found_wherever_it_lies(tmp_path: Path) -> None:
    (tmp_path / "deep/er").mkdir(parents=True)
    (tmp_path / "key").write_text("kestrel-plum-42\n")
    (tmp_path / "deep/er/x").hardlink_to(tmp_path / "key")
    found = restricted.paths([str(tmp_path / "key")], Says(), "one", str(tmp_path / "cache"))
    twins = restricted.twins(found, [str(tmp_path)])
    assert [(twin.path, twin.masked, twin.twin) for twin in twins] == [(f"{tmp_path.resolve()}/deep/er/x", True, True)]
