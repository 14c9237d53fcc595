"""Every tool's input fields, and what an unknown tool's input names."""

from typing import Any

import pytest

from .conftest import Place, Touched

ROWS: list[tuple[str, dict[str, Any], list[tuple[str, str]]]] = [
    ("Read", {"file_path": "/etc/hosts"}, [("read", "/etc/hosts")]),
    ("Read", {"file_path": "src/a.py"}, [("read", "src/a.py")]),
    ("Read", {"file_path": "~/x"}, [("read", "~/x")]),
    ("Read", {"file_path": 7}, [("opaque read", "what the `file_path` of Read names")]),
    ("Read", {}, []),
    (
        "Edit",
        {"file_path": ".env", "old_string": "a", "new_string": "b"},
        [("read", ".env"), ("write", ".env")],
    ),
    ("Write", {"file_path": ".env", "content": ""}, [("read", ".env"), ("write", ".env")]),
    (
        "NotebookEdit",
        {"notebook_path": "n.ipynb", "new_source": ""},
        [("read", "n.ipynb"), ("write", "n.ipynb")],
    ),
    ("LSP", {"operation": "hover", "filePath": "src/a.py", "line": 1}, [("read", "src/a.py")]),
    ("SendUserFile", {"files": ["src", ".env"]}, [("read tree", "src"), ("read", ".env")]),
    ("Artifact", {"file_paths": ["a.html"], "file_path": "b.html"}, [("read", "b.html"), ("read", "a.html")]),
    ("Projects", {"method": "upload", "local_path": ".env"}, [("read", ".env")]),
    ("Workflow", {"scriptPath": "w.js"}, [("execute", "w.js")]),
    ("ShareOnboardingGuide", {}, [("read", "ONBOARDING.md")]),
    ("Grep", {"pattern": "x", "path": "src"}, [("read", "src")]),
    ("Glob", {"pattern": "**/*.py"}, [("list", ".")]),
    ("Glob", {"pattern": ".env", "path": "src"}, [("list", "src"), ("list", ".env")]),
    ("TodoWrite", {"todos": [{"content": "read .env"}]}, []),
    ("Agent", {"prompt": "look at .env"}, []),
    ("mcp__fs__read_file", {"path": ".env"}, [("read", ".env")]),
    ("mcp__fs__read_file", {"options": [{"deep": {"uri": "file:///etc/shadow"}}]}, [("read", "/etc/shadow")]),
    ("mcp__fs__read_file", {"uri": "file://host/a%20b"}, [("read", "/a b")]),
    ("mcp__fs__read_file", {"arguments": '{"path": ".env"}'}, [("read", ".env")]),
    ("mcp__fs__read_file", {"path": "my notes.md"}, [("read", "my notes.md")]),
    ("mcp__fs__list_directory", {"path": "src"}, [("list", "src")]),
    ("mcp__fs__search_files", {"path": "src"}, [("read tree", "src"), ("read", "src")]),
    ("mcp__issues__create", {"title": "please never read .env again"}, []),
    ("SomethingNew", {"target": "secrets/prod.key"}, [("read", "secrets/prod.key")]),
]


@pytest.mark.parametrize(("tool", "tool_input", "expected"), ROWS, ids=lambda value: str(value)[:50])
def test_a_tool_touches_what_its_input_names(
    touched: Touched, tool: str, tool_input: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    found = [(access, name) for access, name in touched(tool, **tool_input) if name not in ("pattern", "path", "uri")]
    interesting = {name for _, name in expected}
    assert [touch for touch in found if touch[1] in interesting or touch[0].startswith("opaque")] == [
        (access, name) for access, name in expected
    ]


def test_deep_input_is_opaque_not_nothing(touched: Touched) -> None:
    deep: Any = ".env"
    for _ in range(100):
        deep = [deep]
    assert ("opaque read", "what the deeply nested input of mcp__x__y names") in touched("mcp__x__y", a=deep)


@pytest.mark.parametrize("text", ["\0", "a\0b", "x" * 100_000, "", "\n", "\udcff.env"])
def test_odd_strings_do_not_crash(touched: Touched, text: str) -> None:
    touched("mcp__x__y", a=text)
    touched("Read", file_path=text)


def test_a_command_field_of_an_mcp_tool_is_read_as_shell(place: Place, touched: Touched) -> None:
    assert ("read", ".env") in touched("mcp__desktop__run", command="cat .env | head -1")
