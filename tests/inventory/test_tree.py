"""The inventory of a tree, compared with a plain walk of it, before and after every kind of change."""

import os
import random
import stat
import time
from pathlib import Path

import pytest

from claude_guard.errors import DeadlineError
from claude_guard.inventory import index as index_module
from claude_guard.inventory.tree import Inventory
from claude_guard.model import Judgement

ALLOWED = Judgement("internal", 1, "allow")
DENIED = Judgement("restricted", 3, "deny")


class Rules:
    """A small policy: `.env` files, what lies in a folder called `secrets`, except `secrets/README`. Counts
    what it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, path: str, folder: bool | None = None) -> Judgement:
        self.asked += 1
        if "/secrets/README" in path or "/open/" in path:
            return ALLOWED
        return DENIED if path.endswith(("/.env", "/secrets")) or "/secrets/" in path else ALLOWED


@pytest.fixture(autouse=True)
def fine_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_module, "CLOCK", 6_000_000)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "home" / "project"
    for name in (
        "src/app.py",
        "src/.env",
        ".env",
        "secrets/a",
        "secrets/b/c",
        "docs/x.md",
        ".git/objects/aa/.env",
    ):
        put(root / name)
    return root


def put(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(path.name)


def settle() -> None:
    """Lets the file system's clock move on."""
    time.sleep(0.02)


def inventory(tree: Path, rules: Rules, identity: str = "one") -> Inventory:
    return Inventory(rules, str(tree.parent / ".cache"), identity, str(tree.parent))


def below(tree: Path, rules: Rules | None = None, root: Path | None = None) -> list[str]:
    found = inventory(tree, rules or Rules()).below(str(root or tree), time.monotonic() + 20)
    assert found is not None
    assert list(found) == sorted(set(found))
    return [os.path.relpath(path, tree) for path in found]


def test_names_files_and_whole_folders(tree: Path) -> None:
    assert below(tree) == [".env", "secrets", "src/.env"]
    assert below(tree, root=tree / "src") == ["src/.env"]
    assert below(tree, root=tree / "secrets" / "b") == ["secrets/b"]
    assert below(tree, root=tree / "docs") == []
    assert below(tree, root=tree / ".env") == [".env"]
    assert below(tree, root=tree / "missing") == []


def test_the_other_names_of_restricted_files_are_found(tree: Path) -> None:
    assert below(tree) == [".env", "secrets", "src/.env"]
    settle()
    os.link(tree / ".env", tree / "docs/notes.txt")
    os.link(tree / "secrets/b/c", tree / "src/c.txt")
    os.link(tree / "src/app.py", tree / "src/again.py")
    assert below(tree) == [".env", "docs/notes.txt", "secrets", "src/.env", "src/c.txt"]
    assert below(tree, root=tree / "docs") == ["docs/notes.txt"]
    settle()
    (tree / "docs/notes.txt").rename(tree / "docs/moved.txt")
    assert below(tree) == [".env", "docs/moved.txt", "secrets", "src/.env", "src/c.txt"]
    settle()
    (tree / "docs/moved.txt").unlink()
    (tree / "src/c.txt").unlink()
    assert below(tree) == [".env", "secrets", "src/.env"]


def test_what_lies_behind_a_link_to_another_folder_of_the_tree(tree: Path) -> None:
    put(tree / "data/.env")
    (tree / "src/link").symlink_to("../data")
    settle()
    assert below(tree) == [".env", "data/.env", "secrets", "src/.env"]
    assert below(tree, root=tree / "src") == ["src/.env", "src/link/.env"]
    assert below(tree, root=tree / "src") == ["src/.env", "src/link/.env"]


