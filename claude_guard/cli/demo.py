"""Show what the guard does, on a sample project made for it."""

import os
import sys
import tempfile
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from ..client import chain, features, native, settings, shell, version
from ..client.prove import Outcome, prove
from ..client.replay import replay
from ..client.stage import Plan, survey
from ..policy import snapshot
from .proof import PROMISE, Proof, report

WEAKER = (
    "no client here, so this is the weaker proof: the installed hook commands are fed the calls, which shows what the "
    "guard answers and not what a client does with it; install Claude Code for `claude-guard prove`"
)

POLICY = """\
version = 1

[[rules]]
paths = ["secrets/", "/deploy/*.pem"]
class = "restricted"
category = "credentials"
reason = "production credentials"
instead = ".env.example"

[[rules]]
paths = ["customers/**/*.csv"]
class = "restricted"
category = "personal-data"
reason = "customers' records"
"""


def command(
    client: Annotated[str, typer.Option("--client", metavar="PATH", help="The client; else your own `claude`.")] = "",
    without_client: Annotated[
        bool, typer.Option("--without-client", help="Feed the hooks even if there is one.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show what the guard does, on a sample project made for it.

    With a client: every channel of `claude-guard prove`. Without: the hook commands are fed the same calls. Exit codes
    as those of `claude-guard prove`. Nothing of yours is read or changed.
    """
    found = None if without_client or not (client or version.locate()) else version.installed(client)
    with tempfile.TemporaryDirectory(prefix="claude-guard-demo-") as folder:
        plan = sample(os.path.realpath(folder), found.version if found else features.CURRENT)
        console = Console(stderr=True)
        with Progress(console=console, transient=True, disable=as_json or not console.is_terminal) as progress:
            task = progress.add_task("starting", total=None)

            def tell(name: str, done: int, total: int) -> None:
                progress.update(task, description=name, completed=done, total=total)

            outcomes: list[Outcome]
            if found:
                outcomes = prove(found, plan, (), tell, os.cpu_count() or 1)
            else:
                outcomes = replay(plan, (), tell)
    subject = f"client {features.written(found.version)} ({found.path})" if found else "no client"
    proof = Proof(outcomes, plan, found, PROMISE if found else WEAKER, f"a sample project, {subject}")
    sys.exit(report(proof, as_json))


def sample(folder: str, client: features.Version) -> Plan:
    """A sample project with a policy and the guard installed for a client of that version, as a plan to play."""
    project, home = os.path.join(folder, "sample"), os.path.join(folder, "home")
    os.makedirs(os.path.join(project, ".claude"))
    os.makedirs(home)
    with open(os.path.join(project, ".claude", "guard.toml"), "w", encoding="utf-8") as file:
        file.write(POLICY)
    where = settings.site("local", project, home)
    gate = shell.write(home) if chain.possible() else ""
    settings.install(where, features.features(client), native.derived(project, home).rules, prefix=gate)
    return survey(project, home, snapshot.load(project, home, home + "/.cache/claude-guard"))
