"""The files for device management: the same each time, for clients that can be held to them."""

import json

import pytest

from claude_guard.client import hooks, managed
from claude_guard.client.features import CURRENT, ON_FAILURE, features, parse
from claude_guard.errors import GuardError

START = hooks.absolute("/opt/guard/bin/python", "/opt/guard/lib/python3.12/site-packages/claude_guard")


def test_the_same_each_time() -> None:
    first = managed.build(features(CURRENT), START, managed.STARTER)
    assert first == managed.build(features(CURRENT), START, managed.STARTER)
    assert list(first.files) == [managed.POLICY, managed.SETTINGS, "README.md"]


def test_the_settings_hold_the_hooks_closed() -> None:
    built = managed.build(features(ON_FAILURE), START, managed.STARTER)
    held = json.loads(built.files[managed.SETTINGS])
    assert held["requiredMinimumVersion"] == "2.1.295"
    assert held["allowManagedHooksOnly"] is True
    assert "Read(.env)" in held["permissions"]["deny"]
    entries = [entry for *_, entry in hooks.found(held)]
    assert len(entries) == len(features(ON_FAILURE).events)
    assert all(entry["command"] == "/opt/guard/bin/python" and entry["onFailure"] == "block" for entry in entries)


def test_the_rules_follow_the_policy() -> None:
    policy = managed.STARTER + '[[rules]]\npaths = ["contracts/"]\nclass = "restricted"\n'
    added = set(managed.derived(policy)) - set(managed.derived(managed.STARTER))
    assert added == {"Read(contracts/)"}


def test_a_broken_policy_is_named_by_its_own_name() -> None:
    with pytest.raises(GuardError) as raised:
        managed.derived("version = 1\n[[rules]]\npaths = 3\n")
    assert raised.value.message.startswith(managed.POLICY)


@pytest.mark.parametrize(("version", "pinned"), [("2.1.100", None), ("2.1.163", "2.1.163"), ("2.1.330", "2.1.330")])
def test_the_pin(version: str, pinned: str | None) -> None:
    built = managed.build(features(parse(version)), START, managed.STARTER)
    assert json.loads(built.files[managed.SETTINGS]).get("requiredMinimumVersion") == pinned


def test_a_client_that_cannot_be_managed_like_this() -> None:
    with pytest.raises(GuardError, match=r"managed-settings\.d"):
        managed.build(features((2, 0, 50)), START, managed.STARTER)


@pytest.mark.parametrize("system", ["/etc/claude-code", "/Library/Application Support/ClaudeCode", "Program Files"])
def test_the_readme_names_every_system(system: str) -> None:
    assert system in managed.build(features(CURRENT), START, managed.STARTER).files["README.md"]
