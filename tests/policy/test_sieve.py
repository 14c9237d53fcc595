"""A sieve may let too much through, and never too little: what it leaves out, the policy allows."""

from pathlib import Path

import pytest

from claude_guard.policy import snapshot
from claude_guard.policy.policy import Policy
from claude_guard.policy.sieve import Sieves, everything
from tests.policy.packs import NAMES, rules

PACKS = [f"builtin:{name}" for name in NAMES]
EXAMPLES = sorted({path for name in NAMES for rule in rules(name) for path in rule["matches"] + rule["passes"]})
ORDINARY = [
    line
    for line in (Path(__file__).parent / "ordinary_paths.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


def policy(tmp_path: Path, text: str, folding: bool = False) -> Policy:
    file = tmp_path / "work/project/.claude/guard.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    home, root = tmp_path / "home", tmp_path / "none"
    return snapshot.load(
        str(tmp_path / "work/project"),
        str(home),
        str(tmp_path / "cache"),
        root=str(root),
        environment={},
        folding=folding,
    )


def absolute(tmp_path: Path, example: str) -> str:
    if example.startswith("~/"):
        return f"{tmp_path}/home/{example[2:]}"
    return example[1:] if example.startswith("//") else f"{tmp_path}/work/project/{example}"


@pytest.mark.parametrize("folding", [False, True])
def test_what_is_left_out_is_allowed(tmp_path: Path, folding: bool) -> None:
    text = f'version = 1\nextends = {PACKS}\n[[rules]]\npaths = ["[ab]c?", "*odd*", "/top/*/x"]\nclass = "restricted"\n'
    guard = policy(tmp_path, text.replace("'", '"'), folding)
    sieves = Sieves(guard)
    more = ["acd", "x/acd/y", "d/oddity", "top/1/x", "top/1/2/x", "Top/1/X", "ODD", "ünïcode.ENV", "plain/ü"]
    left_out = 0
    for example in [*EXAMPLES[::2], *ORDINARY[::4], *more]:
        path = absolute(tmp_path, example)
        folder, _, name = path.rpartition("/")
        for spelled in (name, name.upper()):
            if not sieves(folder)(spelled):
                left_out += 1
                for is_folder in (False, True):
                    assert guard.judge(f"{folder}/{spelled}", is_folder).action == "allow", path
    assert left_out > 100


@pytest.mark.parametrize(
    "text", ['default = "confidential"', '[clearance]\ndefault = "public"\n[classes.internal]\naction = "ask"']
)
def test_nothing_is_left_out_where_the_default_is_not_allowed(tmp_path: Path, text: str) -> None:
    guard = policy(tmp_path, f"version = 1\n{text}\n")
    assert Sieves(guard)(f"{tmp_path}/work/project/src") is everything


def test_nothing_is_left_out_where_somebody_else_has_a_say(tmp_path: Path) -> None:
    guard = policy(tmp_path, "version = 1\n")
    sieves = Sieves(guard, ("/srv/a/b",))
    assert not sieves("/srv/other")("name")
    assert [
        sieves(folder) is everything for folder in ("/srv", "/srv/a", "/srv/a/b", "/srv/a/b/c", "/", "/srv/a/bc")
    ] == [
        True,
        True,
        True,
        True,
        True,
        False,
    ]
