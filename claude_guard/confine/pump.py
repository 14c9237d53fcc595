"""Carries a command's output from its pipes to where it belongs, through filters.

One loop for everything that happens while a command runs: output, the command's end, a filter's time limit, and
whoever else wants to be told that a descriptor can be read.
"""

from __future__ import annotations

import os
import select
import time

from ..values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
    from collections.abc import Callable
    from typing import Protocol
else:
    import _signal as signal  # see launcher.py

    Protocol = object

BLOCK = 1 << 18  # bytes read at once
HOLD = 0.05  # seconds that a filter may keep bytes before it has to decide; less than 0.1 with a busy machine


class Stream(Protocol):
    """A filter of one stream. `held` says whether it keeps bytes that it has not decided on."""

    @property
    def held(self) -> bool: ...

    def feed(self, data: bytes) -> bytes:
        """Takes what came; returns what may go on now."""

    def flush(self) -> bytes:
        """Time is up, or the stream ended: returns what was held, as far as it may go on."""


class Channel(NamedTuple):
    """Bytes from the pipe `source` go through `stream` to the descriptor `target`."""

    source: int
    target: int
    stream: Stream


class Pump:
    """The loop. `watch` adds a descriptor with what to call when it can be read."""

    def __init__(self, channels: list[Channel]) -> None:
        self.open = {channel.source: channel for channel in channels}
        self.poll = select.poll()
        self.watched: dict[int, Callable[[], None]] = {}
        self.lost: Callable[[], None] = lambda: None  # called before a pipe is closed because nobody reads any more
        self.targets = {channel.target: channel for channel in channels}
        for source, channel in self.open.items():
            os.set_blocking(source, False)
            self.poll.register(source, select.POLLIN)
            self.poll.register(channel.target, 0)  # tells when nobody reads any more

    def watch(self, descriptor: int, call: Callable[[], None]) -> None:
        self.watched[descriptor] = call
        self.poll.register(descriptor, select.POLLIN)

    def forget(self, descriptor: int) -> None:
        """Ends a watch."""
        if self.watched.pop(descriptor, None) is not None:
            self.poll.unregister(descriptor)

    def until(self, child: int, moment: float = 0.0, then: Callable[[], None] | None = None) -> int:
        """Runs until the process `child` ends and what it wrote is carried; its wait status. then: is called where it
        still runs after a `moment`, in seconds."""
        try:
            end = os.pidfd_open(child)
        except (AttributeError, OSError):  # not on this system
            return self._rung(child)
        late = time.monotonic() + moment
        ended = False

        def stop() -> None:
            nonlocal ended
            ended = True

        self.watch(end, stop)
        while not ended:
            if then is None:
                self.turn()
            elif time.monotonic() < late:
                self.turn(moment)
            else:
                self.forget(end)  # a copy of this process that `then` makes has another end to wait for
                then()
                then = None
                self.watch(end, stop)
        self.forget(end)
        os.close(end)
        _, status = os.waitpid(child, 0)
        self._rest()
        return status

    def _rung(self, child: int) -> int:
        """`until` where a process has no descriptor: the signal of a child's end makes a pipe readable."""
        heard, rung = os.pipe()
        os.set_blocking(heard, False)
        os.set_blocking(rung, False)
        before = signal.set_wakeup_fd(rung, warn_on_full_buffer=False)
        handler = signal.signal(signal.SIGCHLD, lambda *_: None)  # a signal without a handler rings nothing
        self.watch(heard, lambda: _empty(heard))
        try:
            while True:
                ended, status = os.waitpid(child, os.WNOHANG)
                if ended:
                    break
                self.turn()
        finally:
            self.forget(heard)
            signal.signal(signal.SIGCHLD, handler if handler is not None else signal.SIG_DFL)
            signal.set_wakeup_fd(before)
            os.close(heard)
            os.close(rung)
        self._rest()
        return status

    def _rest(self) -> None:
        """Carries what a process that has ended left in the pipes."""
        for channel in list(self.open.values()):
            while channel.source in self.open and self._carry(channel):
                pass
            self._release(channel)

    def drain(self) -> None:
        """Runs until every pipe is closed by whoever still holds it."""
        while self.open:
            self.turn()

    def turn(self, limit: float | None = None) -> None:
        """Waits until something happens, up to `limit` seconds, and does what is to be done then."""
        holding = any(channel.stream.held for channel in self.open.values())
        limit = HOLD if holding and (limit is None or limit > HOLD) else limit
        ready = self.poll.poll(None if limit is None else limit * 1000)
        for descriptor, event in ready:
            if descriptor in self.watched:
                self.watched[descriptor]()
            elif descriptor in self.open:
                self._carry(self.open[descriptor])
            elif descriptor in self.targets and event & (select.POLLERR | select.POLLHUP | select.POLLNVAL):
                self._close(self.targets[descriptor], lost=True)
        if not ready:
            for channel in list(self.open.values()):
                self._release(channel)

    def _carry(self, channel: Channel) -> bool:
        """Moves one block; False where there is none now."""
        try:
            data = os.read(channel.source, BLOCK)
        except BlockingIOError:
            return False
        except OSError:  # how a terminal says that nobody holds its other side any more
            data = b""
        if data:
            self._put(channel, channel.stream.feed(data))
            return True
        self._release(channel)
        self._close(channel)
        return False

    def _release(self, channel: Channel) -> None:
        if channel.stream.held:
            self._put(channel, channel.stream.flush())

    def _put(self, channel: Channel, data: bytes) -> None:
        left = memoryview(data)
        while left:
            try:
                left = left[os.write(channel.target, left) :]
            except BlockingIOError:
                waiting = select.poll()
                waiting.register(channel.target, select.POLLOUT)
                waiting.poll()
            except OSError:  # nobody reads any more: the writer is to learn it as it would without a filter
                self._close(channel, lost=True)
                return

    def _close(self, channel: Channel, lost: bool = False) -> None:
        if self.open.pop(channel.source, None) is not None:
            if lost:
                self.lost()
            self.poll.unregister(channel.source)
            self.poll.unregister(channel.target)
            os.close(channel.source)


def _empty(pipe: int) -> None:
    try:
        while os.read(pipe, 512):
            pass
    except BlockingIOError:
        pass
