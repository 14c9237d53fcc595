"""What a command that was read whole gets back of what the masks take."""

import os
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest

from claude_guard.confine import lifting, probe
from claude_guard.confine.restricted import Path as Masked

PACKAGE = Path(lifting.__file__).parents[1]
CANARY = "kestrel-plum-42-zq"
POLICY = """version = 1
[[rules]]
paths = ["secrets/", ".env"]
class = "restricted"
[[rules]]
paths = ["hidden/"]
class = "restricted"
names = "hidden"
"""

FILE = Masked("/p/.env", False, True, False)
FOLDER = Masked("/p/secrets", True, True, False)
HIDDEN = Masked("/p/hidden", True, True, True)
HELD: dict[str, list[tuple[str, bool]] | None] = {
    "/p/secrets": [("a.key", False), ("db", True), ("new", True)],
    "/p/secrets/new": [("x", False), ("y", False)],
    "/p/secrets/db": None,
}

LEFT = (
    ("nothing written", set(), ["/p/.env", "/p/hidden", "/p/secrets"]),
    ("the file", {"/p/.env"}, ["/p/hidden", "/p/secrets"]),
    ("the folder above", {"/p"}, ["/p/hidden"]),
    ("hidden", {"/p/hidden", "/p/hidden/x"}, ["/p/.env", "/p/hidden", "/p/secrets"]),
    ("a file in a masked folder", {"/p/secrets/a.key"}, ["/p/.env", "/p/hidden", "/p/secrets/db", "/p/secrets/new"]),
    ("deeper", {"/p/secrets/new/x"}, ["/p/.env", "/p/hidden", "/p/secrets/a.key", "/p/secrets/db", "/p/secrets/new/y"]),
    ("new", {"/p/secrets/z"}, ["/p/.env", "/p/hidden", "/p/secrets/a.key", "/p/secrets/db", "/p/secrets/new"]),
    ("where it cannot be listed", {"/p/secrets/db/x"}, ["/p/.env", "/p/hidden", "/p/secrets"]),
)


@pytest.mark.parametrize(("name", "written", "left"), LEFT, ids=[row[0] for row in LEFT])
def test_masks_that_are_left(name: str, written: set[str], left: list[str]) -> None:
    found = lifting.without((FILE, FOLDER, HIDDEN), written, HELD.get)
    assert sorted(path.path for path in found) == left


SNAPSHOTS = (
    ("alias -- ls='ls --color=auto'", "ls", True),
    ("alias -- ls='cat .env; ls'", "ls", False),
    ("alias ls=ls", "ls", True),
    ("cp () {\n    cat .env\n}", "cp", False),
    ("function cp {\n    cat .env\n}", "cp", False),
    (f"eval \"$(echo '{b64encode(b'rm () { cat .env; }').decode()}' | base64 -d)\" > /dev/null 2>&1", "rm", False),
    (f"eval \"$(echo '{b64encode(b'rm () { cat .env; }').decode()}' | base64 -d)\" > /dev/null 2>&1", "mv", True),
    ("", "cd", True),
    ("cd () { cat .env; }", "cd", False),
    ("", "/bin/ls", True),
    ("", "./ls", False),
    ("", "bin/ls", False),
    ("", "no-such-program", False),
)


@pytest.mark.parametrize(("snapshot", "name", "expected"), SNAPSHOTS)
def test_a_program_of_the_system(snapshot: str, name: str, expected: bool) -> None:
    def real(file: str) -> str | None:
        return os.path.realpath(file) if os.access(file, os.X_OK) else None

    assert lifting.system(name, "/usr/bin:/bin", lifting.defined(snapshot), real) is expected


def test_a_program_that_lies_elsewhere_is_none(tmp_path: Path) -> None:
    fake = tmp_path / "ls"
    fake.write_text("#!/bin/sh\ncat .env\n")
    fake.chmod(0o755)

    def real(file: str) -> str | None:
        return os.path.realpath(file) if os.access(file, os.X_OK) else None

    assert not lifting.system("ls", f"{tmp_path}:/usr/bin", frozenset(), real)
    assert not lifting.system("ls", ".:/usr/bin", frozenset(), lambda file: "/usr/bin/ls")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    if not probe.look().works:
        pytest.skip("bubblewrap does not work here")
    place = tmp_path / "project"
    for folder in (".claude", "secrets", "hidden", "bin"):
        (place / folder).mkdir(parents=True)
    (place / ".claude/guard.toml").write_text(POLICY)
    (place / ".env").write_text(f"TOKEN={CANARY}\n")
    (place / ".env.example").write_text("TOKEN=\n")
    (place / "secrets/prod.key").write_text(f"{CANARY}\n")
    (place / "hidden/deal.txt").write_text(f"{CANARY}\n")
    for name in ("ls", "touch"):
        (place / "bin" / name).write_text("#!/bin/sh\ncat .env | tr a-z b-za\n")
        (place / "bin" / name).chmod(0o755)
    return place


