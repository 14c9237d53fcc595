"""The hooks of an installation: what is written for a client version, and how our own are known again."""

import re
import shlex
import sys
from os.path import abspath, dirname, isfile, join
from typing import Any, NamedTuple

from ..errors import GuardError
from .features import Features

TIMEOUT = 30
"""Seconds that the client gives a hook; the guard itself gives up, and denies, after 10."""

LAUNCHER = ".claude/claude-guard/guard.sh"
"""The launcher that a project installation puts into the project, which names no path of anybody's machine."""

MATCHERS = {"PreToolUse": "*", "PostToolUse": "Glob"}
"""Event -> the tools it is wanted for. Other events have no matcher: all of them."""

_OURS = re.compile(r"(^|[/\"'\s])claude[-_]guard/(guard\.sh|__hook__\.py)($|[\"'\s])")


class Start(NamedTuple):
    """How a hook starts the guard: a program and its arguments, without blanks or quotes of any shell.

    shell: the same as a shell writes it, where that is not just the quoted words.
    """

    words: tuple[str, ...]
    shell: str = ""


PROJECT = Start(
    ("/bin/sh", "${CLAUDE_PROJECT_DIR}/" + LAUNCHER),
    f'/bin/sh "$CLAUDE_PROJECT_DIR/{LAUNCHER}"',
)

PLUGIN = Start(("/bin/sh", "${CLAUDE_PLUGIN_ROOT}/hooks/guard.sh"))
SETUP = Start(("/bin/sh", "${CLAUDE_PLUGIN_ROOT}/hooks/setup.sh"))
SETUP_TIMEOUT = 300


def absolute(interpreter: str = "", package: str = "") -> Start:
    """The start by the absolute path of an interpreter, this one by default: a version manager's shim costs 100 ms, and
    the link in a virtual environment must stay a link, or its packages are not found."""
    package = package or dirname(dirname(abspath(__file__)))
    return Start((interpreter or sys.executable, "-I", "-S", join(package, "__hook__.py")))


def launcher_text() -> str:
    """The launcher that goes into a project. Raises GuardError where this installation lacks it."""
    package = dirname(dirname(abspath(__file__)))
    for path in (join(package, "guard.sh"), join(dirname(package), "hooks", "guard.sh")):
        if isfile(path):
            with open(path, encoding="utf-8") as file:
                return file.read()
    raise GuardError("this installation of claude-guard lacks its launcher", "install it again")


def groups(features: Features, start: Start) -> dict[str, dict[str, Any]]:
    """Event -> the matcher group to write, for the events that the client knows and the guard has a use for."""
    entry = hook(features, start)
    found: dict[str, dict[str, Any]] = {}
    for event in features.events:
        if event == "PostToolUse" and not features.rewrites:
            continue
        matcher = {"matcher": MATCHERS[event]} if event in MATCHERS else {}
        found[event] = {**matcher, "hooks": [dict(entry)]}
    return found


def plugin(features: Features) -> dict[str, Any]:
    """The plugin's `hooks.json`. A session's start goes through the setup, which hands it on to the guard."""
    found = groups(features, PLUGIN)
    found["SessionStart"] = {"hooks": [{**hook(features, SETUP), "timeout": SETUP_TIMEOUT}]}
    return {
        "description": "Checks every tool call, prompt and loaded instruction against the project's policy.",
        "hooks": {event: [group] for event, group in found.items()},
    }


def hook(features: Features, start: Start) -> dict[str, Any]:
    """One hook entry: without a shell and blocking on failure where the client knows how, else a shell that turns every
    failure into exit 2, the only one that blocks there."""
    words = (*start.words, *arguments(features))
    if features.exec_form and features.on_failure:
        return {
            "type": "command",
            "command": words[0],
            "args": list(words[1:]),
            "timeout": TIMEOUT,
            "onFailure": "block",
        }
    line = " ".join([start.shell or shlex.join(start.words), *words[len(start.words) :]])
    return {"type": "command", "command": f"{line} || exit 2", "timeout": TIMEOUT}


def arguments(features: Features) -> tuple[str, ...]:
    """What the guard is told about the client: see `hook.py`."""
    told = (("--no-rewrite", features.rewrites), ("--no-ask", features.asks))
    return tuple(name for name, known in told if not known)


def ours(entry: Any) -> bool:
    """Whether a hook entry starts the guard, in whatever form and wherever it is installed."""
    if not isinstance(entry, dict):
        return False
    arguments = entry.get("args")
    words = [entry.get("command"), *(arguments if isinstance(arguments, list) else [])]
    return any(isinstance(word, str) and _OURS.search(word) is not None for word in words)


def found(settings: Any) -> list[tuple[str, int, int, dict[str, Any]]]:
    """Our hooks in a settings object: event, index of the group, index in the group, entry."""
    hooks = settings.get("hooks") if isinstance(settings, dict) else None
    places = []
    for event, listed in hooks.items() if isinstance(hooks, dict) else ():
        for group, body in enumerate(listed if isinstance(listed, list) else ()):
            inner = body.get("hooks") if isinstance(body, dict) else None
            for index, entry in enumerate(inner if isinstance(inner, list) else ()):
                if ours(entry):
                    places.append((event, group, index, entry))
    return places
