"""Profiles in the words of macOS: their texts as kept, their grammar, and what they deny by it.

No macOS has run them for these tests. What is compared is the text; what it means is `sbpl.py`'s reading of the public
grammar. On a Mac the trial (`test_trial.py`) and the corpus decide.
"""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_guard.confine import seatbelt, trial
from claude_guard.confine.profile import Profile, masks

from . import sbpl
from .sbpl import Access

GOLDEN = Path(__file__).parents[1] / "golden/seatbelt"
FULL = Profile(
    files=("/Users/a/p/.env", "/Users/a/p/secrets/a", '/tmp/q"x', "/Users/a/p/back\\slash"),
    folders=("/Users/a/p/secrets", "/Users/a/p/secrets/deep"),
    hidden=("/Users/a/p/secrets/deep",),
    sealed=("/Users/a/.cache/claude-guard/key", "/var/run/docker.sock"),
    readonly=("/Users/a/p/.git/config", "/Users/a/p/.git/hooks"),
    variables=("TOKEN",),
    uses=("/Users/a/p/secrets/ca.pem", "/Users/a/p/.env.test"),
)
PROFILES = {
    "nothing": Profile(),
    "full": FULL,
    "many": Profile(files=tuple(f"/Users/a/p/{n}.env" for n in range(300))),
    "used": FULL._replace(uses=("/Users/a/p", "/var/run/docker.sock")),
}


@pytest.mark.parametrize("name", PROFILES)
def test_the_text_is_as_kept(name: str) -> None:
    assert seatbelt.text(PROFILES[name]) == (GOLDEN / f"{name}.sb").read_text()


def test_every_kept_text_is_of_a_profile() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == set(PROFILES)


def test_what_a_full_profile_denies() -> None:
    rules = sbpl.read(seatbelt.text(FULL))

    def denied(operation: str, path: str = "", **more: object) -> bool:
        return sbpl.denied(rules, Access(operation, path, **more))  # type: ignore[arg-type]  # see the table

    table = (
        ("file-read-data", "/Users/a/p/.env", True),
        ("file-read-data", "/System/Volumes/Data/Users/a/p/.env", True),
        ("file-read-data", "/Users/a/p/.env/..namedfork/rsrc", True),
        ("file-read-metadata", "/Users/a/p/.env", False),
        ("file-read-data", "/Users/a/p/.env.test", False),
        ("file-read-data", '/private/tmp/q"x', True),
        ("file-write-data", "/Users/a/p/.env", True),
        ("file-write-unlink", "/Users/a/p/.env", True),
        ("file-link", "/Users/a/p/.env", True),
        ("file-clone", "/Users/a/p/.env", True),
        ("file-clone", "/Users/a/p", True),
        ("file-read-data", "/Users/a/p/secrets/b", True),
        ("file-read-data", "/Users/a/p/secrets/ca.pem", False),
        ("file-write-create", "/Users/a/p/secrets/new", True),
        ("file-read-data", "/Users/a/p/secrets/deep/x", True),
        ("file-write-unlink", "/Users/a/p", True),
        ("file-write-unlink", "/Users/a/p/.git", True),
        ("file-write-unlink", "/Users/a/p/other", False),
        ("file-write-data", "/Users/a/p/.git/config", True),
        ("file-read-data", "/Users/a/p/.git/config", False),
        ("file-write-create", "/Users/a/p/.git/hooks/post-commit", True),
        ("network-outbound", "/private/var/run/docker.sock", True),
        ("network-outbound", "/private/var/run/mDNSResponder", False),
        ("process-exec", "/bin/launchctl", True),
        ("process-exec", "/bin/ls", False),
        ("file-write-create", "/private/var/at/jobs/a", True),
        ("job-creation", "", True),
        ("process-fork", "", False),
    )
    assert [row for row in table if denied(row[0], row[1]) is not row[2]] == []
    assert not denied("file-read-data", "/Users/a/p/secrets", folder=True)
    assert denied("file-read-data", "/Users/a/p/secrets/deep", folder=True)
    assert denied("process-info-pidinfo", target="others")
    assert not denied("process-info-pidinfo", target="same-sandbox")
    assert denied("mach-lookup", name="com.apple.coreservices.appleevents")


