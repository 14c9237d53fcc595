"""Which object stores are hidden: those of repositories that hold, or held, what no program may open."""

import subprocess
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from claude_guard.confine.stores import Stores
from claude_guard.inventory.tree import Inventory
from claude_guard.policy import snapshot

POLICY = """version = 1
[[rules]]
paths = ["*.shut"]
class = "restricted"
category = "customer"
[[rules]]
paths = ["*.used"]
class = "restricted"
category = "contract"
"""


class Site(NamedTuple):
    base: Path

    def git(self, *words: str, cwd: str = "project") -> None:
        who = ("-c", "user.name=x", "-c", "user.email=x@localhost", "-c", "protocol.file.allow=always")
        subprocess.run(["git", *who, *words], cwd=self.base / cwd, check=True, capture_output=True)

    def commit(self, name: str, cwd: str = "project") -> None:
        (self.base / cwd / name).write_text(name)
        self.git("add", "-A", cwd=cwd)
        self.git("commit", "-qm", name, cwd=cwd)

    def closed(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        cache = str(self.base / "cache")
        policy = snapshot.load(str(self.base / "project"), str(self.base / "home"), cache)
        inventory = Inventory(policy.judge, cache, policy.identity, str(self.base / "home"))
        stores = Stores(inventory.tracked, policy.judge, cache, policy.identity)
        found = stores.closed([str(self.base / "project")])
        return tuple(tuple(path.removeprefix(f"{self.base}/") for path in paths) for paths in found)  # type: ignore[return-value]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    for name in ("project/.claude", "home", "library"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "project/.claude/guard.toml").write_text(POLICY)
    made = Site(tmp_path)
    made.git("init", "-q")
    made.commit("a.txt")
    return made


OWN = ("project/.git/objects",)


def test_a_repository_without_restricted_files_is_open(site: Site) -> None:
    assert site.closed() == ((), ())


def test_one_that_holds_some_is_closed(site: Site) -> None:
    site.commit("a.shut")
    assert site.closed() == (OWN, ())


def test_one_that_held_some_is_closed(site: Site) -> None:
    site.commit("a.shut")
    (site.base / "project/a.shut").unlink()
    site.commit("b.txt")
    assert site.closed() == (OWN, ())


def test_what_programs_may_use_closes_nothing(site: Site) -> None:
    site.commit("a.used")
    assert site.closed() == ((), ())


def test_what_is_only_staged_closes_it_too(site: Site) -> None:
    (site.base / "project/a.shut").write_text("x")
    assert site.closed() == ((), ())
    site.git("add", "-A")
    assert site.closed() == (OWN, ())


def test_a_folder_that_is_no_repository_has_no_store(site: Site) -> None:
    (site.base / "project/.git").rename(site.base / "gone")
    assert site.closed() == ((), ())


def test_a_submodule_has_a_store_of_its_own(site: Site) -> None:
    site.git("init", "-q", cwd="library")
    site.commit("a.shut", cwd="library")
    site.git("submodule", "add", "-q", "../library", "lib/one")
    assert site.closed() == (("project/.git/modules/lib/one/objects",), ())


def test_borrowed_objects_and_patches_are_closed_too(site: Site) -> None:
    site.commit("a.shut")
    site.git("init", "-q", cwd="library")
    git = site.base / "project/.git"
    (git / "objects/info/alternates").write_text(f"{site.base}/library/.git/objects\n")
    (git / "rebase-merge").mkdir()
    (git / "rebase-merge/patch").write_text("x")
    (git / "rr-cache").mkdir()
    assert site.closed() == (
        ("project/.git/objects", "project/.git/rr-cache", "library/.git/objects"),
        ("project/.git/rebase-merge/patch",),
    )


def test_a_repository_is_not_asked_twice(site: Site) -> None:
    asked: list[str] = []

    def tracked(repository: str, deadline: float) -> tuple[str, ...] | None:
        asked.append(repository)
        return None

    cache = str(site.base / "cache")
    policy = snapshot.load(str(site.base / "project"), str(site.base / "home"), cache)
    for _ in range(3):
        stores = Stores(tracked, policy.judge, cache, policy.identity)
        assert stores.closed([str(site.base / "project")])[0]
    assert asked == [str(site.base / "project")]


def test_one_that_could_not_say_is_asked_again_later(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = str(site.base / "cache")
    policy = snapshot.load(str(site.base / "project"), str(site.base / "home"), cache)
    roots = [str(site.base / "project")]
    assert Stores(lambda *_: None, policy.judge, cache, policy.identity).closed(roots)[0]
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 700)
    assert not Stores(lambda *_: (), policy.judge, cache, policy.identity).closed(roots)[0]
