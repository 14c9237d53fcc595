"""The client's JSON: the only file that knows its field names.

A hook gets one JSON object on standard input and answers with at most one JSON object on standard output. What the
client does with an answer, as observed on it: exit 2 blocks whatever is on stdout, with stderr as the reason; a
deny object blocks whatever the exit code, and its reason is shown without the hook's command line, but only where
nothing else stands on stdout. So a refusal says both. Every other failure is open.
"""

from __future__ import annotations

from .errors import GuardError
from .model import Call, Decision
from .parse import dumps, loads
from .values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

LIMIT = 64 * 1024 * 1024
"""Bytes of hook input that are read; more is refused."""

EXIT_PASS = 0
EXIT_BLOCK = 2


class Answer(NamedTuple):
    """What the hook process says: both streams and its exit code (0 or 2, never anything else)."""

    stdout: str = ""
    stderr: str = ""
    code: int = EXIT_PASS


def parse(data: bytes) -> Call:
    """The call in one hook input. Raises GuardError where it is not a hook input that can be judged."""
    if len(data) > LIMIT:
        raise GuardError(f"the hook input is longer than {LIMIT} bytes")
    try:
        raw = loads(data.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise GuardError(f"the hook input is not JSON ({error})") from None
    if not isinstance(raw, dict):
        raise GuardError("the hook input is not a JSON object")
    cwd = text(raw, "cwd")
    if not cwd.startswith("/"):
        raise GuardError("the hook input names no working folder")
    tool_input = raw.get("tool_input", {})
    if not isinstance(tool_input, dict):
        raise GuardError("the tool input is not a JSON object")
    event = text(raw, "hook_event_name")
    if not event:
        raise GuardError("the hook input names no event")
    return Call(event, text(raw, "session_id"), cwd, "", text(raw, "tool_name"), tool_input, raw)


def text(fields: dict[str, Any], name: str) -> str:
    """A text field, "" where it is missing. Raises GuardError where it holds something else."""
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise GuardError(f"`{name}` of the hook input is not text")
    return value


def answer(call: Call, decision: Decision) -> Answer:
    """How the client is told. `pass` without a change says nothing: the client's own permission flow goes on."""
    if call.event == "PreToolUse":
        return _tool_answer(decision)
    if decision.verdict == "pass":
        return Answer()
    return refusal(explain(decision))


def refusal(reason: str) -> Answer:
    """The answer that holds back what is no tool call: a prompt, a change of the settings."""
    return Answer(dumps({"decision": "block", "reason": reason}), reason + "\n", EXIT_BLOCK)


def _tool_answer(decision: Decision) -> Answer:
    said: dict[str, Any] = {"hookEventName": "PreToolUse"}
    if decision.verdict == "pass":
        if decision.updated_input is None:
            return Answer()
        said["updatedInput"] = decision.updated_input
        if decision.context:
            said["additionalContext"] = decision.context
        return Answer(dumps({"hookSpecificOutput": said}))
    reason = explain(decision)
    said["permissionDecision"] = decision.verdict
    said["permissionDecisionReason"] = reason
    output = dumps({"hookSpecificOutput": said})
    return Answer(output, reason + "\n", EXIT_BLOCK) if decision.verdict == "deny" else Answer(output)


def greeting(context: str, notice: str = "") -> Answer:
    """The answer at the start of a session: what the model should know from the start, and what the person is shown."""
    said: dict[str, Any] = {"hookSpecificOutput": {"hookEventName": "SessionStart", "additionalContext": context}}
    if notice:
        said["systemMessage"] = notice
    return Answer(dumps(said))


def replacement(output: dict[str, Any]) -> Answer:
    """The answer that puts `output`, of the tool's own shape, in the place of what a tool printed."""
    return Answer(dumps({"hookSpecificOutput": {"hookEventName": "PostToolUse", "updatedToolOutput": output}}))


def failure(message: str) -> Answer:
    """The answer when the guard itself fails: blocked, in one line."""
    line = " ".join(message.split())
    return Answer(stderr=f"claude-guard could not judge this call, so it is denied: {line}\n", code=EXIT_BLOCK)


def explain(decision: Decision, most: int = 5) -> str:
    """The reasons that decided, as the model and the person read them; at most `most` of them."""
    decisive = {r.touch.name: r.text for r in reversed(decision.reasons) if r.verdict == decision.verdict}
    lines = list(dict.fromkeys(reversed(decisive.values())))
    shown = lines[:most]
    if len(lines) > most:
        shown.append(f"and {len(lines) - most} more")
    return "claude-guard: " + "\n".join(shown)
