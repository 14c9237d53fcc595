"""What a command is kept from outside the project and the working folder's tree."""

from __future__ import annotations

import time

from .. import own
from ..errors import GuardError
from ..values import NamedTuple
from . import places, reach

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    from ..model import Judgement

    class Policy(Protocol):
        @property
        def places(self) -> list[tuple[str, str, tuple[str, ...]]]: ...
        @property
        def identity(self) -> str: ...

    class Inventory(Protocol):
        def below(self, root: str, deadline: float) -> tuple[str, ...] | None: ...
        def near(self, root: str, deadline: float) -> tuple[str, ...] | None: ...


NEAR_SECONDS = 1.0
"""How long named folders that are no trees may be looked through; what is found by then is kept."""


class Elsewhere(NamedTuple):
    """paths: restricted, absolute; trees: the roots that were looked through."""

    paths: tuple[str, ...]
    trees: tuple[str, ...]


def look(
    policy: Policy,
    judge: Callable[[str, bool | None], Judgement],
    inventory: Inventory,
    script: str,
    session: tuple[str, str, str],
    known: list[str],
    deadline: float,
) -> Elsewhere:
    """The restricted paths where rules name them and in what a script reaches.

    session: working folder, home, the guard's cache; known: roots that are looked through already; deadline: of the
    monotonic clock. Raises GuardError where it passes.
    """
    cwd, home, cache = session
    seeker = places.Seeker(judge, inventory.below, cache, policy.identity, home)
    found = seeker.found(places.places(policy.places, home), deadline)
    reached = reach.reached(script, cwd, home, known)
    late = list(seeker.late)
    for tree in reached.trees:
        below = inventory.below(tree, deadline)
        if below is None:
            late.append(tree)
        found.update(below or ())
    if late:
        raise GuardError(
            f"no time is left to look for restricted files in `{late[0]}`", "try again: what was found is kept"
        )
    soon = min(deadline, time.monotonic() + NEAR_SECONDS)
    for folder in reached.folders:
        found.update(inventory.near(folder, soon) or ())
    inside = tuple(root.rstrip("/") + "/" for root in known)
    kept = (path for path in found if not path.startswith(inside) and not own.judge(path, home))
    return Elsewhere(tuple(sorted(kept)), reached.trees)
