"""Put the guard's hooks and deny rules into the settings of Claude Code."""

import json
import os

import typer

from ..client import native, settings, shell
from ..client.features import CURRENT, OLDEST, ON_FAILURE, written
from ..confine import probe
from ..errors import GuardError
from . import places


def command(
    project: places.Project = False,
    local: places.Local = False,
    user: places.User = False,
    root: places.Root = "",
    client_version: places.ClientVersion = "",
    as_json: places.AsJson = False,
) -> None:
    """Put the guard's hooks and deny rules into the settings of Claude Code.

    A second run changes nothing, or refreshes what is out of date. Everything else in the settings stays as it is.
    """
    scope = places.scope(project, local, user)
    folder = places.root(root)
    home = os.path.expanduser("~")
    client = places.target(client_version)
    where = settings.site(scope, folder, home)
    deny, left_out = native.derived("" if scope == "user" else folder, home)
    launcher = launcher_text() if scope == "project" else ""
    prefix = "" if scope == "project" or not probe.look().works else shell.write(home)
    outcome = settings.install(where, client.features, deny, launcher, prefix=prefix)
    notes = _notes(client, scope, len(left_out))
    if as_json:
        said = {
            "settings": where.settings,
            "scope": scope,
            "changed": outcome.changed,
            "client": written(client.features.version),
            "events": outcome.events,
            "deny": outcome.deny,
            "notes": notes,
        }
        typer.echo(json.dumps(said, indent=2, ensure_ascii=False))
        return
    done = "the guard is installed in" if outcome.changed else "nothing to do, the guard stands in"
    typer.echo(f"{done} {where.settings}")
    typer.echo(f"  client  {written(client.features.version)} ({client.note})")
    typer.echo(f"  hooks   {', '.join(outcome.events)}")
    typer.echo(f"  deny    {len(outcome.deny)} rules derived from the policy")
    for note in notes:
        typer.echo(f"  note    {note}")


def launcher_text() -> str:
    """The launcher that goes into a project. Raises GuardError where this installation lacks it."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    for path in (os.path.join(package, "guard.sh"), os.path.join(os.path.dirname(package), "hooks", "guard.sh")):
        if os.path.isfile(path):
            with open(path, encoding="utf-8") as file:
                return file.read()
    raise GuardError("this installation of claude-guard lacks its launcher", "install it again")


def _notes(client: places.Target, scope: settings.Scope, left_out: int) -> list[str]:
    version = client.features.version
    notes = []
    if version < ON_FAILURE:
        notes.append(
            f"hooks of clients before {written(ON_FAILURE)} fail open when they are killed or time out; update"
        )
    if version < OLDEST or version[:2] > CURRENT[:2]:
        notes.append(f"tested with {written(OLDEST)} to {written(CURRENT)}; run `claude-guard prove` with yours")
    if not client.features.negates:
        notes.append("this client's deny rules with `!` reach into your other settings files too; check them")
    if left_out:
        notes.append(f"{left_out} patterns have no form as the client's own rules; the hooks hold them")
    if scope == "project":
        notes.append("the shell gate names a path of this machine: `claude-guard install --local` adds it for you")
        notes.append("commit `.claude/`; for colleagues with an older client run this again with `--client-version`")
    notes.append("sessions that are running keep their settings: start a new one")
    return notes
