"""Whatever happens to the guard, the real client gets no restricted file: each row breaks an installation."""

import json
import os
import shlex
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import claude_guard
from claude_guard.client import features, hooks, settings

from .conftest import VERSIONS, Play

pytestmark = pytest.mark.e2e
CANARY = "ZQFAILCLOSED77"
PACKAGE = Path(claude_guard.__file__).parent


class Broken(NamedTuple):
    """An installation to break. package: a copy of the package. settings: the project's settings file."""

    project: Path
    home: Path
    package: Path
    settings: Path


def edited(broken: Broken, file: str, old: str, new: str) -> None:
    path = broken.package / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def hooked(broken: Broken, change: Callable[[dict[str, Any]], None]) -> None:
    value = json.loads(broken.settings.read_text())
    for _, _, _, entry in hooks.found(value):
        change(entry)
    broken.settings.write_text(json.dumps(value))


def no_interpreter(broken: Broken) -> None:
    (broken.home / "python").unlink()  # a link to the environment


def no_package(broken: Broken) -> None:
    shutil.rmtree(broken.package)


def broken_package(broken: Broken) -> None:
    (broken.package / "decide.py").write_text("def decide(:\n")


def module_missing(broken: Broken) -> None:
    (broken.package / "judge.py").unlink()


def exception(broken: Broken) -> None:
    edited(broken, "hook.py", "    call = wire.parse(data)\n", "    raise ZeroDivisionError\n")


def killed(broken: Broken) -> None:
    edited(broken, "hook.py", "    call = wire.parse(data)\n", "    os.kill(os.getpid(), 9)\n")


def aborted(broken: Broken) -> None:
    edited(broken, "hook.py", "    call = wire.parse(data)\n", "    os.abort()\n")


def exit_one(broken: Broken) -> None:
    edited(broken, "hook.py", "    call = wire.parse(data)\n", "    os._exit(1)\n")


def unknown_event(broken: Broken) -> None:
    edited(
        broken, "hook.py", "    call = wire.parse(data)\n", "    call = wire.parse(data)._replace(event='NewEvent')\n"
    )


def late(broken: Broken) -> None:
    edited(broken, "hook.py", "DEADLINE = 10.0", "DEADLINE = 0.2")
    edited(broken, "hook.py", "    call = wire.parse(data)\n", "    import time; time.sleep(5)\n")


def through(broken: Broken, program: str) -> None:
    """Puts a program between the client and the guard, which gets what the program makes of the hook input."""

    def change(entry: dict[str, Any]) -> None:
        words = entry.pop("args", None)
        line = entry["command"] if words is None else shlex.join([entry["command"], *words])
        entry["command"] = f"{program} | {line}"

    hooked(broken, change)


def input_empty(broken: Broken) -> None:
    through(broken, "head -c 0")


def input_cut(broken: Broken) -> None:
    through(broken, "head -c 100")


def input_not_json(broken: Broken) -> None:
    through(broken, "tr -d '{}'")


def input_not_an_object(broken: Broken) -> None:
    through(broken, "sed -e '1s/^/[/' -e '$s/$/]/'")


def input_not_utf8(broken: Broken) -> None:
    through(broken, "LC_ALL=C tr 'e' '\\377'")


def input_too_long(broken: Broken) -> None:
    through(broken, "{ cat; head -c 70000000 /dev/zero | tr '\\0' ' '; }")


def event_renamed(broken: Broken) -> None:
    through(broken, "sed -e 's/PreToolUse/BeforeTool/' -e 's/UserPromptSubmit/PromptGiven/'")


def policy_broken(broken: Broken) -> None:
    (broken.project / ".claude" / "guard.toml").write_text("version = 1\n[[rules]\n")


def policy_unknown_key(broken: Broken) -> None:
    (broken.project / ".claude" / "guard.toml").write_text("version = 1\n[[rules]]\npath = ['x']\n")


def snapshot_corrupt(broken: Broken) -> None:
    cache = broken.home / ".cache" / "claude-guard"
    found = [path for path in cache.rglob("*") if path.is_file()]
    assert found
    for path in found:
        path.write_bytes(b"\0" + path.read_bytes()[1:-3])


def snapshot_empty(broken: Broken) -> None:
    for path in (broken.home / ".cache" / "claude-guard").rglob("*.snapshot"):
        path.write_bytes(b"")


ROWS = [
    no_interpreter,
    no_package,
    broken_package,
    module_missing,
    exception,
    killed,
    aborted,
    exit_one,
    unknown_event,
    late,
    input_empty,
    input_cut,
    input_not_json,
    input_not_an_object,
    input_not_utf8,
    input_too_long,
    event_renamed,
    policy_broken,
    policy_unknown_key,
    snapshot_corrupt,
    snapshot_empty,
]


@pytest.fixture
def broken(project: Path, home: Path, tmp_path: Path, version: str) -> Broken:
    """A guarded project whose hooks start a copy of the package by a link to the interpreter's environment."""
    package = tmp_path / "copy" / "claude_guard"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    (project / "secret").mkdir()
    (project / "secret" / ".env").write_text(f"TOKEN={CANARY}\n")
    (project / ".claude").mkdir()
    (project / ".claude" / "guard.toml").write_text('version = 1\n[[rules]]\npaths = ["x"]\nclass = "restricted"\n')
    (home / "python").symlink_to(sys.prefix)
    interpreter = home / "python" / "bin" / "python"
    where = settings.site("local", str(project), str(home))
    settings.install(where, features.features(features.parse(version)), ())
    made = Broken(project, home, package, Path(where.settings))
    start = hooks.absolute(str(interpreter), str(package))
    was = hooks.absolute()

    def moved(entry: dict[str, Any]) -> None:
        text = json.dumps(entry)
        for old, new in zip(was.words, start.words, strict=True):
            text = text.replace(json.dumps(old)[1:-1], json.dumps(new)[1:-1]) if old != new else text
        entry.update(json.loads(text))

    hooked(made, moved)
    return made


