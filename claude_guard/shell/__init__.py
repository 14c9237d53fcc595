"""What does this script mean? Reads bash and zsh without running anything."""

from ..world import World
from .reading import Limits, Reading, Trace


def read(script: str, world: World, dialect: str = "both", limits: Limits | None = None) -> Reading:
    """What a script would touch in a world.

    dialect: `bash`, `zsh`, or `both` where the shell is not known: then the touches of either. Never raises for
    anything in the script: what is not understood or goes past the limits is an opaque touch.
    """
    from .reading import Exhausted
    from .walk import Walk

    limits = limits or Limits()
    readings: list[Reading] = []
    for one in ("bash", "zsh") if dialect == "both" else (dialect,):
        walk = Walk(world, one, limits)
        output: str | None = None
        try:
            if len(script) > limits.size:
                raise Exhausted("what a command of this length does")
            output = walk.script(script)
        except Exhausted as exhausted:
            walk.opaque(exhausted.what)
        except RecursionError:
            walk.opaque("what a command does that is nested this deeply")
        while len(walk.trace) > 1:
            inner = tuple(walk.trace.pop())
            walk.trace[-1].append(Trace("", (), (), inner))
        readings.append(Reading(tuple(walk.touches), tuple(walk.trace[0]), output))
    first, last = readings[0], readings[-1]
    touches = tuple(dict.fromkeys(first.touches + last.touches))
    trace = first.trace if first.touches == last.touches else first.trace + last.trace
    return Reading(touches, trace, first.output if first.output == last.output else None)


__all__ = ["Limits", "Reading", "Trace", "read"]
