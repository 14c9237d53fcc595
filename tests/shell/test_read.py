"""What scripts read, as a table: no shell is needed to check it."""

from pathlib import Path

import pytest

from claude_guard.shell import Trace, read

from .fixture import Fixture, build

READS: list[tuple[str, str, set[str]]] = [
    ("bash", "cat .env", {".env"}),
    ("bash", "ca\\\nt .en\\\nv", {".env"}),
    ("bash", "{cat,.env}", {".env"}),
    ("bash", "cat <>.env", {".env"}),
    ("bash", "time cat .env", {".env"}),
    ("bash", "coproc cat .env", {".env"}),
    ("bash", "cat <<E\n`cat .env`\nE", {".env"}),
    ("bash", "cat <<'E'\n`cat .env`\nE", set()),
    ("bash", "a && { cat; } < list", {"list"}),
    ("bash", "! cat list | cat .env", {"list", ".env"}),
    ("bash", "X=.env; cat $X", {".env"}),
    ("bash", "X=list; (X=.env); cat $X", {"list"}),
    ("bash", "if maybe; then X=list; else X=.env; fi; cat $X", {"list", ".env"}),
    ("bash", "case list in l*) cat list;; *) cat .env;; esac", {"list"}),
    ("bash", "cd secrets && cat prod.key", {"secrets/prod.key"}),
    ("bash", "cd nosuch; cat .env", {".env", "nosuch/.env"}),
    ("bash", "cd nosuch || exit; cat .env", {"nosuch/.env"}),
    ("bash", "for f in .env list; do cat $f; done", {".env", "list"}),
    ("bash", "while read f; do cat $f; done < list", {".env", "list", "src/app.py"}),
    ("bash", 'f() { cat "$1"; }; f .env', {".env"}),
    ("bash", "ln -s secrets s; cat s/prod.key", {"secrets", "s/prod.key", "secrets/prod.key"}),
    ("bash", "echo 'cat .env' > x; bash x", {"x", ".env"}),
    ("bash", "echo .env", set()),
    ("bash", "echo .env >> .gitignore", set()),
    ("bash", "test -f .env", set()),
    ("bash", "[[ -f .env ]]", set()),
    ("bash", "ls -la .env", set()),
    ("bash", "cp .env.example .env", {".env.example"}),
    ("bash", "git commit -m 'rotate secrets/prod.key'", set()),
    ("bash", "< .env", {".env"}),
    ("bash", "nosuchprogram --file=.env @list", {".env", "list"}),
    ("zsh", "X='.env list'; cat $X", {".env list"}),
    ("zsh", "X='.env list'; cat ${=X}", {".env", "list"}),
    ("zsh", "f() { cat .env }; f", {".env"}),
    (
        "zsh",
        "cat *(D.)",
        {".env", ".env.example", "data.csv", "lib.sh", "link", "list", "list0", "package.json", "run.sh"},
    ),
    ("zsh", 'cat ${(f)"$(<list)"}', {"list", ".env", "src/app.py"}),
    ("zsh", "cat ${${:-x.env}#x}", {".env"}),
]


def paths(script: str, dialect: str, project: Path) -> set[str]:
    found = read(script, Fixture(project), dialect).touches
    assert [touch for touch in found if touch.kind == "opaque"] == []
    named = [touch.name for touch in found if touch.kind == "path" and touch.access in ("read", "execute")]
    return {name.removeprefix(f"{project}/") for name in named}


@pytest.mark.parametrize(("dialect", "script", "expected"), READS)
def test_a_script_reads_what_the_shell_would_open(
    dialect: str, script: str, expected: set[str], tmp_path: Path
) -> None:
    project = build(tmp_path)
    assert paths(script, dialect, project) == expected


VARIABLES = [
    ("echo $API_TOKEN", True),
    ("X=$API_TOKEN; echo $X", True),
    ("X=API_TOKEN; echo ${!X}", True),
    ("echo ${API_TOKEN:0:4}", True),
    ("cat <<< $API_TOKEN", True),
    ("declare -p API_TOKEN", True),
    ("export -p", True),
    ("set", True),
    ("env", True),
    ("cat /proc/self/environ", True),
    ("set -x; : $API_TOKEN", True),
    ("cd $API_TOKEN", True),
    ("test -n \"$API_TOKEN\"", False),
    ("[[ -n $API_TOKEN ]] && echo set", False),
    ("export API_TOKEN=x; echo $API_TOKEN", False),
    ("X=$API_TOKEN", False),
    ("echo ${API_TOKENS}", False),
    ("cd $WHERE_TO && ls", False),
]  # fmt: skip


@pytest.mark.parametrize(("script", "shown"), VARIABLES)
def test_a_variable_is_touched_where_its_value_is_shown(script: str, shown: bool, tmp_path: Path) -> None:
    touches = read(script, Fixture(build(tmp_path)), "bash").touches
    assert ("variable", "API_TOKEN") in {(touch.kind, touch.name) for touch in touches} or not shown
    assert ("variable", "API_TOKEN") not in {(touch.kind, touch.name) for touch in touches} or shown


OPAQUE = [
    ("cat $(unknowable)", "$(unknowable)"),
    ("$(unknowable) .env", "which program"),
    ("eval \"$(unknowable)\"", "eval"),
    ("A=(a b); cat ${A[$RANDOM]}", "${A[$RANDOM]}"),
    ("if true; then cat .env", "syntax"),
    ("echo 'unclosed", "unclosed"),
    ("enable -n cd", "enable -n cd"),
]  # fmt: skip


@pytest.mark.parametrize(("script", "part"), OPAQUE)
def test_what_cannot_be_determined_is_said(script: str, part: str, tmp_path: Path) -> None:
    touches = read(script, Fixture(build(tmp_path)), "bash").touches
    said = [touch.name for touch in touches if touch.kind == "opaque"]
    assert any(part in name for name in said)


def test_both_dialects_give_the_touches_of_either(tmp_path: Path) -> None:
    project = build(tmp_path)
    names = {touch.name for touch in read("X='.env list'; cat $X", Fixture(project), "both").touches}
    assert {f"{project}/.env", f"{project}/list", f"{project}/.env list"} <= names


def test_the_output_of_a_script_is_computed_where_it_can_be(tmp_path: Path) -> None:
    world = Fixture(build(tmp_path))
    assert read("X=a; echo $X; printf '%s-' b c", world, "bash").output == "a\nb-c-"
    assert read("echo a; unknowable", world, "bash").output is None


def test_the_trace_holds_each_command_with_what_its_words_became(tmp_path: Path) -> None:
    project = build(tmp_path)
    first, last = read("X=.env; cat $(echo $X)", Fixture(project), "bash").trace
    assert first == Trace("X=.env", (), (), ())
    assert (last.text, last.words) == ("cat $(echo $X)", ("cat", ".env"))
    assert [touch.name for touch in last.touches] == [f"{project}/.env"]
    assert [inner.text for inner in last.inner] == ["echo $X"]
