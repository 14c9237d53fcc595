"""What is installed where, whether it is in force, and whether it answers."""

import glob
import json
import os
import sys
from typing import Any, NamedTuple

from ..errors import GuardError
from ..policy import snapshot
from . import chain, files, hooks, managed, native, prefix, settings
from .features import features, parse, written
from .probe import Probe, probe
from .version import Installed

MANAGED = {system: client for system, client, _ in managed.PLACES}
MANAGED_FOLDER = {"darwin": MANAGED["macOS"], "win32": MANAGED["Windows"]}.get(sys.platform, MANAGED["Linux"])


class Found(NamedTuple):
    """An installation. scope: managed, user, project, local or plugin. probe: None where its hook cannot be run. gate:
    the shell gate is set there."""

    scope: str
    settings: str
    events: tuple[str, ...]
    deny: int
    probe: Probe | None
    gate: bool = False


class Finding(NamedTuple):
    """Something that is not as it should be. grave: the guard does not hold because of it."""

    grave: bool
    text: str
    mend: str


class Health(NamedTuple):
    """The state of the guard for a project."""

    client: Installed | None
    found: tuple[Found, ...]
    layers: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        """An installed hook answers as it should, and nothing grave was found."""
        return any(one.probe and one.probe.sound for one in self.found) and not any(f.grave for f in self.findings)


def look(project: str, home: str, client: Installed | None, managed_folder: str = MANAGED_FOLDER) -> Health:
    """Looks at everything that decides whether a session in `project` is guarded. Changes nothing."""
    findings: list[Finding] = []
    layers = _policy(project, home, findings)
    ruled = managed_settings(managed_folder, findings)
    found = [one for path, held in ruled for one in _described("managed", path, held, (), project, home)]
    only_managed = any(held.get("allowManagedHooksOnly") is True for _, held in ruled)
    held_by: dict[str, dict[str, Any]] = {}
    for scope in settings.SCOPES:
        where = settings.site(scope, project, home)
        try:
            held_by[scope] = settings.values(where)
            note = settings.installed(where)
        except GuardError as error:
            findings.append(Finding(True, error.message, error.hint))
            continue
        if note is None:
            continue
        here = _described(scope, where.settings, held_by[scope], note.deny, project, home)
        found += here
        if only_managed and here:
            text = f"`allowManagedHooksOnly` in the managed settings switches the hooks in `{where.settings}` off"
            findings.append(Finding(not any(one.scope == "managed" for one in found), text, "install the guard there"))
        if note.events or note.deny:
            _check(where, held_by[scope], note.deny, _wanted(where, project, home), client, findings)
    found += _plugins(held_by, home)
    _gate(project, home, findings)
    _switches(held_by, ruled, found, findings)
    for one in found:
        if one.probe and not one.probe.sound:
            text = f"the hook in `{one.settings}` does not hold: {_verdict(one.probe)}"
            findings.append(Finding(one.probe.restricted != "denied", text, "run `claude-guard install` again"))
    if not any(one.events or one.deny or one.scope == "plugin" for one in found):
        findings.append(Finding(True, "the guard is not installed for this project", "run `claude-guard install`"))
    return Health(client, tuple(found), layers, tuple(findings))


def _policy(project: str, home: str, findings: list[Finding]) -> tuple[tuple[str, str], ...]:
    """The layers in force, (layer, file)."""
    try:
        return tuple(snapshot.load(project, home, home + "/.cache/claude-guard").sources)
    except GuardError as error:
        findings.append(Finding(False, f"the policy is broken, so every call is denied: {error.message}", error.hint))
        return ()


def _wanted(where: settings.Site, project: str, home: str) -> tuple[str, ...] | None:
    """The deny rules that an installation should hold; None where that cannot be told."""
    try:
        return native.derived("" if where.scope == "user" else project, home).rules
    except GuardError:
        return None


def managed_settings(folder: str, findings: list[Finding]) -> list[tuple[str, dict[str, Any]]]:
    """The organisation's settings files in a folder and what they hold; broken ones are findings."""
    paths = [os.path.join(folder, "managed-settings.json")]
    paths += sorted(glob.glob(os.path.join(glob.escape(folder), "managed-settings.d", "*.json")))
    found = []
    for path in paths:
        try:
            text = files.read(path)
            held = json.loads(text) if text is not None else None
        except (GuardError, ValueError):
            findings.append(Finding(False, f"`{path}` cannot be read or is not JSON", "tell your administrator"))
            continue
        if isinstance(held, dict):
            found.append((path, held))
    return found


