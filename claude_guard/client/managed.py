"""What an organisation puts in place by device management: the client's managed settings and the policy's folder."""

import json
import os
import tempfile
from typing import Any, NamedTuple

from ..errors import GuardError
from . import files, hooks, native
from .features import MANAGED_FOLDER, ON_FAILURE, REQUIRED_VERSION, Features, written

SETTINGS = "managed-settings.d/50-claude-guard.json"
POLICY = "claude-guard/policy.toml"

PLACES = (
    ("Linux", "/etc/claude-code", "/etc/claude-guard"),
    ("macOS", "/Library/Application Support/ClaudeCode", "/Library/Application Support/ClaudeGuard"),
    ("Windows", r"C:\Program Files\ClaudeCode", r"C:\Program Files\ClaudeGuard"),
)
"""System, the client's folder for managed settings, the folder of the managed policy."""

STARTER = """\
# The organisation's policy. It holds on every machine and in every project; what lies below it can only tighten.
version = 1
extends = ["builtin:credentials"]

# [[rules]]
# paths = ["contracts/", "*.customer.csv"]
# class = "restricted"
# category = "customer"
# reason = "customer data does not leave the company"
"""

README = """\
# Managed installation of claude-guard

Built for Claude Code {version} and later. Have your device management put these files in place, owned by root (on
Windows by Administrators) and not writable by others:

| system | `managed-settings.d/` goes to | `claude-guard/` goes to |
| --- | --- | --- |
{rows}

Every machine needs the guard at this interpreter, owned by root as well, because the hooks name it:

    {start}

`managed-settings.d/50-claude-guard.json` runs the guard at every tool call, prompt and loaded instruction, lets only
managed hooks run, denies what the policy restricts natively as well, and {pin}.

After a change of `claude-guard/policy.toml` build again, because the deny rules are derived from it:

    claude-guard managed build --out FOLDER

On a machine, `claude-guard status` shows whether the managed hooks are in force and answer.
"""


class Build(NamedTuple):
    """A managed installation: relative path -> text, in the order of the paths."""

    files: dict[str, str]
    deny: tuple[str, ...]


def build(features: Features, start: hooks.Start, policy: str) -> Build:
    """The files of a managed installation; the same for the same arguments.

    start: how the hooks start the guard on the machines. policy: the text of the organisation's policy. Raises
    GuardError for a client that cannot be managed like this, PolicyError for a broken policy.
    """
    if features.version < MANAGED_FOLDER:
        oldest = written(MANAGED_FOLDER)
        raise GuardError(
            f"Claude Code {written(features.version)} does not know `managed-settings.d`", f"name {oldest} or later"
        )
    deny = derived(policy)
    settings: dict[str, Any] = {}
    if features.version >= REQUIRED_VERSION:
        settings["requiredMinimumVersion"] = written(features.version)
    settings["allowManagedHooksOnly"] = True
    if deny:
        settings["permissions"] = {"deny": list(deny)}
    settings["hooks"] = {event: [group] for event, group in hooks.groups(features, start).items()}
    text = json.dumps(settings, indent=2, ensure_ascii=False) + "\n"
    return Build({POLICY: policy, SETTINGS: text, "README.md": _readme(features, start)}, deny)


def oldest_sound(features: Features) -> bool:
    """Whether a managed installation for this version can close a hook that is killed or times out."""
    return features.version >= ON_FAILURE


def derived(policy: str) -> tuple[str, ...]:
    """The client's deny rules that follow from a managed policy alone. Raises PolicyError where it is broken."""
    with tempfile.TemporaryDirectory(prefix="claude-guard-") as folder:
        root = os.path.join(folder, "managed")
        empty = os.path.join(folder, "empty")
        for name in (root, empty):
            os.mkdir(name, 0o755)
        file = os.path.join(root, "policy.toml")
        files.replace(file, policy)
        try:
            return native.managed(root, os.geteuid(), empty).rules
        except GuardError as error:
            raise GuardError(error.message.replace(file, POLICY), error.hint, error.code) from None


def _readme(features: Features, start: hooks.Start) -> str:
    rows = "\n".join(f"| {system} | `{client}` | `{guard}` |" for system, client, guard in PLACES)
    version = written(features.version)
    pin = f"refuses clients older than {version}"
    if features.version < REQUIRED_VERSION:
        pin = f"cannot refuse clients older than {version}: they know no such setting"
    return README.format(version=version, rows=rows, start=start.words[0], pin=pin)
