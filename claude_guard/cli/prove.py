"""Play every channel to your own client and show what reaches the wire."""

import json
import os
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from .. import own
from ..client import version
from ..client.channels import CHANNELS, GUARD
from ..client.features import written
from ..client.prove import WORST, Outcome, prove
from ..client.stage import Plan, survey
from ..errors import EXIT_DENIED, EXIT_OK, GuardError
from ..policy import snapshot

PROMISE = "no model, no account, no network: the client talks to an API on 127.0.0.1 that plays scripted tool calls"
COLOURS = {"open": "bold red", "false denial": "yellow", "unproven": "yellow", "closed": "green", "passed": "green"}
BAD = ("open", "false denial", "unproven")
MEANT = {"absent": "not on this client", "passed": "not in the way", "open": "OPEN"}


def command(
    folder: Annotated[str, typer.Argument(metavar="[DIR]", help="The project; else the one you are in.")] = ".",
    client: Annotated[str, typer.Option("--client", metavar="PATH", help="The client; else your own `claude`.")] = "",
    channel: Annotated[list[str] | None, typer.Option("--channel", metavar="NAME", help="Only these channels.")] = None,
    shell: Annotated[str, typer.Option("--shell", metavar="NAME", help="The Bash tool's shell, `bash` or `zsh`.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Play every channel to your own client and show what reaches the wire.

    A copy of the project's policy and settings goes into a throwaway project whose restricted files hold canaries.
    Each channel is played with the guard and, as a control, without it. Exit codes: 0 nothing leaked and nothing
    harmless was denied, 1 otherwise, 2 it could not be played. No model, no account, no network.
    """
    names = channel or []
    known = list(dict.fromkeys(row.name for row in CHANNELS))
    for name in names:
        if name not in known:
            raise GuardError(f"no channel `{name}`", f"there are {', '.join(known)}")
    root, home = os.path.abspath(folder), os.path.expanduser("~")
    if not os.path.isdir(root):
        raise GuardError(f"`{folder}` is not a folder")
    plan = survey(root, home, snapshot.load(root, home, own.cache_folder(home)))
    found = version.installed(client)
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=as_json or not console.is_terminal) as progress:
        task = progress.add_task("starting", total=None)
        outcomes = prove(
            found,
            plan,
            names,
            lambda name, done, total: progress.update(task, description=name, completed=done, total=total),
            os.cpu_count() or 1,
            shell,
        )
    told = {"path": found.path, "version": written(found.version)}
    sys.exit(report(outcomes, plan, as_json, PROMISE, f"client {told['version']} ({found.path})", {"client": told}))


def report(
    outcomes: Sequence[Outcome], plan: Plan, as_json: bool, promise: str, subject: str, facts: dict[str, Any]
) -> int:
    """Prints what came of a proof, as a table or as JSON, and returns the exit code."""
    good = not any(outcome.verdict in BAD for outcome in outcomes)
    if as_json:
        rows = [_row(outcome, plan) for outcome in outcomes]
        said = {"ok": good, **facts, "installed": plan.installed, "notes": plan.notes, "how": promise, "attempts": rows}
        typer.echo(json.dumps(said, indent=2, ensure_ascii=False))
    else:
        _show(outcomes, plan, promise, subject)
    return EXIT_OK if good else EXIT_DENIED


def _row(outcome: Outcome, plan: Plan) -> dict[str, Any]:
    channel = outcome.attempt.channel
    return {
        "channel": channel.name,
        "attempt": channel.detail,
        "path": outcome.attempt.target.path,
        "rule": outcome.attempt.target.rule,
        "verdict": outcome.verdict,
        "shown": outcome.shown,
        "control": outcome.control,
        "answer": outcome.said,
        "closes": _closes(outcome, plan) if outcome.verdict == "open" else "",
    }


def _closes(outcome: Outcome, plan: Plan) -> str:
    closes = outcome.attempt.channel.closes
    return closes if plan.installed or closes != GUARD else "install the guard here: `claude-guard install`"


def _show(outcomes: Sequence[Outcome], plan: Plan, promise: str, subject: str) -> None:
    console = Console(soft_wrap=not sys.stdout.isatty(), highlight=False)
    console.print(f"{promise}\n{subject}, {len(plan.targets)} restricted paths:", markup=False)
    for target in plan.targets:
        console.print(f"  {target.path}  ({target.rule})", markup=False)
    table = Table()
    for heading in ("channel", "attempts", "without the guard", "with the guard", "verdict"):
        table.add_column(heading, justify="left" if heading in ("channel", "verdict") else "right")
    for name in dict.fromkeys(outcome.attempt.channel.name for outcome in outcomes):
        mine = [outcome for outcome in outcomes if outcome.attempt.channel.name == name]
        played = [outcome for outcome in mine if outcome.verdict != "absent"]
        worst = min((outcome.verdict for outcome in mine), key=WORST.index)
        verdict = MEANT.get(worst, worst)
        counts = [
            sum(bool(value) for value in values) for values in zip(*[(o.control, o.shown) for o in played], strict=True)
        ]
        without, with_guard = (str(count) for count in counts) if played else ("-", "-")
        colour = COLOURS.get(worst, "dim")
        table.add_row(name, str(len(played)), without, with_guard, f"[{colour}]{verdict}[/]")
    console.print(table)
    console.print("counted: canaries on the wire (harmless calls: what they should show), or edits that were made")
    for outcome in outcomes:
        if outcome.verdict in BAD:
            _explain(outcome, plan, console)
    for note in plan.notes:
        console.print(f"note: {note}", markup=False)


def _explain(outcome: Outcome, plan: Plan, console: Console) -> None:
    channel = outcome.attempt.channel
    verdict = MEANT.get(outcome.verdict, outcome.verdict)
    head = f"{verdict}: {channel.name}, {channel.detail}, `{outcome.attempt.target.path}`"
    if outcome.verdict == "open":
        tail = f"shown: {outcome.shown}; would close it: {_closes(outcome, plan)}"
    elif outcome.verdict == "unproven":
        tail = f"not even the control showed it, so this says nothing; answered: {outcome.said}"
    else:
        tail = f"answered: {outcome.said}"
    console.print(f"{head}\n    {tail}", markup=False)
