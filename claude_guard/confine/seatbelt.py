"""A profile in the words of macOS's `sandbox-exec` (SBPL). Pure.

Seatbelt judges the real path at each access, so a path that is a link, and the real one, are both named;
on macOS `/tmp`, `/var` and `/etc` are links into `/private`. Everything is allowed but what a profile
takes away; metadata stays readable, so masked names show in `ls`. This text is compared with golden files
and checked for its grammar where there is no macOS; only a run on macOS shows that it holds.
"""

from __future__ import annotations

from .profile import masks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .profile import Profile

LINKS = ("/tmp", "/var", "/etc")

SERVICES = ("com.apple.coreservices.launchservicesd", "com.apple.coreservices.appleevents")
"""Services through which a program would start another outside the sandbox (`open`, `osascript`)."""


def text(profile: Profile) -> str:
    """The SBPL text of a profile; the same profile gives the same text. Hidden paths lose their metadata too."""
    left = masks(profile)
    denied = [*(_literal(path) for path in left.files), *(_subpath(path) for path in (*left.folders, *left.sealed))]
    lines = ["(version 1)", "(allow default)"]
    if denied:
        lines.append(_rule("deny file-read-data file-write*", denied))
        lines.append(_rule("deny file-link file-clone", denied))
    if left.reopened:
        lines.append(_rule("allow file-read-data file-write*", [_subpath(path) for path in left.reopened]))
    if profile.hidden:
        lines.append(_rule("deny file-read-metadata", [_subpath(path) for path in sorted(profile.hidden)]))
    if profile.readonly:
        lines.append(_rule("deny file-write*", [_subpath(path) for path in sorted(profile.readonly)]))
    lines.append(_rule("deny mach-lookup", [f'(global-name "{name}")' for name in SERVICES]))
    lines.append("(deny process-info* (target others))")
    lines.append("(allow process-info-pidinfo process-info-listpids)")
    return "\n".join(lines) + "\n"


def words(profile: Profile, command: list[str]) -> list[str]:
    """The words that run a command behind a profile."""
    return ["/usr/bin/sandbox-exec", "-p", text(profile), *command]


def _rule(head: str, filters: list[str]) -> str:
    return f"({head}\n" + "\n".join(f"  {one}" for one in filters) + ")"


def _literal(path: str) -> str:
    return " ".join(f"(literal {_string(one)})" for one in _spellings(path))


def _subpath(path: str) -> str:
    return " ".join(f"(subpath {_string(one)})" for one in _spellings(path))


def _spellings(path: str) -> list[str]:
    if path.startswith("/private/") or not any(path == link or path.startswith(link + "/") for link in LINKS):
        return [path]
    return [path, "/private" + path]


def _string(path: str) -> str:
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'
