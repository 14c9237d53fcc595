"""Which shell prefix the client of a project uses: where it stands, and what ours runs behind the masks."""

import os
import sys
from collections.abc import Mapping
from typing import Any, NamedTuple

from ..errors import GuardError
from . import settings, shell
from .prefix import PREFIX, THEN, ours

STRONGEST: tuple[settings.Scope, ...] = ("local", "project", "user")
"""Whose `env` counts first. All of them count before the environment that the client is started in (observed)."""


class Chain(NamedTuple):
    """What commands run through. scope: where the prefix that counts stands: a settings scope, `environment`, or "".
    prefix: it. ours: it is the guard's. then: the prefix that ours runs behind the masks. behind: scopes where ours
    stands and does not count, because a stronger one sets another."""

    scope: str
    prefix: str
    ours: bool
    then: str
    behind: tuple[str, ...] = ()


def look(project: str, home: str, environment: Mapping[str, str]) -> Chain:
    """What counts for a session in `project` that is started with this environment. Managed settings are not asked.
    Settings that are broken count as empty, as the client takes them."""
    found = _found(STRONGEST, project, home, environment)
    then = next((held[THEN] for _, held in found if held.get(THEN)), "")
    standing = [(scope, held[PREFIX]) for scope, held in found if PREFIX in held]
    if not standing:
        return Chain("", "", False, "")
    scope, prefix = standing[0]
    mine = ours(prefix)
    behind = tuple(name for name, value in standing[1:] if not mine and ours(value))
    return Chain(scope, prefix, mine, then if mine else "", behind)


def under(scope: settings.Scope, project: str, home: str, environment: Mapping[str, str]) -> str:
    """The prefix of somebody else that would count if nothing stood in the settings of `scope`; "" where there is
    none, or where it is the guard's, which brings its own along."""
    weaker = STRONGEST[STRONGEST.index(scope) + 1 :]
    for _, held in _found(weaker, project, home, environment):
        if PREFIX in held:
            return "" if ours(held[PREFIX]) else held[PREFIX]
    return ""


def whole(prefix: str, home: str) -> bool:
    """Whether a prefix is this person's and of this installation, and can be run."""
    return shell.stands({PREFIX: prefix}, home) and os.access(prefix, os.X_OK)


def possible() -> bool:
    """Whether this platform has a shell that the client runs commands in."""
    return sys.platform != "win32"


def _found(
    scopes: tuple[settings.Scope, ...], project: str, home: str, environment: Mapping[str, str]
) -> list[tuple[str, dict[str, str]]]:
    """What says something of the prefix, strongest first: where it stands, and its variables."""
    held: list[tuple[str, Any]] = []
    for scope in scopes:
        try:
            held.append((scope, settings.values(settings.site(scope, project, home)).get("env")))
        except GuardError:
            continue
    # In a session of the client its settings are in the environment already.
    held.append(("environment", {} if environment.get("CLAUDECODE") else environment))
    return [
        (scope, {name: env[name] for name in (PREFIX, THEN) if isinstance(env.get(name), str)})
        for scope, env in held
        if isinstance(env, Mapping)
    ]
