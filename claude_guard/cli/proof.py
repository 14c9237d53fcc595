"""What came of a proof, as a table or as JSON."""

import json
import sys
from collections.abc import Sequence
from typing import Any, NamedTuple

import typer
from rich.console import Console
from rich.table import Table

from ..client.channels import NEWER, SERVERS
from ..client.features import written
from ..client.prove import WORST, Outcome
from ..client.stage import Plan
from ..client.version import Installed
from ..errors import EXIT_DENIED, EXIT_OK

PROMISE = "no model, no account, no network: the client talks to an API on 127.0.0.1 that plays scripted tool calls"
COLOURS = {"open": "bold red", "false denial": "yellow", "unproven": "yellow", "closed": "green", "passed": "green"}
BAD = ("open", "false denial", "unproven")
MEANT = {"absent": "not on this client", "passed": "not in the way", "open": "OPEN"}


class Proof(NamedTuple):
    """What was played. client: None where the hooks were fed instead. how, subject: lines for the person."""

    outcomes: Sequence[Outcome]
    plan: Plan
    client: Installed | None
    how: str
    subject: str


def report(proof: Proof, as_json: bool) -> int:
    """Prints a proof and returns the exit code: 0 only where nothing leaked and nothing harmless was denied."""
    good = not any(outcome.verdict in BAD for outcome in proof.outcomes)
    if as_json:
        typer.echo(json.dumps({"ok": good, **_facts(proof)}, indent=2, ensure_ascii=False))
    else:
        _show(proof)
    return EXIT_OK if good else EXIT_DENIED


def _facts(proof: Proof) -> dict[str, Any]:
    client = proof.client and {"path": proof.client.path, "version": written(proof.client.version)}
    rows = [
        {
            "channel": outcome.attempt.channel.name,
            "attempt": outcome.attempt.channel.detail,
            "path": outcome.attempt.target.path,
            "rule": outcome.attempt.target.rule,
            "verdict": outcome.verdict,
            "shown": outcome.shown,
            "control": outcome.control,
            "answer": outcome.said,
            "ran": outcome.ran,
            "closes": closes(outcome, proof) if outcome.verdict == "open" else "",
        }
        for outcome in proof.outcomes
    ]
    plan = proof.plan
    gate = {"installed": bool(plan.gate.text), "confines": plan.gate.confines, "why": plan.gate.why}
    facts = {"how": proof.how, "client": client, "installed": plan.installed, "gate": gate}
    return {**facts, "notes": plan.notes, "attempts": rows}


def closes(outcome: Outcome, proof: Proof) -> str:
    """What would close an open channel, here and on this client."""
    channel = outcome.attempt.channel
    if proof.client and channel.gap and channel.gap[0] <= proof.client.version <= channel.gap[1]:
        return channel.closes if channel.closes == SERVERS else NEWER
    return "install the guard here: `claude-guard install`" if not proof.plan.installed else channel.closes


def _show(proof: Proof) -> None:
    console = Console(soft_wrap=not sys.stdout.isatty(), highlight=False)
    console.print(f"{proof.how}\n{proof.subject}, {len(proof.plan.targets)} restricted paths:", markup=False)
    for target in proof.plan.targets:
        console.print(f"  {target.path}  ({target.rule})", markup=False)
    console.print(_table(proof))
    if proof.client:
        console.print("counted: canaries on the wire (harmless calls: what they should show), or edits that were made")
        console.print(gate(proof), markup=False)
    for outcome in proof.outcomes:
        if outcome.verdict in BAD:
            _explain(outcome, proof, console)
    for note in proof.plan.notes:
        console.print(f"note: {note}", markup=False)


def gate(proof: Proof) -> str:
    """What the shell gate does for what was played."""
    behind = [one for one in proof.outcomes if one.attempt.channel.behind and one.verdict != "absent"]
    ran = [one for one in behind if one.ran]
    if not behind:
        return f"shell gate: {'in force, ' if proof.plan.gate.confines else 'not in force: '}{proof.plan.gate.why}"
    if proof.plan.gate.confines:
        open_ = sum(one.verdict == "open" for one in ran)
        came = "and showed nothing" if not open_ else f"and {open_} of them showed something"
        text = f"{len(ran)} of {len(behind)} programs that nobody can read ran with restricted files masked {came}"
        return f"shell gate: in force, {proof.plan.gate.why}: {text}"
    refused = len(behind) - len(ran)
    text = f"of {len(behind)} programs that nobody can read the guard refused {refused}, and {len(ran)} ran unmasked"
    return f"shell gate: not in force: {proof.plan.gate.why}; {text}"


def _table(proof: Proof) -> Table:
    table = Table()
    counted = ("without the guard", "with the guard") if proof.client else ("let through",)
    for heading in ("channel", "attempts", *counted, "verdict"):
        table.add_column(heading, justify="left" if heading in ("channel", "verdict") else "right")
    for name in dict.fromkeys(outcome.attempt.channel.name for outcome in proof.outcomes):
        mine = [outcome for outcome in proof.outcomes if outcome.attempt.channel.name == name]
        played = [outcome for outcome in mine if outcome.verdict != "absent"]
        worst = min((outcome.verdict for outcome in mine), key=WORST.index)
        control = [str(sum(bool(outcome.control) for outcome in played))] if proof.client else []
        counts = [str(len(played)), *control, str(sum(bool(outcome.shown) for outcome in played))]
        verdict = f"[{COLOURS.get(worst, 'dim')}]{MEANT.get(worst, worst)}[/]"
        masked = sum(outcome.ran and outcome.verdict == "closed" for outcome in mine)
        verdict += f", {masked} ran masked" if masked else ""
        table.add_row(name, *(counts if played else ["-"] * len(counts)), verdict)
    return table


def _explain(outcome: Outcome, proof: Proof, console: Console) -> None:
    channel = outcome.attempt.channel
    verdict = MEANT.get(outcome.verdict, outcome.verdict)
    head = f"{verdict}: {channel.name}, {channel.detail}, `{outcome.attempt.target.path}`"
    if outcome.verdict == "open":
        tail = f"shown: {outcome.shown}; would close it: {closes(outcome, proof)}"
    elif outcome.verdict == "unproven":
        tail = f"not even the control showed it, so this says nothing; answered: {outcome.said}"
    else:
        tail = f"answered: {outcome.said}"
    console.print(f"{head}\n    {tail}", markup=False)