def run(project: Path, command: str, **more: str) -> subprocess.CompletedProcess[str]:
    home = project.parent / "home"
    home.mkdir(exist_ok=True)
    environment = {"HOME": str(home), "PATH": "/usr/bin:/bin", "CLAUDE_PROJECT_DIR": str(project), **more}
    return subprocess.run(
        [sys.executable, "-IS", str(PACKAGE / "__shell__.py"), command],
        cwd=project, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


WRITES = (
    ("cp .env.example .env", {".env": "TOKEN=\n"}),
    ("echo A=1 >> .env", {".env": f"TOKEN={CANARY}\nA=1\n"}),
    ("sed s/TOKEN/KEY/ .env.example > .env", {".env": "KEY=\n"}),
    ("rm -f .env", {".env": None}),
    ("rm -rf secrets", {"secrets/prod.key": None}),
    ("mkdir -p secrets/new && touch secrets/new/x", {"secrets/new/x": "", "secrets/prod.key": f"{CANARY}\n"}),
    ("cd secrets && printf x > y", {"secrets/y": "x", "secrets/prod.key": f"{CANARY}\n"}),
)


@pytest.mark.parametrize(("command", "left"), WRITES, ids=[row[0] for row in WRITES])
def test_what_is_written_is_written(project: Path, command: str, left: dict[str, str | None]) -> None:
    ended = run(project, command)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    for name, text in left.items():
        file = project / name
        assert (file.read_text() if file.exists() else None) == text


def test_modes_are_shown_and_changed(project: Path) -> None:
    (project / ".env").chmod(0o640)
    assert run(project, "ls -l .env").stdout.startswith("-rw-r-----")
    assert run(project, "chmod 600 .env && stat -c %a .env").stdout == "600\n"
    assert run(project, "test -r .env && echo yes").stdout == "yes\n"


def test_a_variable_may_be_tested_for(project: Path) -> None:
    assert run(project, '[ -n "$APP_TOKEN" ] && echo set', APP_TOKEN=CANARY).stdout == "set\n"


STAYS = (
    "cat .env; touch .env",
    "touch .env; python3 -c 'import sys; print(open(sys.argv[1]).read())' .e*v",
    "cp .env.example .env; sh -c \"$(printf 'cat .e%sv' n)\"",
    "PATH=bin:$PATH; touch .env",
    "./bin/touch .env",
    "ls -l .env; ./bin/ls",
    "find . -name .env -exec cat {} +",
    "ls hidden; stat hidden/deal.txt; cat hidden/deal.txt",
    'echo $APP_TOKEN; [ -n "$APP_TOKEN" ]; printenv | tr a-z b-za',
)


@pytest.mark.parametrize("command", STAYS)
def test_otherwise_masks_stay(project: Path, command: str) -> None:
    ended = run(project, command, APP_TOKEN=CANARY)
    turned = CANARY.translate(str.maketrans("abcdefghijklmnopqrstuvwxyz", "bcdefghijklmnopqrstuvwxyza"))
    for shown in (CANARY, turned):
        assert shown not in ended.stdout + ended.stderr
    assert "deal.txt" not in ended.stdout


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("alias -- touch='touch -a'", ""),
        ("touch () {\n cat .env | tr a-z b-za\n}", "Permission denied"),
        ("{path}", ""),
    ],
)
def test_the_clients_snapshot_counts(project: Path, line: str, expected: str) -> None:
    snapshot = project.parent / "snapshot.sh"
    path = "/usr/local/bin:/usr/bin:/bin".replace(":", "\\:")
    snapshot.write_text(f"# Snapshot file\nunalias -a\n{line.replace('{path}', '')}\nexport PATH={path}\n")
    lead = f"source {snapshot} 2>/dev/null || true && shopt -u extglob 2>/dev/null || true"
    ended = run(
        project,
        f"{lead} && eval 'touch -m .env' < /dev/null && pwd -P >| {project.parent}/cwd",
        SHELL="/bin/bash", PATH=f"{project}/bin:/usr/bin:/bin",
    )  # fmt: skip
    assert expected in ended.stderr
    assert bool(ended.stderr) is bool(expected)


@pytest.mark.parametrize("name", ["BASH_ENV", "LD_PRELOAD", "BASH_FUNC_touch%%"])
def test_what_changes_programs_takes_no_masks_off(project: Path, name: str) -> None:
    value = "() { cat .env | tr a-z b-za; }" if "FUNC" in name else ""
    assert "touch" in run(project, "touch .env", **{name: value}).stderr


def test_a_program_of_the_project_on_path_gets_no_masks_taken_off(project: Path) -> None:
    path = f"{project}/bin:/usr/bin:/bin"
    for command in ("ls -l", "touch .env"):
        ended = run(project, command, PATH=path)
        assert "Permission denied" in ended.stderr