def test_no_name_is_compared_where_no_restricted_file_has_two(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.link(tree / "src/app.py", tree / "src/again.py")
    settle()
    below(tree)
    settle()
    below(tree)
    monkeypatch.setattr(os, "scandir", lambda path: pytest.fail(f"{path} is listed"))
    assert below(tree) == [".env", "secrets", "src/.env"]


def test_a_second_look_asks_nothing_again(tree: Path) -> None:
    settle()
    below(tree)
    again = Rules()
    assert below(tree, again) == [".env", "secrets", "src/.env"]
    assert again.asked == 0
    put(tree / "docs" / "new" / ".env")
    assert below(tree, again) == [".env", "docs/new/.env", "secrets", "src/.env"]


def test_another_policy_begins_anew(tree: Path) -> None:
    settle()
    below(tree)
    rules = Rules()
    inventory(tree, rules, "two").below(str(tree), time.monotonic() + 20)
    assert rules.asked > 5


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda tree: put(tree / "docs/.env"), [".env", "docs/.env", "secrets", "src/.env"]),
        (lambda tree: (tree / ".env").unlink(), ["secrets", "src/.env"]),
        (
            lambda tree: (tree / "src/app.py").rename(tree / "docs/.env"),
            [".env", "docs/.env", "secrets", "src/.env"],
        ),
        (lambda tree: (tree / "src").rename(tree / "docs/source"), [".env", "docs/source/.env", "secrets"]),
        (
            lambda tree: (tree / "docs").rename(tree / "src/secrets"),
            [".env", "secrets", "src/.env", "src/secrets"],
        ),
        (lambda tree: put(tree / "secrets/README"), [".env", "secrets/a", "secrets/b", "src/.env"]),
        (lambda tree: put(tree / "secrets/b/open/x"), [".env", "secrets/a", "secrets/b/c", "src/.env"]),
        (
            lambda tree: (tree / "docs/link").symlink_to(tree / ".env"),
            [".env", "docs/link", "secrets", "src/.env"],
        ),
        (
            lambda tree: (tree / "docs/link").symlink_to("../secrets"),
            [".env", "docs/link", "secrets", "src/.env"],
        ),
        (lambda tree: swap(tree / "docs", tree / "src"), [".env", "docs/.env", "secrets"]),
        (lambda tree: replace_by_link(tree / "src", tree / "docs"), [".env", "secrets"]),
        (lambda tree: hide_in_time(tree / "docs"), [".env", "docs/.env", "secrets", "src/.env"]),
    ],
)
def test_sees_every_change(tree: Path, change, expected: list[str]) -> None:  # type: ignore[no-untyped-def]
    settle()
    below(tree)
    change(tree)
    assert below(tree) == expected
    settle()
    assert below(tree) == expected


def swap(one: Path, other: Path) -> None:
    one.rename(one.parent / "between")
    other.rename(one)
    (one.parent / "between").rename(other)


def replace_by_link(folder: Path, target: Path) -> None:
    folder.rename(folder.parent.parent / "away")
    folder.symlink_to(target)


