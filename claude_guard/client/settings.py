"""An installation in one of the client's settings files: written, refreshed, taken out again.

Beside the settings file lies a folder of ours. It holds the launcher (project installations), a backup of the settings
as they were before, and a record of what was written, because a deny rule cannot be marked as ours in the settings.
"""

import json
import os
from hashlib import sha256
from typing import Any, Literal, NamedTuple

from ..errors import GuardError
from . import files, hooks
from . import prefix as prefixes
from .document import Document
from .features import EVENTS, Features, written

Scope = Literal["project", "local", "user"]
SCOPES: tuple[Scope, ...] = ("user", "project", "local")

IGNORED = "*.bak\n*.local.json\n"
"""The `.gitignore` of our folder: what belongs to one person's machine."""


class Site(NamedTuple):
    """Where an installation goes. settings: the settings file. folder: ours. record, backup: files in it."""

    scope: Scope
    settings: str
    folder: str
    record: str
    backup: str


class Outcome(NamedTuple):
    """What was done: `changed` is false where everything was in place already. prefix: the shell prefix of ours that
    stands there. then: the one that it runs."""

    site: Site
    changed: bool
    events: tuple[str, ...]
    deny: tuple[str, ...]
    restored: bool = False
    prefix: str = ""
    then: str = ""


def site(scope: Scope, root: str, home: str) -> Site:
    """Where the installation of a scope goes. root: the project's folder. home: the person's."""
    if scope == "user":
        base = os.environ.get("CLAUDE_CONFIG_DIR") or os.path.join(home, ".claude")
    else:
        base = os.path.join(root, ".claude")
    name = "settings.local.json" if scope == "local" else "settings.json"
    folder = os.path.join(base, "claude-guard")
    record = "installed.local.json" if scope == "local" else "installed.json"
    return Site(
        scope, os.path.join(base, name), folder, os.path.join(folder, record), os.path.join(folder, name + ".bak")
    )


def root(folder: str, home: str) -> str:
    """The project that a folder belongs to: the nearest folder above it with `.git` or with something in `.claude`, else
    the folder."""
    at = folder
    while at != os.path.dirname(at) and at != home:
        if os.path.exists(os.path.join(at, ".git")) or _filled(os.path.join(at, ".claude")):
            return at
        at = os.path.dirname(at)
    return folder


def _filled(folder: str) -> bool:
    """Whether a folder holds something: the shell gate makes an empty `.claude` where a session runs without one."""
    return os.path.isdir(folder) and bool(os.listdir(folder))


def install(
    where: Site,
    features: Features,
    deny: tuple[str, ...],
    launcher: str = "",
    start: hooks.Start | None = None,
    prefix: str = "",
    then: str = "",
    hooked: bool = True,
) -> Outcome:
    """Writes the hooks and the deny rules, and takes out what an older installation wrote.

    deny: the client's rules derived from the policy. launcher: the text of the launcher that goes into the project;
    needed where the scope is `project`. start: how the other scopes' hooks start the guard; None is this installation.
    prefix: the executable that the client is to run shell commands through; "" leaves that as it is. One of somebody
    else that stands in these settings is kept, and run by ours; else `then` is. hooked: false writes the prefix alone.
    Raises GuardError, with nothing changed, where the settings are broken.
    """
    old = files.read(where.settings)
    document = _document(old, where.settings)
    record = _record(where)
    fresh = not hooks.found(document.value) and not prefixes.standing(document.value)
    wanted: dict[str, dict[str, Any]] = {}
    mine = list(record.get("deny", ()))
    if hooked:
        wanted = hooks.groups(features, hooks.PROJECT if where.scope == "project" else start or hooks.absolute())
        mine = [rule for rule in deny if rule in record.get("deny", ()) or rule not in _denied(document.value)]
        if not _in_place(document.value, wanted, deny, record):
            _take_out(document, record)
            mine = [rule for rule in deny if rule not in _denied(document.value)]
            for event, group in wanted.items():
                document.append(("hooks", event), group)
            if mine:  # in front, so that an exception among ours never lifts a rule of the person's own
                document.append(("permissions", "deny"), *mine, front=True)
    _check_shape(document)
    chain = prefixes.put(document, record, prefix, then) if prefix else prefixes.recorded(record)
    pure = fresh or (record.get("restore") is True and _digest(old) == record.get("sha256"))
    note = {
        **({"client": written(features.version)} if hooked else {k: record[k] for k in ("client",) if k in record}),
        "deny": mine,
        **chain,
        "existed": old is not None if fresh else record.get("existed", True),
        "restore": pure,
        "sha256": _digest(document.text),
    }
    changed = document.text != old
    if fresh and old is not None:
        files.replace(where.backup, old, os.stat(where.settings).st_mode & 0o700)
    changed |= _keep(os.path.join(where.folder, ".gitignore"), IGNORED)
    if where.scope == "project":
        changed |= _keep(os.path.join(where.folder, "guard.sh"), launcher, 0o755)
    changed |= _keep(where.record, json.dumps(note, indent=2, ensure_ascii=False) + "\n")
    if document.text != old:
        files.replace(where.settings, document.text, before=old)
    return Outcome(
        where, changed, tuple(wanted), tuple(mine), prefix=chain.get("prefix") or "", then=prefixes.then(document.value)
    )