def reads(broken: Broken) -> list[Any]:
    return [
        ("Read", {"file_path": str(broken.project / "secret" / ".env")}),
        ("Bash", {"command": "cat secret/.env", "description": "x"}),
    ]


def only(broken: Broken, event: str) -> None:
    """Leaves the hooks of one event: else a broken guard is met at the prompt, and no tool call is played."""
    value = json.loads(broken.settings.read_text())
    value["hooks"] = {event: value["hooks"][event]}
    broken.settings.write_text(json.dumps(value))


@pytest.mark.parametrize("version", VERSIONS, indirect=True)
@pytest.mark.parametrize("harm", ROWS, ids=lambda harm: harm.__name__)
def test_no_tool_call_gets_through(harm: Callable[[Broken], None], broken: Broken, play: Play, version: str) -> None:
    only(broken, "PreToolUse")
    if harm.__name__.startswith("snapshot"):
        assert play(broken.project, reads(broken)[:1], version).results["toolu_main_0_0"].error
    harm(broken)
    record = play(broken.project, reads(broken), version)
    assert record.shows(CANARY) == "", record.results
    assert [result.error for result in record.results.values()] == [True, True]


@pytest.mark.parametrize("version", VERSIONS[:1], indirect=True)
@pytest.mark.parametrize("harm", ROWS, ids=lambda harm: harm.__name__)
def test_no_prompt_gets_through(harm: Callable[[Broken], None], broken: Broken, play: Play, version: str) -> None:
    only(broken, "UserPromptSubmit")
    if harm.__name__.startswith("snapshot"):
        play(broken.project, (), version)
    harm(broken)
    record = play(broken.project, (), version, prompt="look at @secret/.env")
    assert record.code is not None
    assert record.bodies == ()


@pytest.mark.parametrize("version", VERSIONS, indirect=True)
def test_the_control_gets_it(broken: Broken, play: Play, version: str) -> None:
    broken.settings.unlink()
    record = play(broken.project, reads(broken), version)
    assert record.shows(CANARY) == "plain"


@pytest.mark.parametrize("version", VERSIONS, indirect=True)
def test_a_write_of_10_mb_is_judged(broken: Broken, play: Play, version: str) -> None:
    content = "x" * 10_000_000
    record = play(
        broken.project,
        [
            ("Write", {"file_path": str(broken.project / "large.txt"), "content": content}),
            *reads(broken),
        ],
        version,
    )
    assert record.code == 0, record.err
    assert record.shows(CANARY) == ""
    assert os.path.getsize(broken.project / "large.txt") == len(content)


@pytest.mark.parametrize("version", VERSIONS, indirect=True)
def test_a_refused_write_of_10_mb_is_not_done(broken: Broken, play: Play, version: str) -> None:
    path = broken.project / "secret" / ".env"
    record = play(broken.project, [("Write", {"file_path": str(path), "content": "x" * 10_000_000})], version)
    assert record.results["toolu_main_0_0"].error
    assert path.read_text() == f"TOKEN={CANARY}\n"


@pytest.mark.parametrize("version", VERSIONS[:1], indirect=True)
def test_a_script_that_takes_too_long_to_read(broken: Broken, play: Play, version: str) -> None:
    """The older client itself does not get through with such a script, whether it is guarded or not."""
    command = "cat secret/.env\n" + "(" * 60_000
    record = play(broken.project, [("Bash", {"command": command, "description": "x"})], version)
    result = record.results["toolu_main_0_0"]
    assert result.error
    assert "took longer than 10 s" in result.text
    assert record.shows(CANARY) == ""


@pytest.mark.parametrize("version", VERSIONS, indirect=True)
def test_a_snapshot_that_cannot_be_read_in_time(broken: Broken, play: Play, version: str) -> None:
    harmless = broken.project / "notes.txt"
    harmless.write_text("notes\n")
    only(broken, "PreToolUse")
    calls = [("Read", {"file_path": str(harmless)})]
    assert not play(broken.project, calls, version).results["toolu_main_0_0"].error
    for path in (broken.home / ".cache" / "claude-guard").rglob("*.snapshot"):
        path.unlink()
        os.mkfifo(path)
    result = play(broken.project, [*calls, *reads(broken)], version).results
    assert {name: (r.error, "took longer than 10 s" in r.text) for name, r in result.items()} == {
        f"toolu_main_{step}_0": (True, True) for step in range(3)
    }


@pytest.mark.parametrize("version", VERSIONS, indirect=True)
def test_what_a_hook_prints_before_its_denial_opens_nothing(broken: Broken, play: Play, version: str) -> None:
    edited(broken, "hook.py", "    gc.disable()\n", "    gc.disable()\n    os.write(1, b'garbage\\n')\n")
    record = play(broken.project, reads(broken), version)
    assert record.shows(CANARY) == ""
