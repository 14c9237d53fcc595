"""The policy as globs: nothing that it denies is missing, and real ripgrep leaves out what they say."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claude_guard.policy import globs
from claude_guard.policy.policy import Policy
from tests.policy.desk import Desk, rule

TREE = [
    ".env", ".env.example", ".env.local", "a.txt", "a.zzz", "public.zzz", "data/a.csv", "data/deep/b.csv",
    "data/keep.csv",
    "secrets/a", "secrets/sub/b", "src/secrets", "src/main.py", "tests/.env", "tests/fixtures/.env", "tests/x/a.zzz",
    "sub/.env.local", "sub/data/a.csv", "sub/a b.txt", "sub/notes, old.txt", "x/y/z/key.json", "config/prod.yml",
]  # fmt: skip


def plant(desk: Desk) -> None:
    for name in TREE:
        file = Path(desk.project) / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x")


def left(root: str, exclusions: list[str]) -> set[str]:
    """What ripgrep still searches below a folder."""
    words = ["rg", "--files", "--hidden", "--no-ignore", "--no-config", "-0"]
    for glob in exclusions:
        words += ["-g", "!" + glob]
    done = subprocess.run(words, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return set(done.stdout.split("\0")) - {""}


def judged(policy: Policy, root: str) -> tuple[set[str], set[str]]:
    """The files below a folder that the policy lets out, and those that it does not."""
    passed: set[str] = set()
    denied: set[str] = set()
    for file in Path(root).rglob("*"):
        if file.is_file() and ".claude" not in file.parts:
            side = passed if policy.judge(str(file), False).action == "allow" else denied
            side.add(str(file.relative_to(root)))
    return passed, denied


ROWS: list[tuple[dict[str, str], str, bool]] = [
    # (layers, folder searched, whether exactly the denied files are left out)
    ({}, "", True),
    ({"project": rule("secrets/", "*.zzz", "!public.zzz")}, "", True),
    ({"project": rule("data/**/*.csv", level="confidential")}, "", True),
    ({"project": rule("data/**/*.csv", level="confidential")}, "data", True),
    ({"project": rule("/secrets/")}, "sub", True),
    ({"project": rule("data/*", "!data/keep.csv")}, "", True),
    ({"project": rule("*.zzz") + rule("/x/y/", level="internal")}, "", True),
    ({"project": rule("*.zzz") + rule("/tests/", level="internal")}, "", False),
    ({"project": rule("*.zzz") + rule("tests/", level="internal")}, "", False),
    ({"project": rule(".env", level="internal")}, "", True),
    ({"project": rule("/tests/fixtures/.env", level="internal")}, "", False),
    ({"user": rule("a b.txt", "notes, old.txt")}, "sub", True),
    ({"user": rule("/config/prod.yml", "~/p/x/**/key.json")}, "", True),
    ({"user": rule("~/p/x/")}, "x/y", True),
    ({"nested": rule("a.csv")}, "sub", True),
    ({"project": 'default = "restricted"\n' + rule("src/", level="internal")}, "", False),
]


@pytest.mark.oracle
@pytest.mark.skipif(shutil.which("rg") is None, reason="needs ripgrep")
@pytest.mark.parametrize(("layers", "folder", "exact"), ROWS)
def test_ripgrep_leaves_out_what_is_denied(desk: Desk, layers: dict[str, str], folder: str, exact: bool) -> None:
    plant(desk)
    policy = desk.load(layers)
    root = f"{desk.project}/{folder}".rstrip("/")
    exclusions = globs.denied(policy, root)
    assert not [glob for glob in exclusions if set(glob) & set(" ,{}") or glob.startswith("!")]
    passed, denied = judged(policy, root)
    searched = left(root, [*exclusions, ".claude"])
    assert searched & denied == set()
    assert searched == passed or not exact


GLOBS = st.sampled_from(
    ["a*", "*.zzz", ".env*", "secrets/", "/data/*", "**/deep/**", "data/**/*.csv", "x/*/z/", "*", "sub/**", "[ab].*"]
)
EXCEPTIONS = st.sampled_from(
    ["!.env.example", "!a.txt", "!*.csv", "!secrets/a", "!/data/keep.csv", "!sub/", "!tests/**"]
)
RULES = st.lists(
    st.builds(
        lambda names, milder, level: rule(*names, *milder, level=level),
        st.lists(GLOBS, min_size=1, max_size=2),
        st.lists(EXCEPTIONS, max_size=2),
        st.sampled_from(["internal", "restricted", "restricted"]),
    ),
    min_size=1,
    max_size=3,
)


@pytest.mark.oracle
@pytest.mark.skipif(shutil.which("rg") is None, reason="needs ripgrep")
@settings(max_examples=40, deadline=None)
@given(project=RULES, user=RULES, folder=st.sampled_from(["", "data", "sub", "x/y"]))
def test_nothing_denied_is_searched(
    desks: Callable[[], Desk], project: list[str], user: list[str], folder: str
) -> None:
    desk = desks()
    plant(desk)
    policy = desk.load({"project": "".join(project), "user": "".join(user)})
    root = f"{desk.project}/{folder}".rstrip("/")
    if policy.judge(root, True).action == "allow":
        assert left(root, globs.denied(policy, root)) & judged(policy, root)[1] == set()


def test_hidden_names_are_those_of_their_rules(desk: Desk) -> None:
    policy = desk.load({"project": rule("board/", more='names = "hidden"') + rule("*.zzz")})
    assert policy.hidden(desk.project) == ["board/"]
    assert desk.load({}).hidden(desk.project) == []


NATIVE = [
    ({"project": rule("secrets/", "*.zzz", "/top", "a/b.txt")}, ["**/secrets/**", "*.zzz", "./top", "./a/b.txt"]),
    ({"user": rule("~/x/", "//etc/y")}, ["~/x/**", "//etc/y"]),
    ({"project": rule("q*", "!qa")}, ["q[!a]*", "qa?*", "q"]),
    ({"outside": rule("zzz")}, []),
    ({"project": rule("zzz", level="confidential")}, []),
]


@pytest.mark.parametrize(("layers", "wanted"), NATIVE)
def test_native_rules(desk: Desk, layers: dict[str, str], wanted: list[str]) -> None:
    builtin = set(globs.native(desk.load({}))[0])
    assert [line for line in globs.native(desk.load(layers))[0] if line not in builtin] == wanted


def test_a_pattern_that_the_client_cannot_hold_is_named_and_its_examples_stand_for_it(desk: Desk) -> None:
    text = rule("zz*", "!z*y*q", more='matches = ["zza", "x/zzb"]')
    rules, missing = globs.native(desk.load({"project": text}))
    assert {"zza", "zzb"} <= set(rules)
    assert "zz*" not in rules
    said = [why for pattern, why in missing if pattern.startswith("zz* (")]
    assert said == ["its exceptions cannot be written without negation; 2 names stand for it"]


def test_the_credentials_pack_reaches_the_client(desk: Desk) -> None:
    rules, _ = globs.native(desk.load({}))
    assert {".env", ".env.local", "id_rsa", "**/.aws/credentials", ".netrc"} <= set(rules)
    assert len(rules) < 1_500
