"""Say what protects this machine, what does not, why, and what to do about it."""

import json
import os
import sys
from collections.abc import Iterable
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from .. import own, shell_hook
from ..client import chain, features, settings, shell, version
from ..client.prefix import PREFIX, ours
from ..confine import idmap, probe
from ..errors import EXIT_DENIED, EXIT_OK, GuardError
from ..policy import snapshot
from . import places
from .explain import PROGRAMS

SERVERS = "MCP servers on this machine"
CHANNELS = (
    "programs that a command runs",
    "output of failing and background commands, Monitor",
    "commands in slash commands",
    SERVERS,
    "environment variables",
)
"""What the shell gate closes; without it the command gate reads the words alone."""

MOST = 8
"""Names of a kind that are shown."""

SEATBELT = (
    "the seatbelt profile was written from documentation and was not run by its authors; "
    "it held just now, in a trial on this machine"
)

MODES = {
    "auto": "where nothing confines, `opaque` decides",
    "require": "where nothing confines, no command runs",
    "off": "nothing is confined",
}


def command(root: places.Root = "", as_json: places.AsJson = False) -> None:
    """Say what confines commands here, why or why not, and which channels are open.

    Exit codes: 0 commands are confined, or the policy does not want it; 1 they are not.
    """
    folder, home = places.root(root), os.path.expanduser("~")
    console = Console(stderr=True)
    if console.is_terminal and not as_json:
        with console.status("looking for restricted files"):
            state = examined(folder, home)
    else:
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
    counts = chain.look(folder, home, os.environ)
    mode = policy.shell.confine
    servers = _servers(home)
    whole = chain.whole(counts.prefix, home)
    boxed = found.kind == "seatbelt" and any(
        one.get("sandbox", {}).get("enabled") is True for one in _settings(folder, home)
    )
    in_force = found.works and mode != "off" and counts.ours and whole and not boxed
    return {
        "project": folder,
        "policy": mode,
        "opaque": policy.shell.opaque,
        "confinement": found.kind,
        "program": found.program,
        "reason": found.reason,
        "gate": {
            "scope": counts.scope if counts.ours else "",
            "settings": _file(counts.scope, folder, home) if counts.ours else "",
            "whole": whole,
            "then": counts.then,
            "overridden": {"scope": counts.scope, "prefix": counts.prefix} if counts.behind else None,
            "plugin": _plugin(folder, home),
        },
        "in_force": in_force,
        **_kept_from(folder),
        "commands": [{"run": row.run, "uses": list(row.uses)} for row in policy.commands],
        "instead": "" if in_force else f"the command gate alone; what it cannot determine gets `{policy.shell.opaque}`",
        "open": ([] if servers == "" else [SERVERS]) if in_force else list(CHANNELS),
        "note": SEATBELT if found.kind == "seatbelt" else "",
        "masks": idmap.kind(own.cache_folder(home)) if found.kind == "bubblewrap" else "",
        "not_looked_for": anywhere(policy.places),
        "hints": [*_hints(found, mode, counts, whole, boxed), *([servers] if servers and in_force else [])],
    }


def anywhere(rows: list[tuple[str, str, tuple[str, ...]]]) -> list[str]:
    """The patterns of rules that name files anywhere at home or on the machine, which are not looked for."""
    starts = {"~": "~/", "/": "//"}
    return [starts[space] + "/".join(rest) for space, start, rest in rows if not start and "**" in rest]


def _kept_from(folder: str) -> dict[str, Any]:
    """What a command is kept from: paths that are masked, paths that programs may use, and variables, as the gate has
    it. Where the gate cannot tell, why."""
    planner = shell_hook.Gate(folder, "", folder).planner()
    try:
        paths = planner.restricted(planner.roots(), "")
        stores, _ = planner.stores(planner.roots())
    except GuardError as error:
        return {
            "masked": [],
            "hidden_stores": [],
            "used": [],
            "variables": list(planner.variables),
            "untold": str(error),
        }
    masked = [path for path in paths if not path.twin and path.masked]
    rules: dict[tuple[str, str], list[str]] = {}
    for path in paths:
        rule = planner.judge.spelling(path.path, path.folder).rule
        if path.twin or path.masked or rule is None or (rule.layer == "builtin" and rule.pattern.startswith("//")):
            continue  # what the packs name on any machine would hide what this project's rules name
        rules.setdefault((rule.pattern, f"{rule.file}:{rule.line}"), []).append(path.path)
    return {
        "masked": [path.path for path in masked],
        "hidden_stores": list(stores),
        "used": [{"pattern": name, "place": place, "paths": held} for (name, place), held in rules.items()],
        "variables": list(planner.variables),
        "untold": "",
    }


