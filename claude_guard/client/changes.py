"""A change of the settings in the middle of a session: what of the guard it would take away.

The client reads its settings again whenever one of their files changes, and asks the hooks that were in force so far
(observed: 2.1.330, where an answer of `block` leaves everything as it was, also where the file that holds the hook is
gone; 2.0.50 asks nobody, and reads nothing again but, in an interactive session, `disableAllHooks`).
"""

import shlex
from collections.abc import Mapping
from typing import Any

from ..errors import GuardError
from . import chain, health, hooks, settings, shell
from .prefix import PREFIX

NEEDED = ("PreToolUse", "UserPromptSubmit")
"""The events without which nothing is held."""
KEYS = frozenset({"type", "command", "args", "timeout", "onFailure"})
"""What an entry of ours consists of."""


def lost(project: str, home: str, environment: Mapping[str, str], launched: bool) -> str:
    """What the settings, as they are on disk now, would take from the session that this hook runs in; "" for nothing.

    environment: of the hook, which is the client's. launched: it was started by the launcher of a project or a plugin.
    """
    held = _held(project, home)
    if not any(_hooked(values, strict=False) for _, values in health.managed_settings(health.MANAGED_FOLDER, [])):
        off = next((place for place, values in held if values.get("disableAllHooks") is True), "")
        if off:
            return f"`disableAllHooks` in `{off}` would switch the guard off"
        if "CLAUDE_PLUGIN_ROOT" in environment and launched:
            gone = next((place for place, values in held if _switched_off(values)), "")
            if gone:
                return f"`{gone}` would switch the plugin off"
        elif not any(_hooked(values) for _, values in held):
            return "the guard's hooks would be gone"
    if shell.stands(environment, home):
        prefix = chain.look(project, home, {}).prefix
        if prefix != environment[PREFIX] and chain.look(project, home, {}).scope:
            return f"commands would run through `{prefix}` instead of the shell gate"
    return ""


def _held(project: str, home: str) -> list[tuple[str, dict[str, Any]]]:
    """The settings files and what they hold; broken ones hold nothing, as for the client."""
    found = []
    for scope in settings.SCOPES:
        where = settings.site(scope, project, home)
        try:
            found.append((where.settings, settings.values(where)))
        except GuardError:
            continue
    return found


def _hooked(values: dict[str, Any], strict: bool = True) -> bool:
    """Whether the guard's hooks stand in settings, for every tool, as an installation writes them. strict: this one."""
    listed = values.get("hooks")
    groups = listed if isinstance(listed, dict) else {}
    events = set()
    for event, group, _, entry in hooks.found(values):
        body = groups[event][group]
        if body.get("matcher", hooks.MATCHERS.get(event, "")) == hooks.MATCHERS.get(event, "") and (
            _starts(entry) or not strict
        ):
            events.add(event)
    return events.issuperset(NEEDED)


def _starts(entry: dict[str, Any]) -> bool:
    """Whether a hook entry starts this guard, for every call, waited for, and nothing else."""
    if not KEYS.issuperset(entry) or entry.get("timeout", hooks.TIMEOUT) < hooks.TIMEOUT:
        return False
    words = [entry.get("command"), *entry.get("args", ())]
    text = " ".join(word for word in words if isinstance(word, str)).removesuffix(" || exit 2")
    for argument in ("--no-ask", "--no-rewrite"):
        text = text.removesuffix(" " + argument)
    own = hooks.absolute().words
    return text in (hooks.PROJECT.shell, " ".join(hooks.PROJECT.words), " ".join(own), shlex.join(own))


def _switched_off(values: dict[str, Any]) -> bool:
    enabled = values.get("enabledPlugins")
    return isinstance(enabled, dict) and any(
        name.startswith("data-guard@") and on is False for name, on in enabled.items()
    )
