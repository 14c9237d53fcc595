"""The built-in packs against real git: each rule's own examples, and names that nobody should be asked
about."""

from pathlib import Path

import pytest

from claude_guard.policy import snapshot
from tests.policy.packs import HOME, NAMES, PROJECT, Git, place, rules

ROWS = [(pack, rule["id"]) for pack in NAMES for rule in rules(pack)]
ORDINARY = [
    line
    for line in (Path(__file__).parent / "ordinary_paths.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.fixture(scope="module")
def git(tmp_path_factory: pytest.TempPathFactory) -> Git:
    return Git(tmp_path_factory.mktemp("oracle"))


@pytest.mark.oracle
@pytest.mark.parametrize(("pack", "name"), ROWS)
def test_a_rule_matches_its_examples_and_the_pack_passes_the_others(pack: str, name: str, git: Git) -> None:
    rule = next(rule for rule in rules(pack) if rule["id"] == name)
    assert rule["matches"] and rule["passes"]
    alone = git.matched(rule["paths"], map(place, rule["matches"]))
    assert [example for example in rule["matches"] if place(example) not in alone] == []
    decided = git.decided(pack, rule["matches"] + rule["passes"])
    assert [example for example in rule["matches"] if example not in decided] == []
    assert {example: decided[example] for example in rule["passes"] if example in decided} == {}


@pytest.mark.oracle
@pytest.mark.parametrize("pack", NAMES)
def test_ordinary_files_pass(pack: str, git: Git) -> None:
    assert len(ORDINARY) >= 300
    assert git.decided(pack, ORDINARY) == {}


@pytest.mark.oracle
def test_every_pattern_is_needed_by_the_syntax_that_it_is_written_in() -> None:
    for pack in NAMES:
        for rule in rules(pack):
            assert not [pattern for pattern in rule["paths"] if pattern.startswith(("!~/", "!//"))], rule["id"]
            assert len(set(rule["paths"])) == len(rule["paths"]), rule["id"]


@pytest.mark.parametrize("pack", NAMES)
def test_every_rule_says_why_and_what_to_use_instead(pack: str) -> None:
    assert len({rule["id"] for rule in rules(pack)}) == len(rules(pack))
    for rule in rules(pack):
        assert rule["reason"] and rule["instead"] and rule["category"], rule["id"]
        assert rule["class"] in ("confidential", "restricted"), rule["id"]


@pytest.mark.oracle
def test_the_oracle_follows_gitignore(git: Git) -> None:
    examples = [
        "a/.env",
        "a/.env.example",
        "~/.aws/credentials",
        "//etc/shadow",
        "etc/shadow",
        "build/x",
        "src/build/x",
    ]
    patterns = [".env*", "!.env.example", "~/.aws/", "//etc/shadow", "/build/"]
    matched = git.matched(patterns, map(place, examples))
    assert [e for e in examples if place(e) in matched] == [
        "a/.env",
        "~/.aws/credentials",
        "//etc/shadow",
        "build/x",
    ]


@pytest.mark.oracle
def test_the_guard_decides_as_git_does(git: Git, tmp_path: Path) -> None:
    examples = [example for pack in NAMES for rule in rules(pack) for example in rule["matches"] + rule["passes"]]
    examples += ORDINARY
    guard = snapshot.load(
        f"/{PROJECT}", f"/{HOME}", str(tmp_path / "cache"), root=str(tmp_path / "none"), environment={}
    )
    expected = {example: f"credentials/{rule}" for example, rule in git.decided("credentials", examples).items()}
    found = {}
    for example in examples:
        judgement = guard.judge(f"/{place(example).path}", False)
        if judgement.rule is not None:
            found[example] = judgement.rule.id
    assert found == expected
    assert len(found) > 200