def uninstall(where: Site, prefix_only: bool = False, keep_prefix: bool = False) -> Outcome:
    """Takes the installation out. Where nothing else was changed since, the settings are byte for byte as before.

    prefix_only: takes the shell prefix out alone, and leaves the hooks where there are any. keep_prefix: the other way
    round. Raises GuardError, with nothing changed, where the settings are broken.
    """
    old = files.read(where.settings)
    record = _record(where)
    document = _document(old, where.settings)
    events = tuple(event for event, *_ in hooks.found(document.value))
    gone = tuple(rule for rule in record.get("deny", ()) if rule in _denied(document.value))
    prefix = prefixes.standing(document.value)
    untouched = record.get("restore") is True and _digest(old) == record.get("sha256")
    if prefix_only and (events or gone):
        if prefix:
            prefixes.take_out(document, record)
            left = {**prefixes.forgotten(record), **({"sha256": _digest(document.text)} if untouched else {})}
            files.replace(where.record, json.dumps(left, indent=2, ensure_ascii=False) + "\n")
            files.replace(where.settings, document.text, before=old)
        return Outcome(where, bool(prefix), (), (), prefix=prefix)
    if keep_prefix and prefix:
        _take_out(document, record)
        left = {**record, "deny": [], **({"sha256": _digest(document.text)} if untouched else {})}
        files.replace(where.record, json.dumps(left, indent=2, ensure_ascii=False) + "\n")
        files.replace(where.settings, document.text, before=old)
        return Outcome(where, bool(events or gone), events, gone)
    backup = files.read(where.backup) if untouched and record.get("existed") else None
    if untouched and not record.get("existed"):
        files.delete(os.path.realpath(where.settings))
    elif backup is not None:
        files.replace(where.settings, backup, before=old)
    elif old is not None:
        _take_out(document, record)
        prefixes.take_out(document, record)
        if document.text != old:
            files.replace(where.settings, document.text, before=old)
    files.delete(where.record)
    files.delete(where.backup)
    if where.scope == "project":
        files.delete(os.path.join(where.folder, "guard.sh"))
    _tidy(where)
    return Outcome(where, bool(events or gone or prefix), events, gone, untouched, prefix)


def installed(where: Site) -> Outcome | None:
    """What of ours the settings file holds; None where nothing. Raises GuardError where the settings are broken."""
    document = _document(files.read(where.settings), where.settings)
    events = tuple(event for event, *_ in hooks.found(document.value))
    rules = tuple(rule for rule in _record(where).get("deny", ()) if rule in _denied(document.value))
    prefix = prefixes.standing(document.value)
    if not (events or rules or prefix):
        return None
    return Outcome(where, False, events, rules, prefix=prefix, then=prefixes.then(document.value))


