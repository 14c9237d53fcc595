"""A snapshot is believed only as it was written; whatever else it is, the policy is compiled again."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claude_guard.policy import build, snapshot
from claude_guard.policy.compile import compile_pattern
from claude_guard.policy.match import matching, way
from claude_guard.policy.sieve import Sieves
from tests.damage import flipped, linked
from tests.policy.desk import Desk, rule

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def own(tmp_path: Path) -> Desk:
    """A desk with a cache of its own and a small policy."""
    desk = Desk(tmp_path)
    desk.write({"project": rule("a")})
    return desk


def denies(desk: Desk) -> bool:
    policy = desk.load()
    return policy.judge(f"{desk.project}/a").action == "deny" and policy.judge(f"{desk.project}/b").action == "allow"


def snapshots(desk: Desk) -> list[Path]:
    return sorted(Path(desk.cache).glob("*.snapshot"))


def written(desk: Desk) -> Path:
    """The snapshot of the project's policy, after a first load."""
    assert denies(desk)
    status = os.stat(f"{desk.project}/.claude/guard.toml")
    return Path(desk.cache) / f"{status.st_dev:x}-{status.st_ino:x}.snapshot"


def test_a_snapshot_is_read_and_not_written_again(own: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(own)
    before = file.stat().st_mtime_ns
    monkeypatch.setattr(snapshot, "_import_cold", lambda: pytest.fail("compiled again"))
    assert denies(own)
    assert file.stat().st_mtime_ns == before
    assert file.stat().st_mode & 0o777 == 0o600
    assert Path(own.cache).stat().st_mode & 0o777 == 0o700


def test_a_changed_policy_is_compiled_again(own: Desk) -> None:
    written(own)
    own.write({"project": rule("b")})
    assert not denies(own)


def folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


MISCHIEF: list[tuple[str, Callable[[Path], object]]] = [
    ("missing", lambda file: file.unlink()),
    ("empty", lambda file: file.write_bytes(b"")),
    ("cut", lambda file: file.write_bytes(file.read_bytes()[:-20])),
    ("text", lambda file: file.write_bytes(b"claude-guard 01\n" + b"{" * 500)),
    ("open to others", lambda file: file.chmod(0o644)),
    ("a link", linked),
    ("a folder", folder),
    ("another key", lambda file: (file.parent / "private/secret").write_bytes(b"x" * 32)),
    ("no key", lambda file: (file.parent / "private/secret").unlink()),
    ("a key for all", lambda file: (file.parent / "private/secret").chmod(0o644)),
    ("a cache for all", lambda file: file.parent.chmod(0o755)),
    *((f"flipped at {at}", lambda file, at=at: flipped(file, at)) for at in (0, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 1)),
]


@pytest.mark.parametrize("mischief", [row[1] for row in MISCHIEF], ids=[row[0] for row in MISCHIEF])
def test_what_is_not_as_it_was_written_is_not_believed(own: Desk, mischief: Callable[[Path], object]) -> None:
    mischief(written(own))
    assert denies(own)
    assert denies(own)


def test_another_policys_snapshot_is_not_believed(own: Desk) -> None:
    mine = written(own)
    other = next(file for file in snapshots(own) if file != mine)
    mine.write_bytes(other.read_bytes())
    assert denies(own)


def test_a_block_that_is_found_to_be_changed_late_is_compiled_again(own: Desk) -> None:
    own.write(
        {"project": "".join(rule(f"name-{number}", more="reason = '" + "x" * 200 + "'") for number in range(400))}
    )
    own.load()
    status = os.stat(f"{own.project}/.claude/guard.toml")
    file = Path(own.cache) / f"{status.st_dev:x}-{status.st_ino:x}.snapshot"
    data = file.read_bytes()
    assert len(data) > 65_536
    policy = own.load()
    file.write_bytes(data[:70_000] + b"\0" * (len(data) - 70_000))
    for number in (1, 200, 399):
        assert policy.judge(f"{own.project}/name-{number}").action == "deny"


@pytest.mark.parametrize("cache", ["/dev/null/cache", "/proc/1/cache"])
def test_without_a_cache_it_only_takes_longer(own: Desk, cache: str) -> None:
    own.cache = cache
    assert denies(own)


@pytest.mark.parametrize("warm", [False, True])
def test_an_interpreter_without_site_packages_judges_too(own: Desk, warm: bool) -> None:
    if warm:
        written(own)
    program = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from claude_guard.policy import snapshot\n"
        f"policy = snapshot.load({own.project!r}, {own.home!r}, {own.cache!r}, root='/nonexistent')\n"
        f"print(policy.judge({own.project + '/a'!r}).action)\n"
        "print(*sorted(sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=False)
    action, modules = done.stdout.splitlines() or ("", "")
    assert action == "deny", done.stderr
    if warm:
        assert not {"re", "json", "typing", "pydantic", "tomllib", "pathspec"} & set(modules.split())


NAMES = st.sampled_from(["a", "ab", "abc", "abcd.pem", ".env", ".env.x", "x-key", "key", "data.csv", "d"])
GLOBS = st.sampled_from(
    ["a", "a*", "*.pem", ".env*", "*key*", "[ab]*", "d/", "*", "**/abc", "a/*", "d/**/x", "!a", "!*.pem", "x-*", "?",
     "a*d*m", "/a/b*", "abc*", "*.c?v", "~/p/key", "//**/ab"]
)  # fmt: skip
LISTS = st.lists(GLOBS, min_size=1, max_size=3).filter(lambda globs: any(glob[0] != "!" for glob in globs))


@settings(max_examples=60, deadline=None)
@given(
    rules=st.lists(
        st.tuples(LISTS, st.sampled_from(["public", "confidential", "restricted"])), min_size=1, max_size=90
    ),
    paths=st.lists(st.lists(NAMES, min_size=1, max_size=4).map("/".join), min_size=5, max_size=15),
    few=st.sampled_from([0, build.FEW]),
)
def test_the_indexed_judgement_is_the_naive_one(
    desks: Callable[[], Desk], rules: list[tuple[list[str], str]], paths: list[str], few: int
) -> None:
    desk = desks()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "FEW", few)
        policy = desk.load(
            {"user": 'default = "internal"\n' + "".join(rule(*globs, level=level) for globs, level in rules)}
        )
    compiled = [([compile_pattern(glob).row for glob in globs], level) for globs, level in rules]
    for path in paths:
        whole = f"{desk.project}/{path}"
        on = way(whole, desk.home, desk.project, False)
        naive = next((level for rows, level in reversed(compiled) if matching(rows, on) is not None), "internal")
        said = next(one for one in policy.explain(whole, False) if one.layer == "user")
        assert said.judgement.level == naive, path


MANY = [("folder-{}/", "folder-{}/x"), ("*.secret{}", "a.secret{}"), ("*priv{}*", "a-priv{}-b.txt"),
        ("*x?{}[a-c]*", "xy{}b")]  # fmt: skip


def test_however_many_rules_there_are_a_path_reads_those_that_may_match(desk: Desk) -> None:
    policy = desk.load({"project": "".join(rule(pattern.format(n)) for n in range(100, 600) for pattern, _ in MANY)})
    layer = policy.in_force(f"{desk.project}/x")[0][0]
    assert policy.judge(f"{desk.project}/src/components/buttons/primary_button_test.py", False).action == "allow"
    assert len(layer.own._shards) <= 12 < layer.own.shards // 8
    assert len(layer.own._rules) <= 1
    sieves = Sieves(policy)
    for number in range(100, 600, 7):
        for _, path in MANY:
            folder, _, name = f"{desk.project}/{path.format(number)}".rpartition("/")
            assert policy.judge(f"{folder}/{name}", False).action == "deny", name
            assert sieves(folder)(name), name
    assert not sieves(desk.project)("primary_button_test.py")
