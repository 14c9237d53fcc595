"""Whether policy files can be used: every error with file and line, and rules that loosen more than they seem to."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer
from rich.console import Console
from rich.text import Text

from .. import own
from ..errors import EXIT_OK, EXIT_USAGE, PolicyError
from ..policy import layers, snapshot
from ..policy.build import build
from ..policy.layer import Layer
from ..policy.load import read
from ..policy.policy import Policy

if TYPE_CHECKING:
    from ..policy.match import Row

SECRET = b"lint"


class Warned(NamedTuple):
    """Something that works, but perhaps not as meant."""

    file: str
    line: int
    message: str


def command(
    files: Annotated[list[str] | None, typer.Argument(help="Policy files; else all that are in force.")] = None,
    project: Annotated[str, typer.Option("--project", help="The project's folder.")] = ".",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check policy files: errors with their lines, and rules that loosen more than they seem to.

    Exit codes: 0 usable, 2 not.
    """
    root, home = os.path.abspath(project), os.path.expanduser("~")
    found = [(os.path.abspath(file), layer_of(file, home)) for file in files or ()] or in_force(root, home)
    errors = [error for file, layer in found for error in problems(file, layer)]
    warnings = [] if errors else [warning for file, layer in found for warning in idle(file, layer)]
    if not errors and not files:
        try:
            warnings += loosened(snapshot.load(root, home, own.cache_folder(home)))
        except PolicyError as error:
            errors.append(error)
    if as_json:
        typer.echo(json.dumps(_json(found, errors, warnings), indent=2))
    else:
        _show(found, errors, warnings)
    sys.exit(EXIT_USAGE if errors else EXIT_OK)


def in_force(project: str, home: str) -> list[tuple[str, str]]:
    """The policy files in force for a project with their layers. Raises PolicyError for a managed one that is not the
    administrator's."""
    found = [(one.file, "managed") for one in layers.managed(layers.MANAGED_ROOT, 0)]
    if layers.exists(layers.user_file(home)):
        found.append((layers.user_file(home), "user"))
    parts = project.split("/")
    for end in range(1, len(parts) + 1):
        found += [(one.file, one.layer) for one in layers.above("/".join(parts[:end]), project)[0]]
    return found


def layer_of(file: str, home: str) -> str:
    """The layer that a file would be, by its name and place."""
    path = os.path.abspath(file)
    if path == layers.user_file(home):
        return "user"
    if path.startswith(layers.MANAGED_ROOT + "/"):
        return "managed"
    return "local" if path.endswith(".local.toml") else "project"


def problems(file: str, layer: str) -> list[PolicyError]:
    """What is wrong with one file by itself."""
    try:
        build(read(file, "", layer), layers.FOLDING, SECRET)
    except PolicyError as error:
        return [error]
    return []


def idle(file: str, layer: str) -> list[Warned]:
    """What a project's or local policy writes without effect: `[shell]` milder than the default. Raises PolicyError."""
    if layer not in ("project", "local"):
        return []
    source = read(file, "", layer)
    shell = source.document.shell
    milder = [("opaque", "pass")] * (shell.opaque == "pass") + [("confine", "off")] * (shell.confine == "off")
    return [
        Warned(
            file,
            source.line(("shell", key)),
            f'`{key} = "{value}"` has no effect in a {layer} policy: it can only tighten; write it in your user policy',
        )
        for key, value in milder
    ]


def loosened(policy: Policy) -> list[Warned]:
    """Rules of one's own that set aside a pack's rule for paths that they do not name: `config/` with a milder class
    frees `config/.env` too."""
    rules = policy.rules()
    examples = [
        (rule["id"], example.rstrip("/"))
        for layer, _, rule in rules
        if layer.name == "builtin"
        for example in rule["matches"]
        if not example.startswith(("~", "//"))
    ]
    found = []
    for layer, name, rule in rules:
        if layer.name in ("builtin", "managed") or name != layer.file:
            continue
        for row in rule["rows"]:
            if row[1] or row[3]:
                continue
            for pack, example in examples:
                path = freed(policy, layer, rule["line"], row, example)
                if path:
                    message = f"`{row[0]}` also frees `{path}`, which `credentials/{pack}` restricts; name the files"
                    found.append(Warned(layer.file, rule["line"], message))
                    break
    return found


def freed(policy: Policy, layer: Layer, line: int, row: Row, example: str) -> str:
    """Where the rule on a line sets aside a pack's rule for an example without naming it; "" where it does not."""
    segments = [part for part in str(row[6]).split("/") if part]
    if segments[-1] == os.path.basename(example):
        return ""
    folders = segments if row[2] else segments[:-1]
    inside = [part for part in folders if not set(part) & set("*?[")]
    base = layer.base or policy.project
    path = "/".join([base, *inside, example])
    opinions = policy.explain(path, False)
    rules = [said.judgement.rule for said in opinions if said.file == layer.file]
    mine = any(rule and rule.line == line and rule.pattern == row[0] for rule in rules)
    aside = [said for said in opinions if not said.counts and said.layer == "builtin"]
    milder = mine and bool(aside) and policy.judge(path, False).rank < aside[0].judgement.rank
    return os.path.relpath(path, base) if milder else ""


def _json(found: list[tuple[str, str]], errors: list[PolicyError], warnings: list[Warned]) -> dict[str, object]:
    return {
        "files": [{"file": file, "layer": layer} for file, layer in found],
        "errors": [
            {"file": error.file, "line": error.line, "column": error.column, "message": str(error)} for error in errors
        ],
        "warnings": [warning._asdict() for warning in warnings],
    }


def _show(found: list[tuple[str, str]], errors: list[PolicyError], warnings: list[Warned]) -> None:
    console = Console(soft_wrap=True)
    for error in errors:
        console.print(Text.assemble(("error ", "red"), str(error)))
    for warning in warnings:
        console.print(Text.assemble(("warning ", "yellow"), f"{warning.file}:{warning.line}: {warning.message}"))
    for file, layer in found:
        if file not in {error.file for error in errors}:
            console.print(Text.assemble(("ok ", "green"), f"{file} ({layer})"))
    if not found:
        console.print("no policy files; the built-in credentials pack is in force")
