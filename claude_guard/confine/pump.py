"""Carries a command's output from its pipes to where it belongs, through filters.

One loop for everything that happens while a command runs: output, the command's end, a filter's time limit, and
whoever else wants to be told that a descriptor can be read.
"""

from __future__ import annotations

import os
import select

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
        for source in self.open:
            os.set_blocking(source, False)
            self.poll.register(source, select.POLLIN)

    def watch(self, descriptor: int, call: Callable[[], None]) -> None:
        self.watched[descriptor] = call
        self.poll.register(descriptor, select.POLLIN)

    def forget(self, descriptor: int) -> None:
        """Ends a watch."""
        if self.watched.pop(descriptor, None) is not None:
            self.poll.unregister(descriptor)

    def until(self, child: int) -> int:
        """Runs until the process `child` ends and what it wrote is carried; its wait status."""
        try:
            end = os.pidfd_open(child)
        except (AttributeError, OSError):  # not on this system
            return self._rung(child)
        ended = False

        def stop() -> None:
            nonlocal ended
            ended = True

        self.watch(end, stop)
        while not ended:
            self._turn()
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
                self._turn()
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
            self._turn()

    def _turn(self) -> None:
        holding = any(channel.stream.held for channel in self.open.values())
        ready = self.poll.poll(HOLD * 1000 if holding else None)
        for descriptor, _ in ready:
            if descriptor in self.watched:
                self.watched[descriptor]()
            elif descriptor in self.open:
                self._carry(self.open[descriptor])
        if not ready:
            for channel in list(self.open.values()):
                self._release(channel)

    def _carry(self, channel: Channel) -> bool:
        """Moves one block; False where there is none now."""
        try:
            data = os.read(channel.source, BLOCK)
        except BlockingIOError:
            return False
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
                self._close(channel)
                return

    def _close(self, channel: Channel) -> None:
        if self.open.pop(channel.source, None) is not None:
            self.poll.unregister(channel.source)
            os.close(channel.source)


def _empty(pipe: int) -> None:
    try:
        while os.read(pipe, 512):
            pass
    except BlockingIOError:
        pass
