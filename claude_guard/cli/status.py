"""Show what is installed where, whether it is in force, and whether it answers."""

import json
import os
import sys

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ..client import health, version
from ..client.features import written
from ..errors import EXIT_DENIED, EXIT_OK, GuardError
from . import places


def command(root: places.Root = "", as_json: places.AsJson = False) -> None:
    """Show what is installed where, whether it is in force, and whether it answers.

    The installed hooks are run for real, with a harmless call and with one that every policy denies. Exit codes: 0 the
    guard holds, 1 it does not.
    """
    folder = places.root(root)
    try:
        client = version.installed()
    except GuardError:
        client = None
    state = health.look(folder, os.path.expanduser("~"), client)
    if as_json:
        typer.echo(json.dumps(described(folder, state), indent=2, ensure_ascii=False))
    else:
        show(folder, state)
    sys.exit(EXIT_OK if state.sound else EXIT_DENIED)


def described(folder: str, state: health.Health) -> dict[str, object]:
    """The state as JSON values."""
    return {
        "project": folder,
        "sound": state.sound,
        "client": {"path": state.client.path, "version": written(state.client.version)} if state.client else None,
        "installed": [{**one._asdict(), "probe": one.probe._asdict() if one.probe else None} for one in state.found],
        "layers": [{"layer": layer, "file": file} for layer, file in state.layers],
        "findings": [finding._asdict() for finding in state.findings],
    }


def show(folder: str, state: health.Health) -> None:
    """Prints the state for a person."""
    console = Console(highlight=False, soft_wrap=True)
    client = f"{written(state.client.version)} ({state.client.path})" if state.client else "none found"
    console.print(f"project  {escape(folder)}\nclient   {escape(client)}")
    for layer, file in state.layers:
        console.print(f"policy   {layer}: {escape(file)}")
    if state.found:
        table = Table(
            "where", "settings", "hooks", "deny rules", "shell gate", "harmless call", "restricted call", box=None
        )
        for one in state.found:
            answers = (one.probe.harmless, one.probe.restricted) if one.probe else ("not run", "not run")
            gate = "set" if one.gate else "-"
            table.add_row(
                one.scope, escape(_short(one.settings, folder)), str(len(one.events)), str(one.deny), gate, *answers
            )
        console.print(table)
    for finding in state.findings:
        colour = "red" if finding.grave else "yellow"
        console.print(
            f"[{colour}]{'problem' if finding.grave else 'note   '}[/]  {escape(finding.text)}; {escape(finding.mend)}"
        )
    console.print("[green]the guard holds[/]" if state.sound else "[red]the guard does not hold[/]")


def _short(path: str, folder: str) -> str:
    """A path as a person of this project writes it."""
    home = os.path.expanduser("~")
    if path.startswith(folder + "/"):
        return path[len(folder) + 1 :]
    return "~" + path[len(home) :] if path.startswith(home + "/") else path
