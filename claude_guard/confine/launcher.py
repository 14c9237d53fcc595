"""Runs one command string of the client as the client would, but behind masks and through the output filter.

What stays the same: shell, working directory, network, umask, limits, open files, process group, exit code and death
by a signal, and background processes that outlive the call. Their output goes on through the filter, in a process of
its own that ends with the last of them.
"""

from __future__ import annotations

import os
import sys

from . import idmap, masks, namespace
from .pump import Channel, Pump

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
    from collections.abc import Callable, Mapping

    from .broker import Broker
    from .profile import Profile
    from .pump import Stream
else:
    import _signal as signal  # `signal` adds enums to it, which cost 4 ms

STARTER = ("/usr/bin/sandbox-exec",) if sys.platform == "darwin" else ()
"""What starts a command behind a profile in words; nothing where namespaces do it."""

FORWARDED = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGUSR1, signal.SIGUSR2)


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


def run(
    words: list[str],
    profile: Profile,
    stream: Callable[[], Stream],
    cache: str,
    confined: bool = True,
    broker: Broker | None = None,
    starter: tuple[str, ...] | None = None,
) -> int:
    """Runs `words`; its wait status, once it has ended and its output is passed on.

    profile: what it is kept from. stream: makes a filter for one output stream. cache: the guard's own folder.
    confined: False where no namespace is to be had: variables are unset and output is filtered, nothing is masked.
    broker: runs git for the command, outside the masks. starter: in place of STARTER. Raises NamespaceError or
    OSError where the masks cannot be put in force: nothing was run then.

    Where processes outlive the command and hold its output, the caller's process goes on in two: the original returns,
    a copy carries their output and never returns.
    """
    starter = STARTER if starter is None else starter
    unset = frozenset(profile.variables)
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    channels, descriptors, ends = _channels(stream)
    try:
        if confined and starter:
            from . import enclosure

            child = enclosure.spawn(words, environment, profile, cache, descriptors, broker, starter)
        elif confined:
            root = os.geteuid() == 0
            place = idmap.place(cache, root)
            binds = masks.binds(profile, place, root)
            if broker is not None:
                binds += broker.binds()
            child = namespace.spawn(words, environment, binds, place.shown, root, descriptors)
            if broker is not None:
                broker.hold(child, place, root)
        else:
            actions = [(os.POSIX_SPAWN_DUP2, end, number) for number, end in descriptors.items()]
            child = os.posix_spawnp(words[0], words, environment, file_actions=actions, setsigdef=namespace.IGNORED)
    finally:
        for end in ends:
            os.close(end)
    for number in FORWARDED:
        signal.signal(number, lambda received, _: _send(child, received))
    pump = Pump(channels)
    if broker is not None:
        broker.watch(pump)
    status = pump.until(child)
    if pump.open and os.fork() == 0:
        _outlive(pump, broker)
    if broker is not None and not pump.open:
        broker.close()
    return status


def leave(status: int) -> None:
    """Ends this process as the one with this wait status ended: by its exit code, or by its signal."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number not in (signal.SIGKILL, signal.SIGSTOP):
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def _channels(stream: Callable[[], Stream]) -> tuple[list[Channel], dict[int, int], set[int]]:
    """Pipes in place of standard output and error: one for both where they are the same file, so that what is written
    to them keeps its order."""
    first, end = os.pipe()
    channels, descriptors, ends = [Channel(first, 1, stream())], {1: end, 2: end}, {end}
    if not _same(1, 2):
        second, other = os.pipe()
        channels.append(Channel(second, 2, stream()))
        descriptors[2] = other
        ends.add(other)
    return channels, descriptors, ends


def _same(one: int, other: int) -> bool:
    try:
        status = os.fstat(one)
        return status.st_ino != 0 and os.path.samestat(status, os.fstat(other))  # not every system numbers its pipes
    except OSError:
        return False


def _send(process: int, number: int) -> None:
    try:
        os.kill(process, number)
    except ProcessLookupError:
        pass


def _outlive(pump: Pump, broker: Broker | None) -> None:
    """Carries the output of background processes, out of reach of a signal to the group that the call ran in."""
    try:
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        pump.drain()
        if broker is not None:
            broker.close()
    finally:
        os._exit(0)
