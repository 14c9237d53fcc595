"""The shell prefix: what the client is given, and what it hands over, read and recognised."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLE = "CLAUDE_CODE_SHELL_PREFIX"
"""What the client reads the prefix from."""

THROUGH = "--through"
"""The gate's first argument for what git starts: a shell's text with arguments of its own follows."""

RECORDS = "pwd -P >| "
"""How a Bash tool's string ends: it records the working directory."""


def executable(python: str, package: str) -> str:
    """The text of the prefix: one executable, because the client starts MCP servers with the whole value of
    CLAUDE_CODE_SHELL_PREFIX as the name of a program. It starts the gate by the absolute path of an interpreter."""
    path = f"{package}/__shell__.py"
    if " " not in python and len(python) < 120:
        run = "with open(__file__) as file:\n    exec(file.read())\n"
        return f"#!{python} -IS\n__file__ = {path!r}\n{run}"
    return f'#!/bin/sh\nexec {quote(python)} -IS {quote(path)} "$@"\n'


def stands(environment: Mapping[str, str], file: str, text: str) -> bool:
    """Whether the client that this environment belongs to runs its commands through our prefix. file:
    where the prefix is kept; text: what it must hold."""
    if environment.get(VARIABLE, "") != file:
        return False
    try:
        with open(file, encoding="utf-8") as held:
            return held.read() == text
    except (OSError, ValueError):
        return False


def own(command: str, starts: tuple[str, ...], arguments: tuple[str, ...]) -> bool:
    """Whether a command string is one of the guard's own hooks, word for word. starts: how a shell starts the guard;
    arguments: options that may follow, each at most once and in this order. A Bash call's string is never that: the
    client wraps it."""
    for start in starts:
        if not command.startswith(start + " ") or not command.endswith(" || exit 2"):
            continue
        left = [word for word in command[len(start) : -len(" || exit 2")].split(" ") if word]
        if command == " ".join([start, *left]) + " || exit 2" and left == [word for word in arguments if word in left]:
            return True
    return False


def inner(command: str) -> str:
    """The script of a Bash call, out of the string that the client made of it; other strings as they are."""
    if RECORDS not in command:
        return command
    at = command.rfind("eval ", 0, _evaluated(command))
    if at < 0:
        return command
    return _word(command, at + 5)


def ahead(command: str, folder: str) -> str:
    """A command string with `folder` first on PATH from where the client has restored the PATH of its snapshot.
    Strings that restore none are returned as they are: there the environment holds."""
    at = command.find("&& eval ") if RECORDS in command else -1
    if at < 0:
        return command
    for sign in tuple('\\"$`'):  # not in single quotes: the string may stand in those itself, behind another prefix
        folder = folder.replace(sign, "\\" + sign)
    return f'{command[:at]}&& export PATH="{folder}:$PATH" {command[at:]}'


def sourced(command: str) -> list[str]:
    """The files that the client's string reads before the script of a Bash call: its snapshots of the person's shell."""
    if RECORDS not in command:
        return []
    lead = command[: command.rfind("eval ", 0, _evaluated(command))]
    return [_word(lead, at + 7) for at in range(len(lead)) if lead.startswith("source ", at)]


def _evaluated(command: str) -> int:
    """Where the first `eval` of a string ends: what comes before it is the client's own."""
    for lead in ("&& eval ", "eval "):
        at = command.find(lead)
        if at >= 0:
            return at + len(lead)
    return 0


def _word(text: str, at: int) -> str:
    """The shell word that begins at a place, its quotes taken off."""
    out: list[str] = []
    while at < len(text) and text[at] not in " \t\n;&|":
        if text[at] == "'":
            end = text.find("'", at + 1)
            end = len(text) if end < 0 else end
            out.append(text[at + 1 : end])
            at = end + 1
        elif text[at] == '"':
            at += 1
            while at < len(text) and text[at] != '"':
                if text[at] == "\\" and text[at + 1 : at + 2] in tuple('"\\$`'):
                    at += 1
                out.append(text[at])
                at += 1
            at += 1
        elif text[at] == "\\":
            out.append(text[at + 1 : at + 2])
            at += 2
        else:
            out.append(text[at])
            at += 1
    return "".join(out)


def quote(word: str) -> str:
    """A word as a shell reads it back."""
    return "'" + word.replace("'", "'\\''") + "'"
