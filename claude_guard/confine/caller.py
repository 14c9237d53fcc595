"""What whoever started this process gave it, as far as the interpreter's own start changed it: put back, so that a
command gets what it would get without a guard in between."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
    from typing import NoReturn
else:
    import _signal as signal  # `signal` adds enums to it, which cost 4 ms

COERCED = ("C.UTF-8", "C.utf8", "UTF-8")
"""What the interpreter sets LC_CTYPE to where it finds the locale "C"."""


def restore() -> None:
    """Undoes what the interpreter did at its start, but for the signals that it needs to ignore itself (see
    `namespace.IGNORED`). Standard descriptors that are closed are taken, so that nothing else gets their numbers;
    what took them is not inherited. A command that ends all programs called `python` does not mean this one."""
    try:
        file = os.open("/proc/self/comm", os.O_WRONLY | os.O_CLOEXEC)
        os.write(file, b"claude-guard")
        os.close(file)
    except OSError:
        pass
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    if os.environ.get("LC_CTYPE") in COERCED and not _given("LC_CTYPE"):
        del os.environ["LC_CTYPE"]
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)


def closed(number: int) -> bool:
    """Whether a standard descriptor was closed before `restore` took its place."""
    return not os.get_inheritable(number)


def inherited() -> list[int]:
    """The descriptors above 2 that the caller left open; what this process opened is not inheritable."""
    try:
        numbers = [int(name) for name in os.listdir("/dev/fd")]
    except OSError:
        return []
    found = []
    for number in numbers:
        try:
            if number > 2 and os.get_inheritable(number):
                found.append(number)
        except OSError:  # the folder itself
            continue
    return found


def become(words: list[str]) -> NoReturn:
    """Replaces this process by a command. Raises OSError."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    os.execv(words[0], words)


def _given(name: str) -> bool:
    try:
        with open("/proc/self/environ", "rb") as file:
            return b"\0" + os.fsencode(name) + b"=" in b"\0" + file.read()
    except OSError:
        return "LANG" in os.environ or "LC_ALL" in os.environ
