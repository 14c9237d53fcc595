"""Whether commands can be confined on this machine, and exactly why not. Cold: `doctor` and the first call
of a boot."""

from __future__ import annotations

import os
import subprocess
import sys
from shutil import which

from ..values import NamedTuple
from . import kernel


class Confinement(NamedTuple):
    """kind: `bubblewrap`, `seatbelt` or `none`. reason: why not, one line, "" where it works. remedy: what to do about
    it, "" where nothing can be done from here. program: what makes the masks."""

    kind: str
    reason: str = ""
    remedy: str = ""
    program: str = ""

    @property
    def works(self) -> bool:
        return self.kind != "none"


PACKAGES = (
    ("apt-get", "sudo apt-get install bubblewrap"),
    ("dnf", "sudo dnf install bubblewrap"),
    ("pacman", "sudo pacman -S bubblewrap"),
    ("zypper", "sudo zypper install bubblewrap"),
    ("apk", "sudo apk add bubblewrap"),
)


LEAVE = "switch that sandbox off (`sandbox.enabled` in the client's settings), or set `shell.confine` to `off`"

APPARMOR = (
    "sudo apt-get install apparmor-profiles && sudo systemctl reload apparmor && "
    "sudo ln -s /usr/share/apparmor/extra-profiles/bwrap-userns-restrict /etc/apparmor.d/"
)


def look(run: bool = True, seconds: float = 10.0) -> Confinement:
    """What confines commands here. run: try it, for at most `seconds`; else only say whether the programs are there."""
    if sys.platform == "darwin":
        return _seatbelt(run, seconds)
    if not sys.platform.startswith("linux"):
        return Confinement("none", f"nothing confines commands on {sys.platform}", "use WSL 2")
    program = which("bwrap") or ""
    if not program:
        return Confinement("none", "bubblewrap is not installed", _install())
    if not run:
        return Confinement("bubblewrap", program=program)
    ended = subprocess.run(
        [program, "--dev-bind", "/", "/", "--ro-bind", "/dev/null", "/dev/null", "--", "/bin/sh", "-c", ":"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
        timeout=seconds,
    )
    if ended.returncode == 0:
        return Confinement("bubblewrap", program=program)
    said = ended.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2][:200]
    reason, remedy = explained(said, facts())
    return Confinement("none", reason, remedy, program)


def _seatbelt(run: bool, seconds: float) -> Confinement:
    from . import seatbelt, trial

    if not os.access(seatbelt.PROGRAM, os.X_OK):
        return Confinement("none", f"`{seatbelt.PROGRAM}` is missing")
    try:
        reason = trial.run(seconds) if run else ""
    except (OSError, subprocess.SubprocessError) as error:
        reason = f"the profile could not be tried ({type(error).__name__})"
    if not reason:
        return Confinement("seatbelt", program=seatbelt.PROGRAM)
    return Confinement("none", reason, LEAVE if "another sandbox" in reason else "", seatbelt.PROGRAM)


def facts() -> dict[str, str]:
    """What this kernel says about namespaces, by name; "" where it says nothing."""
    files = {
        "max": "/proc/sys/user/max_user_namespaces",
        "clone": "/proc/sys/kernel/unprivileged_userns_clone",
        "apparmor": "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
        "profile": "/proc/self/attr/current",
        "seccomp": "/proc/self/status",
    }
    found = {name: kernel.told(path) for name, path in files.items()}
    found["seccomp"] = next(
        (line.split()[1] for line in found["seccomp"].splitlines() if line.startswith("Seccomp:")), ""
    )
    found["nonewprivs"] = "1" if "NoNewPrivs:\t1" in kernel.told("/proc/self/status") else ""
    found["container"] = next(
        (name for name, mark in (("docker", "/.dockerenv"), ("podman", "/run/.containerenv")) if os.path.exists(mark)),
        os.environ.get("container", ""),  # noqa: SIM112 - systemd and podman spell it so
    )
    return found


def explained(said: str, facts: dict[str, str]) -> tuple[str, str]:
    """Why bubblewrap failed and what to do, from its last words and the kernel's facts. Pure."""
    if facts.get("container"):
        return (
            f"this is a {facts['container']} container that may not make namespaces (`{said}`)",
            "start it with `--security-opt seccomp=unconfined --security-opt apparmor=unconfined`, or rely on `opaque`",
        )
    if facts.get("max") == "0":
        return "user namespaces are switched off", "sudo sysctl user.max_user_namespaces=15000"
    if facts.get("clone") == "0":
        return "user namespaces are for root alone", "sudo sysctl kernel.unprivileged_userns_clone=1"
    if facts.get("apparmor") == "1":
        return (
            "AppArmor lets no unprivileged program make user namespaces",
            APPARMOR,
        )
    if facts.get("seccomp") == "2" or facts.get("nonewprivs"):
        return f"another sandbox holds this process and makes no namespaces in it (`{said}`)", "leave that sandbox"
    return f"bubblewrap fails: `{said}`" if said else "bubblewrap fails without a word", ""


def _install() -> str:
    return next((words for manager, words in PACKAGES if which(manager)), "install bubblewrap")
