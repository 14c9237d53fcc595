"""What bash and zsh open is what we said they would, or we said that we cannot tell."""

import os
from pathlib import Path

import pytest

from claude_guard.shell import read

from .fixture import FILES, Fixture, build, opened
from .generate import script
from .scripts import load

pytestmark = pytest.mark.oracle

RESTRICTED = [name for name in FILES if name == ".env" or name.startswith("secrets/")]


def missed(text: str, shell: str, root: Path) -> set[str]:
    """What the shell opened and we neither named nor called unknown."""
    project = build(root)
    reading = read(text, Fixture(project), shell)
    if any(touch.kind == "opaque" for touch in reading.touches):
        return set()
    said = [touch for touch in reading.touches if touch.kind == "path" and touch.access in ("read", "execute")]
    names = {path for touch in said for path in (touch.name, os.path.realpath(touch.name))}
    trees = tuple(os.path.realpath(touch.name) + "/" for touch in said if touch.tree)
    return {
        path
        for path in opened(text, project, shell, root / "trace")
        if path not in names and not (trees and path.startswith(trees)) and _counts(path, project, text)
    }


def _counts(path: str, project: Path, text: str) -> bool:
    """A search of a tree is asked about what is restricted in it only."""
    return "grep -r" not in text or os.path.relpath(path, project) in RESTRICTED


@pytest.mark.parametrize("text", load("bash"))
def test_what_bash_opens_was_said(text: str, tmp_path: Path) -> None:
    assert missed(text, "bash", tmp_path) == set()


@pytest.mark.parametrize("text", load("zsh"))
def test_what_zsh_opens_was_said(text: str, tmp_path: Path) -> None:
    assert missed(text, "zsh", tmp_path) == set()


@pytest.mark.slow
@pytest.mark.parametrize("shell", ["bash", "zsh"])
@pytest.mark.parametrize("seed", range(30))
def test_what_a_shell_opens_in_a_generated_script_was_said(seed: int, shell: str, tmp_path: Path) -> None:
    text = script(seed)
    assert missed(text, shell, tmp_path) == set(), text
