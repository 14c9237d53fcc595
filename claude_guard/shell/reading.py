"""What reading a script gives."""

from ..model import Touch
from ..values import NamedTuple


class Trace(NamedTuple):
    """One command and what came of it, for people. text: as written. words: what it became. touches: its own.
    inner: the commands that it runs: substitutions, functions, `bash -c`."""

    text: str
    words: tuple[str, ...]
    touches: tuple[Touch, ...]
    inner: tuple["Trace", ...]


class Reading(NamedTuple):
    """touches: everything the script would touch, without doubles, in the order it comes. output: what it prints on
    standard output, None where that cannot be computed."""

    touches: tuple[Touch, ...]
    trace: tuple[Trace, ...]
    output: str | None


class Limits(NamedTuple):
    """Where reading gives up: what is left is opaque. steps: commands, words and loop rounds, counted, not timed."""

    size: int = 200_000
    steps: int = 30_000
    depth: int = 80


class Exhausted(Exception):
    """A limit is reached; `what` completes "cannot tell ..."."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class TooDeep(Exhausted):
    """One construct lies too deep; what follows it can still be read."""