def _hints(found: probe.Confinement, mode: str, counts: chain.Chain, whole: bool, boxed: bool) -> list[str]:
    """What to do, one thing each."""
    hints = []
    if not found.works:
        hints.append(found.remedy or "nothing can be done from here")
    if counts.behind:
        hints.append(
            f"`{shell.completing()}` puts the gate in front of `{counts.prefix}`, which counts now, and keeps it"
        )
    elif not counts.ours:
        hints.append(
            f"`{shell.completing()}` sets the gate for this project (`--user`: for all), then start a new session"
        )
    elif not whole:
        hints.append(f"`{shell.completing()}` writes the gate anew: it is missing, or of another installation")
    if boxed:
        hints.append(f"the client's own sandbox is on, and macOS puts none inside another: {probe.LEAVE}")
    if mode == "off":
        hints.append("`shell.confine` is `off` in the policy: take it out to confine commands")
    return hints


def _servers(home: str) -> str:
    """What confines MCP servers of a client that starts them before it reads its settings; "" where nothing is to do."""
    try:
        client = version.installed()
    except GuardError:
        return ""
    if client.version >= features.SERVERS or ours(os.environ.get(PREFIX)):
        return ""
    text = f"your client {features.written(client.version)} starts MCP servers before it reads its settings"
    return f"{text}: put `export {PREFIX}={shell.place(home)}` into the profile of your shell, or update it"


def show(state: dict[str, Any]) -> None:
    """Prints what was found for a person."""
    if not sys.stdout.isatty():
        for name, text in _lines(state):
            typer.echo(f"{name:<14}{text}")
        return
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, text in _lines(state):
        table.add_row(name, text)
    Console(highlight=False, markup=False).print(table)


def _lines(state: dict[str, Any]) -> Iterable[tuple[str, str]]:
    gate = state["gate"]
    yield "in force", "yes: commands run confined" if state["in_force"] else "no: commands are not confined"
    named = f"{state['confinement']} ({state['program']})" if state["program"] else state["confinement"]
    yield "confinement", f"none: {state['reason']}" if state["confinement"] == "none" else f"{named} works here"
    if state["note"]:
        yield "note", state["note"]
    yield "policy", f"shell.confine = {state['policy']} ({MODES[state['policy']]}), shell.opaque = {state['opaque']}"
    yield "shell gate", _gate(gate)
    if gate["then"]:
        yield "chain", f"the gate, then `{gate['then']}`, which was your prefix and runs behind the masks"
    if state["untold"]:
        yield "restricted", state["untold"]
    masked = "masked" if state["in_force"] else "to be masked"
    yield masked, _counted(state["masked"], state["project"], "path", f"`programs = none`: {PROGRAMS['none']}")
    for rule in state["used"]:
        said = f"`{rule['pattern']}` of {rule['place']}, `programs = use`: {PROGRAMS['use']}"
        yield "usable", _counted(rule["paths"], state["project"], "path", said)
    yield "variables", _counted(state["variables"], "", "variable", "unset for commands, and filtered out of output")
    for row in state["commands"]:
        yield "commands", f"`{row['run']}` may use {', '.join(row['uses'])} while it runs"
    if state["instead"]:
        yield "instead", state["instead"]
    for channel in state["open"]:
        yield "open", channel
    if state["masks"]:
        yield "masks", state["masks"]
    for pattern in state["not_looked_for"]:
        yield "not masked", f"what only `{pattern}` names: a pattern needs a folder to begin with"
    for store in state["hidden_stores"]:
        yield "hidden", f"{store}: a revision holds restricted files; git itself sees it"
    for hint in state["hints"]:
        yield "to do", hint


def _gate(gate: dict[str, Any]) -> str:
    if gate["overridden"]:
        other = gate["overridden"]
        return f"set, but the prefix `{other['prefix']}` ({other['scope']}) counts instead"
    if not gate["scope"]:
        return "not set: a plugin cannot set it" if gate["plugin"] else "not set"
    return f"set in {gate['settings']}" if gate["settings"] else f"set in the {gate['scope']}"


def _counted(names: list[str], project: str, what: str, meant: str) -> str:
    """How many there are, what that means, and some of them."""
    if not names:
        return f"no {what}s here"
    short = [name.removeprefix(project + "/") if project else name for name in names]
    more = f" and {len(short) - MOST} more" if len(short) > MOST else ""
    return f"{len(short)} {what}{'' if len(short) == 1 else 's'}, {meant}: {', '.join(short[:MOST])}{more}"


def _file(scope: str, folder: str, home: str) -> str:
    return next((settings.site(one, folder, home).settings for one in settings.SCOPES if one == scope), "")


def _plugin(folder: str, home: str) -> bool:
    """Whether the guard is switched on as a plugin."""
    return any(
        on is True and name.startswith("data-guard@")
        for one in _settings(folder, home)
        for name, on in one.get("enabledPlugins", {}).items()
    )


def _settings(folder: str, home: str) -> list[dict[str, dict[str, Any]]]:
    """The objects in each scope's settings, by key; nothing where they cannot be read."""
    found = []
    for scope in settings.SCOPES:
        try:
            held = settings.values(settings.site(scope, folder, home))
        except GuardError:
            continue
        found.append({key: value for key, value in held.items() if isinstance(value, dict)})
    return found
