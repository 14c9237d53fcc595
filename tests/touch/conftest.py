from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from claude_guard.model import Call, Touch
from claude_guard.touch import touches
from claude_guard.world import Machine


class Place(Machine):
    """A project in an empty folder, with a home beside it."""

    def sensitive(self, root: str) -> tuple[str, ...]:
        return ()

    def sensitive_objects(self, repository: str) -> tuple[str, ...]:
        return ()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    project = tmp_path / "project"
    for name, text in {
        "src/a.py": "x = 1\n",
        ".env": "TOKEN=canary\n",
        "my notes.md": "notes\n",
        "docs/guide.md": "guide\n",
    }.items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "home").mkdir()
    return Place(str(project), str(tmp_path / "home"), {"SHELL": "/bin/bash"})


Touched = Callable[..., list[tuple[str, str]]]


@pytest.fixture
def touched(place: Place) -> Touched:
    """(tool, input) -> (access, path below the project, `~` or absolute) of each touch."""

    def of(tool: str, **tool_input: Any) -> list[tuple[str, str]]:
        call = Call("PreToolUse", "s", place.cwd, place.cwd, tool, tool_input)
        return [shorten(touch, place) for touch in touches(call, place)]

    return of


def shorten(touch: Touch, place: Place) -> tuple[str, str]:
    kind = "" if touch.kind == "path" else touch.kind + " "
    return kind + touch.access + (" tree" if touch.tree else ""), touch.name.replace(place.cwd + "/", "").replace(
        place.home, "~"
    )
