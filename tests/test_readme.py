"""What the README says of the command line is what the command line says of itself."""

import re
import tomllib
from importlib import import_module
from pathlib import Path

from claude_guard.cli.main import VERBS
from claude_guard.policy.schema import Document, validate

README = (Path(__file__).resolve().parents[1] / "README.md").read_text()


def first_line(verb: str) -> str:
    module = import_module("claude_guard.cli" + VERBS[verb])
    documented = getattr(module, "app", None)
    text = documented.info.help if documented is not None else module.command.__doc__
    return " ".join(str(text).strip().split("\n\n")[0].split())


def test_the_verbs_are_the_command_lines_own() -> None:
    table = "| verb | |\n|---|---|\n" + "".join(f"| `{verb}` | {first_line(verb)} |\n" for verb in VERBS)
    shown = re.search(r"<!-- verbs:.*?-->\n(.*?)<!-- end of verbs -->", README, re.DOTALL)
    assert shown is not None
    assert shown[1] == table, f"write this between the marks:\n{table}"


def test_the_policies_shown_are_valid() -> None:
    blocks = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    assert blocks
    for block in blocks:
        assert isinstance(validate(tomllib.loads(block)), Document)
