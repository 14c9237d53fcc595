"""Two processes that stand beside a launcher whose command takes longer than a moment.

The witness stays in the process group of the call and blocks every signal. A signal to the group reaches the command by
itself and must not be sent on to it a second time; one to the launcher alone must be. Only what else the signal
reached tells the two apart.

The heir stands outside the group and waits for the launcher's end. Where that is a SIGKILL, it ends the command, as the
death of its caller's process would have without a guard in between, and carries what is left to its end.
"""

from __future__ import annotations

import os
import select
import time

from . import libc

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
    from collections.abc import Callable
else:
    import _signal as signal  # see caller.py

HEARD = 0.1  # seconds until a signal that only the launcher got is sent on


class Guardian:
    """Both. child: the command; inherit: what the heir does once the command is dead, in a process of its own. Raises
    OSError where there is no room for more processes."""

    def __init__(self, child: int, inherit: Callable[[], None]) -> None:
        self.news, told = os.pipe()
        self.heard: list[int] = []
        launcher = os.getpid()
        self.processes = [_fork(lambda: _witness(launcher, told))]
        os.close(told)
        ends = os.pidfd_open(launcher), os.pidfd_open(child)
        self.processes.append(_fork(lambda: _inherit(*ends, inherit)))
        for end in ends:
            os.close(end)

    def saw(self, number: int) -> bool:
        """Whether a signal that has come reached the group. Waits up to `HEARD` for the answer."""
        until = time.monotonic() + HEARD
        while number not in self.heard:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self.news], [], [], left)[0]:
                return False
            said = os.read(self.news, 64)
            if not said:
                return False
            self.heard.extend(said)
        self.heard = [other for other in self.heard if other != number]
        return True

    def leave(self) -> None:
        """Ends both. A second time it does nothing."""
        for process in self.processes:
            os.kill(process, signal.SIGKILL)
        for process in self.processes:
            os.waitpid(process, 0)
        self.processes = []


def _fork(then: Callable[[], None]) -> int:
    process = os.fork()
    if process:
        return process
    try:
        then()
    finally:
        os._exit(0)


def _witness(launcher: int, told: int) -> None:
    every = signal.valid_signals()
    signal.pthread_sigmask(signal.SIG_BLOCK, every)
    libc.follow(signal.SIGKILL)
    for name in os.listdir("/proc/self/fd"):
        if int(name) != told:
            try:
                os.close(int(name))
            except OSError:  # the listing's own
                continue
    while os.getppid() == launcher:
        os.write(told, bytes([signal.sigwait(every)]))


def _inherit(launcher: int, child: int, inherit: Callable[[], None]) -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    os.setsid()
    select.select([launcher], [], [])
    try:
        signal.pidfd_send_signal(child, signal.SIGKILL)
    except ProcessLookupError:
        pass
    inherit()
