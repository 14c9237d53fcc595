"""One shell command of the client from its string to its end: the composition root of the shell gate.

Runs as CLAUDE_CODE_SHELL_PREFIX with the command string as its one argument, or with `--through TEXT
ARGUMENTS` for what git starts: a shell's text with arguments of its own. Where anything fails, the command is not run.
"""

from __future__ import annotations

import gc
import os
import sys

from . import own
from .confine import caller, client, launcher
from .confine.client import quote
from .confine.namespace import NamespaceError
from .errors import GuardError, PolicyError
from .policy import snapshot
from .world import Machine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from .planner import Planner

REFUSED = 126 << 8  # the wait status of a command that was not run


def main(arguments: list[str]) -> NoReturn:
    """Runs what the arguments say and ends as it ended."""
    gc.disable()
    caller.restore()
    try:
        status = started(arguments)
    except (GuardError, NamespaceError, OSError) as error:
        os.write(2, os.fsencode(f"claude-guard: not run: {error}\n"))
        status = REFUSED
    launcher.leave(status)
    raise AssertionError("unreachable")


def started(arguments: list[str]) -> int:
    """The wait status of what the arguments say, once it has ended."""
    through = arguments[:1] == [client.THROUGH]
    command = arguments[-1] if arguments and not through else ""
    if through:
        words = ["/bin/sh", "-c", arguments[1], "sh", *arguments[2:]]
    else:
        words = launcher.shell(command, os.environ)
        if _ours(command):
            caller.become(words)
        then = os.environ.get("CLAUDE_GUARD_SHELL_THEN", "")
        if then:  # another prefix, which stood there before: it runs behind the masks
            words = ["/bin/sh", "-c", f"{then} {quote(command)}"]
    gate = Gate(os.getcwd(), command)
    if gate.nested():
        caller.become(words)
    return gate.run(words)


def _ours(command: str) -> bool:
    """Whether the string is a hook of ours, and what it starts is the guard's own."""
    if " || exit 2" not in command:
        return False
    from shlex import join

    from .client import hooks

    starts = {hooks.PROJECT.shell: hooks.LAUNCHER}
    arguments = ("--no-rewrite", "--no-ask")
    absolute = join(hooks.absolute(package=own.PACKAGE).words)
    if client.own(command, (absolute,), arguments):
        return True
    if not client.own(command, tuple(starts), arguments):
        return False
    try:
        with open(f"{os.environ.get('CLAUDE_PROJECT_DIR', '')}/{hooks.LAUNCHER}", encoding="utf-8") as file:
            return file.read() == hooks.launcher_text()
    except OSError:
        return False


def project() -> str:
    """The session's project: where the client was started, which a `cd` in the session does not move."""
    named = os.environ.get("CLAUDE_PROJECT_DIR", "")
    if named.startswith("/"):
        return os.path.normpath(named)
    try:
        return os.readlink(f"/proc/{os.getppid()}/cwd")
    except OSError:
        if sys.platform != "darwin":
            return os.getcwd()
    from .confine import darwin

    return darwin.folder(os.getppid()) or os.getcwd()


class Gate:
    """The parts of the guard put together for one command. command: the string that the client made of it. place: the
    project; the session's own by default. Raises PolicyError where a policy is broken."""

    def __init__(self, cwd: str, command: str, place: str = "") -> None:
        self.machine = Machine(cwd)
        self.cache = own.cache_folder(self.machine.home)
        self.command = command
        self.project = place or project()
        self.policy = snapshot.load(self.project, self.machine.home, self.cache)
        self.variables = tuple(name for name in os.environ if self.policy.variable(name).action != "allow")

    def planner(self) -> Planner:
        """What finds out what the command is kept from; imported while bubblewrap works."""
        from .planner import Planner

        return Planner(self.machine, self.command, self.project, self.cache, self.policy, self.variables)

    def nested(self) -> bool:
        """Whether this process is behind the masks already: there the guard's keys are one of them."""
        private = own.private_folder(self.cache)
        if sys.platform == "darwin":
            from .confine import darwin

            return darwin.sealed(private)
        try:
            closed = not os.stat(private).st_mode & 0o777
        except FileNotFoundError:
            os.makedirs(private, 0o700)
            return False
        return closed and bool(os.statvfs(self.cache).f_flag & os.ST_RDONLY)

    def run(self, words: list[str]) -> int:
        """Runs words behind the masks, their output filtered."""
        mode = self.policy.shell.confine
        if mode != "off" and self._trusted(mode):
            try:
                return launcher.run(words, self.variables, lambda: self.planner().plan(confined=True), self.cache)
            except NamespaceError as error:
                self._unconfined(mode, error)
        plan = self.planner().plan(confined=False)
        return launcher.run(words, self.variables, lambda: plan, self.cache, confined=False)

    def _trusted(self, mode: str) -> bool:
        """Whether what confines commands here is to be used: namespaces always, which either stand or fail; a profile
        in words where it has held in a trial. Raises GuardError where it has not and the policy requires it."""
        if not launcher.STARTER:
            return True
        from .confine import probe, standing

        if standing.works(self.cache):
            return True
        if mode == "require":
            found = probe.look()
            why = found.reason or "a trial of that failed a short time ago"
            raise GuardError(
                f"the policy requires commands to be confined, and {why}", found.remedy or "try again later"
            )
        return False

    def _unconfined(self, mode: str, error: NamespaceError) -> None:
        """Passes where nothing can be confined here and the policy leaves it at that. Raises GuardError otherwise."""
        from .confine import probe, standing

        found = probe.look()
        if found.works:
            raise GuardError(f"restricted files could not be masked: {error}", "run `claude-guard doctor`")
        if standing.retract(self.cache):
            raise GuardError(f"commands were confined before, and {found.reason}", "try again: it is judged anew")
        if mode == "require":
            raise GuardError(f"the policy requires commands to be confined, and {found.reason}", found.remedy)


__all__ = ["Gate", "PolicyError", "main"]
