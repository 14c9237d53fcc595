"""What a command may read and not write: the guard's own, and what the client and git run outside the masks by themselves;
and the sockets of daemons, which it may not reach. Makes what is missing where somebody could put it there."""

from __future__ import annotations

import os
import sys

from .. import own
from . import client

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

DAEMONS = (
    "/var/run/docker.sock",
    "/run/docker.sock",
    "/run/podman/podman.sock",
    "/run/containerd/containerd.sock",
    "/run/systemd/private",
    "/run/snapd.socket",
    "/run/dbus/system_bus_socket",
    "/var/run/crio/crio.sock",
)
"""Sockets of daemons that would run work outside the mask."""

SESSION_DAEMONS = ("docker.sock", "podman/podman.sock", "systemd/private", "bus", "containerd-rootless/api.sock")
"""The same below XDG_RUNTIME_DIR."""

HOME_DAEMONS = (
    ".docker/run/docker.sock",
    ".colima/default/docker.sock",
    ".colima/docker.sock",
    ".orbstack/run/docker.sock",
    ".rd/docker.sock",
    ".lima/docker/sock/docker.sock",
    ".local/share/containers/podman/machine/podman.sock",
)
"""The same at home on macOS, where a virtual machine holds the daemon and shares the home folder."""


class Guarded:
    """For one command. home: the person's; project: the session's; cache, runtime: the guard's own folders; command: the
    string that the client made of it. `sourced`, `hooks`, `daemons`: paths that are there as it begins."""

    def __init__(self, home: str, project: str, cache: str, runtime: str, command: str) -> None:
        self.home = home
        self.project = project
        self.cache = cache
        self.runtime = runtime
        self.settings = os.environ.get("CLAUDE_CONFIG_DIR") or home + "/.claude"
        self.sourced = client.sourced(command)
        self.hooks = self._hooks()
        self.daemons = self._daemons()

    def readonly(self, roots: Iterable[str]) -> tuple[str, ...]:
        """What may be read and not written. roots: the trees whose repositories count."""
        try:  # a policy of the person's that is not there could be written, and take out of it what is restricted
            os.makedirs(self.home + "/.config/claude-guard", 0o700, exist_ok=True)
        except OSError:
            pass
        found = [
            self.cache,
            self.runtime,
            own.PACKAGE,
            own.state_folder(self.home),
            *self._settings(),
            *self._code(),
            self.home + "/.gitconfig",
            self.home + "/.config/git",
            self.home + "/.config/claude-guard",
        ]
        if sys.platform == "darwin":
            found.append(self.home + "/Library/LaunchAgents")
        found += [f"{self.project}/.claude/{name}" for name in (*own.POLICY_NAMES, *own.SETTINGS_NAMES, "claude-guard")]
        for root in roots:
            found += _git_programs(root)
        return tuple(found)

    def kept(self) -> tuple[str, ...]:
        """The folders above what runs outside the masks: where one is moved away, another could take its place."""
        found = {self.settings, self.home + "/.config", *map(os.path.dirname, self.sourced)}
        for path in self.hooks:
            above = os.path.dirname(path)
            while above.startswith(self.project + "/"):
                found.add(above)
                above = os.path.dirname(above)
        return tuple(found)

    def fixed(self) -> tuple[str, ...]:
        """The project's `.claude`, made where it is missing: settings that are not there yet could be written, and would
        switch the guard off."""
        folder = self.project + "/.claude"
        real = os.path.realpath(folder)
        if self.project == "/" or real == os.path.realpath(self.settings):
            return ()
        try:
            os.mkdir(folder)
        except FileExistsError:
            pass
        except OSError:
            return ()
        return (real,)

    def _daemons(self) -> list[str]:
        """The sockets of daemons that are there, links resolved."""
        runtime = os.environ.get("XDG_RUNTIME_DIR", "")
        named = [f"{runtime}/{name}" for name in SESSION_DAEMONS] if runtime.startswith("/") else []
        if sys.platform == "darwin":
            named += [f"{self.home}/{name}" for name in HOME_DAEMONS]
        return [os.path.realpath(path) for path in (*DAEMONS, *named) if os.path.exists(path)]

    def _code(self) -> list[str]:
        """What runs outside the masks by itself: the guard where it is a plugin or has a virtual environment of its own,
        other plugins, hooks that are started without a shell, and the snapshot of the person's shell, which the client
        makes anew, by their start-up files, where it is gone."""
        above = os.path.dirname(own.PACKAGE)
        root = sys.executable.rpartition("/bin/")[0]
        return [
            *([root] if os.path.basename(root) == "claude-guard" else []),
            *([f"{above}/hooks"] if os.path.exists(f"{above}/.claude-plugin") else []),
            f"{self.settings}/plugins",
            *self.sourced,
            *self.hooks,
        ]

    def _hooks(self) -> list[str]:
        """The files that hooks of others start without a shell."""
        from ..client import others

        held = [f"{self.settings}/settings.json"]
        held += [f"{self.project}/.claude/{name}" for name in own.SETTINGS_NAMES]
        return others.started(held, self.project)

    def _settings(self) -> list[str]:
        """The person's own settings, empty ones where there are none: what is not there cannot be kept from changing."""
        names = own.SETTINGS_NAMES if self.project == self.home else own.SETTINGS_NAMES[:1]
        for name in names:
            try:
                file = os.open(f"{self.settings}/{name}", os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            except OSError:
                continue
            os.write(file, b"{}\n")
            os.close(file)
        return [f"{self.settings}/{name}" for name in own.SETTINGS_NAMES]


def _git_programs(root: str) -> list[str]:
    """The configuration and hooks of the repository at `root` and of those inside it."""
    git = root + "/.git"
    if os.path.isfile(git):
        try:
            with open(git, encoding="utf-8", errors="surrogateescape") as file:
                git = os.path.normpath(os.path.join(root, file.read(4096).partition("gitdir:")[2].strip()))
        except OSError:
            return []
        common = git.partition("/worktrees/")[0]
        return [git + "/config.worktree", common + "/config", common + "/hooks"]
    found = [git + "/config", git + "/hooks", git + "/config.worktree"]
    try:
        modules = os.listdir(git + "/modules")
    except OSError:
        return found
    for name in modules:
        found += [f"{git}/modules/{name}/config", f"{git}/modules/{name}/hooks"]
    return found
