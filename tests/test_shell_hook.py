"""One command through the shell gate, as the client starts it: what it may do, and what is recorded of it."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from claude_guard import own, planner, shell_hook
from claude_guard.client import hooks
from claude_guard.client.features import OLDEST, features
from claude_guard.confine import launcher, probe, standing
from claude_guard.errors import GuardError
from claude_guard.inventory import shelf

GATE = Path(own.PACKAGE) / "__shell__.py"
TEXT = "the turbine blade angle is 41.7 degrees\n"
POLICY = """version = 1
[[rules]]
paths = ["nda/"]
class = "restricted"
category = "intellectual-property"
"""

READONLY = "Operation not permitted" if sys.platform == "darwin" else "Read-only"
confined = pytest.mark.skipif(not probe.look().works, reason="nothing confines commands here")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    made = tmp_path / "project"
    (made / ".claude").mkdir(parents=True)
    (made / "nda").mkdir()
    (made / "nda/plan.txt").write_text(TEXT)
    (made / ".claude/guard.toml").write_text(POLICY)
    (tmp_path / "home/.claude").mkdir(parents=True)
    (tmp_path / "home/.claude/settings.json").write_text("{}\n")
    return made


def run(project: Path, command: str, path: str = os.environ["PATH"], **more: str) -> subprocess.CompletedProcess[str]:
    environment = {"HOME": str(project.parent / "home"), "PATH": path, "CLAUDE_PROJECT_DIR": str(project), **more}
    return subprocess.run(
        [sys.executable, "-IS", str(GATE), command], cwd=project, env=environment, capture_output=True, text=True,
        check=False, timeout=60,
    )  # fmt: skip


def trail(project: Path) -> list[dict[str, object]]:
    file = Path(own.state_folder(str(project.parent / "home"))) / "audit.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def keep(project: Path, works: bool) -> Path:
    """Puts an answer of an earlier look into the cache."""
    folder = Path(own.cache_folder(str(project.parent / "home")))
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / standing.NAME
    shelf.write(str(file), standing.NAME, {"key": "key", "works": works})
    return file


@confined
def test_a_hit_of_the_filter_is_recorded_once_and_without_contents(project: Path) -> None:
    done = run(project, "cat nda/plan.txt; cat nda/plan.txt; MY_TOKEN=x; cat nda/plan.txt >&2; echo $OTHER_TOKEN")
    assert done.stdout.count("[restricted: nda/plan.txt]") == 2
    assert done.stderr == "[restricted: nda/plan.txt]\n"
    held = trail(project)
    assert [(row["event"], row["verdict"], row["name"], row["project"]) for row in held] == [
        ("output", "replaced", "nda/plan.txt", str(project))
    ]
    assert "turbine" not in json.dumps(held)


@confined
def test_a_restricted_variable_is_recorded_by_its_name(project: Path) -> None:
    done = run(project, "echo $CI_TOKEN; printf '%s\\n' kestrel-$X-42", CI_TOKEN="kestrel-plum-42", X="plum")
    assert done.stdout == "\n[restricted: $CI_TOKEN]\n"
    assert [row["name"] for row in trail(project)] == ["$CI_TOKEN"]


@confined
def test_without_a_hit_nothing_is_recorded(project: Path) -> None:
    assert run(project, "echo hello; wc -c < nda/plan.txt").stdout == f"hello\n{len(TEXT)}\n"
    assert trail(project) == []


@confined
@pytest.mark.parametrize(
    "file",
    ["~/.claude/settings.json", "~/.local/state/claude-guard/shell", "~/.local/state/claude-guard/audit.jsonl"],
)
def test_what_installs_and_records_the_guard_is_not_written_to(project: Path, file: str) -> None:
    place = Path(file.replace("~", str(project.parent / "home")))
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("as it was\n")
    assert READONLY in run(project, f"echo changed > {file}; rm -f {file}").stderr
    assert place.read_text() == "as it was\n"


MAKES = """python3 -c "import os, sys; f = ''.join(chr(int(c)) for c in sys.argv[1:]); {what}" """
ATTEMPTS = [
    # (what a program does that nobody can read, a file that must not be there or must hold what it held)
    ("os.makedirs(os.path.dirname(f), exist_ok=True); open(f, 'w').write('new')", ".claude/settings.local.json"),
    ("os.rename(os.path.dirname(f), 'moved'); os.mkdir('.claude'); open(f, 'w').write('new')", ".claude/settings.json"),
    ("open('draft', 'w').write('new'); os.rename('draft', f)", ".claude/settings.local.json"),
    ("os.symlink('/tmp', f)", ".claude/settings.local.json"),
    ("os.unlink(f)", ".claude/guard.toml"),
]


@confined
@pytest.mark.parametrize("made", [True, False], ids=["with a folder", "without one"])
@pytest.mark.parametrize(("what", "file"), ATTEMPTS)
def test_no_program_makes_settings_that_are_not_there(project: Path, what: str, file: str, made: bool) -> None:
    if not made:
        (project / ".claude/guard.toml").unlink()
        (project / ".claude").rmdir()
    held = (project / file).read_text() if (project / file).exists() else None
    code = " ".join(str(ord(letter)) for letter in file)
    done = run(project, MAKES.format(what=what) + code)
    assert done.returncode == 1, done.stderr
    assert ((project / file).read_text() if os.path.lexists(project / file) else None) == held


@confined
def test_in_the_persons_own_folder_neither(project: Path) -> None:
    file = project.parent / "home/.claude/settings.json"
    file.unlink()
    assert "Read-only" in run(project, "echo '{}' > ~/.claude/settings.json").stderr
    assert file.read_text() == "{}\n"
    assert run(project, "mkdir ~/.claude/projects && echo x > ~/.claude/history && ls ~/.claude/projects").stderr == ""


UNCONFINED = {
    "a policy of the person's": ("~/.config/claude-guard/policy.toml", None),
    "another plugin": ("~/.claude/plugins/cache/x/hook.sh", "#!/bin/sh\n"),
    "the snapshot of the shell": ("~/.claude/shell-snapshots/snapshot.sh", "true\n"),
    "a hook without a shell": (".claude/hooks/format.sh", "#!/bin/sh\n"),
    "one elsewhere": ("tools/format.sh", "#!/bin/sh\n"),
}
"""What runs outside the masks: a file, and what it holds."""


@confined
@pytest.mark.parametrize("how", ["write", "replace", "remove", "move the folder", "move the folder above"])
@pytest.mark.parametrize("what", UNCONFINED)
def test_what_runs_outside_the_masks_is_not_changed(project: Path, what: str, how: str) -> None:
    name, held = UNCONFINED[what]
    file = Path(name.replace("~", str(project.parent / "home"))) if name.startswith("~") else project / name
    if held is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(held)
    place = "${CLAUDE_PROJECT_DIR}/.claude/hooks/format.sh"
    entries = [
        {"type": "command", "command": "/bin/sh", "args": [place]},
        {"type": "command", "command": str(project / "tools/format.sh"), "args": []},
    ]
    (project / ".claude/settings.json").write_text(json.dumps({"hooks": {"PostToolUse": [{"hooks": entries}]}}))
    change = {
        "write": "os.makedirs(os.path.dirname(f), exist_ok=True); open(f, 'w').write('new')",
        "replace": "open('draft', 'w').write('new'); os.makedirs(os.path.dirname(f), exist_ok=True); os.rename('draft', f)",
        "remove": "os.unlink(f)",
        "move the folder": "os.rename(os.path.dirname(f), 'moved')",
        "move the folder above": "os.rename(os.path.dirname(os.path.dirname(f)), 'moved')",
    }[how]
    code = " ".join(str(ord(letter)) for letter in str(file))
    script = MAKES.format(what=change) + code
    if "snapshot" in name:
        script = f"source {file} 2>/dev/null || true && eval {shlex.quote(script)} < /dev/null && pwd -P >| cwd"
    run(project, script, SHELL="/bin/bash")
    assert (file.read_text() if file.exists() else None) == held


@confined
def test_what_else_lies_in_the_folder_stays_writable(project: Path) -> None:
    (project / ".claude/commands").mkdir()
    assert run(project, "echo a > .claude/commands/a.md; mv .claude/commands/a.md .claude/commands/b.md").stderr == ""
    assert (project / ".claude/commands/b.md").read_text() == "a\n"
    assert run(project, "mkdir -p .claude/skills/a && echo b > .claude/skills/a/SKILL.md").stderr == ""
    assert (project / ".claude/skills/a/SKILL.md").read_text() == "b\n"


@pytest.mark.skipif(sys.platform == "darwin", reason="what confines there is not found by PATH")
def test_where_it_cannot_confine_any_more_the_answer_is_taken_back(project: Path) -> None:
    file = keep(project, works=True)
    first = run(project, "echo ran", path="/nowhere")
    assert first.returncode == 126
    assert "commands were confined before, and bubblewrap is not installed" in first.stderr
    assert not file.exists()
    assert run(project, "echo ran", path="/nowhere").stdout == "ran\n"


@pytest.mark.skipif(sys.platform == "darwin", reason="what confines there is not found by PATH")
def test_where_it_never_could_the_command_runs(project: Path) -> None:
    keep(project, works=False)
    assert run(project, "echo ran", path="/nowhere").stdout == "ran\n"


THEN = {
    "CLAUDE_GUARD_SHELL_THEN": "./then.sh --by 'a b'",
}


@pytest.fixture
def then(project: Path) -> Path:
    """A prefix of somebody else, with arguments, that writes down what it is given."""
    (project / "then.sh").write_text('#!/bin/sh\nprintf "%s|" "$@" >> then.txt\ncat .env\nexec /bin/sh -c "$3"\n')
    (project / "then.sh").chmod(0o755)
    (project / ".env").write_text("TOKEN=kestrel\n")
    return project / "then.txt"


@confined
def test_a_prefix_that_was_there_runs_behind_the_masks(project: Path, then: Path) -> None:
    done = run(project, "echo 'it is' \"here\"; exit 3", **THEN)
    assert (done.stdout, done.returncode) == ("it is here\n", 3)
    assert "Permission denied" in done.stderr
    assert then.read_text() == "--by|a b|echo 'it is' \"here\"; exit 3|"


@confined
@pytest.mark.parametrize("folder", ["plain", "with a blank"])
def test_the_guards_own_hooks_run_unconfined_and_alone(project: Path, then: Path, folder: str, tmp_path: Path) -> None:
    """As an old client runs them, in shell form: what they are is recognised, whatever their path looks like."""
    venv = tmp_path / folder
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to(os.path.realpath(sys.executable))
    (venv / "lib").symlink_to(Path(sys.prefix) / "lib")
    python = str(venv / "bin" / "python")
    entry = hooks.hook(features(OLDEST), hooks.absolute(python))
    environment = {
        "HOME": str(project.parent / "home"), "PATH": os.environ["PATH"], "CLAUDE_PROJECT_DIR": str(project), **THEN
    }  # fmt: skip
    call = {"hook_event_name": "PreToolUse", "session_id": "s", "cwd": str(project), "tool_name": "Read"}
    done = subprocess.run(
        [python, "-IS", str(GATE), entry["command"]], cwd=project, env=environment, capture_output=True, text=True,
        input=json.dumps({**call, "tool_input": {"file_path": str(project / ".env")}}), check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert "is restricted" in done.stderr
    assert not then.exists()
    assert [row["verdict"] for row in trail(project)] == ["deny"]


PROFILES = (
    # what the trial said, the policy, whether the profile is used; None: nothing is run
    (True, "auto", True),
    (True, "require", True),
    (False, "auto", False),
    (False, "require", None),
)


@pytest.mark.parametrize(("held", "mode", "used"), PROFILES)
def test_a_profile_is_used_where_it_has_held(
    held: bool, mode: str, used: bool | None, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(project.parent / "home"))
    monkeypatch.setenv("CLAUDE_PROJECT_DIR", str(project))
    monkeypatch.setattr(launcher, "STARTER", ("/nowhere/sandbox-exec",))
    monkeypatch.setattr(standing, "works", lambda cache: held)
    monkeypatch.setattr(probe, "look", lambda: probe.Confinement("none", "the profile did not hold"))
    gate = shell_hook.Gate(str(project), "true")
    if used is None:
        with pytest.raises(GuardError, match="requires commands to be confined, and the profile did not hold"):
            gate._trusted(mode)
    else:
        assert gate._trusted(mode) is used


@confined
@pytest.mark.parametrize(("name", "kept"), [("claude-guard", True), ("everything", False)])
def test_a_virtual_environment_of_the_guards_own_is_not_written_to(
    project: Path, tmp_path: Path, name: str, kept: bool
) -> None:
    venv = tmp_path / "venvs" / name
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to(os.path.realpath(sys.executable))
    (venv / "lib").symlink_to(Path(sys.prefix) / "lib")
    environment = {
        "HOME": str(project.parent / "home"), "PATH": os.environ["PATH"], "CLAUDE_PROJECT_DIR": str(project)
    }  # fmt: skip
    code = " ".join(str(ord(letter)) for letter in str(venv / "bin" / "claude-guard"))
    command = MAKES.format(what="open(f, 'w').write('new')") + code
    subprocess.run(
        [str(venv / "bin" / "python"), "-IS", str(GATE), command], cwd=project, env=environment, capture_output=True,
        check=False, timeout=60,
    )  # fmt: skip
    assert (venv / "bin" / "claude-guard").exists() is not kept


@pytest.mark.parametrize(
    ("command", "reads"),
    [
        ("./tool check", True),
        ("cd . && ./tool check --all; true", True),
        ("./tool other", False),
        ("./tool check; sh other.sh", False),
        ("sh -c './tool check' | sh other.sh", False),
    ],
)
def test_a_program_that_the_policy_names_may_read_what_its_row_says(project: Path, command: str, reads: bool) -> None:
    row = '[[commands]]\nrun = "./tool check"\nuses = [".env.test"]\n'
    rule = '[[rules]]\npaths = [".env.test"]\nclass = "restricted"\ncategory = "credentials"\n'
    (project / ".claude/guard.toml").write_text(POLICY + rule + row)
    (project / ".env.test").write_text("MODE=abcdef-42\n")
    (project / "other.sh").write_text("true\n")
    tool = project / "tool"
    tool.write_text("#!/bin/sh\nsh -c 'read x < .env.test && echo done'\n")
    tool.chmod(0o755)
    assert ("done" in run(project, command).stdout) == reads


@pytest.mark.parametrize("most", [20.0, -1.0])
def test_a_long_first_look_is_told_and_bounded(
    project: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], most: float
) -> None:
    monkeypatch.setenv("HOME", str(project.parent / "home"))
    monkeypatch.setenv("CLAUDE_PROJECT_DIR", str(project))
    monkeypatch.chdir(project)
    monkeypatch.setattr(planner, "PATIENCE", -1.0)
    monkeypatch.setattr(planner, "SECONDS", most)
    finder = shell_hook.Gate(str(project), "true").planner()
    if most > 0:
        found = finder.restricted(finder.roots(), "true")
        assert str(project / "nda") in [path.path for path in found]
    else:
        with pytest.raises(GuardError, match="no time is left"):
            finder.restricted(finder.roots(), "true")
    said = capfd.readouterr().err
    assert said.startswith("claude-guard: looking for restricted files in `")
    monkeypatch.setattr(planner, "PATIENCE", 2.0)
    monkeypatch.setattr(planner, "SECONDS", 20.0)
    again = shell_hook.Gate(str(project), "true").planner()
    again.restricted(again.roots(), "true")
    assert capfd.readouterr().err == ""


@confined
def test_a_link_that_leads_elsewhere_now_is_masked_there(project: Path) -> None:
    (project / ".claude/guard.toml").write_text(
        POLICY.replace("nda/", "plan.txt").replace("intellectual-property", "credentials")
    )
    for name in ("old", "new"):
        (project / name).write_text(f"{name}: {TEXT}")
    for name in ("old", "new"):
        (project / "plan.txt").unlink(missing_ok=True)
        (project / "plan.txt").symlink_to(name)
        shown = run(project, "tr a-z A-Z < plan.txt; tr a-z A-Z < " + name)
        assert "TURBINE" not in shown.stdout


@confined
def test_a_policy_below_the_project_counts_as_soon_as_it_says_otherwise(project: Path) -> None:
    """What is kept between commands hangs on every policy, and so does whether the object store is shown."""
    below = project / "sub"
    (below / ".claude").mkdir(parents=True)
    (below / "data.txt").write_text(TEXT)
    for words in (
        ["init", "-q", "."],
        ["add", "sub"],
        ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", *words], cwd=project, check=True)
    rule = (
        'version = 1\n[[rules]]\npaths = ["data.txt"]\nclass = "restricted"\ncategory = "personal"\nprograms = "{}"\n'
    )
    command = "python3 -c 'print(len(open(\"sub/data.txt\").read()))'; find .git/objects -type f | wc -l"
    for programs, read in (("use", True), ("none", False), ("use", True)):
        (below / ".claude/guard.toml").write_text(rule.format(programs))
        for _ in range(2):
            done = run(project, command)
            assert (str(len(TEXT)) in done.stdout.split()) is read
            assert ("0" in done.stdout.split()) is not read