NAMES = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=8)
PATHS = st.lists(NAMES.filter(lambda name: name not in (".", "..")), min_size=1, max_size=4).map(
    lambda names: "/" + "/".join(names)
)
LISTS = st.lists(PATHS, max_size=6).map(tuple)
ANY = st.builds(Profile, LISTS, LISTS, LISTS, LISTS, LISTS, st.just(()), LISTS)


@given(ANY)
def test_any_profile_keeps_what_it_says(profile: Profile) -> None:
    """Whatever the paths: the text is of the grammar, what is left to mask is not read and not moved, the rest is."""
    rules = sbpl.read(seatbelt.text(profile))
    left = masks(profile)
    reopened = tuple(left.reopened)
    below = lambda path, folders: any(path == one or path.startswith(one + "/") for one in folders)  # noqa: E731
    for path in (*left.files, *left.sealed, *(folder + "/x" for folder in left.folders)):
        if not below(path, reopened):
            for operation in ("file-read-data", "file-write-data", "file-write-unlink", "file-link", "file-clone"):
                assert sbpl.denied(rules, Access(operation, path)), operation
        above = path.rpartition("/")[0]
        while above:
            assert sbpl.denied(rules, Access("file-write-unlink", above))
            above = above.rpartition("/")[0]
    for path in profile.readonly:
        assert sbpl.denied(rules, Access("file-write-data", path))
    for path in reopened:
        if not below(path, profile.hidden):
            assert not sbpl.denied(rules, Access("file-read-data", path))
    assert not sbpl.denied(rules, Access("file-read-data", "/somewhere/else/entirely/x"))


def test_a_thousand_masks_are_rules_of_a_length_that_is_taken() -> None:
    long = "/Users/" + "x" * 200 + "/" + "y" * 200 + "/" + "z" * 200
    rules = sbpl.read(seatbelt.text(Profile(files=tuple(f"{long}/{n}" for n in range(1000)))))
    assert all(sbpl.denied(rules, Access("file-read-data", f"{long}/{n}")) for n in (0, 99, 100, 999))


def test_the_profile_of_the_trial_is_of_the_grammar(tmp_path: Path) -> None:
    sbpl.read(seatbelt.text(trial.prepare(str(tmp_path))))


WRONG = (
    "(version 1)",
    "(allow default)",
    '(version 1)(allow default)(deny file-raed-data (subpath "/a"))',
    '(version 1)(allow default)(deny file-read-data (subpath "/a")',
    '(version 1)(allow default)(deny file-read-data (subpath "/a")))',
    '(version 1)(allow default)(deny file-read-data (subpath "a"))',
    '(version 1)(allow default)(deny file-read-data (subpath "/a/"))',
    "(version 1)(allow default)(deny file-read-data (subpath /a))",
    '(version 1)(allow default)(deny file-read-data (subpath "/a"quote"))',
    '(version 1)(allow default)(deny file-read-data (sub-path "/a"))',
    '(version 1)(allow default)(deny (subpath "/a") file-read-data)',
    "(version 1)(allow default)(deny mach-lookup (target self))",
    "(version 1)(allow default)(deny process-info* (target elsewhere))",
    '(version 1)(allow default)(deny file-read-data (require-not (subpath "/a") (subpath "/b")))',
    '(version 1)(allow default)(deny network-outbound (remote unix-socket "/a"))',
    "(version 1)(allow default)(forbid file-read-data)",
    "(version 1)(allow default)(deny file-read-data " + '(subpath "/a")' * 5000 + ")",
)


@pytest.mark.parametrize("text", WRONG, ids=range(len(WRONG)))
def test_the_reader_refuses(text: str) -> None:
    with pytest.raises(sbpl.Malformed):
        sbpl.read(text)


def test_every_operation_has_a_source() -> None:
    used = {operation for rule in sbpl.read(seatbelt.text(FULL)) for operation in rule.operations}
    assert used == set(sbpl.OPERATIONS)
    assert all(source for _, source in sbpl.OPERATIONS.values())
