"""Play every channel to your own client and show what reaches the wire."""

import os
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from .. import own
from ..client import version
from ..client.features import written
from ..client.prove import TABLE, prove
from ..client.stage import survey
from ..errors import GuardError
from ..policy import snapshot
from .proof import PROMISE, Proof, report


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
    known = list(dict.fromkeys(row.name for row in TABLE))
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
    subject = f"client {written(found.version)} ({found.path})"
    sys.exit(report(Proof(outcomes, plan, found, PROMISE, subject), as_json))
