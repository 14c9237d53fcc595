"""What the verbs that install share: which scope was asked for, and for which client."""

import os
from typing import Annotated, NamedTuple

import typer

from ..client import features, settings, version
from ..errors import GuardError

Project = Annotated[bool, typer.Option("--project", help="For everybody who works on the project (the default).")]
Local = Annotated[bool, typer.Option("--local", help="For you, in this project.")]
User = Annotated[bool, typer.Option("--user", help="For you, in every project.")]
Root = Annotated[str, typer.Option("--root", metavar="FOLDER", help="The project; else the one you are in.")]
ClientVersion = Annotated[
    str, typer.Option("--client-version", metavar="V", help="The oldest client to write for; else your own.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


class Target(NamedTuple):
    """A client to write for. note: where its version comes from, for the person."""

    features: features.Features
    note: str


def scope(project: bool, local: bool, user: bool) -> settings.Scope:
    """The scope that was asked for. Raises GuardError where more than one was."""
    if project + local + user > 1:
        raise GuardError("`--project`, `--local` and `--user` exclude each other", "name one")
    return "user" if user else "local" if local else "project"


def gate_scope(scope: settings.Scope) -> settings.Scope:
    """Where the shell gate of an installation goes: a project's settings are in git, and it names a path of a machine."""
    return "local" if scope == "project" else scope


def root(named: str) -> str:
    """The project's folder: as named, else the one around the working folder."""
    if not named:
        return settings.root(os.getcwd(), os.path.expanduser("~"))
    folder = os.path.abspath(os.path.expanduser(named))
    if not os.path.isdir(folder):
        raise GuardError(f"`{named}` is not a folder")
    return folder


def target(asked: str) -> Target:
    """The client to write for: as asked, else the person's own, else the oldest that the guard is tested with."""
    if asked:
        return Target(features.features(features.parse(asked)), "as asked")
    if not version.locate():
        return Target(features.features(features.OLDEST), "no `claude` on PATH, so the oldest that is tested")
    found = version.installed()
    return Target(features.features(found.version), f"yours, `{found.path}`")
