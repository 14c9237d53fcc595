"""Take the guard's hooks, deny rules and shell gate out of the settings of Claude Code."""

import json
import os
from typing import Annotated

import typer

from ..client import ignored, settings, shell
from . import places

Gate = Annotated[
    bool | None,
    typer.Option("--shell/--no-shell", help="The shell gate alone; or all but the shell gate."),
]


def command(
    project: places.Project = False,
    local: places.Local = False,
    user: places.User = False,
    gate: Gate = None,
    root: places.Root = "",
    as_json: places.AsJson = False,
) -> None:
    """Take the guard's hooks, deny rules and shell gate out of the settings of Claude Code.

    Where nothing else was changed since, the settings are byte for byte what they were before.
    """
    scope, folder, home = places.scope(project, local, user), places.root(root), os.path.expanduser("~")
    where = settings.site(scope, folder, home)
    beside = settings.site(places.gate_scope(scope), folder, home)
    settings.values(beside)  # broken settings: nothing is taken out anywhere
    if gate is not False:
        shell.accept(beside.folder)
    done: list[settings.Outcome] = []
    if gate is not True:
        done.append(settings.uninstall(where, keep_prefix=gate is False and beside == where))
    if gate is True or (gate is None and beside != where and _alone(beside)):
        done.append(settings.uninstall(beside, prefix_only=True))
    if gate is not False and beside.scope == "local" and settings.installed(beside) is None:
        ignored.let_in(beside.settings)
    if as_json:
        said = [
            {"settings": one.site.settings, "changed": one.changed, "restored": one.restored, "gate": bool(one.prefix)}
            for one in done
        ]
        typer.echo(json.dumps({**said[0], "files": said}, indent=2, ensure_ascii=False))
        return
    for one in done:
        if one.changed:
            how = "is as it was before" if one.restored else "keeps what else it holds"
            typer.echo(f"{_what(one)} taken out; {one.site.settings} {how}")
    if not any(one.changed for one in done):
        typer.echo(f"nothing to do, the guard does not stand in {done[0].site.settings}")


def _alone(beside: settings.Site) -> bool:
    """Whether the settings hold the shell gate that came with a project's installation, and no hooks of ours."""
    held = settings.installed(beside)
    return held is not None and bool(held.prefix) and not held.events


def _what(one: settings.Outcome) -> str:
    return "the guard is" if one.events or one.deny else "the shell gate is"
