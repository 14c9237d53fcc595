"""The entry point of `claude-guard`: the table of verbs, and the one place that turns errors into exit codes."""

import sys
from importlib import import_module

import typer
from typer.core import TyperGroup

from .. import __version__
from ..errors import EXIT_USAGE, GuardError

VERBS: dict[str, str] = {
    "init": ".init",
    "install": ".install",
    "uninstall": ".uninstall",
    "status": ".status",
    "doctor": ".doctor",
    "check": ".check",
    "explain": ".explain",
    "lint": ".lint",
    "prove": ".prove",
    "demo": ".demo",
    "managed": ".managed",
}
"""Verb -> module. A module holds `command`, a function with typer annotations, or `app`, a `typer.Typer` of its own
sub-verbs; the first line of its docstring is the verb's help."""


class Verbs(TyperGroup):
    """The verbs, each imported when it is asked for."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]  # typer vendors click
        return list(VERBS)

    def get_command(self, ctx: typer.Context, name: str):  # type: ignore[no-untyped-def,override]
        if name not in VERBS:
            return None
        module = import_module(VERBS[name], __package__)
        verbs = getattr(module, "app", None)
        if verbs is None:
            verbs = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
            verbs.command(name)(module.command)
        command = typer.main.get_command(verbs)
        command.name = name
        return command


app = typer.Typer(
    cls=Verbs,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def guard(
    version: bool = typer.Option(False, "--version", help="Print the version and exit."),
) -> None:
    """The data guard for Claude Code: what your policy restricts does not leave the machine.

    Exit codes: 0 done or passed; 1 denied or leaked; 2 wrong usage, a broken policy or settings file; 3 the person
    would be asked.
    """
    if version:
        typer.echo(f"claude-guard {__version__}")
        raise typer.Exit


def main() -> None:
    """Runs the command line; an error becomes one line on standard error and its exit code."""
    try:
        app()
    except GuardError as error:
        typer.echo(f"claude-guard: {error}", err=True)
        sys.exit(error.code)
    except BrokenPipeError:
        sys.exit(EXIT_USAGE)
