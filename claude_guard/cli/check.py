"""What the guard would say to a path, a tool call or a shell command, and why."""

import json
import os
import sys
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.tree import Tree

from ..errors import EXIT_ASK, EXIT_DENIED, EXIT_OK, GuardError
from ..model import Call, Decision
from ..shell.context import HOLE
from ..shell.reading import Trace

EXITS = {"pass": EXIT_OK, "ask": EXIT_ASK, "deny": EXIT_DENIED}
COLOURS = {"pass": "green", "ask": "yellow", "deny": "red"}


def command(
    paths: Annotated[list[str] | None, typer.Argument(help="Paths, judged as the Read tool would open them.")] = None,
    tool: Annotated[
        str | None,
        typer.Option("--tool", metavar="JSON", help='A tool call: {"tool_name": ..., "tool_input": {...}}.'),
    ] = None,
    shell: Annotated[str | None, typer.Option("--command", "-c", help="A shell command, read word by word.")] = None,
    project: Annotated[str, typer.Option("--project", help="The project's folder.")] = ".",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say what the guard would answer, and why.

    Exit codes: 0 pass, 1 deny, 3 ask, 2 wrong usage or a broken policy.
    """
    calls = list(_calls(paths or [], tool, shell))
    if not calls:
        raise GuardError("nothing to check", "name a path, or use --tool or --command")
    root = os.path.abspath(project)
    answers = [_answer(name, tool_name, tool_input, root) for name, tool_name, tool_input in calls]
    if as_json:
        typer.echo(json.dumps([answer for answer, _ in answers], indent=2))
    else:
        for answer, trace in answers:
            _show(answer, trace)
    sys.exit(max((EXITS[answer["verdict"]] for answer, _ in answers), key=[EXIT_OK, EXIT_ASK, EXIT_DENIED].index))


def _calls(paths: list[str], tool: str | None, shell: str | None) -> Any:
    for path in paths:
        yield path, "Read", {"file_path": os.path.abspath(os.path.expanduser(path))}
    if tool is not None:
        try:
            given = json.loads(tool)
        except ValueError as error:
            raise GuardError(f"--tool is not JSON: {error}") from None
        if not isinstance(given, dict) or not isinstance(given.get("tool_name"), str):
            raise GuardError("--tool names no tool", 'write {"tool_name": "Read", "tool_input": {"file_path": "..."}}')
        tool_input = given.get("tool_input", {})
        if not isinstance(tool_input, dict):
            raise GuardError("the `tool_input` of --tool is not an object")
        yield given["tool_name"], given["tool_name"], tool_input
    if shell is not None:
        yield shell, "Bash", {"command": shell}


def _answer(name: str, tool: str, tool_input: dict[str, Any], project: str) -> tuple[dict[str, Any], Any]:
    from ..hook import Guard

    call = Call("PreToolUse", "", project, project, tool, tool_input)
    guard = Guard(call)
    trace = None
    if tool == "Bash":
        from ..shell import read
        from ..touch.command import dialect

        trace = read(tool_input["command"], guard.world, dialect(guard.world)).trace
    return _described(name, tool, guard.tool(call)), trace


def _described(name: str, tool: str, decision: Decision) -> dict[str, Any]:
    answer: dict[str, Any] = {"call": name, "tool": tool, "verdict": decision.verdict, "reasons": []}
    for reason in decision.reasons:
        row: dict[str, Any] = {
            "verdict": reason.verdict,
            "text": reason.text,
            "touch": reason.touch._asdict(),
        }
        if reason.judgement:
            row["level"] = reason.judgement.level
            row["rule"] = reason.judgement.rule._asdict() if reason.judgement.rule else None
        answer["reasons"].append(row)
    if decision.updated_input is not None:
        answer["updated_input"] = decision.updated_input
    return answer


def _show(answer: dict[str, Any], trace: tuple[Trace, ...] | None) -> None:
    console = Console(highlight=False)
    verdict = answer["verdict"]
    tree = Tree(f"[bold {COLOURS[verdict]}]{verdict}[/]  {_plain(answer['call'])}")
    for reason in answer["reasons"]:
        said = ("left out", "dim") if "updated_input" in answer else (reason["verdict"], COLOURS[reason["verdict"]])
        tree.add(f"[{said[1]}]{said[0]}[/]  {_plain(reason['text'])}")
    if "updated_input" in answer:
        command = answer["updated_input"].get("command")
        left = "searched without what the policy restricts" if command is None else f"run as  {_plain(command)}"
        tree.add(left)
    if trace is not None:
        _grow(tree.add("[dim]as read[/]"), trace)
    console.print(tree)


def _grow(tree: Tree, commands: tuple[Trace, ...]) -> None:
    for command in commands:
        branch = tree
        if command.text or command.words:
            branch = tree.add(_plain(" ".join(command.words).replace(HOLE, "?") or command.text))
        for touch in command.touches:
            name = f"cannot tell {touch.name}" if touch.kind == "opaque" else f"{touch.access} {touch.name}"
            branch.add(f"[cyan]{_plain(name)}[/]")
        _grow(branch, command.inner)


def _plain(text: str) -> str:
    from rich.markup import escape

    return escape(text)