def hide_in_time(folder: Path) -> None:
    status = folder.stat()
    put(folder / ".env")
    os.utime(folder, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_a_link_that_is_turned_elsewhere(tree: Path) -> None:
    outside = tree.parent / "outside"
    put(outside / "plain")
    put(outside / ".env")
    (outside / "turn").symlink_to("plain")
    (tree / "docs/link").symlink_to(outside / "turn")
    settle()
    assert "docs/link" not in below(tree)
    (outside / "turn").unlink()
    (outside / "turn").symlink_to(".env")
    assert "docs/link" in below(tree)


def test_what_lies_behind_a_link_to_a_folder_elsewhere(tree: Path) -> None:
    outside = tree.parent / "outside"
    put(outside / "deep" / ".env")
    (outside / "back").symlink_to(tree)
    (tree / "docs/link").symlink_to(outside)
    assert below(tree) == [".env", "docs/link/deep/.env", "secrets", "src/.env"]


def test_a_tree_named_through_a_link_is_judged_by_both_names(tree: Path) -> None:
    (tree.parent / "secrets").symlink_to(tree / "docs")
    (tree.parent / "plain").symlink_to(tree / "src")
    assert below(tree, root=tree.parent / "secrets") == ["../secrets"]
    assert below(tree, root=tree.parent / "plain") == ["../plain/.env"]


def test_a_nested_policy_makes_the_index_anew(tree: Path) -> None:
    (tree / "docs/.claude").mkdir()
    settle()
    below(tree)
    settle()
    for text in ("one", "twenty"):
        (tree / "docs/.claude/guard.toml").write_text(text)
        rules = Rules()
        below(tree, rules)
        assert rules.asked > 5
        settle()
    (tree / ".claude").mkdir()
    (tree / ".claude/guard.toml").write_text("x")
    rules = Rules()
    below(tree, rules, tree / "docs")
    below(tree, rules)
    assert rules.asked > 5


def test_a_tree_that_begins_elsewhere_makes_the_index_anew(tree: Path) -> None:
    settle()
    below(tree)
    settle()
    for change in (lambda: (tree / "src/.git").mkdir(), lambda: (tree / "src/.git").rmdir()):
        change()
        assert below(tree, rules := Rules()) == [".env", "secrets", "src/.env"]
        assert rules.asked > 5
        settle()
        below(tree)
        assert below(tree, rules := Rules()) and rules.asked == 0
    put(tree / "clone/.git/HEAD")
    put(tree / "clone/a")
    inventory(tree, whole := Rules(), "two").below(str(tree), time.monotonic() + 20)
    below(tree)
    put(tree / "clone2/.git/HEAD")
    assert below(tree, rules := Rules()) and rules.asked < whole.asked
    (tree.parent / ".git").mkdir()
    assert below(tree, rules := Rules()) and rules.asked > 5


def test_out_of_time_is_not_nothing_and_is_not_lost(tree: Path) -> None:
    for number in range(300):
        put(tree / f"many/{number}/.env")
    settle()
    assert inventory(tree, Rules()).below(str(tree), time.monotonic() - 1) is None
    rules = Rules()
    assert len(below(tree, rules)) == 303
    for _ in range(400):
        before = time.monotonic() + 0.002
        if inventory(tree, Rules(), "slow").below(str(tree), before) is not None:
            break
    else:
        pytest.fail("no progress from call to call")


def test_the_index_is_private_and_a_foreign_one_is_not_believed(tree: Path) -> None:
    settle()
    below(tree)
    (file,) = (tree.parent / ".cache/inventory").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for spoil in (lambda: file.chmod(0o644), lambda: file.write_text("{"), lambda: file.write_text("[]")):
        spoil()
        rules = Rules()
        assert below(tree, rules) == [".env", "secrets", "src/.env"]
        assert rules.asked > 5
        assert below(tree, again := Rules()) and again.asked == 0


def test_twins_are_found_in_the_tree_and_at_home(tree: Path) -> None:
    put(tree / ".git/HEAD")
    put(tree.parent / ".aws/secrets/key")
    plain, linked = tree / "docs/x.md", tree / "docs/linked"
    os.link(tree / "src/.env", linked)
    os.link(tree.parent / ".aws/secrets/key", tree / "docs/key")
    os.link(plain, tree / "docs/copy")
    names = inventory(tree, Rules())
    assert names.twins(str(linked)) == str(tree / "src/.env")
    assert names.twins(str(tree / "docs/key")) == str(tree.parent / ".aws/secrets/key")
    assert names.twins(str(tree / "src/.env")) is None
    assert names.twins(str(plain)) is None
    assert names.twins(str(tree / "nothing")) is None


def test_a_file_known_to_be_single_is_asked_again_when_it_is_linked(tree: Path) -> None:
    put(tree / ".git/HEAD")
    plain = tree / "docs/x.md"
    os.link(plain, tree / "docs/copy")
    assert inventory(tree, Rules()).twins(str(plain)) is None
    rules = Rules()
    assert inventory(tree, rules).twins(str(plain)) is None
    assert rules.asked == 0
    settle()
    os.link(plain, tree / "docs/.env")
    assert inventory(tree, Rules()).twins(str(plain)) == str(tree / "docs/.env")


def test_no_time_for_twins_is_an_error(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.link(tree / "docs/x.md", tree / "docs/copy")
    monkeypatch.setattr("claude_guard.inventory.tree.TWIN_SECONDS", -1.0)
    with pytest.raises(DeadlineError, match="several names"):
        inventory(tree, Rules()).twins(str(tree / "docs/x.md"))


def test_any_series_of_changes_leaves_the_index_as_a_fresh_walk_would_make_it(tree: Path) -> None:
    dice = random.Random(7)
    names = [".env", "a", "b", "secrets", "open", "README"]
    for step in range(60):
        everything = [path for path in tree.rglob("*") if ".git" not in path.parts]
        folders = [path for path in everything if path.is_dir() and not path.is_symlink()] or [tree]
        where = dice.choice([*folders, tree]) / dice.choice(names)
        thing = dice.choice(everything) if everything else tree
        try:
            match dice.randrange(5):
                case 0:
                    put(where)
                case 1:
                    where.mkdir()
                case 2:
                    thing.rename(where)
                case 3:
                    thing.unlink()
                case _:
                    where.symlink_to(thing)
        except OSError:
            continue
        if dice.random() < 0.5:
            settle()
        fresh = Inventory(Rules(), str(tree.parent / f"cache{step}"), "one", str(tree.parent))
        expected = fresh.below(str(tree), time.monotonic() + 20)
        assert inventory(tree, Rules()).below(str(tree), time.monotonic() + 20) == expected, step


@pytest.mark.parametrize("name", ["src/.claude/guard.toml", ".claude/guard.local.toml", "../.claude/guard.toml"])
def test_its_identity_changes_with_the_policies_in_and_above_the_trees_that_it_has_looked_at(
    tree: Path, name: str
) -> None:
    def identity(*roots: Path) -> str:
        held = inventory(tree, Rules())
        for root in roots:
            assert held.below(str(root), time.monotonic() + 20) is not None
        return held.identity

    put(tree.parent / "other/x")
    before, elsewhere = identity(tree), identity(tree.parent / "other")
    settle()
    assert identity(tree) == before
    put(tree / name)
    after = identity(tree)
    assert after != before
    assert (identity(tree.parent / "other") == elsewhere) is not name.startswith("..")
    settle()
    (tree / name).write_text("version = 1")
    assert identity(tree) not in (before, after)
