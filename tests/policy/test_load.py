"""Broken policies, each with the one line that a person gets."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from claude_guard.errors import PolicyError
from tests.policy.desk import Desk, rule

KEYS = "`version`, `extends`, `default`, `rules`, `classes`, `clearance`, `environment`, `commands`, `shell`"
CLASSES = "`public`, `internal`, `confidential`, `restricted`"
PACKS = ", ".join(
    f"`builtin:{name}`" for name in ("credentials", "infrastructure", "intellectual-property", "personal-data")
)
R = '[[rules]]\npaths = ["a"]\nclass = "restricted"\n'
ROWS = [
    # (what stands below `version = 1`, line[:column], message)
    ("x", "2:2", "not TOML: expected `=` after a key in a key/value pair; mend this line"),
    ('a = "b', "2:7", "not TOML: a text is not closed; mend this line"),
    ("version = 1", "2:12", "not TOML: cannot overwrite a value; mend this line"),
    ("rulez = 1", "2", "unknown key `rulez`; did you mean `rules`?"),
    ("zzz = 1", "2", f"unknown key `zzz`; known here: {KEYS}"),
    (R + "\n[[rules]]\npath = ['a']\nclass = 'public'\n", "7", "unknown key `path`; did you mean `paths`?"),
    (R + "reasom = 'x'\n", "5", "unknown key `reasom`; did you mean `reason`?"),
    (R + "\n[[rules]]\n# none\npaths = ['a']\n", "6", "`class` is missing; add `class = ...`"),
    ("[[rules]]\npaths = []\nclass = 'public'\n", "3", "`paths` is empty; name at least one"),
    ("[[rules]]\npaths = 'a'\nclass = 'public'\n", "3", "`paths` must be a list in brackets; not `a`"),
    ("[[rules]]\npaths = [\n  'a',\n  3,\n]\nclass = 'public'\n", "5", "`paths` must be text in quotes; not `3`"),
    ("[[rules]]\npaths = [\n  'a', # b\n  '[b',\n]\nclass = 'public'\n", "5",
     "pattern `[b` has a `[` that is not closed; write `\\[` for a bracket"),
    ("[[rules]]\npaths = ['!a']\nclass = 'public'\n", "3",
     "`paths` holds exceptions only; name what they are exceptions from"),
    (R + "may-loosen = true\n", "5", "`may-loosen` does not belong here; only a managed or user policy may say it"),
    (R + "may-loosen = 'yes'\n", "5", "`may-loosen` must be `true` or `false`, without quotes; not `yes`"),
    (R + "view = 'blur'\n", "5", "`view` cannot be `blur`; write `redact`, `placeholders`, `sample` or `outline`"),
    (R + "programs = 'some'\n", "5", "`programs` cannot be `some`; write `none` or `use`"),
    (R + "matches = ['b']\n", "5",
     "rule `rules[1]` does not match its example `b`; mend the patterns, or move it out of `matches`"),
    (R + "id = 'mine'\npasses = ['x/a']\n", "6",
     "rule `mine` matches its example `x/a`; mend the patterns, or move it out of `passes`"),
    ("[[rules]]\npaths = ['a']\nclass = 'secret'\n", "4",
     f"unknown class `secret`; known: {CLASSES}"),
    ("default = 'open'\n", "2", f"unknown class `open`; known: {CLASSES}"),
    ("[clearance]\nteam = 'all'\n", "3",
     f"unknown class `all`; known: {CLASSES}"),
    ("[classes.secret]\naction = 'deny'\n", "2",
     'class `secret` is new and has no place; add `above = "confidential"` or another class that it is stricter than'),
    ("[classes.secret]\nabove = 'top'\n", "2",
     f"class `secret` stands above `top`, which is not a class; known: {CLASSES}"),
    ("[classes.internal]\nabove = 'public'\n", "2", "class `internal` is built in and cannot be moved; remove `above`"),
    ("[classes.confidential]\naction = 'block'\n", "3",
     "`action` cannot be `block`; write `allow`, `view`, `ask` or `deny`"),
    ("[classes.Secret]\nabove = 'public'\n", "2", "`Secret` is not a name; use small letters, digits, `-` and `_`"),
    ("[clearance]\ndestination = 'team'\n", "3",
     "`destination` does not belong here; only a managed or user policy may say it"),
    ("[shell]\nconfine = 'on'\n", "3", "`confine` cannot be `on`; write `auto`, `require` or `off`"),
    ("[environment]\nrestricted = ['A B']\n", "3",
     "`A B` is not a variable's name; write a name such as `DATABASE_URL` or `*_TOKEN`"),
    ("extends = ['builtin:credential']\n", "2", f"there is no pack `builtin:credential`; packs: {PACKS}"),
    ("extends = ['credentials']\n", "2",
     "`credentials` does not name a pack; write `builtin:NAME`, for example `builtin:credentials`"),
    ("[[commands]]\nrun = 'make'\n", "2", "`uses` is missing; add `uses = ...`"),
    (R + 'reason = """a\nb"""\n', "5", "`reason` holds a line break or control character; write it in one line"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "place", "message"), ROWS)
def test_a_broken_policy_says_where_what_and_how_to_mend_it(desk: Desk, text: str, place: str, message: str) -> None:
    with pytest.raises(PolicyError) as caught:
        desk.load({"project": text}).judge(f"{desk.project}/a")
    assert str(caught.value) == f"{desk.project}/.claude/guard.toml:{place}: {message}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "{}:1: `version` is missing; write `version = 1` at the top"),
        ("version = 2", "{}:1: `version` cannot be `2`; write `1`, or get a newer claude-guard"),
        ("version = true", "{}:1: `version` must be a number; not `True`"),
        ("a = " + "[" * 3000, "{}: nested too deeply; use plain tables and lists"),
    ],
)
def test_version(desk: Desk, text: str, message: str) -> None:
    desk.write({"project": ""})
    file = Path(desk.project) / ".claude/guard.toml"
    file.write_text(text)
    with pytest.raises(PolicyError) as caught:
        desk.load()
    assert str(caught.value) == message.format(file)


def link(file: Path) -> None:
    file.symlink_to("nowhere")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda file: file.write_bytes(b"version = 1\n# \xff\n"), "{}:2: not UTF-8; save it as UTF-8"),
        (lambda file: file.write_bytes(b"#" * 4_000_001), "{}: larger than 4 MB; shorten it"),
        (lambda file: file.mkdir(), "{}: not a regular file; put the policy there, or remove it"),
        (os.mkfifo, "{}: not a regular file; put the policy there, or remove it"),
        (link, "{}: cannot be read: no such file or directory; make it readable, or remove it"),
    ],
)
@pytest.mark.parametrize("layer", ["project", "user"])
def test_what_is_no_readable_file_is_an_error(desk: Desk, layer: str, make: object, message: str) -> None:
    places = {"project": f"{desk.project}/.claude/guard.toml", "user": f"{desk.home}/.config/claude-guard/policy.toml"}
    file = Path(places[layer])
    file.parent.mkdir(parents=True, exist_ok=True)
    make(file)  # type: ignore[operator]
    with pytest.raises(PolicyError) as caught:
        desk.load()
    assert str(caught.value) == message.format(file)


@pytest.mark.parametrize("name", ["etc", "etc/policy.toml", "etc/policy.d", "etc/policy.d/10.toml"])
def test_a_managed_policy_that_others_may_change_is_refused(desk: Desk, name: str) -> None:
    desk.write({"managed": "", "managed.d": rule("a")})
    assert desk.load().judge(f"{desk.project}/a").action == "deny"
    path = desk.root / name
    path.chmod(path.stat().st_mode | 0o020)
    with pytest.raises(PolicyError, match=r"can be changed by others; run `chmod go-w"):
        desk.load()
    path.chmod(path.stat().st_mode & ~0o020)
    with pytest.raises(PolicyError, match=r"not owned by root; run `chown root"):
        desk.load(owner=os.getuid() + 1)


def test_a_class_that_two_layers_put_in_different_places_is_an_error(desk: Desk) -> None:
    text = '[classes.secret]\nabove = "{}"\n'
    with pytest.raises(PolicyError) as caught:
        desk.load({"user": text.format("restricted"), "project": text.format("public")})
    assert caught.value.message.endswith("guard.toml:2: class `secret` already stands above `restricted`")