def _described(
    scope: str, path: str, held: dict[str, Any], deny: tuple[str, ...], project: str, home: str
) -> list[Found]:
    places = hooks.found(held)
    gate = bool(prefix.standing(held))
    if not (places or deny or gate):
        return []
    entry = next((entry for event, _, _, entry in places if event == "PreToolUse"), None)
    events = tuple(dict.fromkeys(event for event, *_ in places))
    return [Found(scope, path, events, len(deny), probe(entry, project, home) if entry else None, gate)]


def _gate(project: str, home: str, findings: list[Finding]) -> None:
    """Whether a shell gate that was set is the one that commands run through; `doctor` says what confines them."""
    counts = chain.look(project, home, os.environ)
    mend = "run `claude-guard install --shell`" + (" --user" if counts.scope == "user" else "")
    for scope in counts.behind:
        text = (
            f"the shell gate in the {scope} settings does not count: `{counts.prefix}` in the {counts.scope} one does"
        )
        findings.append(Finding(False, text, f"{mend}, which keeps that prefix behind the gate"))
    if counts.ours and not chain.whole(counts.prefix, home):
        text = f"the shell gate `{counts.prefix}` is missing or of another installation, so commands fail or run unconfined"
        findings.append(Finding(False, text, mend))


def _check(
    where: settings.Site,
    held: dict[str, Any],
    deny: tuple[str, ...],
    wanted: tuple[str, ...] | None,
    client: Installed | None,
    findings: list[Finding],
) -> None:
    """Whether an installation is up to date with the client, the policy and the launcher."""
    again = "run `claude-guard install" + ("`" if where.scope == "project" else f" --{where.scope}`") + " again"
    permissions = held.get("permissions")
    listed = permissions.get("deny") if isinstance(permissions, dict) else None
    if wanted is not None:
        missing = [rule for rule in wanted if not isinstance(listed, list) or rule not in listed]
        stale = [rule for rule in deny if rule not in wanted]
        if missing or stale:
            text = (
                f"the deny rules in `{where.settings}` are out of date: {len(missing)} missing, {len(stale)} left over"
            )
            findings.append(Finding(False, text, again))
    events = {event for event, *_ in hooks.found(held)}
    if "PreToolUse" not in events:
        findings.append(Finding(True, f"the hooks are missing from `{where.settings}`", again))
    if client is None:
        return
    known = features(client.version)
    strange = sorted(events - set(known.events))
    if strange:
        text = f"your client {written(client.version)} does not know `{strange[0]}` in `{where.settings}`"
        findings.append(Finding(True, text + " and may drop every hook there", again))
    note = settings.client(where)
    if note and where.scope != "project" and known != features(parse(note))._replace(version=client.version):
        text = f"`{where.settings}` was written for client {note}, and yours is {written(client.version)}"
        findings.append(Finding(False, text, again))
    exec_form = any("args" in entry for *_, entry in hooks.found(held))
    if exec_form and not (known.exec_form and known.on_failure):
        text = f"`{where.settings}` starts its hooks in a way that your client {written(client.version)} does not know"
        findings.append(Finding(True, text, f"{again}, or update the client"))


def _plugins(held_by: dict[str, dict[str, Any]], home: str) -> list[Found]:
    """The guard's plugin where it is switched on; the probe cannot start it as the client does."""
    found = []
    base = os.environ.get("CLAUDE_CONFIG_DIR") or os.path.join(home, ".claude")
    for held in held_by.values():
        enabled = held.get("enabledPlugins")
        for name, on in enabled.items() if isinstance(enabled, dict) else ():
            if name.startswith("data-guard@") and on is True:
                data = os.path.join(base, "plugins", "data", name.replace("@", "-"))
                found.append(Found("plugin", data, (), 0, None))
    return found


def _switches(
    held_by: dict[str, dict[str, Any]],
    ruled: list[tuple[str, dict[str, Any]]],
    found: list[Found],
    findings: list[Finding],
) -> None:
    managed_holds = any(one.scope == "managed" for one in found)
    for path, held in ruled:
        if held.get("disableAllHooks") is True:
            findings.append(Finding(True, f"`disableAllHooks` in `{path}` switches every hook off", "take it out"))
    for scope, held in held_by.items():
        if held.get("disableAllHooks") is True:
            text = f"`disableAllHooks` in the {scope} settings switches every hook off but managed ones"
            findings.append(Finding(not managed_holds, text, "take it out"))
    for one in found:
        if one.scope == "plugin" and not os.access(os.path.join(one.settings, "venv", "bin", "python"), os.X_OK):
            text = f"the plugin's virtual environment is missing in `{one.settings}`, so it denies every call"
            findings.append(Finding(False, text, "start a session, which builds it, or run its `hooks/setup.sh`"))


def _verdict(one: Probe) -> str:
    if one.restricted != "denied":
        return f"a restricted file would be read ({one.said or one.restricted})"
    return f"a harmless call is {one.harmless}: {one.said}"
