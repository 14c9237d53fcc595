"""The client's own deny rules, derived from the policy: the second line, which also closes what no hook sees."""

from typing import NamedTuple

from ..policy import globs, snapshot
from ..policy.policy import Policy


class Native(NamedTuple):
    """The `Read(...)` rules for `permissions.deny`. left_out: patterns that the client cannot hold, each with why."""

    rules: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]


def derived(project: str, home: str) -> Native:
    """What follows from the policy of a session in `project`; "" for a person's own settings, where no project's
    policy counts. Raises PolicyError where the policy is broken."""
    return _native(snapshot.load(project or home, home, home + "/.cache/claude-guard"))


def managed(root: str, owner: int, empty: str) -> Native:
    """The same for the managed policy in the folder `root`, which the user id `owner` must own. empty: a folder without
    any policy, which stands for the project, the home and the cache."""
    return _native(snapshot.load(empty, empty, empty, root=root, owner=owner))


def _native(policy: Policy) -> Native:
    patterns, left_out = globs.native(policy)
    return Native(tuple(f"Read({pattern})" for pattern in patterns), tuple(left_out))
