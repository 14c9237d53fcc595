"""Say what protects this machine, what does not, why, and what to do about it."""

import json
import os
import sys
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape

from .. import own
from ..client import settings, shell
from ..confine import idmap, probe
from ..errors import EXIT_DENIED, EXIT_OK, GuardError
from ..policy import snapshot
from ..policy.policy import Policy
from . import places

CHANNELS = (
    ("programs that a command runs", True),
    ("output of failing and background commands, Monitor", True),
    ("commands in slash commands", True),
    ("MCP servers on this machine", True),
    ("environment variables", True),
)
"""What the shell gate closes; without it the command gate reads the words alone."""

SEATBELT = (
    "the seatbelt profile was written from documentation and was not run by its authors; "
    "it held just now, in a trial on this machine"
)


def command(root: places.Root = "", as_json: places.AsJson = False) -> None:
    """Say what confines commands here, why or why not, and which channels are open.

    Exit codes: 0 commands are confined, or the policy does not want it; 1 they are not.
    """
    folder, home = places.root(root), os.path.expanduser("~")
    state = examined(folder, home)
    if as_json:
        typer.echo(json.dumps(state, indent=2, ensure_ascii=False))
    else:
        show(state)
    sys.exit(EXIT_OK if state["in_force"] or state["policy"] == "off" else EXIT_DENIED)


def examined(folder: str, home: str) -> dict[str, Any]:
    """What was found, as JSON values."""
    found = probe.look()
    policy = snapshot.load(folder, home, own.cache_folder(home))
    scopes = [scope for scope in settings.SCOPES if _prefixed(scope, folder, home)]
    mode = policy.shell.confine
    boxed = found.kind == "seatbelt" and any(
        _held(scope, folder, home, "sandbox").get("enabled") is True for scope in settings.SCOPES
    )
    in_force = found.works and mode != "off" and bool(scopes) and not boxed
    hints = []
    if not found.works:
        hints.append(found.remedy or "nothing can be done from here")
    if not scopes:
        hints.append(f"`{shell.completing()}` (or `--user`) lets the client run commands through the shell gate")
        hints.append("a plugin alone cannot: it has no settings `env`")
    if boxed:
        hints.append(f"the client's own sandbox is on, and macOS puts none inside another: {probe.LEAVE}")
    if mode == "off":
        hints.append("`shell.confine` is `off` in the policy")
    return {
        "project": folder,
        "policy": mode,
        "confinement": found.kind,
        "program": found.program,
        "reason": found.reason,
        "prefix": scopes,
        "in_force": in_force,
        "instead": "" if in_force else f"the command gate; what it cannot determine gets `{policy.shell.opaque}`",
        "note": SEATBELT if found.kind == "seatbelt" else "",
        "open": [] if in_force else [name for name, _ in CHANNELS],
        "hints": hints,
        "masks": idmap.kind(own.cache_folder(home)) if found.kind == "bubblewrap" else "",
        "not_looked_for": anywhere(policy.places),
        "hidden_stores": stores(policy, folder, home),
    }


def anywhere(rows: list[tuple[str, str, tuple[str, ...]]]) -> list[str]:
    """The patterns of rules that name files anywhere at home or on the machine, which are not looked for."""
    starts = {"~": "~/", "/": "//"}
    return [starts[space] + "/".join(rest) for space, start, rest in rows if not start and "**" in rest]


def stores(policy: Policy, folder: str, home: str) -> list[str]:
    """The object stores of the project that programs do not see because a restricted file is in some revision."""
    from ..confine.stores import Stores
    from ..inventory.tree import Inventory

    cache = own.cache_folder(home)
    inventory = Inventory(policy.judge, cache, policy.identity, home)
    closed, _ = Stores(inventory.tracked, policy.judge, cache, policy.identity).closed([folder])
    return list(closed)


def show(state: dict[str, Any]) -> None:
    """Prints what was found for a person."""
    console = Console(highlight=False, soft_wrap=True)
    name = state["confinement"] if state["confinement"] != "none" else f"none: {state['reason']}"
    console.print(f"confinement  {escape(name)}")
    console.print(f"policy       shell.confine = {state['policy']}")
    console.print(f"prefix       {', '.join(state['prefix']) or 'not installed'}")
    console.print(f"in force     {'yes' if state['in_force'] else 'no'}")
    if state["note"]:
        console.print(f"note         {escape(state['note'])}")
    if state["instead"]:
        console.print(f"instead      {escape(state['instead'])}")
    for channel in state["open"]:
        console.print(f"open         {escape(channel)}")
    if state["masks"]:
        console.print(f"masks        {state['masks']}")
    for pattern in state["not_looked_for"]:
        console.print(f"not masked   what only `{escape(pattern)}` names: a pattern needs a folder to begin with")
    for store in state["hidden_stores"]:
        console.print(f"hidden       {escape(store)}: a revision holds restricted files; git itself sees it")
    for hint in state["hints"]:
        console.print(f"to do        {escape(hint)}")


def _prefixed(scope: settings.Scope, folder: str, home: str) -> bool:
    held = _held(scope, folder, home, "env")
    return shell.stands({name: str(value) for name, value in held.items()}, home)


def _held(scope: settings.Scope, folder: str, home: str, key: str) -> dict[str, Any]:
    """What the settings of a scope hold under a key; nothing where they cannot be read."""
    try:
        held = settings.values(settings.site(scope, folder, home)).get(key)
    except GuardError:
        return {}
    return held if isinstance(held, dict) else {}
