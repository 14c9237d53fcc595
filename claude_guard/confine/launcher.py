"""Runs one command string of the client as the client would, but behind masks and through the output filter.

What stays the same: shell, working directory, network, umask, limits, open files, process group, exit code and death
by a signal, and background processes that outlive the call. Their output goes on through the filter, in a process of
its own that ends with the last of them.
"""

from __future__ import annotations

import os
import sys
import time

from ..values import NamedTuple
from . import caller, namespace, streams
from .pump import Channel, Pump

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
    from collections.abc import Callable, Mapping

    from .broker import Broker
    from .guardian import Guardian
    from .idmap import Owners
    from .mounts import Mount
    from .profile import Profile
    from .pump import Stream

    Helper = namespace.Waiting | Owners
else:
    import _signal as signal  # see caller.py

STARTER = ("/usr/bin/sandbox-exec",) if sys.platform == "darwin" else ()
"""What starts a command behind a profile in words; nothing where namespaces do it."""

MOMENT = 0.02  # seconds after which a command gets a guardian: most end before

FORWARDED = (
    *(signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM),
    *(signal.SIGVTALRM, signal.SIGPROF),
)


def shell(command: str, environment: Mapping[str, str]) -> list[str]:
    """The words that run a command string as the client would without a prefix.

    The Bash tool's strings, which end by recording the working directory, run in $SHELL (else zsh, else bash); hook
    commands and servers run in `/bin/sh`. zsh gets `-f`: the shell that called us has read `.zshenv`
    already, and what it exported is inherited; reading it again would bring restricted variables back.
    """
    if "pwd -P >| " not in command:
        return ["/bin/sh", "-c", command]
    named = environment.get("SHELL", "")
    for program in (named, "/bin/zsh", "/usr/bin/zsh", "/bin/bash", "/usr/bin/bash"):
        if program.endswith(("zsh", "bash")) and os.access(program, os.X_OK):
            return [program, "-f", "-c", command] if program.endswith("zsh") else [program, "-c", command]
    return ["/bin/sh", "-c", command]


class Plan(NamedTuple):
    """What a command is kept from, what makes a filter for one output stream, what runs git for it outside the masks, and
    the mounts of the host where they are known."""

    profile: Profile
    stream: Callable[[], Stream]
    broker: Broker | None = None
    mounted: list[Mount] | None = None


def run(
    words: list[str],
    variables: tuple[str, ...],
    plan: Callable[[], Plan],
    cache: str,
    confined: bool = True,
    starter: tuple[str, ...] | None = None,
) -> int:
    """Runs `words`, a program with its path and arguments; its wait status, once it has ended and its output is passed
    on.

    variables: what is to be unset, at most. plan: is called once, while the namespace is being made. cache: the guard's
    own folder. confined: False where no namespace is to be had: variables are unset and output is filtered, nothing
    is masked. starter: in place of STARTER. Raises NamespaceError or OSError where the masks cannot be put in
    force, and whatever `plan` raises: nothing was run then.

    Where processes outlive the command, the caller's process goes on in two: the original returns, a copy carries their
    output, runs git for them, and never returns.
    """
    starter = STARTER if starter is None else starter
    given = caller.inherited()
    sources, descriptors = streams.replaced()
    waiting: namespace.Waiting | None = None
    owners: Owners | None = None
    broker: Broker | None = None
    try:
        if confined and not starter:
            root = os.geteuid() == 0
            waiting = namespace.Waiting(words, _without(variables), root, descriptors)
        from . import idmap, masks, mounts  # while bubblewrap works, as what `plan` imports

        owners = idmap.Owners() if waiting is not None and root else None
        profile, stream, broker, mounted = plan()
        if waiting is not None:
            if profile.variables != variables:  # it names one that it may know
                waiting.end()
                waiting = namespace.Waiting(words, _without(profile.variables), root, descriptors)
            place = idmap.place(cache, owners)
            binds = masks.binds(profile, place, root) + (broker.binds() if broker is not None else ())
            child, space = waiting.go(binds, place, mounted or mounts.table())
            if broker is not None:
                broker.hold(space)
        elif confined:
            from . import enclosure

            child = enclosure.spawn(words, _without(profile.variables), profile, cache, descriptors, broker, starter)
        else:
            actions = [(os.POSIX_SPAWN_DUP2, end, number) for number, end in descriptors.items()]
            environment = _without(profile.variables)
            child = os.posix_spawn(words[0], words, environment, file_actions=actions, setsigdef=namespace.IGNORED)
    except BaseException:
        if waiting is not None:
            waiting.end()
        if broker is not None:
            broker.close()
        for source in sources.values():
            os.close(source)
        raise
    finally:
        for end in set(descriptors.values()):
            os.close(end)
    pump = Pump([Channel(source, number, stream()) for number, source in sources.items()])
    call = _Call(child, pump, broker, tuple(filter(None, (waiting, owners))))
    call.release(given)
    from . import remains  # noqa: F401 - while the command begins

    status = call.pump.until(child, MOMENT, call.guard)
    call.unguard()
    if call.lives():
        try:
            process = os.fork()
        except OSError:  # no room for another process: this one carries on, and the caller waits
            call.outlive()
            return status
        if process == 0:
            _alone(call.outlive)
        if broker is not None:
            broker.hand_over(process)  # now, because the copy may be late
    elif broker is not None:
        broker.close()
    return status