def values(where: Site) -> dict[str, Any]:
    """The settings, for reading; empty where there are none. Raises GuardError where they are broken."""
    return _document(files.read(where.settings), where.settings).value


def client(where: Site) -> str:
    """The client version that the installation was written for, "" where it is not recorded."""
    return str(_record(where).get("client", ""))


def _document(text: str | None, file: str) -> Document:
    return Document(text if text is not None and text.strip() else "{}\n", file)


def _record(where: Site) -> dict[str, Any]:
    """What was written by the last installation; a record that is damaged counts as missing."""
    try:
        found = json.loads(files.read(where.record) or "{}")
    except ValueError:
        return {}
    if not isinstance(found, dict) or not isinstance(found.get("deny", []), list):
        return {}
    return found


def _denied(settings: dict[str, Any]) -> list[Any]:
    permissions = settings.get("permissions")
    rules = permissions.get("deny") if isinstance(permissions, dict) else None
    return rules if isinstance(rules, list) else []


def _in_place(
    settings: dict[str, Any], wanted: dict[str, dict[str, Any]], deny: tuple[str, ...], record: dict[str, Any]
) -> bool:
    """Whether the settings hold exactly the wanted hooks of ours, and of our deny rules exactly the wanted."""
    held = [(event, settings["hooks"][event][group]) for event, group, _, _ in hooks.found(settings)]
    rules = _denied(settings)
    stale = [rule for rule in record.get("deny", ()) if rule in rules and rule not in deny]
    return held == list(wanted.items()) and all(rule in rules for rule in deny) and not stale


def _take_out(document: Document, record: dict[str, Any]) -> None:
    _check_shape(document)
    while places := hooks.found(document.value):
        event, group, index, _ = places[-1]
        listed = document.value["hooks"][event][group]["hooks"]
        alone = all(hooks.ours(entry) for entry in listed)
        document.remove(("hooks", event, group) if alone else ("hooks", event, group, "hooks", index))
    mine = record.get("deny", [])
    if any(rule in mine for rule in _denied(document.value)):
        document.remove_all(("permissions", "deny"), lambda rule: rule in mine)


def _check_shape(document: Document) -> None:
    """Raises GuardError where ours cannot be added because what is there has another shape than the client's."""
    shapes: tuple[tuple[tuple[str, ...], type, str], ...] = (
        (("hooks",), dict, "an object `{...}`"),
        *((("hooks", event), list, "a list `[...]`") for event in EVENTS),
        (("permissions",), dict, "an object `{...}`"),
        (("permissions", "deny"), list, "a list `[...]`"),
        (("env",), dict, "an object `{...}`"),
        (("env", prefixes.PREFIX), str, "text"),
        (("env", prefixes.THEN), str, "text"),
    )
    for path, shape, name in shapes:
        value: Any = document.value
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        if value is not None and not isinstance(value, shape):
            raise GuardError(f"`{document.file}`: `{'.'.join(path)}` must be {name}", "mend it, then run this again")


def _keep(path: str, text: str, mode: int | None = None) -> bool:
    if files.read(path) == text:
        return False
    files.replace(path, text, mode)
    return True


def _tidy(where: Site) -> None:
    """Deletes our folder where no other installation uses it, and the client's where nothing is left in it."""
    ignored = os.path.join(where.folder, ".gitignore")
    if (
        os.path.isdir(where.folder)
        and set(os.listdir(where.folder)) <= {".gitignore"}
        and files.read(ignored) == IGNORED
    ):
        files.delete(ignored)
    files.delete_empty(where.folder)
    files.delete_empty(os.path.dirname(where.folder))


def _digest(text: str | None) -> str:
    return sha256((text or "").encode()).hexdigest()
