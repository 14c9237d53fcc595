"""Where the patterns of rules lead, and what is found and kept there."""

import os
import time
from pathlib import Path

import pytest

from claude_guard.confine.places import Place, Seeker, places, wide
from claude_guard.policy import snapshot

POLICY = """version = 1
[[rules]]
paths = [{paths}]
class = "restricted"
category = "customer"
"""


class Site:
    """A home with a user's policy, and a folder `srv` beside it; `asked` counts the looks into trees."""

    def __init__(self, base: Path) -> None:
        self.home, self.srv, self.cache = base / "home", base / "srv", base / "cache"
        (self.home / ".config/claude-guard").mkdir(parents=True, mode=0o700)
        self.srv.mkdir()
        self.asked: list[str] = []

    def policy(self, *paths: str) -> None:
        text = ", ".join(f'"{path}"' for path in paths).replace("SRV", "/" + str(self.srv))
        (self.home / ".config/claude-guard/policy.toml").write_text(POLICY.format(paths=text))

    def made(self, *names: str) -> None:
        for name in names:
            path = (self.home if name[0] == "~" else self.srv) / name.lstrip("~/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("x")

    def below(self, root: str, deadline: float) -> tuple[str, ...] | None:
        self.asked.append(root)
        return (root,) if deadline > time.monotonic() else None

    def found(self, seconds: float = 60) -> list[str]:
        policy = snapshot.load(str(self.srv / "project"), str(self.home), str(self.cache))
        judge: Seeker = Seeker(policy.judge, self.below, str(self.cache), policy.identity, str(self.home))
        answer = judge.found(places(policy.places, str(self.home)), time.monotonic() + seconds)
        self.late = judge.late
        own = (path for path in answer if path.startswith((str(self.home), str(self.srv))))
        return sorted(path.replace(str(self.home), "~").replace(str(self.srv), "SRV") for path in own)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


FOUND = (
    (("~/Documents/contracts/",), ("~/Documents/contracts/a", "~/Documents/b"), ["~/Documents/contracts"]),
    (("SRV/keys/*.k",), ("keys/a.k", "keys/b.txt", "keys/in/c.k"), ["SRV/keys/a.k"]),
    (("SRV/*/data/x?.csv",), ("one/data/x1.csv", "two/data/x2.csv", "two/y"), ["SRV/one/data/x1.csv", "SRV/two/data/x2.csv"]),
    (("SRV/deep/**/x.k",), ("deep/a/b/x.k",), ["SRV/deep"]),
    (("SRV/de**/x.k",), ("deep/a/b/x.k",), ["SRV"]),
    (("~/Music/*", "!~/Music/open"), ("~/Music/open", "~/Music/shut"), ["~/Music/shut"]),
    (("~/**/x.k",), ("~/Music/x.k",), []),
    (("SRV/none/*.k", "~/none/"), (), []),
    (("SRV/a[bc]d/x",), ("abd/x", "aed/x"), ["SRV/abd/x"]),
)  # fmt: skip


@pytest.mark.parametrize(("paths", "made", "expected"), FOUND, ids=[str(row[0]) for row in FOUND])
def test_a_pattern_is_followed(site: Site, paths: tuple[str, ...], made: tuple[str, ...], expected: list[str]) -> None:
    site.policy(*paths)
    site.made(*made)
    assert site.found() == expected
    assert site.found() == expected


def test_what_comes_and_goes_is_noticed(site: Site) -> None:
    site.policy("SRV/keys/*.k", "~/Documents/contracts/")
    assert site.found() == []
    site.made("keys/a.k", "~/Documents/contracts/x")
    assert site.found() == ["SRV/keys/a.k", "~/Documents/contracts"]
    (site.srv / "keys/a.k").unlink()
    site.made("keys/b.k")
    assert site.found() == ["SRV/keys/b.k", "~/Documents/contracts"]


def test_a_folder_that_did_not_change_is_not_listed_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.policy("SRV/keys/*.k")
    site.made("keys/a.k")
    monkeypatch.setattr("claude_guard.confine.places.CLOCK", -(10**12))
    site.found()
    listed: list[str] = []
    monkeypatch.setattr("claude_guard.confine.places._names", lambda folder: listed.append(folder) or [])
    assert site.found() == ["SRV/keys/a.k"]
    assert str(site.srv / "keys") not in listed


def test_what_cannot_be_looked_through_in_time_is_named(site: Site) -> None:
    site.policy("SRV/keys/")
    site.made("keys/a.k")
    assert site.found(-1) == ["SRV/keys"]
    assert str(site.srv / "keys") in site.late


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_what_the_user_cannot_read_needs_no_mask(site: Site) -> None:
    site.policy("SRV/keys/*.k")
    site.made("keys/a.k")
    (site.srv / "keys/a.k").chmod(0)
    assert site.found() == []


def test_sockets_and_devices_are_left_alone(site: Site) -> None:
    site.policy("SRV/*.k")
    os.mkfifo(site.srv / "a.k")
    assert site.found() == []


def test_a_pattern_for_everything_below_home_is_told() -> None:
    rows = [("~", "", ("**", "x.pem")), ("~", "a", ("**", "x")), ("/", "", ("**", "k")), ("/", "srv", ("*.k",))]
    found = places(rows, "/h")
    assert found[1] == Place("/h/a", ("**", "x"))
    assert wide(found, "/h") == [Place("/h", ("**", "x.pem")), Place("/", ("**", "k"))]