def _without(variables: tuple[str, ...]) -> dict[str, str]:
    """This process's environment without some of it."""
    return {name: value for name, value in os.environ.items() if name not in variables}


class _Call:
    """A command that has started, and what belongs to it. Raises nothing once it is made."""

    def __init__(self, child: int, pump: Pump, broker: Broker | None, helpers: tuple[Helper, ...]) -> None:
        self.child = child
        self.helpers = helpers
        self.since = time.monotonic()
        self.pump = pump
        self.broker = broker
        self.space = broker.space if broker is not None else None
        self.guardian: Guardian | None = None
        for number in FORWARDED:
            signal.signal(number, lambda received, _: self._pass(received))
        if broker is not None:
            broker.watch(pump)

    def release(self, given: list[int]) -> None:
        """Leaves what the caller gave to the command alone: whoever is at its other end is to see it close."""
        for number in given:
            os.close(number)
        nothing = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)
        os.dup2(nothing, 0, inheritable=False)
        os.close(nothing)

    def guard(self) -> None:
        self._settle()
        if hasattr(os, "pidfd_open"):
            try:
                from .guardian import Guardian

                self.guardian = Guardian(self.child, self.outlive)
            except OSError:  # no room for more processes
                return
            self.pump.lost = self.unguard  # the heir holds the pipes too, and a writer is to learn that nobody reads

    def unguard(self) -> None:
        self._settle()
        if self.guardian is not None:
            self.guardian.leave()

    def _settle(self) -> None:
        for helper in self.helpers:
            helper.leave()

    def _pass(self, number: int) -> None:
        if self.guardian is None or not self.guardian.saw(number):
            try:
                os.kill(self.child, number)
            except ProcessLookupError:
                pass

    def lives(self) -> bool:
        """Whether something is left of the command that needs this process or a copy of it."""
        from . import remains

        for end in (
            remains.left(self.space.descriptors[-1][0], self.child, self.since) if self.space is not None else ()
        ):
            self.pump.watch(end, lambda end=end: self._ended(end))  # type: ignore[misc]
        return bool(self.pump.open) or self._waits()

    def _waits(self) -> bool:
        return len(self.pump.watched) > (self.broker is not None)

    def _ended(self, end: int) -> None:
        self.pump.forget(end)
        os.close(end)

    def outlive(self) -> None:
        """Carries on until nothing is left."""
        if self.broker is not None:
            self.broker.hand_over(os.getpid())
        while self.lives():
            while self.pump.open or self._waits():
                self.pump.turn()
        if self.broker is not None:
            self.broker.close()


def _alone(then: Callable[[], None]) -> None:
    """Does something out of reach of a signal to the group that the call ran in, and ends."""
    try:
        os.setsid()
        then()
    finally:
        os._exit(0)


def leave(status: int) -> None:
    """Ends this process as the one with this wait status ended: by its exit code, or by its signal."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number not in (signal.SIGKILL, signal.SIGSTOP):
            signal.signal(number, signal.SIG_DFL)
        if os.WCOREDUMP(status):  # the command's own is what the caller may look for
            import resource

            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.kill(os.getpid(), number)
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
