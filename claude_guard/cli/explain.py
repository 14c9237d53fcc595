"""What the policy says of a path: its class, the rule that decided, and what each layer said."""

import json
import os
import sys
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from .. import own
from ..confine.uses import HOMES
from ..judge import Judge
from ..model import Judgement
from ..policy import snapshot
from ..policy.policy import Policy
from ..world import Machine

PROGRAMS = {
    "none": "no program in a shell can open it",
    "use": "programs may read it, to build and test; showing it is denied, and filtered out of output",
}
"""What a rule's `programs` means where commands run through the shell gate."""

TOOLS = "the programs that are known to need it may read it, as ssh a key; no other can open it"
"""The same for what lies where such programs keep it at home."""

COLOURS = {"allow": "green", "view": "cyan", "ask": "yellow", "deny": "red"}


def command(
    paths: Annotated[list[str], typer.Argument(help="Files or folders; they need not exist.")],
    project: Annotated[str, typer.Option("--project", help="The project's folder.")] = ".",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Explain how a path is classified: class, action, rule, and which layers said what."""
    machine = Machine(os.getcwd())
    policy = snapshot.load(os.path.abspath(project), machine.home, own.cache_folder(machine.home))
    answers = [explained(os.path.abspath(os.path.expanduser(path)), policy, machine) for path in paths]
    if as_json:
        typer.echo(json.dumps(answers, indent=2))
        return
    console = Console(width=None if sys.stdout.isatty() else 1_000)
    for answer in answers:
        console.print(_tree(answer))


def explained(path: str, policy: Policy, machine: Machine) -> dict[str, Any]:
    """All that is known of a path, as JSON values. Raises PolicyError."""
    real = machine.realpath(path)
    kind = machine.kind(path)
    judgement = Judge(policy, machine).path(path)
    spellings = dict.fromkeys((path, real))
    layers = [
        {"path": spelling, "layer": said.layer, "file": said.file, "counts": said.counts, **_described(said.judgement)}
        for spelling in spellings
        for said in policy.explain(spelling, None if kind is None else kind == "dir")
    ]
    answer = {"path": path, "real": real, "via": judgement.via, **_described(judgement)}
    return {**answer, "destination": policy.destination, "clearance": policy.clearance, "layers": layers}


def _described(judgement: Judgement) -> dict[str, Any]:
    rule = judgement.rule._asdict() if judgement.rule else None
    return {"class": judgement.level, "action": judgement.action, "writes": judgement.writes, "rule": rule}


def _tree(answer: dict[str, Any]) -> Tree:
    head = Text.assemble(
        answer["path"], ": ", (answer["class"], "bold"), ", ", (answer["action"], COLOURS[answer["action"]])
    )
    if answer["via"]:
        head.append(f" ({answer['via']})")
    tree = Tree(head)
    rule = answer["rule"]
    if rule is None:
        tree.add(Text("no rule matches it; the default holds"))
    else:
        tree.add(Text(f"rule `{rule['id']}`, pattern `{rule['pattern']}`, {_place(rule)}"))
        for key in ("category", "reason", "instead", "view"):
            if rule[key]:
                tree.add(Text(f"{key}: {rule[key]}"))
        if answer["action"] != "allow":
            tree.add(Text(f"programs: {rule['programs']}, {_programs(rule['programs'], answer['real'])}"))
        tree.add(Text(f"names: {rule['names']}; writes: {answer['writes']}"))
    tree.add(Text(f"clearance of `{answer['destination']}`: {answer['clearance']}"))
    for said in answer["layers"]:
        by = f"rule `{said['rule']['id']}`, {_place(said['rule'])}" if said["rule"] else f"default, {said['file']}"
        aside = "" if said["counts"] else ", set aside by a rule of a lower layer"
        tree.add(Text(f"{said['layer']} says {said['class']}, {said['action']}: {by}{aside}"))
    return tree


def _programs(key: str, path: str) -> str:
    home = os.path.expanduser("~") + "/"
    return TOOLS if key == "use" and path.startswith(tuple(home + one for one in HOMES)) else PROGRAMS[key]


def _place(rule: dict[str, Any]) -> str:
    return f"{rule['file']}:{rule['line']}" if rule["line"] else str(rule["file"])
