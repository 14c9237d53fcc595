"""git's configuration and environment: what in it names a program to run, a file to read, or an alias."""

import os
import re
from collections.abc import Iterable

from ...context import HOLE, Context
from .arguments import parse
from .repository import Repository

RUNS = re.compile(
    r"core\.(pager|editor|sshcommand|gitproxy|askpass|alternaterefscommand)$|core\.fsmonitor$|pager\.|sequence\.editor$"
    r"|diff\.external$|diff\..*\.(command|textconv)$|filter\..*\.(clean|smudge|process)$|credential\.(.*\.)?helper$"
    r"|gpg\.(.*\.)?program$|merge\..*\.driver$|(difftool|mergetool|browser|man)\..*\.cmd$|uploadpack\.packobjectshook$"
    r"|interactive\.difffilter$|trailer\..*\.(command|cmd)$|sendemail\..*cmd$|remote\..*\.(uploadpack|receivepack)$",
    re.IGNORECASE,
)
FILES = re.compile(
    r"include\.path$|includeif\..*\.path$|commit\.template$|core\.(excludesfile|attributesfile)$|blame\.ignorerevsfile$"
    r"|mailmap\.file$|http\.(cookiefile|sslkey|sslcert)$",
    re.IGNORECASE,
)
WORDLESS = frozenset(("true", "false", "yes", "no", "on", "off", "1", "0", ""))
PROGRAMS = (
    "GIT_PAGER", "PAGER", "GIT_EDITOR", "EDITOR", "VISUAL", "GIT_SEQUENCE_EDITOR", "GIT_SSH_COMMAND",
    "GIT_SSH", "GIT_ASKPASS",
    "GIT_EXTERNAL_DIFF", "GIT_PROXY_COMMAND", "SSH_ASKPASS",
)  # fmt: skip
CONFIGURATIONS = ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG")


def setting(context: Context, key: str, value: str) -> None:
    """Follows what one setting makes git do."""
    if HOLE in key:
        context.opaque("which setting git is given")
    elif RUNS.match(key):
        command = value.removeprefix("!")
        if command.lower() not in WORDLESS:
            context.run(command)
    elif FILES.match(key) and value:
        context.read(value)


def environment(context: Context) -> list[tuple[str, str]]:
    """Follows the variables that this script sets for git; returns the settings among them, in order."""
    variables = context.variables
    for name in PROGRAMS:
        value = variables.get(name)
        if value and value != context.world.environment.get(name):
            context.run(value)
    for name in CONFIGURATIONS:
        value = variables.get(name)
        if value and value != "/dev/null" and value != context.world.environment.get(name):
            context.read(value)
    if variables.get("GIT_CONFIG_PARAMETERS"):
        context.opaque("which settings git is given")
    count = variables.get("GIT_CONFIG_COUNT", "")
    found = []
    for number in range(min(int(count), 100) if count.isdigit() else 0):
        found.append(
            (variables.get(f"GIT_CONFIG_KEY_{number}", HOLE), variables.get(f"GIT_CONFIG_VALUE_{number}", HOLE))
        )
    return found


def alias(context: Context, repository: Repository, name: str, given: Iterable[tuple[str, str]]) -> str | None:
    """What a name stands for: by `-c`, else in the repository's or the user's configuration; None where it is none."""
    for key, value in reversed(list(given)):
        if key.lower() == f"alias.{name.lower()}":
            return value
    home = context.variables.get("HOME") or context.world.home
    places = [
        os.path.join(repository.folder, "config"),
        os.path.join(home, ".gitconfig"),
        os.path.join(home, ".config/git/config"),
    ]
    for place in places:
        text = None if HOLE in place else context.world.text(place)
        if text is None and HOLE not in place and context.world.kind(place) == "file":
            context.opaque(f"which aliases `{place}` holds")
        found = aliases(text or "").get(name.lower())
        if found is not None:
            return found
    return None


def aliases(text: str) -> dict[str, str]:
    """The aliases in the text of a configuration file."""
    found: dict[str, str] = {}
    section = ""
    for line in text.replace("\\\n", "").splitlines():
        line = line.strip()
        head = re.match(r'\[\s*([\w.-]+)(?:\s+"([^"]*)")?\s*\](.*)$', line)
        if head:
            section = head.group(1).lower() + (f".{head.group(2)}" if head.group(2) is not None else "")
            line = head.group(3).strip()
        key, equals, value = line.partition("=")
        if equals and section == "alias":
            value = re.sub(r"\s+[#;].*$", "", value.strip()) if '"' not in value else value.strip()
            found[key.strip().lower()] = re.sub(r'\\(.)|"', lambda match: match.group(1) or "", value)
    return found


def words_of(value: str) -> list[str] | None:
    import shlex

    try:
        return shlex.split(value)
    except ValueError:
        return None


def config(words: list[str], context: Context, repository: Repository, always: Iterable[str] = ()) -> None:
    """`git config`: a file that is named is read; what is set is followed as if it were used at once."""
    arguments = parse(words, ("-f", "--file", "--blob", "--type", "--default", "--comment", "--value", "--url"))
    for value in arguments.values("-f", "--file"):
        context.read(value)
    for value in arguments.values("--blob"):
        context.read_object(os.path.join(repository.root, value.partition(":")[2]))
    names = arguments.words + arguments.paths
    if names[:1] in (["set"], ["get"], ["list"], ["unset"], ["edit"]):
        names = names[1:]
    if len(names) < 2 or arguments.given(
        "--get", "--get-all", "--get-regexp", "--unset", "--get-urlmatch", "-l", "--list"
    ):
        return
    key, value = names[0], names[1]
    if key.lower().startswith("alias."):
        expanded(context, value, [])
    else:
        setting(context, key, value)


def expanded(context: Context, value: str, rest: list[str]) -> None:
    """Reads what an alias would run."""
    if value.startswith("!"):
        context.run(f'{value[1:]} "$@"' if rest else value[1:], rest)
        return
    words = words_of(value)
    if words is None or HOLE in value:
        context.opaque("what a git alias runs")
    else:
        context.call(["git", *words, *rest])
