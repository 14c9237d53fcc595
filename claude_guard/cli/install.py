"""Put the guard's hooks, deny rules and shell gate into the settings of Claude Code."""

import json
import os
from typing import Annotated, Any

import typer

from ..client import chain, hooks, ignored, native, settings, shell
from ..client.features import CURRENT, OLDEST, ON_FAILURE, written
from ..confine import probe
from . import places

Gate = Annotated[
    bool | None,
    typer.Option("--shell/--no-shell", help="The shell gate alone, where the hooks stand; or all but the shell gate."),
]


def command(
    project: places.Project = False,
    local: places.Local = False,
    user: places.User = False,
    gate: Gate = None,
    root: places.Root = "",
    client_version: places.ClientVersion = "",
    as_json: places.AsJson = False,
) -> None:
    """Put the guard's hooks, deny rules and shell gate into the settings of Claude Code.

    Hooks and rules go where `--project`, `--local` or `--user` says. The shell gate names a path of your machine, so
    for a project it goes into `.claude/settings.local.json`, which git ignores. A shell prefix that stands there
    already is kept, and run by the gate. A second run changes nothing, or refreshes what is out of date. Everything
    else in the settings stays as it is.
    """
    scope = places.scope(project, local, user)
    folder = places.root(root)
    home = os.path.expanduser("~")
    client = places.target(client_version)
    where = settings.site(scope, folder, home)
    beside = settings.site(places.gate_scope(scope), folder, home)
    settings.values(beside)  # broken settings: nothing is written anywhere
    prefix = shell.write(home) if gate is not False and chain.possible() else ""
    then = chain.under(beside.scope, folder, home, os.environ)
    said: dict[str, Any] = {"scope": scope, "client": written(client.features.version)}
    notes: list[str] = []
    changed = False
    if gate is not True:
        deny, left_out = native.derived("" if scope == "user" else folder, home)
        launcher = hooks.launcher_text() if scope == "project" else ""
        here = prefix if beside == where else ""
        outcome = settings.install(where, client.features, deny, launcher, prefix=here, then=then)
        said |= {"settings": where.settings, "events": outcome.events, "deny": outcome.deny}
        notes += _notes(client, scope, len(left_out))
        changed = outcome.changed
    if gate is False:
        changed |= settings.uninstall(beside, prefix_only=True).changed
        changed |= shell.decline(beside.folder)
    elif prefix:
        changed |= shell.accept(beside.folder)
        if gate is True or beside != where:
            changed |= settings.install(beside, client.features, (), prefix=prefix, then=then, hooked=False).changed
    said["gate"] = _gate(folder, home, beside) if prefix else {"settings": "", "then": "", "reason": _left_out(gate)}
    notes += _outside(beside) if prefix else []
    notes.append("sessions that are running keep their settings: start a new one")
    said |= {"changed": changed, "notes": notes}
    if as_json:
        typer.echo(json.dumps(said, indent=2, ensure_ascii=False))
        return
    named = where.settings if gate is not True else beside.settings
    what = "the guard" if gate is not True else "the shell gate"
    typer.echo(f"{what} is installed in {named}" if changed else f"nothing to do, {what} stands in {named}")
    if gate is not True:
        typer.echo(f"  client  {said['client']} ({client.note})")
        typer.echo(f"  hooks   {', '.join(said['events'])}")
        typer.echo(f"  deny    {len(said['deny'])} rules derived from the policy")
    typer.echo(f"  shell   {_told(said['gate'])}")
    for note in notes:
        typer.echo(f"  note    {note}")


def _gate(folder: str, home: str, beside: settings.Site) -> dict[str, str]:
    """What the shell gate does here: where it stands, the prefix that it runs, what confines commands or why nothing."""
    found = probe.look()
    counts = chain.look(folder, home, os.environ)
    return {
        "settings": beside.settings,
        "then": counts.then,
        "confinement": found.kind,
        "reason": found.reason,
        "remedy": found.remedy,
        "overridden": "" if counts.ours else counts.scope,
    }


def _told(gate: dict[str, str]) -> str:
    if not gate["settings"]:
        return gate["reason"]
    then = f", in front of `{gate['then']}`" if gate["then"] else ""
    said = f"commands run through the gate, set in {gate['settings']}{then}"
    if gate["overridden"]:
        return f"{said}, but the prefix in your {gate['overridden']} settings counts instead: take it out"
    if not gate["reason"]:
        return f"{said}; {gate['confinement']} masks what is restricted"
    remedy = f"; {gate['remedy']}" if gate["remedy"] else ""
    return f"{said}; it filters their output, but confines nothing here: {gate['reason']}{remedy}"


def _left_out(gate: bool | None) -> str:
    if gate is False:
        return "left out; `claude-guard install --shell` adds it"
    return "not on this platform: use WSL 2"


def _outside(beside: settings.Site) -> list[str]:
    """Whether the file that names a path of this machine stays out of the repository."""
    if beside.scope == "user":
        return []
    state = ignored.keep_out(beside.settings)
    name = "`.claude/settings.local.json`"
    if state == "tracked":
        return [f"{name} is in the repository and names a path of your machine: `git rm --cached` it"]
    return [f"{name} was not ignored by git; this clone's `info/exclude` now does"] if state == "added" else []


def _notes(client: places.Target, scope: settings.Scope, left_out: int) -> list[str]:
    version = client.features.version
    notes = []
    if version < ON_FAILURE:
        notes.append(
            f"hooks of clients before {written(ON_FAILURE)} fail open when they are killed or time out; update"
        )
    if version < OLDEST or version[:2] > CURRENT[:2]:
        notes.append(f"tested with {written(OLDEST)} to {written(CURRENT)}; run `claude-guard prove` with yours")
    if not client.features.negates:
        notes.append("this client's deny rules with `!` reach into your other settings files too; check them")
    if left_out:
        notes.append(f"{left_out} patterns have no form as the client's own rules; the hooks hold them")
    if scope == "project":
        notes.append("commit `.claude/`; each colleague runs `claude-guard install --shell` for the shell gate")
        notes.append("for colleagues with an older client run this again with `--client-version`")
    return notes
