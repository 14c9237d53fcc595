"""Mentions, imports, slash commands: what a prompt brings along."""

from pathlib import Path

import pytest

from claude_guard.model import Call
from claude_guard.touch import instructions, prompt, skill

from .conftest import Place


def mentioned(text: str, place: Place) -> set[str]:
    call = Call("UserPromptSubmit", "s", place.cwd, place.cwd, raw={"prompt": text})
    found = prompt.touches(call, place)
    return {touch.name.replace(place.cwd + "/", "") for touch in found if touch.source == prompt.SOURCE}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("look at @.env", {".env"}),
        ("@.env", {".env"}),
        ("look at @.env.", {".env"}),
        ("look at @.env, please", {".env"}),
        ("look at\u00a0@.env\u770b", {".env"}),
        ("\u3001@.env", {".env"}),
        ("@./.env and\n@src/a.py", {"./.env", "src/a.py"}),
        ("@src/a.py#L1-2", {"src/a.py"}),
        ("@src/a.py#heading", {"src/a.py"}),
        ("@src/a.py:", {"src/a.py"}),
        ('@"my notes.md" @"my notes.md"#L1 @"my notes.md#L1-2"', {"my notes.md"}),
        ("@src/", {"src"}),
        ("@src", {"src"}),
        ("(@.env) `@.env` x@.env ,@.env @@.env", set()),
        ("@my\\ notes.md", set()),
        ("read .env and tell", set()),
        ("mail me@.env", set()),
        ("@nothing.here", set()),
        ("npm i @types/node", set()),
    ],
)
def test_a_mention_is_read_as_the_client_reads_it(place: Place, text: str, expected: set[str]) -> None:
    assert mentioned(text, place) >= expected
    assert {name.strip("./") for name in mentioned(text, place)} == {name.strip("./") for name in expected}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see @docs/guide.md for more", ["docs/guide.md"]),
        ("- @./a.md\n- @~/b.md", ["./a.md", "~/b.md"]),
        ("in `@docs/guide.md` code", []),
        ("```\n@docs/guide.md\n```\n@after.md", ["after.md"]),
        ("~~~~\n```\n@no.md\n~~~~\n@yes.md", ["yes.md"]),
        ("mail someone@example.md", []),
        ("@with\\ blank.md", ["with blank.md"]),
        ("@end.md.", ["end.md.", "end.md"]),
        ("an open ` tick\n@still.md `", ["still.md"]),
    ],
)
def test_imports(text: str, expected: list[str]) -> None:
    assert list(instructions.imports(text)) == expected


def test_imports_nest_and_loops_end(place: Place) -> None:
    root = Path(place.cwd)
    (root / "CLAUDE.md").write_text("@docs/guide.md\n")
    (root / "docs/guide.md").write_text("@../.env @guide.md @../CLAUDE.md\n")
    call = Call("UserPromptSubmit", "s", place.cwd, place.cwd, raw={"prompt": "hi"})
    found = {touch.name: touch.because for touch in prompt.touches(call, place)}
    assert "imported by" in found[f"{place.cwd}/.env"]


def test_opening_a_file_loads_the_instructions_beside_it(place: Place) -> None:
    (Path(place.cwd) / "src/CLAUDE.md").write_text("@../.env\n")
    found = {touch.name for touch in instructions.beside(f"{place.cwd}/src/a.py", place.cwd, place)}
    assert found == {f"{place.cwd}/src/CLAUDE.md", f"{place.cwd}/.env"}
    assert list(instructions.beside(f"{place.cwd}/top.py", place.cwd, place)) == []


def test_remembered_instructions_come_back_with_the_next_prompt(place: Place) -> None:
    cache = place.home + "/.cache/claude-guard"
    instructions.remember(cache, "s/../x", f"{place.cwd}/.env")
    instructions.remember(cache, "s/../x", f"{place.cwd}/.env")
    assert instructions.remembered(place.home, "s/../x") == [f"{place.cwd}/.env"]
    assert instructions.remembered(place.home, "other") == []


@pytest.mark.parametrize(
    ("file", "name", "body", "arguments"),
    [
        (".claude/commands/leak.md", "leak", "do: !`cat .env`", ""),
        (".claude/commands/sub/leak.md", "sub:leak", "do: !`cat .env`", ""),
        (".claude/commands/sub/leak.md", "leak", "do: !`cat .env`", ""),
        (".claude/commands/leak.md", "leak", "see @.env", ""),
        (".claude/commands/leak.md", "leak", "do: !`cat $ARGUMENTS`", ".env"),
        (".claude/commands/leak.md", "leak", "do: !`cat $2`", "x .env"),
        (".claude/commands/leak.md", "leak", "see @$1", ".env"),
        (".claude/skills/leak/SKILL.md", "leak", "```!\ncat .env\n```\n", ""),
        ("../home/.claude/commands/leak.md", "leak", "!`cat .env`", ""),
        ("../home/.claude/plugins/cache/m/p/1/commands/leak.md", "p:leak", "!`cat .env`", ""),
    ],
)
def test_a_slash_command_is_expanded(place: Place, file: str, name: str, body: str, arguments: str) -> None:
    path = Path(place.cwd) / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(body)
    found = [touch.name for touch in skill.expansion(name, arguments, place.cwd, place) if touch.access == "read"]
    assert f"{place.cwd}/.env" in found


@pytest.mark.parametrize("name", ["help", "../../etc/passwd", "", "a\0b", "clear"])
def test_an_unknown_slash_command_touches_nothing(place: Place, name: str) -> None:
    assert list(skill.expansion(name, "", place.cwd, place)) == []
