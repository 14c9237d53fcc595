"""The weaker proof, for a machine without the client: the installed hook commands are fed the calls themselves.

It shows what the guard answers, not what the client does with the answer, and nothing that fires no hook.
"""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from . import hooks
from .features import CURRENT
from .prove import Attempt, Outcome, absent, attempts, calls, sessions, staged, swap
from .session import environment
from .stage import Plan, Stage, worded

SECONDS = 60.0  # of one hook call
NARROWED = "narrowed"


def replay(
    plan: Plan,
    names: Sequence[str] = (),
    tell: Callable[[str, int, int], None] = lambda name, done, total: None,
) -> list[Outcome]:
    """Feeds every channel's calls to the hooks of the plan's settings.

    names, tell: as in `prove`. Verdicts too; `shown` is "let through" for what no hook of ours holds back or narrows.
    There is no control: without a guard there is nothing to ask.
    """
    outcomes: list[Outcome] = []
    groups = sessions(attempts(plan, names))
    for number, group in enumerate(groups, 1):
        folder = os.path.realpath(tempfile.mkdtemp(prefix="claude-guard-replay-"))
        try:
            stage = staged(folder, plan, group, guarded=True)
            outcomes += [_outcome(attempt, plan, stage) for attempt in group]
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        tell(group[0].channel.name, number, len(groups))
    return sorted(outcomes, key=lambda outcome: outcome.attempt.number)


def _outcome(attempt: Attempt, plan: Plan, stage: Stage) -> Outcome:
    channel = attempt.channel
    if absent(channel, CURRENT) or channel.evidence == "none" or (channel.behind and plan.gate.confines):
        return Outcome(attempt, "absent", "", "", "")
    refused = [said for said in (_refusal(event, stage) for event in _events(attempt, plan, stage)) if said]
    if channel.harmless:
        refused = [said for said in refused if said != NARROWED]
        shown = "" if refused else "let through"
        return Outcome(attempt, "false denial" if refused else "passed", shown, "", " ".join(refused))
    shown = "" if refused else "let through"
    return Outcome(attempt, "closed" if refused else "open", shown, "", " ".join(refused))


def _events(attempt: Attempt, plan: Plan, stage: Stage) -> Iterable[dict[str, Any]]:
    """The hook inputs that the client would send for an attempt, as far as they can be known without it."""
    words = stage.words(plan) | {"%agent%": "Agent"}
    prompt = worded(attempt.channel.prompt, words)
    common = {"session_id": "replay", "cwd": stage.project, "permission_mode": "default"}
    yield {**common, "hook_event_name": "UserPromptSubmit", "prompt": prompt}
    played = [*calls(attempt, words, stage), *attempt.channel.subagent]
    for call in played:
        if call.before:
            swap(stage, call.before)
        given = json.loads(worded(json.dumps(call.input), words))
        yield {**common, "hook_event_name": "PreToolUse", "tool_name": call.name, "tool_input": given}


def _refusal(event: dict[str, Any], stage: Stage) -> str:
    """What the hooks answer to an event where they hold it back or take something out of it; ""."""
    for group in _groups(event["hook_event_name"], stage):
        for entry in group["hooks"]:
            said = _answer(entry, event, stage)
            if said:
                return said
    return ""


def _groups(event: str, stage: Stage) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for place in (
        (stage.project, "settings.json"),
        (stage.project, "settings.local.json"),
        (stage.home, "settings.json"),
    ):
        try:
            with open(os.path.join(place[0], ".claude", place[1]), encoding="utf-8") as file:
                settings = json.load(file)
        except FileNotFoundError:
            continue
        found += [{"hooks": [entry]} for name, _, _, entry in hooks.found(settings) if name == event]
    return found


def _answer(entry: dict[str, Any], event: dict[str, Any], stage: Stage) -> str:
    words = {"${CLAUDE_PROJECT_DIR}": stage.project, "$CLAUDE_PROJECT_DIR": stage.project}
    arguments = entry.get("args")
    if isinstance(arguments, list):
        command = [worded(str(word), words) for word in (entry["command"], *arguments)]
    else:
        command = ["/bin/sh", "-c", str(entry["command"])]
    done = subprocess.run(
        command,
        input=json.dumps(event),
        cwd=stage.project,
        env={**environment(stage.home), "CLAUDE_PROJECT_DIR": stage.project},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    if done.returncode == 2:
        return done.stderr.strip() or "exit 2"
    return _said(done.stdout) if done.stdout.strip() else ""


def _said(out: str) -> str:
    """What an answer holds back or takes out; "" where it lets the call through as it is."""
    answer = json.loads(out)
    specific = answer.get("hookSpecificOutput", {})
    if answer.get("decision") == "block":
        return str(answer.get("reason", "blocked"))
    if specific.get("permissionDecision") in ("deny", "ask"):
        return str(specific.get("permissionDecisionReason", "denied"))
    return NARROWED if "updatedInput" in specific else ""
