"""The decision. It knows no files, no client and no policy language: touches and judgements in, one answer out.

- Every touch gets a verdict of its own; the strictest wins, and every reason is kept.
- Opening a file for reading is reading it, whatever is printed. Names and sizes are not contents. A program may
  consume what its rule leaves to programs. Writing without reading is no reading.
- What could not be determined is judged as such, never as harmless.
"""

from __future__ import annotations

from .model import STRICTNESS, Decision, Judgement, Reason, Touch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .model import Action, Verdict

VERDICTS: dict[Action, Verdict] = {"allow": "pass", "view": "ask", "ask": "ask", "deny": "deny"}
"""What an action comes to. A view that cannot be given in the file's place is a question, never the file."""

RUNNING: dict[Verdict, Verdict] = {"pass": "pass", "ask": "pass", "deny": "ask"}
"""What running a program of the project comes to where nothing confines it, by what an undetermined word gets. To ask
about every test run would be the end of the guard; the shell gate is what confines programs."""


def decide(
    touches: Iterable[Touch], judge: Callable[[Touch], Judgement], opaque: Verdict = "ask", place: str = ""
) -> Decision:
    """The verdict on what a call would touch.

    judge: what the policy says of a touch that is not opaque. opaque: what a touch that could not be determined gets.
    place: the working folder, to name paths as the person would.
    """
    reasons = []
    for touch in touches:
        reason = _reason(touch, judge, opaque, place)
        if reason.verdict != "pass":
            reasons.append(reason)
    reasons.sort(key=lambda reason: -STRICTNESS[reason.verdict])
    return Decision(reasons[0].verdict if reasons else "pass", tuple(reasons))


def _reason(touch: Touch, judge: Callable[[Touch], Judgement], opaque: Verdict, place: str) -> Reason:
    if touch.kind == "opaque":
        return Reason(
            RUNNING[opaque] if touch.access == "execute" else opaque, touch, None, f"cannot tell {touch.name}"
        )
    judgement = judge(touch)
    verdict = VERDICTS[applied(touch, judgement)]
    return Reason(verdict, touch, judgement, "" if verdict == "pass" else describe(touch, judgement, place))


def applied(touch: Touch, judgement: Judgement) -> Action:
    """The action that a judgement comes to for this kind of access."""
    rule = judgement.rule
    if touch.access == "write":
        return judgement.writes
    if touch.access == "list":
        return judgement.action if rule and rule.names == "hidden" else "allow"
    if touch.access == "execute" and rule and rule.programs == "use":
        return "allow"
    return judgement.action


def describe(touch: Touch, judgement: Judgement, place: str = "") -> str:
    """One line: what is restricted, why, by which rule of which file, and what to do instead."""
    name = shown(touch.name, place)
    what = f"variable `{name}`" if touch.kind == "variable" else f"`{name}`"
    for aside in (touch.because, judgement.via):
        if aside:
            what += f" ({aside})"
    way = f"; leave it out with `{touch.exclude}`" if touch.exclude else ""
    rule = judgement.rule
    if rule is None:
        return f"{what} is {judgement.level} by default; `claude-guard explain {name}` tells why{way}"
    line = f"{what} is {judgement.level}"
    if rule.category:
        line += f" ({rule.category})"
    if rule.reason:
        line += f": {rule.reason}"
    where = f"{rule.file}:{rule.line}" if rule.line else rule.file
    line += f" [rule `{rule.id}` in {where}]"
    if rule.instead:
        line += f"; instead: {rule.instead}"
    return line + way


def shown(path: str, place: str) -> str:
    """A path as the person would write it: relative where it lies below `place`, on one line."""
    if not path.isprintable():
        path = path.encode("unicode_escape", "backslashreplace").decode("ascii")
    if place and place != "/" and path.startswith(place + "/"):
        return path[len(place) + 1 :]
    return path
