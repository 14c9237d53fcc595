"""Whether an installed hook answers: it is run as the client runs it, with a harmless and with a denied call."""

import json
import os
import subprocess
from typing import Any, Literal, NamedTuple

from .. import own
from .hooks import TIMEOUT

Answer = Literal["passed", "denied", "failed"]


class Probe(NamedTuple):
    """How a hook answered. harmless, restricted: to a call of that kind. said: what it printed when it denied, or how
    it failed, in one line."""

    harmless: Answer
    restricted: Answer
    said: str

    @property
    def sound(self) -> bool:
        """The hook lets the harmless call through and stops the other."""
        return (self.harmless, self.restricted) == ("passed", "denied")


def probe(entry: dict[str, Any], project: str, home: str) -> Probe:
    """Runs a hook entry of the settings for a session in `project`. The denied call reads the guard's own key, which no
    policy lets out."""
    harmless, why = ask(entry, project, os.path.join(project, "README.md"))
    restricted, said = ask(entry, project, own.private_folder(own.cache_folder(home)) + "/key")
    return Probe(harmless, restricted, why if harmless != "passed" else said)


def ask(entry: dict[str, Any], project: str, path: str) -> tuple[Answer, str]:
    """What a hook says to a Read of `path`, and its words."""
    call = {
        "session_id": "claude-guard-status",
        "transcript_path": os.devnull,
        "cwd": project,
        "permission_mode": "default",
        "hook_event_name": "PreToolUse",
        "tool_name": "Read",
        "tool_input": {"file_path": path},
        "tool_use_id": "status",
    }
    try:
        ended = subprocess.run(
            words(entry, project),
            input=json.dumps(call).encode(),
            capture_output=True,
            cwd=project,
            env={**os.environ, "CLAUDE_PROJECT_DIR": project},
            timeout=entry.get("timeout", TIMEOUT),
            check=False,
        )
    except OSError as error:
        return "failed", f"it cannot be started: {(error.strerror or str(error)).lower()}"
    except subprocess.TimeoutExpired:
        return "failed", "it gave no answer in time"
    return judged(ended.returncode, ended.stdout.decode("utf-8", "replace"), ended.stderr.decode("utf-8", "replace"))


def words(entry: dict[str, Any], project: str) -> list[str]:
    """The command line of a hook entry, as the client builds it."""
    if "args" not in entry:
        return ["/bin/sh", "-c", entry["command"]]
    return [word.replace("${CLAUDE_PROJECT_DIR}", project) for word in (entry["command"], *entry["args"])]


def judged(code: int, out: str, err: str) -> tuple[Answer, str]:
    """What the client makes of a hook's end: exit 2 denies, a decision on stdout denies, 0 passes, all else fails."""
    if code == 2:
        return "denied", " ".join(err.split())
    if code != 0:
        return "failed", f"it ended with code {code}"
    if not out.strip():
        return "passed", ""
    try:
        said = json.loads(out)["hookSpecificOutput"]
        denied = said.get("permissionDecision") == "deny"
        reason = str(said.get("permissionDecisionReason", ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        return "failed", "it printed something else than an answer"
    return ("denied", " ".join(reason.split())) if denied else ("passed", "")
