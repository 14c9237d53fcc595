"""Every line of every example, played to the hook process as the client would."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = sorted(path.parent for path in (ROOT / "examples").glob("*/guard.toml"))
CASES = [
    pytest.param(example, json.loads(line), id=f"{example.name}:{number}")
    for example in EXAMPLES
    for number, line in enumerate((example / "cases.jsonl").read_text().splitlines(), 1)
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def project_of(example: Path, at: Path) -> Path:
    (at / ".claude").mkdir(parents=True)
    (at / ".claude/guard.toml").write_text((example / "guard.toml").read_text())
    for line in (example / "cases.jsonl").read_text().splitlines():
        case = json.loads(line)
        path = at / case.get("path", "src/app.py")
        if path.suffix or path.name[:1] == "." or path.name == "LICENSE":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("text\n")
    return at


def hook(call: dict[str, Any], home: Path, environment: dict[str, str]) -> tuple[str, dict[str, Any], str]:
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); from claude_guard import hook; hook.main([])"],
        input=json.dumps(call), capture_output=True, text=True, check=False,
        env={"HOME": str(home), "PATH": os.environ["PATH"], "SHELL": "/bin/bash", **environment},
    )  # fmt: skip
    assert done.returncode in (0, 2)
    said = json.loads(done.stdout)["hookSpecificOutput"] if done.stdout else {}
    verdict = said.get("permissionDecision", "pass" if done.returncode == 0 else "failure")
    return verdict, said, done.stderr


@pytest.mark.parametrize(("example", "case"), CASES)
def test_an_example_holds(example: Path, case: dict[str, Any], tmp_path: Path, home: Path) -> None:
    project = project_of(example, tmp_path / "project")
    if "path" in case:
        tool, tool_input = "Read", {"file_path": str(project / case["path"])}
    elif "command" in case:
        tool, tool_input = "Bash", {"command": case["command"]}
    else:
        tool, tool_input = case["tool"], case["input"]
    call = {
        "hook_event_name": "PreToolUse", "session_id": "s", "cwd": str(project), "tool_name": tool, "tool_input": tool_input,
    }  # fmt: skip
    environment = {"CLAUDE_PROJECT_DIR": str(project), "STRIPE_SECRET": "x", **case.get("environment", {})}
    verdict, said, stderr = hook(call, home, environment)
    assert verdict == case["verdict"], stderr
    assert ("updatedInput" in said) == case.get("narrowed", False)
    if "rule" in case:
        assert f"`{case['rule']}`" in said["permissionDecisionReason"]


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 3
