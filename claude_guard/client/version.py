"""The person's own client: where it is, and which version."""

import os
import shutil
import subprocess
from typing import NamedTuple

from ..errors import GuardError
from .features import Version, parse

SECONDS = 20.0
"""How long `claude --version` may take."""

USUAL = ("~/.local/bin/claude", "~/.claude/local/claude", "/usr/local/bin/claude", "/opt/homebrew/bin/claude")


class Installed(NamedTuple):
    """An installed client: its absolute path and its version."""

    path: str
    version: Version


def locate() -> str:
    """The path of `claude`: the first on PATH, else where its installers put it; "" where there is none."""
    for name in ("claude", *map(os.path.expanduser, USUAL)):
        found = shutil.which(name)
        if found:
            return os.path.abspath(found)
    return ""


def installed(path: str = "") -> Installed:
    """The client at `path`, else the person's own, asked for its version. Raises GuardError where it does not say."""
    found = path or locate()
    if not found:
        raise GuardError("no `claude` on PATH", "name its version with `--client-version 2.1.330`")
    try:
        said = subprocess.run(
            [found, "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env={**os.environ, "DISABLE_AUTOUPDATER": "1"},
        ).stdout.decode("utf-8", "replace")
        return Installed(found, parse(said))
    except (OSError, subprocess.TimeoutExpired) as error:
        raise GuardError(
            f"`{found} --version` gave no answer ({error})", "name its version with `--client-version 2.1.330`"
        ) from None
