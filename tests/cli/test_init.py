"""`claude-guard init`: what it finds, what it writes, and that the real loader takes it."""

import json
import os
import subprocess
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from claude_guard.cli.main import app, main
from claude_guard.policy import load, snapshot

FILES = {
    ".env": "A=1",
    ".env.test": "A=1",
    ".env.example": "A=",
    "deploy/server.pem": "x",
    "infra/prod.tfvars": "x",
    "data/customers.csv": "a,b",
    "data/raw/orders[1].parquet": "x",
    "tests/fixtures/rows.csv": "a,b",
    "backup/prod.dump": "x",
    "analysis.ipynb": "{}",
    "secrets/README": "x",
    "pkg/secrets/store.go": "package secrets",
    "weights/model.safetensors": "x",
    "ansible/site.yml": "x",
    ".gitattributes": "*.gpgsecret filter=git-crypt diff=git-crypt\n*.png binary\n",
    ".github/CODEOWNERS": "* @all\n/billing/ @acme/security-team\n",
    'odd/"quoted" #1.dump': "x",
    "node_modules/dep/.env": "x",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    root = tmp_path / "project"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["init", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_what_is_found_becomes_rules(project: Path) -> None:
    answer = json.loads(run(str(project), "--json"))
    found = {(row["rule"], path) for row in answer["found"] for path in row["paths"]}
    assert found == {
        ("covered", ".env"),
        ("covered", ".env.test"),
        ("commented", ".env.test"),
        ("covered", "deploy/server.pem"),
        ("covered", "infra/prod.tfvars"),
        ("active", "secrets"),
        ("commented", "pkg/secrets"),
        ("active", "*.gpgsecret"),
        ("active", "data"),
        ("active", "data/raw"),
        ("active", "backup/prod.dump"),
        ("active", 'odd/"quoted" #1.dump'),
        ("commented", "analysis.ipynb"),
        ("commented", "/billing/"),
    }
    assert answer["file"] == str(project / ".claude/guard.toml")
    assert answer["backup"] is None


JUDGED = [
    (".env", "deny"),
    (".env.test", "deny"),
    ("secrets/README", "deny"),
    ("pkg/secrets/store.go", "allow"),
    ("a/b.gpgsecret", "deny"),
    ("data/raw/orders[1].parquet", "ask"),
    ("backup/prod.dump", "deny"),
    ('odd/"quoted" #1.dump', "deny"),
    ("analysis.ipynb", "allow"),
    ("billing/code.py", "allow"),
    ("tests/fixtures/rows.csv", "allow"),
    ("src/app.py", "allow"),
]


def test_the_real_policy_engine_takes_it(project: Path, tmp_path: Path) -> None:
    run(str(project))
    load.read(str(project / ".claude/guard.toml"))
    policy = snapshot.load(
        str(project), str(tmp_path / "home"), str(tmp_path / "cache"), root=str(tmp_path / "none"), environment={}
    )
    assert [(path, policy.judge(f"{project}/{path}", False).action) for path, _ in JUDGED] == JUDGED


def test_every_commented_rule_is_a_rule_once_the_signs_are_taken_away(project: Path) -> None:
    run(str(project))
    file = project / ".claude/guard.toml"
    text = file.read_text()
    lines = [
        line.removeprefix("# ")
        if line.startswith(("# [", "# paths =", "# class =", "# reason =", "# view ="))
        else line
        for line in text.splitlines()
    ]
    lines = [
        line.removeprefix("# ") if line.startswith(('# run = "', "# uses = ", "# restricted =")) else line
        for line in lines
    ]
    file.write_text("\n".join(lines))
    more = load.read(str(file)).document
    assert len(more.rules) == len(tomllib.loads(text)["rules"]) + 4
    assert len(more.commands) == 1


def test_an_empty_project_gets_a_policy_too(tmp_path: Path) -> None:
    run(str(tmp_path))
    document = tomllib.loads((tmp_path / ".claude/guard.toml").read_text())
    assert document == {"version": 1}


def test_a_policy_that_is_there_is_kept(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = project / ".claude/guard.toml"
    file.parent.mkdir()
    file.write_text("version = 1 # mine\n")
    monkeypatch.setattr("sys.argv", ["claude-guard", "init", str(project)])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
    assert "is there already; edit it, or use --force" in capsys.readouterr().err
    assert file.read_text() == "version = 1 # mine\n"
    for number in (1, 2):
        before = file.read_text()
        answer = json.loads(run(str(project), "--force", "--json"))
        assert answer["backup"] == f"{file}.backup-{number}"
        assert Path(answer["backup"]).read_text() == before
    assert sorted(path.name for path in file.parent.iterdir()) == [
        "guard.toml",
        "guard.toml.backup-1",
        "guard.toml.backup-2",
    ]


def git(folder: Path, *arguments: str) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", *arguments], cwd=folder, env=environment, check=True)


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, "/.claude/guard.local.toml\n"),
        ("build/", "build/\n/.claude/guard.local.toml\n"),
        ("a\r\n", "a\r\n/.claude/guard.local.toml\n"),
        ("*.local.toml\n", "*.local.toml\n"),
        (".claude/\n", ".claude/\n"),
    ],
)
def test_the_local_policy_stays_out_of_git(project: Path, before: str | None, after: str) -> None:
    git(project, "init", "-q")
    ignore = project / ".gitignore"
    if before is not None:
        ignore.write_bytes(before.encode())
    answer = json.loads(run(str(project), "--json"))
    assert ignore.read_bytes().decode() == after
    assert answer["gitignore"] is (before != after)
    again = json.loads(run(str(project), "--json", "--force"))
    assert again["gitignore"] is False
    assert ignore.read_bytes().decode() == after


def test_without_a_repository_no_gitignore_is_made(project: Path) -> None:
    run(str(project))
    assert not (project / ".gitignore").exists()
    assert "guard.toml" in run(str(project), "--force")


def test_a_folder_that_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["claude-guard", "init", str(tmp_path / "nothing")])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 2
    assert "is not a folder" in capsys.readouterr().err
