"""What the shell gate takes off a decision, and what it does not."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from claude_guard import hook
from claude_guard.client import shell
from claude_guard.confine import standing

OPAQUE = """python3 -c "import sys; print(open(''.join(chr(int(c)) for c in sys.argv[1:])).read())" 46 101 110 118"""
COMMAND = {"command": OPAQUE}
MODES = {"off": 'confine = "off"\n', "auto": "", "require": 'confine = "require"\n'}

ROWS = [
    # (tool, input, mode, verdict without the gate, verdict behind it)
    ("Bash", COMMAND, "auto", "ask", "pass"),
    ("Monitor", COMMAND, "auto", "ask", "pass"),
    ("Monitor", {"ws": {"url": "ws://127.0.0.1:1"}}, "require", "pass", "pass"),
    ("PowerShell", {"command": "& (Get-Thing) $x"}, "auto", "ask", "ask"),
    ("Bash", COMMAND, "off", "ask", "ask"),
    ("Bash", COMMAND, "require", "deny", "pass"),
    ("Bash", {"command": "echo hello"}, "auto", "pass", "pass"),
    ("Bash", {"command": "echo hello"}, "require", "deny", "pass"),
    ("Bash", {"command": "cat .env"}, "auto", "deny", "deny"),
    ("Bash", {"command": f"cat .env; {OPAQUE}"}, "auto", "deny", "deny"),
    ("PowerShell", {"command": "Get-Date"}, "require", "deny", "deny"),
    ("Bash", {"command": 7}, "auto", "ask", "ask"),
    ("mcp__files__read", {"deep": 7}, "require", "pass", "pass"),
    ("Grep", {"pattern": "x", "path": 7}, "auto", "ask", "ask"),
    ("Skill", {"skill": 7}, "auto", "ask", "ask"),
    ("Skill", {"skill": "shows"}, "auto", "ask", "pass"),
    ("Skill", {"skill": "names"}, "auto", "deny", "deny"),
]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "project"
    (made / ".claude/commands").mkdir(parents=True)
    (made / ".env").write_text("TOKEN=1\n")
    (made / ".claude/commands/shows.md").write_text(f"Look: !`{OPAQUE}`\n")
    (made / ".claude/commands/names.md").write_text("Look: !`cat .env`\n")
    (tmp_path / "home/.config/claude-guard").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CLAUDE_PROJECT_DIR", str(made))
    monkeypatch.setenv("SHELL", "/bin/bash")
    monkeypatch.delenv("CLAUDE_CODE_SHELL_PREFIX", raising=False)
    monkeypatch.setattr(standing, "works", lambda cache: True)
    return made


def policy(home: Path, mode: str) -> None:
    (home / ".config/claude-guard/policy.toml").write_text(f"version = 1\n[shell]\n{MODES[mode]}")


def gate(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAUDE_CODE_SHELL_PREFIX", shell.write(str(home)))


def answered(project: Path, event: str, **fields: object) -> tuple[str, str]:
    """The verdict on a hook input and what is said of it."""
    call = {"hook_event_name": event, "session_id": "s", "cwd": str(project), **fields}
    said = hook.judged(lambda: json.dumps(call).encode(), [])
    if not said.stdout:
        return ("deny" if said.code else "pass"), said.stderr
    output = json.loads(said.stdout)
    special = output.get("hookSpecificOutput", {})
    verdict = special.get("permissionDecision") or output.get("decision") or "pass"
    return verdict, special.get("permissionDecisionReason") or output.get("reason") or ""


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_behind_the_gate_and_without_it(
    row: tuple[str, dict[str, object], str, str, str], project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool, given, mode, without, behind = row
    policy(tmp_path / "home", mode)
    call = {"tool_name": tool, "tool_input": given}
    assert answered(project, "PreToolUse", **call)[0] == without
    gate(tmp_path / "home", monkeypatch)
    assert answered(project, "PreToolUse", **call)[0] == behind


@pytest.mark.parametrize("command", ["shows", "names"])
def test_the_shell_parts_of_a_prompt(
    command: str, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy(tmp_path / "home", "auto")
    assert answered(project, "UserPromptSubmit", prompt=f"/{command}")[0] == "block"
    gate(tmp_path / "home", monkeypatch)
    assert answered(project, "UserPromptSubmit", prompt=f"/{command}")[0] == ("pass" if command == "shows" else "block")


BROKEN = {
    "another prefix": lambda file, env: env("CLAUDE_CODE_SHELL_PREFIX", "/usr/bin/env"),
    "a changed prefix": lambda file, env: file.write_text("#!/bin/sh\nexec sh -c\n"),
    "a missing prefix": lambda file, env: file.unlink(),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_gate_that_is_not_whole_confines_nothing(
    what: str, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy(tmp_path / "home", "auto")
    gate(tmp_path / "home", monkeypatch)
    BROKEN[what](Path(shell.place(str(tmp_path / "home"))), monkeypatch.setenv)
    assert answered(project, "PreToolUse", tool_name="Bash", tool_input=COMMAND)[0] == "ask"


def test_a_prefix_without_bubblewrap_confines_nothing(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy(tmp_path / "home", "auto")
    gate(tmp_path / "home", monkeypatch)
    monkeypatch.setattr(standing, "works", lambda cache: False)
    assert answered(project, "PreToolUse", tool_name="Bash", tool_input=COMMAND)[0] == "ask"


def test_the_way_out_is_said_once_and_where_there_is_one(project: Path, tmp_path: Path) -> None:
    policy(tmp_path / "home", "auto")
    said = answered(project, "PreToolUse", tool_name="Bash", tool_input={"command": f"{OPAQUE}; cat $(who)"})[1]
    assert said.count("`claude-guard install --shell`, then `claude-guard doctor`") == 1
    policy(tmp_path / "home", "off")
    assert "doctor" not in answered(project, "PreToolUse", tool_name="Bash", tool_input=COMMAND)[1]
    policy(tmp_path / "home", "require")
    said = answered(project, "PreToolUse", tool_name="Bash", tool_input={"command": "true"})[1]
    assert "requires commands to be confined" in said
    assert "claude-guard doctor" in said


NOTICES = [
    # (mode, the gate is installed, bubblewrap works, by the launcher of a plugin or a project, what is said)
    ("auto", False, True, True, "install --shell"),
    ("auto", False, False, True, "install --shell"),
    ("require", False, True, True, "install --shell"),
    ("auto", False, True, False, ""),
    ("off", False, True, True, ""),
    ("off", True, True, True, ""),
    ("auto", True, True, True, ""),
    ("auto", True, False, False, "claude-guard doctor"),
]


@pytest.mark.parametrize(("mode", "installed", "works", "launched", "said"), NOTICES)
def test_a_session_starts_with_a_notice_where_commands_are_not_confined(
    mode: str,
    installed: bool,
    works: bool,
    launched: bool,
    said: str,
    project: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    policy(tmp_path / "home", mode)
    monkeypatch.setattr(standing, "works", lambda cache: works)
    if installed:
        gate(tmp_path / "home", monkeypatch)
    told = started(project, launched)
    context = told["hookSpecificOutput"]["additionalContext"]
    assert hook.GREETING in context
    notice = told.get("systemMessage", "")
    assert said in notice
    assert bool(notice) == bool(said)
    assert notice in context


def started(project: Path, launched: bool) -> dict[str, Any]:
    """What the start of a session is answered."""
    call = {"hook_event_name": "SessionStart", "session_id": "s", "cwd": str(project)}
    said = hook.judged(lambda: json.dumps(call).encode(), [hook.LAUNCHED] if launched else [])
    told: dict[str, Any] = json.loads(said.stdout)
    return told


def test_who_has_left_the_gate_out_is_not_told_of_it(project: Path) -> None:
    ours = project / ".claude/claude-guard"
    assert "systemMessage" in started(project, launched=True)
    assert shell.decline(str(ours))
    assert "systemMessage" not in started(project, launched=True)
    assert shell.accept(str(ours))
    assert "systemMessage" in started(project, launched=True)


def test_a_prefix_of_another_installation_is_written_anew(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    policy(home, "auto")
    gate(home, monkeypatch)
    Path(shell.place(str(home))).write_text("#!/old/python -IS\n")
    answered(project, "SessionStart")
    assert shell.stands(os.environ, str(home))


def test_somebody_elses_prefix_is_left_alone(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    policy(tmp_path / "home", "auto")
    monkeypatch.setenv("CLAUDE_CODE_SHELL_PREFIX", "/usr/bin/nice")
    answered(project, "SessionStart")
    assert not Path(shell.place(str(tmp_path / "home"))).exists()


def test_the_completing_command_runs_where_nothing_is_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    done = subprocess.run(
        ["/bin/sh", "-c", f"{shell.completing()} --help"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "--shell" in done.stdout
