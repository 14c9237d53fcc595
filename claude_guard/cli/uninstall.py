"""Take the guard's hooks and deny rules out of the settings of Claude Code."""

import json
import os

import typer

from ..client import settings
from . import places


def command(
    project: places.Project = False,
    local: places.Local = False,
    user: places.User = False,
    root: places.Root = "",
    as_json: places.AsJson = False,
) -> None:
    """Take the guard's hooks and deny rules out of the settings of Claude Code.

    Where nothing else was changed since, the settings are byte for byte what they were before.
    """
    where = settings.site(places.scope(project, local, user), places.root(root), os.path.expanduser("~"))
    outcome = settings.uninstall(where)
    if as_json:
        said = {"settings": where.settings, "changed": outcome.changed, "restored": outcome.restored}
        typer.echo(json.dumps(said, indent=2, ensure_ascii=False))
    elif not outcome.changed:
        typer.echo(f"nothing to do, the guard does not stand in {where.settings}")
    else:
        how = "is as it was before" if outcome.restored else "keeps what else it holds"
        typer.echo(f"the guard is taken out; {where.settings} {how}")
