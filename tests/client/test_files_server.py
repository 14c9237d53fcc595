"""The file server reads what it is asked for: if it did not, MCP would seem closed."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from claude_guard.client import files_server


def ask(*requests: dict[str, Any]) -> list[dict[str, Any]]:
    lines = "".join(json.dumps({"jsonrpc": "2.0", **request}) + "\n" for request in requests)
    command = [sys.executable, "-I", "-S", files_server.__file__]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, timeout=30, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_notifications_get_no_answer() -> None:
    answers = ask({"method": "notifications/initialized"}, {"id": 1, "method": "tools/list"}, {"id": 2, "method": "x"})
    assert [answer["id"] for answer in answers] == [1, 2]
    assert [tool["name"] for tool in answers[0]["result"]["tools"]] == ["read_file", "read_many", "fetch", "read_code"]


def test_a_file_is_read_by_the_numbers_of_its_letters(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("contents")
    code = " ".join(str(ord(letter)) for letter in str(tmp_path / "notes"))
    [answer] = ask({"id": 1, "method": "tools/call", "params": {"name": "read_code", "arguments": {"code": code}}})
    assert answer["result"]["content"] == [{"type": "text", "text": "contents"}]


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("read_file", {"path": "FILE"}),
        ("read_many", {"options": {"paths": ["FILE"]}}),
        ("fetch", {"url": "file://FILE"}),
    ],
)
def test_tools_read(tool: str, arguments: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "a b").write_text("contents")
    given = json.loads(json.dumps(arguments).replace("FILE", str(tmp_path / "a b")))
    [answer] = ask({"id": 1, "method": "tools/call", "params": {"name": tool, "arguments": given}})
    assert answer["result"]["content"] == [{"type": "text", "text": "contents"}]


def test_resources_read(tmp_path: Path) -> None:
    (tmp_path / "a b").write_text("contents")
    uri = f"file://{tmp_path}/a%20b"
    [answer] = ask({"id": 1, "method": "resources/read", "params": {"uri": uri}})
    assert answer["result"]["contents"][0]["text"] == "contents"
