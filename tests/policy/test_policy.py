"""What the layers say together, row by row, and what must hold whatever they say."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claude_guard.errors import PolicyError
from claude_guard.model import STRICTNESS
from tests.policy.desk import Desk, rule

RESTRICTED_ASK = '[classes.restricted]\naction = "ask"\n'
OWN = """
[classes.secret]
above = "restricted"
action = "deny"
[classes.board]
above = "confidential"
action = "view"
"""

ROWS: list[tuple[dict[str, str], str, str, str]] = [
    # (layers, path below home, class, action)
    ({}, "p/a.py", "internal", "allow"),
    ({}, "p/.env", "restricted", "deny"),
    ({}, "p/.env.example", "internal", "allow"),
    ({}, "elsewhere/.env", "restricted", "deny"),
    ({"project": rule("docs/", level="public")}, "p/docs/a", "public", "allow"),
    ({"project": rule("docs/", level="public")}, "elsewhere/docs/a", "internal", "allow"),
    ({"project": rule("a") + rule("a", level="public")}, "p/a", "public", "allow"),
    ({"project": rule("a", level="public") + rule("a")}, "p/a", "restricted", "deny"),
    ({"project": rule("d/", "!d/x")}, "p/d/x", "restricted", "deny"),
    ({"project": rule("d/*", "!d/x")}, "p/d/x", "internal", "allow"),
    ({"project": rule("d/") + rule("d/x", level="internal")}, "p/d/x", "internal", "allow"),
    ({"project": rule("x", level="confidential")}, "p/x", "confidential", "ask"),
    # the packs that are on by default give way to a rule of one's own, in its own tree
    ({"project": rule(".env", level="internal")}, "p/.env", "internal", "allow"),
    ({"project": rule(".env", level="internal")}, "elsewhere/.env", "restricted", "deny"),
    ({"project": rule("//**/.env", level="internal")}, "elsewhere/.env", "restricted", "deny"),
    ({"project": rule("~/p/.env", level="internal")}, "p/.env", "restricted", "deny"),
    ({"user": rule("~/p/.env", level="internal")}, "p/.env", "internal", "allow"),
    ({"local": rule(".env.test", level="internal")}, "p/.env.test", "internal", "allow"),
    ({"project": 'extends = ["builtin:credentials"]\n' + rule(".env", level="public")}, "p/.env", "public", "allow"),
    ({"managed": 'extends = ["builtin:credentials"]\n', "project": rule(".env", level="public")}, "p/.env",
     "restricted", "deny"),
    # the stricter layer wins, whichever it is
    ({"managed": rule("a"), "project": rule("a", level="public")}, "p/a", "restricted", "deny"),
    ({"managed": rule("a", level="public"), "project": rule("a")}, "p/a", "restricted", "deny"),
    ({"managed.d": rule("a"), "managed": rule("a", level="public")}, "p/a", "restricted", "deny"),
    ({"user": rule("a"), "local": rule("a", level="public")}, "p/a", "restricted", "deny"),
    ({"project": rule("a"), "local": rule("a", level="public")}, "p/a", "restricted", "deny"),
    # unless the higher one lets it
    ({"managed": rule("a", more="may-loosen = true"), "project": rule("a", level="public")}, "p/a", "public", "allow"),
    ({"user": rule("a", more="may-loosen = true"), "local": rule("a", level="public")}, "p/a", "public", "allow"),
    ({"managed": rule("a", more="may-loosen = true"), "project": rule("~/p/a", level="public")}, "p/a",
     "restricted", "deny"),
    ({"managed": rule("a", more="may-loosen = true"), "user": rule("a"), "project": rule("a", level="public")}, "p/a",
     "restricted", "deny"),
    # defaults
    ({"project": 'default = "confidential"\n' + rule("src/", level="internal")}, "p/a", "confidential", "ask"),
    ({"project": 'default = "confidential"\n' + rule("src/", level="internal")}, "p/src/a", "internal", "allow"),
    ({"project": 'default = "confidential"\n'}, "elsewhere/a", "internal", "allow"),
    ({"user": 'default = "confidential"\n'}, "elsewhere/a", "confidential", "ask"),
    ({"user": 'default = "confidential"\n', "project": rule("a", level="public")}, "p/a", "confidential", "ask"),
    # nested policies
    ({"project": rule("a"), "nested": rule("a", level="public")}, "p/sub/a", "restricted", "deny"),
    ({"project": rule("/a"), "nested": rule("/a")}, "p/sub/a", "restricted", "deny"),
    ({"nested": rule("a")}, "p/a", "internal", "allow"),
    ({"outside": rule("a")}, "other/a", "restricted", "deny"),
    ({"outside": rule("a"), "project": '[classes.restricted]\naction = "allow"\n'}, "other/a", "restricted", "deny"),
    ({"project": rule("a"), "nested": '[classes.restricted]\naction = "allow"\n'}, "p/sub/a", "restricted", "deny"),
    # actions and clearance
    ({"project": rule("a") + RESTRICTED_ASK}, "p/a", "restricted", "ask"),
    ({"managed": rule("a"), "project": RESTRICTED_ASK}, "p/a", "restricted", "deny"),
    ({"managed": rule("a") + RESTRICTED_ASK, "project": ""}, "p/a", "restricted", "ask"),
    ({"managed": rule("a") + RESTRICTED_ASK, "project": '[classes.restricted]\naction = "deny"\n'}, "p/a",
     "restricted", "deny"),
    ({"project": OWN + rule("a", level="secret")}, "p/a", "secret", "deny"),
    ({"project": OWN + rule("a", level="board")}, "p/a", "board", "view"),
    ({"project": '[classes.board]\nabove = "confidential"\n' + rule("a", level="board")}, "p/a", "board", "ask"),
    ({"project": '[clearance]\ndefault = "confidential"\n' + rule("a", level="confidential")}, "p/a",
     "confidential", "allow"),
    ({"managed": rule("a"), "project": '[clearance]\ndefault = "restricted"\n'}, "p/a", "restricted", "deny"),
    ({"user": '[clearance]\ndefault = "internal"\n', "project": '[clearance]\ndefault = "restricted"\n' + rule("a")},
     "p/a", "restricted", "deny"),
    ({"project": '[clearance]\ndefault = "public"\n'}, "p/b", "internal", "allow"),
    # absolute and home patterns tighten anywhere
    ({"project": rule("~/notes/")}, "notes/a", "restricted", "deny"),
    ({"user": rule("/top")}, "p/top", "restricted", "deny"),
    ({"user": rule("/top")}, "p/x/top", "internal", "allow"),
]  # fmt: skip


@pytest.mark.parametrize(("layers", "path", "level", "action"), ROWS)
def test_layers(desk: Desk, layers: dict[str, str], path: str, level: str, action: str) -> None:
    judgement = desk.load(layers).judge(f"{desk.home}/{path}", False)
    assert (judgement.level, judgement.action) == (level, action)


def test_a_git_folder_made_in_a_folder_does_not_free_it(desk: Desk) -> None:
    desk.write({"user": rule("secrets/")})
    file = f"{desk.project}/secrets/a"
    assert desk.load().judge(file).action == "deny"
    (desk.root / "home/p/secrets/.git").mkdir(parents=True)
    assert desk.load().judge(file).action == "deny"


def test_an_unknown_kind_gets_the_stricter_answer(desk: Desk) -> None:
    policy = desk.load({"project": rule("x/") + rule("y") + rule("y/", level="public")})
    path = f"{desk.project}/x"
    assert [policy.judge(path, folder).action for folder in (True, False, None)] == ["deny", "allow", "deny"]
    assert policy.judge(path + "/").action == "deny"
    assert policy.judge(f"{desk.project}/y").action == "deny"


@pytest.mark.parametrize(
    ("environment", "layers", "destination", "clearance"),
    [
        ({}, {}, "default", "internal"),
        ({"CLAUDE_CODE_USE_BEDROCK": "1"}, {}, "bedrock", "internal"),
        ({"CLAUDE_CODE_USE_BEDROCK": "1"}, {"project": '[clearance]\nbedrock = "confidential"\n'}, "bedrock",
         "confidential"),
        ({"CLAUDE_CODE_USE_BEDROCK": "0", "CLAUDE_CODE_USE_VERTEX": "true"}, {}, "vertex", "internal"),
        ({"CLAUDE_CODE_USE_FOUNDRY": "yes"}, {}, "foundry", "internal"),
        ({}, {"user": '[clearance]\ndestination = "team"\nteam = "confidential"\n'}, "team", "confidential"),
        ({}, {"user": '[clearance]\ndestination = "team"\nteam = "confidential"\n',
              "project": '[clearance]\nteam = "public"\n'}, "team", "public"),
    ],
)  # fmt: skip
def test_clearance(
    desk: Desk, environment: dict[str, str], layers: dict[str, str], destination: str, clearance: str
) -> None:
    policy = desk.load(layers, environment=environment)
    assert (policy.destination, policy.clearance) == (destination, clearance)


def test_settings_of_the_session(desk: Desk) -> None:
    policy = desk.load(
        {
            "user": '[shell]\nconfine = "require"\n[environment]\nallow = ["MY_TOKEN"]\nrestricted = ["MINE_*"]\n',
            "project": '[shell]\nconfine = "off"\nopaque = "deny"\n[environment]\nallow = ["MINE_X"]\n'
            '[[commands]]\nrun = "pytest"\nuses = [".env.test"]\n[classes.restricted]\nwrites = "deny"\n',
        }
    )
    assert policy.shell == ("require", "deny")
    assert policy.commands == (("pytest", (".env.test",)),)
    assert policy.variable("MY_TOKEN").action == "allow"
    assert policy.variable("mine_x").action == "deny"
    assert policy.variable("OTHER_TOKEN").action == "deny"
    assert policy.judge(f"{desk.project}/.env").writes == "deny"
    assert [layer for layer, _ in policy.sources] == ["user", "project", "builtin"]
    assert desk.load({}).shell == ("auto", "ask")


HIDDEN = rule("board/", more='names = "hidden"')


@pytest.mark.parametrize(
    ("layers", "folder", "hides"),
    [
        ({}, "p", False),
        ({"project": rule("*.zzz")}, "p", False),
        ({"project": HIDDEN}, "p", True),
        ({"user": HIDDEN}, "p", True),
        ({"project": rule("board/", level="internal", more='names = "hidden"')}, "p", False),
        ({"project": HIDDEN + '[classes.restricted]\naction = "allow"\n'}, "p", False),
        ({"user": HIDDEN, "project": '[classes.restricted]\naction = "allow"\n'}, "p", True),
        ({"nested": HIDDEN}, "p", False),
        ({"nested": HIDDEN}, "p/sub/", True),
        ({"outside": HIDDEN}, "p", False),
        ({"outside": HIDDEN}, "other", True),
    ],
)
def test_what_hides_names_is_known(desk: Desk, layers: dict[str, str], folder: str, hides: bool) -> None:
    assert desk.load(layers).hides(f"{desk.home}/{folder}") is hides


MILD = '[shell]\nconfine = "off"\nopaque = "pass"\n'
STRICT = '[shell]\nconfine = "require"\nopaque = "deny"\n'
DEFAULT = '[shell]\nconfine = "auto"\nopaque = "ask"\n'


@pytest.mark.parametrize(
    ("layers", "shell"),
    [
        ({}, ("auto", "ask")),
        ({"user": MILD}, ("off", "pass")),
        ({"managed": MILD}, ("off", "pass")),
        ({"project": MILD}, ("auto", "ask")),
        ({"local": MILD}, ("auto", "ask")),
        ({"project": STRICT}, ("require", "deny")),
        ({"user": MILD, "project": MILD}, ("off", "pass")),
        ({"user": MILD, "project": DEFAULT}, ("auto", "ask")),
        ({"user": MILD, "local": STRICT}, ("require", "deny")),
        ({"user": STRICT, "project": MILD}, ("require", "deny")),
        ({"managed": DEFAULT, "user": MILD}, ("auto", "ask")),
    ],
)
def test_a_repository_does_not_loosen_the_shell(desk: Desk, layers: dict[str, str], shell: tuple[str, str]) -> None:
    assert desk.load(layers).shell == shell


@pytest.mark.parametrize("layer", ["project", "local"])
@pytest.mark.parametrize("name", ["*", "AWS_*", "TOKEN_?", "[A-Z]_TOKEN"])
def test_a_repository_allows_variables_by_their_names_only(desk: Desk, layer: str, name: str) -> None:
    text = f'[environment]\nallow = [\n  "CI_JOB_TOKEN",\n  "{name}",\n]\n'
    assert desk.load({"user": text}).variable("CI_JOB_TOKEN").action == "allow"
    said = f".toml:5: `allow` holds `{name}`, which may be more than one variable; name each variable"
    with pytest.raises(PolicyError) as caught:
        desk.load({layer: text})
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "path",
    ["", "/", "//", "/a/../b", "relative", "/\udcff\udc80/x", "/" + "x" * 300, "/x" * 9_000, "/.env/../a\n", "/\0"],
)
def test_odd_paths_get_an_answer(desk: Desk, path: str) -> None:
    assert desk.load({"project": rule("?", "[!a]*b", "**/x/y")}).judge(path).action in STRICTNESS


def test_a_path_that_no_system_opens_is_denied(desk: Desk) -> None:
    assert desk.load({}).judge("/x" * 100_000).action == "deny"


def test_folding(desk: Desk) -> None:
    layers = {"project": rule("Secrets/", "*.PEM", "caf\u00e9", "[A-C]x")}
    for name in ("SECRETS/a", "secrets/b", "a.Pem", "cafe\u0301", "bX", ".ENV"):
        assert desk.load(layers, folding=True).judge(f"{desk.project}/{name}", False).action == "deny", name
        assert desk.load(layers, folding=False).judge(f"{desk.project}/{name}", False).action == "allow", name


def test_a_broken_nested_policy_denies_by_its_error(desk: Desk) -> None:
    policy = desk.load({"nested": "rules = 3"})
    assert policy.judge(f"{desk.project}/a").action == "allow"
    with pytest.raises(PolicyError, match=r"sub/\.claude/guard\.toml:2: `rules` must be a list"):
        policy.judge(f"{desk.project}/sub/a")


LEVELS = st.sampled_from(["public", "internal", "confidential", "restricted"])
NAMES = st.sampled_from(["a", "b", ".env", "a/b", "/b", "a/", "*", "!a", "**/b", "~/p/a", "//**/a"])
LISTS = st.lists(NAMES, min_size=1, max_size=3).filter(lambda names: any(name[0] != "!" for name in names))
RULES = st.lists(st.builds(lambda names, level: rule(*names, level=level), LISTS, LEVELS), max_size=3)
TAILS = st.sampled_from(["", '[clearance]\ndefault = "restricted"\n', '[classes.restricted]\naction = "allow"\n'])
FILE = st.builds(lambda rules, tail: "".join(rules) + tail, RULES, TAILS)
PATHS = ["a", "b", "a/b", ".env", "sub/a", "sub/.env", "../a"]


def strictness(policy: object, desk: Desk, path: str) -> int:
    return STRICTNESS[policy.judge(f"{desk.project}/{path}", False).action]  # type: ignore[attr-defined]


@settings(max_examples=60, deadline=None)
@given(managed=FILE, user=FILE, project=FILE, local=FILE)
def test_a_lower_layer_never_loosens(
    desks: Callable[[], Desk], managed: str, user: str, project: str, local: str
) -> None:
    desk = desks()
    alone = desk.load({"managed": managed})
    full = desk.load({"managed": managed, "user": user, "project": project, "local": local, "nested": project})
    for path in PATHS:
        said = [one for one in alone.explain(f"{desk.project}/{path}", False) if one.layer == "managed"]
        floor = max((STRICTNESS[one.judgement.action] for one in said), default=0)
        assert strictness(full, desk, path) >= floor


@settings(max_examples=60, deadline=None)
@given(project=RULES, nested=RULES, extra=st.builds(lambda names, level: rule(*names, level=level), LISTS, LEVELS))
def test_adding_a_rule_to_one_layer_never_loosens_what_another_says(
    desks: Callable[[], Desk], project: list[str], nested: list[str], extra: str
) -> None:
    desk = desks()
    before = desk.load({"project": "".join(project)})
    said = {path: before.explain(f"{desk.project}/{path}", False) for path in PATHS}
    after = desk.load({"project": "".join(project), "local": extra, "nested": "".join(nested)})
    for path in PATHS:
        own = [STRICTNESS[one.judgement.action] for one in said[path] if one.layer == "project"]
        assert strictness(after, desk, path) >= max(own, default=0)
