"""What the shell gate takes off a decision: a command that runs behind the masks may do what nobody can tell. Pure.

What is known to be restricted stays refused: behind the masks it would fail all the same, and less plainly.
"""

from __future__ import annotations

from .model import Call, Decision, Reason, Touch

TOOLS = ("Bash", "Monitor", "PowerShell")
"""Tools that run a command."""
MASKED = ("Bash", "Monitor")
"""Those of them whose command the client hands to the gate. The shell parts of slash commands go there too."""

WAY = "; what is not known passes where it runs confined: `claude-guard install --shell`, then `claude-guard doctor`"
REQUIRED = (
    "the policy requires commands to be confined, and they are not: run `claude-guard install --shell`, start the client "
    "again, and see `claude-guard doctor`"
)

INCOMPLETE = (
    "claude-guard: shell commands are not confined in this session: programs that a command runs are not kept from "
    "restricted files. To complete the installation run `{command}` and start a new session."
)
KEPT = (
    "claude-guard: {lost}: this session keeps the settings that it started with. Where that is what you want, start a "
    "new session; where you did not change them, look into them first."
)
UNMASKED = (
    "claude-guard: shell commands are not confined on this machine; `claude-guard doctor` says why and what to install."
)


def runs(call: Call) -> bool:
    """Whether the call runs a command: Monitor may watch something else."""
    return call.tool != "Monitor" or call.input.get("command") is not None


def confines(call: Call, touch: Touch) -> bool:
    """Whether a touch that could not be determined is made by a command that runs through the gate."""
    if touch.kind != "opaque":
        return False
    if call.tool in MASKED:
        return isinstance(call.input.get("command"), str)
    # A skill or a prompt: what its shell parts do says which command brings it in, what else it names does not.
    return call.tool in ("Skill", "SlashCommand", "") and bool(touch.because)


def without(call: Call, decision: Decision) -> Decision:
    """The decision where the gate stands."""
    left = tuple(reason for reason in decision.reasons if not confines(call, reason.touch))
    return decision._replace(verdict=left[0].verdict if left else "pass", reasons=left)


def hinted(call: Call, decision: Decision) -> Decision:
    """The decision where it does not: the first reason of this kind that counts says what would make it pass."""
    reasons = list(decision.reasons)
    for place, reason in enumerate(reasons):
        if reason.verdict == decision.verdict and confines(call, reason.touch):
            reasons[place] = reason._replace(text=reason.text + WAY)
            break
    return decision._replace(reasons=tuple(reasons))


def required(decision: Decision) -> Decision:
    """The decision on a command where the policy requires confinement and there is none."""
    touch = Touch("opaque", "execute", "what the command does", "command")
    return Decision("deny", (Reason("deny", touch, None, REQUIRED), *decision.reasons))
