"""The shell gate under the real client: whatever a command is started by, it runs, and shows nothing that is restricted.

What nobody can tell about a command (`code` spells a name in numbers) is asked about where the gate does not stand.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from claude_guard import own
from claude_guard.client import canary, files_server, prefix, session, settings, shell
from claude_guard.client.features import features, parse
from claude_guard.client.loopback import ToolCall
from claude_guard.client.prove import REFUSED
from claude_guard.client.session import Record
from claude_guard.confine import probe

from ..hooks.conftest import ROOT
from .conftest import VERSIONS, Play, client_of, script

pytestmark = pytest.mark.e2e
confined = [
    pytest.mark.oracle,
    pytest.mark.skipif(not probe.look().works, reason="bubblewrap does not work here"),
]

PROGRAM = "import sys; print('ran'); print(open(''.join(chr(int(c)) for c in sys.argv[1:])).read())"
ENV, PLAN = canary.canary("gate"), canary.canary("plan")
POLICY = """version = 1
[[rules]]
paths = ["nda/"]
class = "restricted"
category = "intellectual-property"
"""
OTHERS = "cat .env >&2; echo hooked >> hooked.txt; exit 2"
"""The hook of somebody else, after each Bash call: its standard error goes to the model."""


def code(name: str) -> str:
    return " ".join(str(ord(letter)) for letter in name)


def opaque(name: str = ".env", then: str = "; echo status $?") -> str:
    return f"python3 -c {shlex.quote(PROGRAM)} {code(name)}{then}"


def bash(command: str, **more: object) -> ToolCall:
    return ToolCall("Bash", {"command": command, "description": "play", **more})


def put(project: Path, home: Path, version: str, gate: bool) -> None:
    """A project with restricted files, the guard, with the shell gate or without it, and a prefix of somebody else."""
    for name, text in {
        ".env": f"TOKEN={ENV}\n",
        "nda/plan.txt": f"what the plan says is {PLAN}\n",
        ".claude/guard.toml": POLICY,
        ".claude/commands/tell.md": f"Look: !`{opaque()}`\n",
        "nice.sh": '#!/bin/sh\necho behind >> chained.txt\nexec /bin/bash -c "$1"\n',
    }.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text)
    (project / "nice.sh").chmod(0o755)
    where = settings.site("local", str(project), str(home))
    then = str(project / "nice.sh")
    settings.install(where, features(parse(version)), (), prefix=shell.write(str(home)) if gate else "", then=then)


class Played(NamedTuple):
    """The sessions of one version, and their project."""

    project: Path
    home: Path
    tools: Record
    slash: Record


@cache
def played(version: str, folder: Path) -> Played:
    """All channels in two sessions: a session costs a second or two."""
    project, home = folder / version / "project", folder / version / "home"
    home.mkdir(parents=True)
    put(project, home, version, gate=True)
    hook = {"matcher": "Bash", "hooks": [{"type": "command", "command": OTHERS}]}
    (project / ".claude" / "settings.json").write_text(json.dumps({"hooks": {"PostToolUse": [hook]}}))
    servers = folder / version / "servers.json"
    server = {"command": sys.executable, "args": ["-I", "-S", files_server.__file__]}
    servers.write_text(json.dumps({"mcpServers": {"files": server}}))
    client = client_of(version)
    new = version != "2.0.50"
    inner = f"ANTHROPIC_API_KEY=loopback {client.path} -p '[play nested] go' --dangerously-skip-permissions </dev/null"
    output = ("file_path", r"written to: (\S+\.output)") if new else ("bash_id", r"with ID: (\w+)")
    calls = [
        bash(opaque()),
        bash(opaque(), run_in_background=True),
        bash(opaque("nda/plan.txt", "; exit 1")),
        ToolCall("mcp__files__read_code", {"code": code(str(project / ".env"))}),
        ToolCall(
            "Agent" if new else "Task", {"description": "x", "prompt": "[play sub]", "subagent_type": "general-purpose"}
        ),
        bash(f"{inner}; echo ended $?", timeout=60_000),
        ToolCall("Read" if new else "BashOutput", {}, fill=output),
        bash("cat .env"),
    ]
    if new:
        watch = {"command": opaque(then="; sleep 0.2"), "description": "play", "timeout_ms": 2000}
        calls[1:1] = [
            ToolCall("ToolSearch", {"query": "select:Monitor"}),
            ToolCall("Monitor", watch),
            bash("sleep 0.6"),
        ]
    steps = [[call._replace(id=f"toolu_{number}_{call.name}")] for number, call in enumerate(calls)]
    record = session.run(
        client,
        str(project),
        script=steps,
        home=str(home),
        subagents={"sub": script([bash(opaque())]), "nested": script([bash(opaque())])},
        arguments=("--mcp-config", str(servers), "--strict-mcp-config"),
        # This client starts its servers before it reads `env` of the settings: only its own environment reaches them.
        extra={} if new else {prefix.PREFIX: shell.place(str(home))},
        shell="bash",
    )
    slash = session.run(client, str(project), "/tell", home=str(home), shell="bash")
    return Played(project, home, record, slash)


def said(record: Record, name: str, place: int = 0) -> str:
    """What the client was answered for the call of this name."""
    found = [text.text for key, text in record.results.items() if key.endswith(f"_{name}")]
    return found[place]


def ran(text: str) -> bool:
    return "ran" in text.split() and any(word in text for word in REFUSED)


def seen(record: Record, *words: str) -> bool:
    wire = b"".join(record.bodies).decode("utf-8", "replace")
    return all(word in wire for word in words)


CHANNELS: dict[str, Callable[[Played], bool]] = {
    "Bash": lambda it: ran(said(it.tools, "Bash")),
    "background": lambda it: ran(said(it.tools, "BashOutput" if "2.0.50" in str(it.home) else "Read")),
    "Monitor": lambda it: "2.0.50" in str(it.home) or seen(it.tools, "<event>ran"),
    "a failing command": lambda it: any(
        text.error and "[restricted: nda/plan.txt]" in text.text and "ran" in text.text.split()
        for text in it.tools.results.values()
    ),
    "a server": lambda it: any(word in said(it.tools, "mcp__files__read_code") for word in REFUSED),
    "a subagent": lambda it: ran(it.tools.results["toolu_sub_0_0"].text),
    "a client in a command": lambda it: (
        ran(it.tools.results["toolu_nested_0_0"].text)
        and any("ended 0" in one.text for one in it.tools.results.values())
    ),
    "a slash command": lambda it: any(seen(it.slash, "ran", word) for word in REFUSED),
    "another hook": lambda it: (
        (it.project / "hooked.txt").exists() and any(seen(it.tools, f".env: {word}") for word in REFUSED)
    ),
    "the prefix that was there": lambda it: (it.project / "chained.txt").read_text().count("behind") >= 5,
    "our own hook, which writes its trail": lambda it: '"verdict":"deny"' in trail(it.home),
}


def trail(home: Path) -> str:
    return (Path(own.state_folder(str(home))) / "audit.jsonl").read_text()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("gate")


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(
    "version", [pytest.param(one, marks=[*confined, pytest.mark.xdist_group(f"gate-{one}")]) for one in VERSIONS]
)
def test_behind_the_gate_it_runs_and_shows_nothing(version: str, channel: str, folder: Path) -> None:
    it = played(version, folder)
    assert CHANNELS[channel](it), {key: text.text[:300] for key, text in it.tools.results.items()}
    for record in (it.tools, it.slash):
        assert not record.shows(ENV)
        assert not record.shows(PLAN)


def test_without_the_gate_it_is_asked(play: Play, project: Path, home: Path, version: str) -> None:
    put(project, home, version, gate=False)
    record = play(project, [("Bash", {"command": opaque(), "description": "x"})], version, shell="bash")
    assert not record.shows(ENV)
    answer = record.results["toolu_main_0_0"].text
    assert "cannot tell" in answer
    assert "ran" not in answer.split()


CHANGES = {
    "disableAllHooks": '{"disableAllHooks": true}',
    "another prefix": '{"env": {"CLAUDE_CODE_SHELL_PREFIX": "PROJECT/nice.sh"}}',
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("version", [pytest.param(one, marks=confined) for one in VERSIONS])
def test_settings_that_change_in_mid_session_take_nothing_away(
    play: Play, project: Path, home: Path, version: str, change: str
) -> None:
    put(project, home, version, gate=True)
    file = project / ".claude" / "settings.local.json"
    calls = [
        ToolCall("Bash", {"command": "sleep 2", "description": "x"}, before="change"),
        bash(opaque(then="; sleep 1")),
        bash("cat .env"),
    ]

    def change_it() -> None:
        held = json.loads(file.read_text())
        added = json.loads(CHANGES[change].replace("PROJECT", str(project)))
        file.write_text(json.dumps({**held, **added}))

    record = play(project, calls, version, shell="bash", acts={"change": change_it})
    assert ran(record.results["toolu_main_1_0"].text)
    assert "claude-guard" in record.results["toolu_main_2_0"].text
    assert not record.shows(ENV)


@pytest.fixture
def plugin(tmp_path: Path, home: Path) -> Path:
    """The plugin as the client keeps it, and the virtual environment that its setup would build."""
    root = tmp_path / "plugin"
    for name in ("hooks", ".claude-plugin", "claude_guard"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, root)
    venv = home / ".claude" / "plugins" / "data" / "data-guard-inline" / "venv"
    (venv / "bin").mkdir(parents=True)
    real = Path(sys.executable).resolve()
    (venv / "pyvenv.cfg").write_text(f"home = {real.parent}\ninclude-system-site-packages = false\n")
    (venv / "bin" / "python").symlink_to(real)
    (venv / "lib").symlink_to(Path(sys.prefix) / "lib")
    shutil.copy(root / "pyproject.toml", venv)
    return root


@pytest.mark.oracle
@pytest.mark.skipif(not probe.look().works, reason="bubblewrap does not work here")
def test_a_plugin_alone_says_what_completes_it(play: Play, project: Path, home: Path, plugin: Path) -> None:
    """Nothing but the plugin: what nobody can tell is asked about. The command that the session is told adds the gate."""
    (project / ".env").write_text(f"TOKEN={ENV}\n")
    path = ":".join(one for one in os.environ["PATH"].split(":") if not os.path.exists(one + "/claude-guard"))
    more = {"arguments": ["--plugin-dir", str(plugin)], "extra": {"PATH": path}, "shell": "bash"}
    before = play(project, [bash(opaque())], **more)
    assert "cannot tell" in before.results["toolu_main_0_0"].text
    told = re.search(r"To complete the installation run `([^`]+)`", before.bodies[-1].decode())
    assert told is not None
    command = json.loads(f'"{told[1]}"')
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=project,
        env={"HOME": str(home), "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    after = play(project, [bash(opaque())], **more)
    assert ran(after.results["toolu_main_0_0"].text)
    assert b"To complete the installation" not in b"".join(after.bodies)
    for record in (before, after):
        assert not record.shows(ENV)


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The guard as a person installs it: a virtual environment with its console script. Returns the folder of that."""
    venv = tmp_path / "venv"
    (venv / "bin").mkdir(parents=True)
    real = Path(sys.executable).resolve()
    (venv / "pyvenv.cfg").write_text(f"home = {real.parent}\ninclude-system-site-packages = false\n")
    (venv / "bin" / "python").symlink_to(real)
    packages = Path("lib") / f"python3.{sys.version_info[1]}" / "site-packages"
    (venv / packages).mkdir(parents=True)
    for entry in (Path(sys.prefix) / packages).iterdir():
        if "claude_guard" not in entry.name:
            (venv / packages / entry.name).symlink_to(entry)
    shutil.copytree(
        ROOT / "claude_guard", venv / packages / "claude_guard", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / "hooks" / "guard.sh", venv / packages / "claude_guard")
    script = venv / "bin" / "claude-guard"
    script.write_text(f"#!{venv}/bin/python\nfrom claude_guard.cli.main import main\nmain()\n")
    script.chmod(0o755)
    return venv / "bin"


