"""Build what an organisation puts in place by device management."""

import json
import os
import subprocess
from typing import Annotated

import typer

from ..client import features, files, hooks, managed
from ..client.features import ON_FAILURE, written
from ..errors import GuardError
from . import places

app = typer.Typer(
    help="Build what an organisation puts in place by device management.",
    add_completion=False,
    no_args_is_help=True,
)

ASK = "import os, claude_guard; print(os.path.dirname(os.path.abspath(claude_guard.__file__)))"


@app.callback()
def group() -> None:
    """Build what an organisation puts in place by device management."""


@app.command()
def build(
    out: Annotated[str, typer.Option("--out", metavar="DIR", help="The folder to write to; a policy in it is kept.")],
    interpreter: Annotated[
        str, typer.Option("--interpreter", metavar="PATH", help="The Python of the guard on the machines; else this.")
    ] = "",
    package: Annotated[
        str, typer.Option("--package", metavar="PATH", help="The guard's package there, if it is not on this machine.")
    ] = "",
    client_version: Annotated[
        str, typer.Option("--client-version", metavar="V", help="The oldest client to admit.")
    ] = written(ON_FAILURE),
    as_json: places.AsJson = False,
) -> None:
    """Write managed settings, the policy's folder and where they go. The same input gives the same files."""
    folder = os.path.abspath(os.path.expanduser(out))
    client = features.features(features.parse(client_version))
    policy = files.read(os.path.join(folder, managed.POLICY))
    built = managed.build(client, start(interpreter, package), managed.STARTER if policy is None else policy)
    changed = []
    for name, text in built.files.items():
        path = os.path.join(folder, name)
        if files.read(path) != text:
            files.replace(path, text, 0o644)
            changed.append(name)
    if as_json:
        said = {"out": folder, "files": list(built.files), "changed": changed, "deny": built.deny}
        typer.echo(json.dumps(said, indent=2, ensure_ascii=False))
        return
    for name in built.files:
        typer.echo(f"{'written' if name in changed else 'current'}  {os.path.join(folder, name)}")
    typer.echo(f"hooks, {len(built.deny)} deny rules; clients older than {written(client.version)} are refused")
    if not managed.oldest_sound(client):
        typer.echo(
            f"note: clients before {written(ON_FAILURE)} let a call through when its hook is killed or times out"
        )


def start(interpreter: str, package: str) -> hooks.Start:
    """How the hooks start the guard on the machines. Raises GuardError where that cannot be known."""
    if not interpreter:
        return hooks.absolute(package=package)
    if not os.path.isabs(interpreter):
        raise GuardError(f"`{interpreter}` is not absolute", "name the interpreter as it is called on the machines")
    if package:
        return hooks.absolute(interpreter, package)
    try:
        asked = subprocess.run(
            [interpreter, "-I", "-c", ASK], stdin=subprocess.DEVNULL, capture_output=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        asked = None
    if asked is None or asked.returncode != 0:
        raise GuardError(
            f"`{interpreter}` has no claude-guard on this machine",
            "name its package there: `--package /opt/claude-guard/lib/python3.11/site-packages/claude_guard`",
        )
    return hooks.absolute(interpreter, asked.stdout.decode().strip())
