"""The launcher: whatever happens, it is the guard's own answer or exit 2 with one line that says what to do."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from claude_guard.confine import client

from .conftest import ANSWERS, LAUNCHER, ROOT, VERSION, Launch, installation

INSTALL = "pipx install claude-guard"
DENIES = "import os\ndef main(a): os.write(2, b'as it says\\n'); os._exit(2)"
HEARD = '{"heard": 33}'

ENDS = [
    ("an exception", "raise ValueError('s3cret')", "the guard failed (ValueError)"),
    ("an exception in the answer", "def main(a): 1 / 0", "the guard failed (ZeroDivisionError)"),
    ("a broken package", "def main(a:", "the guard failed (SyntaxError)"),
    ("a missing module", "import claude_guard_lacks", "No module named 'claude_guard_lacks'"),
    ("no main", "", "the guard failed (AttributeError)"),
    ("no answer", "def main(a): pass", "the guard failed (RuntimeError)"),
    ("SystemExit 0", "import sys\ndef main(a): sys.exit(0)", "the guard failed (SystemExit)"),
    ("interrupt", "def main(a): raise KeyboardInterrupt", "the guard failed (KeyboardInterrupt)"),
    ("recursion", "def main(a): main(a)", "the guard failed (RecursionError)"),
    ("exit 0 without an answer", "import os\ndef main(a): os._exit(0)", "ended without an answer"),
    ("exit 1", "import os\ndef main(a): os._exit(1)", "exit code 1"),
    ("exit 3", "import os\ndef main(a): os._exit(3)", "exit code 3"),
    ("exit 127", "import os\ndef main(a): os._exit(127)", "cannot be started"),
    ("kill -9", "import os\ndef main(a): os.kill(os.getpid(), 9)", "exit code 137"),
    ("abort", "import os\ndef main(a): os.abort()", "exit code 134"),
]


@pytest.mark.parametrize(("hook", "says"), [row[1:] for row in ENDS], ids=[row[0] for row in ENDS])
def test_every_other_end_denies_in_one_line(launch: Launch, tmp_path: Path, hook: str, says: str) -> None:
    script = installation(tmp_path / "venv", hook)
    ended = launch(str(script.parent))
    assert ended.code == 2
    assert says in ended.err
    assert ended.err.startswith("claude-guard: denied, because ")
    assert ended.err.count("\n") == 1
    assert "s3cret" not in ended.err
    assert ended.out == ""


def test_the_answer_is_passed_on(launch: Launch, tmp_path: Path) -> None:
    script = installation(tmp_path / "venv")
    assert launch(str(script.parent)) == (0, HEARD, "")


def test_a_denial_is_passed_on(launch: Launch, tmp_path: Path) -> None:
    script = installation(tmp_path / "venv", "import os\ndef main(a): os.write(2, b'why\\n'); os._exit(2)")
    assert launch(str(script.parent)) == (2, "", "why\n")


def test_arguments_are_passed_on(launch: Launch, tmp_path: Path) -> None:
    hook = "import os\ndef main(a): os.write(1, repr(a).encode()); os._exit(97)"
    script = installation(tmp_path / "venv", hook)
    assert launch(str(script.parent), ("--no-rewrite",)).out == "['--no-rewrite', '--launched']"


def test_nothing_installed(launch: Launch) -> None:
    ended = launch("/nowhere")
    assert ended.code == 2
    assert INSTALL in ended.err
    assert "uv tool install claude-guard" in ended.err
    assert ended.err.count("\n") == 1
    assert ended.out == ""


SHEBANGS = [
    "#!{python}\n",
    "#!{python} -I\n",
    "#!/bin/sh\n'''exec' \"{python}\" \"$0\" \"$@\"\n' '''\n",
    "#!/bin/sh\n'''exec' '{python}' \"$0\" \"$@\"\n' '''\n",
    "#!/bin/sh\n'''exec' {python} \"$0\" \"$@\"\n' '''\n",
    "#!/bin/sh\n'''exec' \"$(dirname -- \"$(realpath -- \"$0\")\")\"/'python' \"$0\" \"$@\"\n' '''\n",
]
"""How installers name the interpreter in a console script."""


@pytest.mark.parametrize("shebang", SHEBANGS)
def test_the_interpreter_is_read_from_the_console_script(launch: Launch, tmp_path: Path, shebang: str) -> None:
    script = installation(tmp_path / "venv", shebang=shebang)
    assert launch(str(script.parent)).code == 0


@pytest.mark.parametrize("shebang", SHEBANGS[2:4] + SHEBANGS[5:])
@pytest.mark.parametrize("name", ["a b", "it 1s", "dollar$HOME", "sem;i&", "st*r", "Zoë"])
def test_odd_folders(launch: Launch, tmp_path: Path, shebang: str, name: str) -> None:
    script = installation(tmp_path / name, shebang=shebang)
    assert launch(str(script.parent)).code == 0
    (tmp_path / "home" / ".local" / "bin").mkdir(parents=True)
    (tmp_path / "home" / ".local" / "bin" / "claude-guard").symlink_to(script)
    assert launch("/nowhere").code == 0


def test_the_projects_path_may_be_odd(launch: Launch, tmp_path: Path) -> None:
    script = installation(tmp_path / "venv")
    project = tmp_path / 'my "own" pro\'ject $x'
    launcher = project / ".claude" / "claude-guard" / "guard.sh"
    launcher.parent.mkdir(parents=True)
    shutil.copy(LAUNCHER, launcher)
    assert launch(str(script.parent), launcher=launcher, CLAUDE_PROJECT_DIR=str(project)).code == 0


SUPPLIED = ["project/bin", "project/.venv/bin", "project/../project/bin", "link/bin", "repository/bin"]


@pytest.mark.parametrize("folder", SUPPLIED)
def test_a_repository_does_not_supply_its_own_guard(launch: Launch, tmp_path: Path, folder: str) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "project")
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    (tmp_path / "repository" / "sub").mkdir()
    project = tmp_path / ("repository/sub" if folder.startswith("repository") else "project")
    installation((tmp_path / folder).parent.resolve(), ANSWERS)
    ended = launch(str(tmp_path / folder), CLAUDE_PROJECT_DIR=str(project))
    assert ended.code == 2
    assert INSTALL in ended.err


@pytest.mark.parametrize("found", ["bin", "./bin", "", "."])
def test_relative_folders_do_not_count(launch: Launch, tmp_path: Path, found: str) -> None:
    installation(tmp_path / "project" / "x")
    (tmp_path / "project" / "x" / "bin").rename(tmp_path / "project" / "bin")
    (tmp_path / "project" / "claude-guard").symlink_to(tmp_path / "project" / "bin" / "claude-guard")
    assert launch(found).code == 2


def test_the_persons_own_comes_after_a_refused_one(launch: Launch, tmp_path: Path) -> None:
    installation(tmp_path / "project" / "env", "import os\ndef main(a): os.write(1, b'wrong'); os._exit(97)")
    own = installation(tmp_path / "own")
    assert launch(f"{tmp_path}/project/env/bin:{own.parent}").out == HEARD


def test_a_session_in_the_home_folder_finds_what_lies_there(launch: Launch, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / ".git").mkdir()
    script = installation(home / "tools")
    assert launch(str(script.parent), CLAUDE_PROJECT_DIR=str(home)).code == 0


def gate(home: Path, script: Path, text: str = "") -> Path:
    """The shell gate of the installation that a console script belongs to, as `install` writes it."""
    python, package = script.parent / "python", script.parents[1] / "lib" / VERSION / "site-packages" / "claude_guard"
    file = home / ".local/state/claude-guard/shell"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text or client.executable(str(python), str(package)))
    return file


def test_the_installation_of_the_shell_gate_comes_before_what_is_on_path(launch: Launch, tmp_path: Path) -> None:
    mine = installation(tmp_path / "my own", DENIES)
    gate(tmp_path / "home", mine)
    assert launch(str(installation(tmp_path / "other").parent)).code == 0
    mine = installation(tmp_path / "mine", DENIES)
    gate(tmp_path / "home", mine)
    assert launch(str(tmp_path / "other" / "bin")) == (2, "", "as it says\n")
    assert launch() == (2, "", "as it says\n")


@pytest.mark.parametrize(
    "text", ["", "#!/bin/sh\nexec true\n", "#!/gone -IS\n__file__ = '/gone/claude_guard/__shell__.py'\n"]
)
def test_a_shell_gate_that_names_nothing_is_passed_over(launch: Launch, tmp_path: Path, text: str) -> None:
    mine = installation(tmp_path / "mine", DENIES)
    file = gate(tmp_path / "home", mine, text or "-")
    if not text:
        shutil.rmtree(tmp_path / "mine")
        file.write_text(file.read_text())
    assert launch(str(installation(tmp_path / "other").parent)).code == 0


@pytest.mark.parametrize("behind", ["versions/3.11.7", "installs/python/3.11.7"])
def test_a_version_managers_shim_is_seen_through(launch: Launch, tmp_path: Path, behind: str) -> None:
    manager = tmp_path / "manager"
    installation(manager / behind)
    (manager / "shims").mkdir()
    shim = manager / "shims" / "claude-guard"
    shim.write_text("#!/usr/bin/env bash\nexit 9\n")
    shim.chmod(0o755)
    assert launch(str(shim.parent)).code == 0


@pytest.mark.parametrize("shebang", ["#!/usr/bin/env python3\n", "#!/bin/bash\n", "\x7fELF\x02\x01\x00\x00", "", "#!"])
def test_a_script_that_names_no_interpreter_is_not_used(launch: Launch, tmp_path: Path, shebang: str) -> None:
    script = installation(tmp_path / "venv", shebang=shebang)
    ended = launch(str(script.parent))
    assert ended.code == 2
    assert INSTALL in ended.err


def test_the_interpreter_is_gone(launch: Launch, tmp_path: Path) -> None:
    script = installation(tmp_path / "venv")
    (script.parent / "python").unlink()
    assert launch(str(script.parent)).code == 2


def test_the_interpreter_is_none(launch: Launch, tmp_path: Path) -> None:
    script = installation(tmp_path / "venv")
    python = script.parent / "python"
    python.unlink()
    python.symlink_to("/bin/true")
    ended = launch(str(script.parent))
    assert ended.code == 2
    assert "ended without an answer" in ended.err


def test_the_packages_entry_is_empty(launch: Launch, tmp_path: Path) -> None:
    installation(tmp_path / "venv")
    (tmp_path / "venv" / "lib" / VERSION / "site-packages" / "claude_guard" / "__hook__.py").write_text("")
    assert launch(str(tmp_path / "venv" / "bin")).code == 2


def test_the_project_does_not_shadow_the_standard_library(launch: Launch, tmp_path: Path) -> None:
    script = installation(tmp_path / "venv", "import json\n" + ANSWERS)
    for name in ("json.py", "claude_guard.py", "sitecustomize.py"):
        (tmp_path / "project" / name).write_text("import os\nos._exit(97)\n")
    ended = launch(str(script.parent), PYTHONPATH=str(tmp_path / "project"), PYTHONSTARTUP="json.py")
    assert ended.out == HEARD


def test_an_editable_installation_is_asked_where_its_package_is(launch: Launch, tmp_path: Path) -> None:
    script = installation(tmp_path / "venv")
    packages = tmp_path / "venv" / "lib" / VERSION / "site-packages"
    (tmp_path / "source").mkdir()
    (packages / "claude_guard").rename(tmp_path / "source" / "claude_guard")
    (packages / "claude_guard.pth").write_text(f"{tmp_path}/source\n")
    (tmp_path / "venv" / "pyvenv.cfg").write_text(f"home = {os.path.dirname(os.path.realpath(sys.executable))}\n")
    (tmp_path / "project" / "claude_guard").mkdir()
    (tmp_path / "project" / "claude_guard" / "__hook__.py").write_text("import os\nos._exit(97)\n")
    assert launch(str(script.parent)) == (0, HEARD, "")
    shutil.rmtree(tmp_path / "source")
    assert launch(str(script.parent)).code == 2


def test_the_plugin_uses_its_own_package_and_environment(launch: Launch, tmp_path: Path) -> None:
    root, data = tmp_path / "plug in", tmp_path / "da ta"
    installation(data / "venv", "import os\ndef main(a): os.write(1, b'wrong'); os._exit(97)")
    installation(root)
    (root / "lib" / VERSION / "site-packages" / "claude_guard").rename(root / "claude_guard")
    (root / "hooks").mkdir()
    shutil.copy(LAUNCHER, root / "hooks")
    plugin = {"CLAUDE_PLUGIN_ROOT": str(root), "CLAUDE_PLUGIN_DATA": str(data)}
    assert launch(launcher=root / "hooks" / "guard.sh", **plugin).out == HEARD
    shutil.rmtree(data)
    ended = launch(launcher=root / "hooks" / "guard.sh", **plugin)
    assert ended.code == 2
    assert f'sh "{root}/hooks/setup.sh"' in ended.err
    assert ended.err.count("\n") == 1
    own = installation(tmp_path / "own")
    assert launch(str(own.parent), launcher=root / "hooks" / "guard.sh", **plugin).code == 0


def test_a_projects_launcher_does_not_follow_the_plugins_variables(launch: Launch, tmp_path: Path) -> None:
    installation(tmp_path / "data" / "venv")
    ended = launch(CLAUDE_PLUGIN_ROOT=str(tmp_path), CLAUDE_PLUGIN_DATA=str(tmp_path / "data"))
    assert ended.code == 2


def test_the_guards_own_process(launch: Launch, tmp_path: Path) -> None:
    """With the real `hook.py`: what is no hook input is denied with the guard's own words."""
    script = installation(tmp_path / "venv")
    package = tmp_path / "venv" / "lib" / VERSION / "site-packages" / "claude_guard"
    shutil.rmtree(package)
    package.symlink_to(ROOT / "claude_guard")
    ended = launch(str(script.parent))
    assert ended.code == 2
    assert ended.err.startswith("claude-guard")
    assert ended.err.count("\n") == 1


def test_the_entry_stays_small() -> None:
    assert len((ROOT / "claude_guard" / "__hook__.py").read_text().splitlines()) < 15
