"""What a command gets in place of its standard output and error: pipes that lead through a filter.

One pipe for both where they are the same file, so that what is written to them keeps its order. A terminal is replaced
by a terminal of the same size and settings, which leaves it to the real one to do what terminals do to output.
/dev/null stays itself.
"""

from __future__ import annotations

import os

from . import caller

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
else:
    import _signal as signal  # see caller.py


def replaced() -> tuple[dict[int, int], dict[int, int]]:
    """(the descriptors to read from, by the number of that which it goes on to; the command's, by number)."""
    sources: dict[int, int] = {}
    descriptors: dict[int, int] = {}
    for number in (1, 2):
        if caller.closed(number) or _nothing(number):
            continue
        if number == 2 and 1 in descriptors and _same(1, 2):
            descriptors[2] = descriptors[1]
            continue
        sources[number], descriptors[number] = _terminal(number) if os.isatty(number) else os.pipe()
    return sources, descriptors


def _terminal(number: int) -> tuple[int, int]:
    """A terminal like the one behind a descriptor: (where its output is read, the terminal)."""
    import termios

    source, end = os.openpty()
    settings = termios.tcgetattr(number)
    settings[1] &= ~termios.OPOST
    termios.tcsetattr(end, termios.TCSANOW, settings)

    def resize(*_: object) -> None:
        try:
            termios.tcsetwinsize(source, termios.tcgetwinsize(number))
        except (termios.error, OSError):  # one of them is closed: the command has ended
            return

    resize()
    signal.signal(signal.SIGWINCH, resize)
    return source, end


def _nothing(number: int) -> bool:
    try:
        return os.path.samestat(os.fstat(number), os.stat(os.devnull))
    except OSError:
        return False


def _same(one: int, other: int) -> bool:
    try:
        status = os.fstat(one)
        return status.st_ino != 0 and os.path.samestat(status, os.fstat(other))  # not every system numbers its pipes
    except OSError:
        return False
