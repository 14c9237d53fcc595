"""Write a commented policy for a project, by what lies in it."""

import json
import os
import subprocess
from typing import Annotated

import typer

from ..errors import GuardError
from . import starter
from .survey import survey

LOCAL = ".claude/guard.local.toml"


def command(
    folder: Annotated[str, typer.Argument(metavar="[DIR]", help="The project's folder.")] = ".",
    force: Annotated[bool, typer.Option("--force", help="Replace the policy that is there; a backup is kept.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Write a commented .claude/guard.toml for this project.

    Exit codes: 0 written, 2 there is one already or it cannot be written.
    """
    project = os.path.abspath(folder)
    if not os.path.isdir(project):
        raise GuardError(f"`{folder}` is not a folder")
    file = f"{project}/.claude/guard.toml"
    if os.path.lexists(file) and not force:
        raise GuardError(f"`{file}` is there already", "edit it, or use --force, which keeps a backup")
    found = survey(project)
    try:
        os.makedirs(os.path.dirname(file), exist_ok=True)
        backup = _backup(file)
        _write(file, starter.text(found))
        ignored = _ignore(project)
    except OSError as error:
        raise GuardError(f"`{error.filename or file}` cannot be written: {(error.strerror or '').lower()}") from None
    parts = starter.parts(found)
    if as_json:
        rows = [{"what": part.what, "paths": part.paths, "rule": part.rule} for part in parts]
        answer = {"file": file, "backup": backup or None, "gitignore": ignored, "found": rows}
        typer.echo(json.dumps(answer, indent=2))
        return
    _show(file, backup, ignored, parts)


def _backup(file: str) -> str:
    """Keeps the policy that is there under a free name; that name, "" where there is none."""
    if not os.path.lexists(file):
        return ""
    number = 1
    while os.path.lexists(backup := f"{file}.backup-{number}"):
        number += 1
    os.link(file, backup, follow_symlinks=False)
    return backup


def _write(file: str, text: str) -> None:
    draft = f"{file}.{os.getpid()}"
    try:
        with open(draft, "x", encoding="utf-8") as opened:
            opened.write(text)
        os.replace(draft, file)
    except OSError:
        if os.path.lexists(draft):
            os.unlink(draft)
        raise


def _ignore(project: str) -> bool:
    """Keeps the local policy out of git, where there is a repository that would take it in; whether it had
    to."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    try:
        asked = subprocess.run(
            ["git", "-C", project, "-c", "core.fsmonitor=false", "check-ignore", "-q", LOCAL],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError:
        return False
    if asked.returncode != 1:  # 0: ignored already; 128: no repository
        return False
    file = f"{project}/.gitignore"
    try:
        with open(file, encoding="utf-8", errors="surrogateescape", newline="") as opened:
            text = opened.read()
    except FileNotFoundError:
        text = ""
    if text and not text.endswith("\n"):
        text += "\n"
    with open(file, "w", encoding="utf-8", errors="surrogateescape", newline="") as opened:
        opened.write(f"{text}/{LOCAL}\n")
    return True


def _show(file: str, backup: str, ignored: bool, parts: list[starter.Part]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(highlight=False)
    console.print(f"wrote [bold]{escape(file)}[/]", soft_wrap=True)
    if backup:
        console.print(f"the one before is kept as {escape(backup)}", soft_wrap=True)
    if ignored:
        console.print(f"added {LOCAL} to .gitignore")
    if parts:
        table = Table("found", "where", "rule", box=None, pad_edge=False)
        for part in parts:
            where = ", ".join(part.paths[:3]) + (" ..." if len(part.paths) > 3 else "")
            table.add_row(escape(part.what), escape(where), part.rule)
        console.print(table)
    console.print("next: read it, then [bold]claude-guard install[/]")
