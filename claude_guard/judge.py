"""What the policy says of a touch on this machine: the stricter of a path's spelling, its real path and, for a file
with several names, the other names."""

from __future__ import annotations

import os
import time

from . import own
from .errors import PolicyError
from .model import STRICTNESS, Judgement, Touch
from .world import Machine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol
else:
    Protocol = object

TREE_SECONDS = 4.0
"""How long a tree may be looked through for one call; then what it holds is unknown."""


class Policy(Protocol):
    """What a judge asks of a policy: see `policy.snapshot`."""

    def judge(self, path: str, folder: bool | None = None) -> Judgement: ...
    def variable(self, name: str) -> Judgement: ...


class Twins(Protocol):
    """What knows which files are hard links of restricted ones: see `inventory.tree`."""

    def twins(self, path: str) -> str | None: ...


class Judge:
    """Judges touches by a policy and the machine.

    twins: opened only when a file has more than one name; None leaves hard links to their own spelling.
    """

    def __init__(self, policy: Policy, machine: Machine, twins: Callable[[], Twins] | None = None) -> None:
        self.policy = policy
        self.machine = machine
        self.twins = twins

    def __call__(self, touch: Touch) -> Judgement:
        if touch.kind == "variable":
            return self.policy.variable(touch.name)
        if touch.kind == "object":
            path = plain(touch.name, self.machine.cwd)
            judgement = self.policy.judge(path, False)
            return stricter(judgement, self.path(path)) if _several(path) else judgement
        return self.path(touch.name)

    def path(self, path: str) -> Judgement:
        """The strictest judgement on an absolute path, however it is spelled. Missing files are judged too."""
        spelled = plain(path, self.machine.cwd)
        # What these names mean depends on the process that opens them, and that is not this one.
        own_view = spelled.startswith(("/proc/self/", "/proc/thread-self/", "/dev/fd/", "/dev/std"))
        real = spelled if own_view else self.machine.realpath(_without_proc(path, self.machine.cwd))
        try:
            status = os.stat(real)
            folder = (status.st_mode & 0o170000) == 0o040000
        except (OSError, ValueError):
            status, folder = None, None
        judgement = self.spelling(spelled, folder)
        if real != spelled:
            judgement = stricter(judgement, self.spelling(real, folder)._replace(via=f"really `{real}`"))
        if status is not None and not folder and status.st_nlink > 1 and self.twins is not None:
            twin = self.twins().twins(real)
            if twin is not None:
                judgement = stricter(judgement, self.spelling(twin, False)._replace(via=f"the same file as `{twin}`"))
        return judgement

    def spelling(self, path: str, folder: bool | None = None) -> Judgement:
        """The judgement on a plain absolute path, without a look at the machine."""
        judgement = self.policy.judge(path, folder)
        protected = own.judge(path, self.machine.home)
        return judgement if protected is None else combined(judgement, protected)


def _several(path: str) -> bool:
    """Whether a regular file lies there that has several names, all of which may be committed."""
    try:
        status = os.lstat(path)
    except (OSError, ValueError):
        return False
    return status.st_nlink > 1 and (status.st_mode & 0o170000) == 0o100000


def stricter(one: Judgement, other: Judgement) -> Judgement:
    """The stricter of two judgements on the same thing, the first where they are equal; writes get the stricter."""
    writes = max(one.writes, other.writes, key=STRICTNESS.__getitem__)
    first = (STRICTNESS[one.action], one.rank) >= (STRICTNESS[other.action], other.rank)
    hidden = [j for j in (one, other) if j.rule and j.rule.names == "hidden" and j.action != "allow"]
    chosen = one if first else other
    if hidden and STRICTNESS[hidden[0].action] == STRICTNESS[chosen.action]:
        chosen = hidden[0]
    return chosen._replace(writes=writes)


def combined(judgement: Judgement, protected: Judgement) -> Judgement:
    """A policy's judgement on one of the guard's own files."""
    both = stricter(judgement, protected)
    if protected.writes != "allow" and both.rule is not protected.rule and both.action == "allow":
        return both._replace(rule=protected.rule, level=protected.level)
    return both


def plain(path: str, cwd: str) -> str:
    """An absolute path without `.`, `..`, doubled slashes and detours through `/proc`, links not followed."""
    path = _without_proc(path, cwd)
    return "/" + os.path.normpath(path).lstrip("/")


def _without_proc(path: str, cwd: str) -> str:
    """`/proc/self/cwd/x` names x below the working folder of whoever opens it, `/proc/self/root/x` names `/x`.

    The guard's own `/proc/self` is not the client's, so the kernel cannot be asked.
    """
    for _ in range(8):
        parts = path.split("/")
        parts = [part for part in parts if part not in ("", ".")]
        if len(parts) < 3 or parts[0] != "proc" or parts[1] not in ("self", "thread-self"):
            return path
        at = 4 if parts[2] == "task" and len(parts) > 4 else 2
        if parts[at] == "cwd":
            path = "/".join([cwd, *parts[at + 1 :]])
        elif parts[at] == "root":
            path = "/" + "/".join(parts[at + 1 :])
        else:
            return path
    return path


class Workplace(Machine):
    """The machine as the readers of calls see it: what is restricted is known, and not read by the guard either."""

    def __init__(self, machine: Machine, judge: Judge, inventory: Callable[[], Inventory]) -> None:
        super().__init__(machine.cwd, machine.home, machine.environment)
        self._judge = judge
        self._inventory = inventory
        self.broken = ""  # what is wrong with a policy that lies in a tree that was looked through

    def text(self, path: str, limit: int = 1_000_000) -> str | None:
        if STRICTNESS[self._judge.path(path).action]:
            return None
        return super().text(path, limit)

    def sensitive(self, root: str) -> tuple[str, ...] | None:
        try:
            return self._inventory().below(root, time.monotonic() + TREE_SECONDS)
        except PolicyError as error:
            self.broken = str(error)
            return None

    def sensitive_objects(self, repository: str) -> tuple[str, ...] | None:
        try:
            return self._inventory().tracked(repository, time.monotonic() + TREE_SECONDS)
        except PolicyError as error:
            self.broken = str(error)
            return None

    def copied(self, path: str, copy: str, top: str, travels: bool) -> bool:
        """Whether a copy of a restricted file would be as restricted. top: of the tree that it is copied from;
        travels: whether that tree's policy comes along."""
        here, there = self._judge.spelling(path, False), self._judge.spelling(copy, False)
        if STRICTNESS[there.action] >= STRICTNESS[here.action]:
            return True
        rule = here.rule
        return travels and rule is not None and rule.file == f"{top}/.claude/guard.toml" and rule.pattern[0] not in "~/"

    def git(self, folder: str, arguments: tuple[str, ...]) -> str | None:
        """What git says in a folder where it shows no content; None where it may not be asked, or cannot say."""
        from .inventory import changes

        return changes.answer(folder, arguments)


class Inventory(Twins, Protocol):
    """What knows the restricted paths below a folder: see `inventory.tree`."""

    def below(self, root: str, deadline: float) -> tuple[str, ...] | None: ...
    def tracked(self, repository: str, deadline: float) -> tuple[str, ...] | None: ...
