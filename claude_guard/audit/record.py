"""The audit trail: one line for each call that was not simply passed, and for each restricted thing that was taken out
of a command's output. Paths and rules, never contents."""

import os
import time

from ..model import Call, Decision
from ..parse import dumps

NAME = "audit.jsonl"
LONGEST = 1000


def append(folder: str, call: Call, decision: Decision) -> None:
    """Adds a decision to the trail in `folder`. A trail that cannot be written does not change the decision: what is
    refused stays refused."""
    _add(folder, entry(call, decision))


def replaced(folder: str, project: str, name: str) -> None:
    """Adds that something was taken out of the output of a command of `project`. name: the restricted path, relative
    to the project where it lies in it, the variable as `$NAME`, or the kind of credential."""
    added = {"time": round(time.time(), 3), "event": "output", "project": project, "verdict": "replaced"}
    _add(folder, {**added, "name": name[:LONGEST]})


def _add(folder: str, held: dict[str, object]) -> None:
    line = dumps(held) + "\n"
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(folder + "/" + NAME, flags, 0o600)
    except OSError:
        return
    try:
        os.write(descriptor, line.encode("utf-8", "backslashreplace"))
    finally:
        os.close(descriptor)


def entry(call: Call, decision: Decision) -> dict[str, object]:
    """What is recorded of a decision: when (seconds since the epoch), where, what and by which rule."""
    reasons = []
    for reason in decision.reasons:
        rule = reason.judgement.rule if reason.judgement else None
        touched: dict[str, str] = {"kind": reason.touch.kind, "access": reason.touch.access}
        if reason.touch.kind != "opaque":  # its phrase quotes the call, which may hold anything
            touched["name"] = reason.touch.name[:LONGEST]
        where = {"level": reason.judgement.level} if reason.judgement else {}
        by = {"rule": rule.id, "file": rule.file, "line": rule.line} if rule else {}
        reasons.append({"verdict": reason.verdict, **touched, **where, **by})
    return {
        "time": round(time.time(), 3),
        "session": call.session,
        "event": call.event,
        "tool": call.tool,
        "project": call.project,
        "verdict": "narrowed" if decision.updated_input is not None else decision.verdict,
        "reasons": reasons,
    }