@pytest.mark.parametrize("version", [pytest.param(one, marks=confined) for one in VERSIONS])
def test_install_is_all_that_it_takes(play: Play, project: Path, home: Path, installed: Path, version: str) -> None:
    """From nothing, by the command line, for a project: what a clone with that in it and `--shell` does as well."""
    client = client_of(version)
    path = f"{installed}:{os.path.dirname(client.path)}:{os.environ['PATH']}"
    (project / ".env").write_text(f"TOKEN={ENV}\n")

    def guard(*words: str) -> str:
        done = subprocess.run(
            ["claude-guard", *words],
            cwd=project,
            env={"HOME": str(home), "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    def session() -> Record:
        return play(project, [bash(opaque()), bash("cat .env")], version, shell="bash", extra={"PATH": path})

    assert "bubblewrap masks what is restricted" in guard("install")
    assert "the guard holds" in guard("status")
    assert "yes: commands run confined" in guard("doctor") or version == "2.0.50"
    behind = session()
    guard("uninstall", "--shell")
    alone = session()
    for record in (behind, alone):
        assert not record.shows(ENV)
        assert "claude-guard: `.env` is restricted" in record.results["toolu_main_1_0"].text
    assert ran(behind.results["toolu_main_0_0"].text)
    assert "cannot tell" in alone.results["toolu_main_0_0"].text
    assert b"`claude-guard install --shell`" not in b"".join(behind.bodies)
    assert b"To complete the installation run `claude-guard install --shell`" in b"".join(alone.bodies)
    guard("uninstall")
    assert os.listdir(project) == [".env"]
