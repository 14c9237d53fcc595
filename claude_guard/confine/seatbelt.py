"""A profile in the words of macOS's `sandbox-exec` (SBPL). Pure.

Seatbelt judges the real path at each access, and the last rule that matches wins. Everything is allowed but what a
profile takes away: metadata stays readable and masked folders can be listed, so masked names show in `ls`.

A rule by path is lost when the path changes, so what could change it is denied too: links and clones to a masked file,
and moving or cloning a folder above one. What would hand work to a process outside (LaunchServices, Apple events,
launchd, its timers) is denied, and so is attaching to processes outside. Their environment is out of reach of any
profile before macOS 27 (`KERN_PROCARGS2` asks none): there the output filter takes the values out.

This text was written from documentation and from profiles that others publish, and has been compared with golden files
and checked for its grammar, not run: `trial.py` tries it on the machine itself before anything relies on it.
"""

from __future__ import annotations

from .profile import masks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from .profile import Profile

PROGRAM = "/usr/bin/sandbox-exec"

LINKS = ("/tmp", "/var", "/etc")
"""Links into `/private`."""

DATA = "/System/Volumes/Data"
"""Where the volume that people write to is mounted: `/Users` and others are firmlinks into it."""

BLOCK = 30_000
"""Characters of filters in one rule. The interpreter of profiles refuses one expression of more than 64 kB."""

SERVICES = (
    "com.apple.coreservices.launchservicesd",  # `open`
    "com.apple.coreservices.appleevents",  # `osascript`
    "com.apple.xpc.smd",  # login items and helpers
)
"""Services through which a program would start another outside the sandbox."""

HANDING = (
    "/bin/launchctl",
    "/usr/bin/at",
    "/usr/bin/automator",
    "/usr/bin/batch",
    "/usr/bin/crontab",
    "/usr/bin/open",
    "/usr/bin/osascript",
    "/usr/bin/shortcuts",
)
"""Programs that hand work over. A copy of one of them is stopped by the operations below."""

LATER = ("/private/var/at", "/Library/LaunchAgents", "/Library/LaunchDaemons")
"""Folders whose contents the system starts later."""

OUTSIDE = """(deny lsopen)
(deny appleevent-send)
(deny job-creation)
(deny mach-priv-task-port)
(allow mach-priv-task-port (target same-sandbox))
(deny process-info*)
(allow process-info* (target same-sandbox))
(allow process-info-listpids)"""
"""Starting and looking into processes outside. `(target others)` would match nothing, says who tried."""


def text(profile: Profile) -> str:
    """The SBPL text of a profile; the same profile gives the same text. Hidden folders cannot be listed; the names of
    hidden files are the output filter's part, as a refusal would print them."""
    left = masks(profile)
    lines = ["(version 1)", "(allow default)"]
    closed = [*left.files, *left.sealed]
    masked = [*closed, *left.folders]
    readonly = sorted({*profile.readonly, *LATER})
    lines += _rules("deny file-read-data file-write* file-link file-clone", _places(closed))
    lines += _rules("deny file-read-data", _subpaths(left.folders), "(require-not (vnode-type DIRECTORY))")
    lines += _rules("deny file-write* file-link file-clone", _subpaths(left.folders))
    lines += _rules("deny network-outbound", [f"(remote unix-socket {one})" for one in _places(left.sealed)])
    lines += _rules("allow file-read-data file-write*", _places(left.reopened))
    lines += _rules("deny file-read-data", _places(sorted(profile.hidden)))
    lines += _rules("deny file-write* file-link", _places(readonly))
    lines += _rules("deny file-write-unlink file-clone", [_literal(path) for path in _above([*masked, *readonly])])
    lines += _rules("deny process-exec", [_literal(path) for path in HANDING])
    lines += _rules("deny mach-lookup", [f"(global-name {_string(name)})" for name in SERVICES])
    return "\n".join([*lines, OUTSIDE]) + "\n"


def _rules(head: str, filters: list[str], but: str = "") -> list[str]:
    """A rule for the filters, in as many parts as it needs. but: what holds besides one of them."""
    parts: list[str] = []
    for one in filters:
        if not parts or len(parts[-1]) > BLOCK:
            parts.append("")
        parts[-1] += f"\n  {one}"
    return [f"({head}\n (require-all {but} (require-any{part})))" if but else f"({head}{part})" for part in parts]


def _places(paths: Iterable[str]) -> list[str]:
    """Filters for paths that may be files or folders: whether `subpath` alone matches a file, sources differ."""
    found = []
    for path in paths:
        for one in _spellings(path):
            found += [_literal(one), f"(subpath {_string(one)})"]
    return found


def _subpaths(paths: Iterable[str]) -> list[str]:
    """Filters for folders and what lies below them."""
    return [f"(subpath {_string(one)})" for path in paths for one in _spellings(path)]


def _literal(path: str) -> str:
    return f"(literal {_string(path)})"


def _above(paths: Iterable[str]) -> list[str]:
    """The folders above paths, without the root."""
    found = set()
    for path in paths:
        for one in _spellings(path):
            above = one[: one.rfind("/")]
            while above and above not in found:
                found.add(above)
                above = above[: above.rfind("/")]
    return sorted(found)


def _spellings(path: str) -> list[str]:
    """A path as it is, with the links of the system resolved, and on the volume that it lies on."""
    answer = [path]
    if any(path == link or path.startswith(link + "/") for link in LINKS):
        answer.append("/private" + path)
    if not path.startswith(DATA + "/"):
        answer.append(DATA + answer[-1])
    return answer


def _string(path: str) -> str:
    return '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'
