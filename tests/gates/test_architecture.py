"""The architecture holds: directions of imports, purity, one file for each third-party name, the hot path's imports."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from .architecture import calls, imports, modules

ROOT = Path(__file__).resolve().parents[2]
MODULES = modules(ROOT)
PACKAGES = {name for name in MODULES if any(other.startswith(name + ".") for other in MODULES)}

FORBIDDEN = [
    # (importer, imported, why)
    ("model", ".errors", "values import nothing of the package but how they are made"),
    ("model", ".world", "values import nothing of the package but how they are made"),
    ("values", ".", "what everything builds on imports nothing of the package"),
    ("errors", ".", "errors import nothing of the package"),
    ("shell", ".policy", "the reader of scripts does not know what is restricted"),
    ("policy", ".shell", "the policy does not know scripts"),
    ("shell", ".judge", "the reader of scripts does not decide"),
    ("shell", ".hook", "nothing imports upward"),
    ("policy", ".touch", "nothing imports upward"),
    ("touch", ".hook", "nothing imports upward"),
    ("touch", ".policy", "touches are read without the policy"),
    ("decide", ".judge", "the decision is pure"),
    ("decide", ".policy", "the decision is pure"),
    ("client", ".cli", "the command line is on top"),
    ("confine", ".cli", "the command line is on top"),
    ("content", ".cli", "the command line is on top"),
    ("inventory", ".cli", "the command line is on top"),
    ("inventory", ".shell", "what lies in a tree is no matter of scripts"),
]
PURE = {
    "model", "errors", "wire", "decide", "shell.words", "shell.walk", "shell.reading", "shell.context",
    "confine.profile", "confine.bwrap", "confine.seatbelt", "content.rewrite", "policy.match",
}  # fmt: skip
IMPURE = {"open", "print", "input", "exec", "eval", "__import__"}
IMPURE_MODULES = {"os", "time", "subprocess", "socket", "shutil", "pathlib", "tempfile", "random"}
HOMES = {
    "pathspec": "policy.compile",
    "pydantic": "policy.schema",
    "pydantic_core": "policy.schema",
    "detect_secrets": "content.scan",
    "tree_sitter": "shell.syntax",
    "tree_sitter_bash": "shell.syntax",
}
"""Third-party name -> the one module that may name it. The command line's typer and rich stay in `cli`."""
COLD = {
    "pydantic", "pathspec", "detect_secrets", "dataclasses", "pathlib", "subprocess", "argparse", "logging", "typer",
    "rich", "tomllib", "inspect", "socket", "asyncio", "tree_sitter", "tree_sitter_bash", "ctypes",
    "importlib",
}  # fmt: skip
"""What a hook call for a file tool never imports."""


def violations(name: str, tree: ast.Module) -> list[str]:
    found = []
    named = list(imports(name, tree, name in PACKAGES))
    for importer, imported, why in FORBIDDEN:
        if name == importer or name.startswith(importer + "."):
            for other in named:
                inside = other.startswith(f".{importer}.")
                if (other == imported or other.startswith(imported.rstrip(".") + ".")) and not inside:
                    found.append(f"{name} imports {other}: {why}")
    for other in named:
        top = other.split(".")[0]
        if top in HOMES and name != HOMES[top]:
            found.append(f"{name} imports {top}: its place is {HOMES[top]}")
        if top in ("typer", "rich") and name.split(".")[0] != "cli":
            found.append(f"{name} imports {top}: its place is cli")
    if name in PURE:
        found += [f"{name} imports {top}: it is pure" for top in IMPURE_MODULES & {o.split(".")[0] for o in named}]
        found += [f"{name} calls {called}: it is pure" for called in IMPURE & set(calls(tree))]
    return found


@pytest.mark.parametrize("name", sorted(MODULES))
def test_a_module_keeps_to_its_place(name: str) -> None:
    assert violations(name, MODULES[name]) == []


@pytest.mark.parametrize(
    ("name", "source", "what"),
    [
        ("model", "from . import errors", "values import nothing"),
        ("shell.words", "from ..policy import match", "does not know what is restricted"),
        ("shell.walk", "import os", "it is pure"),
        ("decide", "def f():\n    return open('x')", "it is pure"),
        ("hook", "import pydantic", "its place is policy.schema"),
        ("client.settings", "import typer", "its place is cli"),
        ("policy.match", "from ..shell.words import Word", "does not know scripts"),
    ],
)
def test_a_seeded_violation_is_found(name: str, source: str, what: str) -> None:
    found = violations(name, ast.parse(source))
    assert len(found) == 1
    assert what in found[0]


def test_every_pure_module_and_home_exists() -> None:
    assert {name for name in PURE | set(HOMES.values()) if name not in MODULES} == set()


def hot_imports(hook_input: str, home: Path) -> set[str]:
    """The modules that one hook call imports, in a process as the client starts it."""
    program = (
        "import sys, os, io\n"
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        "def ended(code): sys.stderr.write(' '.join(sys.modules)); sys.stderr.flush(); quit(code)\n"
        "quit = os._exit\n"
        "os._exit = ended\n"
        "from claude_guard import hook\n"
        "hook.main([])\n"
    )
    for _ in range(2):  # the first call compiles the policy
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", program],
            input=hook_input, capture_output=True, text=True, env={"HOME": str(home)}, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    return set(done.stderr.split())


def test_a_read_imports_only_what_it_needs(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "a.py").write_text("x = 1\n")
    call = (
        f'{{"hook_event_name":"PreToolUse","session_id":"s","cwd":"{project}","tool_name":"Read",'
        f'"tool_input":{{"file_path":"{project}/a.py"}}}}'
    )
    imported = hot_imports(call, tmp_path)
    assert COLD & imported == set()
    assert "claude_guard.hook" in imported
