"""A command that the guard rewrote does what the original does, without the restricted files: run by the real programs.

Each row runs twice in a copy of the fixture: as rewritten, and as written in a copy that has no restricted files. Both
print the same.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from claude_guard.hook import Guard
from claude_guard.model import Call

pytestmark = pytest.mark.oracle

POLICY = 'version = 1\n[[rules]]\npaths = ["secrets/", ".env", "odd [1].key"]\nclass = "restricted"\n'
RESTRICTED = {
    ".env": "TOKEN=canary-a\n",
    "config/.env": "x TOKEN=canary-b\n",
    "secrets/prod.key": "TOKEN=canary-c\n",
    "secrets/deep/x.txt": "x TOKEN=canary-d\n",
}
OPEN = {
    ".env.example": "TOKEN=\n",
    "src/app.py": "TOKEN = seen\nx\n",
    "src/deep/wörter.py": "x TOKEN\n",
    "config/a.toml": "x TOKEN\n",
    "docs/secrets.md": "TOKEN x\n",
}
REWRITTEN = """
grep -rn TOKEN .
grep -rn TOKEN . | head -3
grep -rnw TOKEN
grep -r -l TOKEN src config
grep -rn --include='*' TOKEN .
grep -rn "wörter" . ; grep -rn "x" "."
cd config && grep -rn x .
(cd config; grep -c TOKEN -r .) | sort
timeout 20 grep -rn TOKEN . 2>/dev/null
for d in src config; do grep -rn TOKEN $d; done
/usr/bin/grep -rh TOKEN . | sort | uniq -c
if grep -rq canary .; then echo found; else echo none; fi
grep -rn canary .
egrep -rn 'TOK|x' .
rg --hidden --sort path TOKEN
rg --hidden --sort path TOKEN config
cd config && rg --hidden x
rg -uu --sort path -g '*' -l TOKEN .
rg -uuu --sort path canary
git grep TOKEN
git grep -n TOKEN config
cd config && git grep TOKEN
git grep TOKEN HEAD
git diff HEAD~1
git diff HEAD~1 -- config docs
git show --format=%s HEAD
git log -p --format=%s
tar cf - . | tar tf - | sort
tar -cf - config src | tar -tf - | sort
tar -C config -cf - . | tar -tf - | sort
find . -type f | xargs grep TOKEN | sort
find . -type f -print0 | xargs -0 grep -h TOKEN | sort
find src config -type f -exec grep -H TOKEN {} + | sort
find -L notes -type f | xargs cat
find . -maxdepth 2 -type f -not -path './.git/*' -exec cat {} + | sort
find . -type f -not -path './.git/*' | while read -r f; do wc -c "$f"; done | sort
""".strip().splitlines()
HINTED = {
    "for f in $(find . -type f); do cat $f; done": "-not -path",
    "bash -c 'grep -rn TOKEN .'": "--exclude=.env",
    "f() { grep -rn TOKEN .; }; f": "--exclude=.env",
    "find . -name '.env' -o -name '*.py' | xargs cat": "-not -path",
}
AS_THEY_ARE = [
    "find . -name '*.py' | xargs grep TOKEN",
    "for f in $(find . -name '*.py'); do cat $f; done",
    "grep -rn TOKEN src",
    "find . -type f | wc -l",
]
PLAINLY_REFUSED = [
    "cat .env",
    "grep -rn TOKEN . ; cat .env",
    "find . -name '.env*' | head -1 | xargs cat",
    "find . -name '.env*' | xargs sh -c 'cat $1'",
]


def build(root: Path, every: bool) -> Path:
    root.mkdir()
    (root / ".claude").mkdir()
    (root / ".claude" / "guard.toml").write_text(POLICY)
    run(
        "git init -q && git config user.name a && git config user.email a@b && git add -A && git commit -qm start", root
    )
    for name, text in {**OPEN, **(RESTRICTED if every else {})}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (root / "secrets").mkdir(exist_ok=True)
    (root / "notes").mkdir()
    (root / "notes" / "linked").symlink_to("../secrets")
    run("git add -A && git commit -qm files", root)
    return root


def run(command: str, folder: Path) -> tuple[str, int]:
    environment = {"HOME": str(folder), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "GIT_PAGER": "cat"}
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    return done.stdout, done.returncode


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    base = tmp_path_factory.mktemp("narrowed")
    (base / "one").mkdir()
    (base / "two").mkdir()
    return build(base / "one" / "project", True), build(base / "two" / "project", False)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SHELL", "/bin/bash")


def decided(project: Path, command: str, rewrite: bool = True):  # type: ignore[no-untyped-def]
    call = Call("PreToolUse", "", str(project), str(project), "Bash", {"command": command})
    return Guard(call).tool(call, rewrite)


@pytest.mark.parametrize("command", REWRITTEN)
def test_a_rewritten_command_prints_what_is_left(projects: tuple[Path, Path], command: str) -> None:
    if command.startswith("rg") and not shutil.which("rg"):
        pytest.skip("rg is not installed")
    guarded, bare = projects
    decision = decided(guarded, command)
    assert decision.verdict == "pass", decision.reasons
    assert decision.updated_input is not None
    rewritten = decision.updated_input["command"]
    again = decided(guarded, rewritten, rewrite=False)
    assert again.verdict == "pass"
    said, code = run(rewritten, guarded)
    wanted, expected = run(command, bare)
    ours = "\n".join(line for line in said.splitlines() if "index " not in line)
    theirs = "\n".join(line for line in wanted.splitlines() if "index " not in line)
    assert "canary" not in said
    skipped = ("./.git/", "./secrets/", "Binary file")
    assert [line for line in ours.splitlines() if not line.startswith(skipped)] == [
        line for line in theirs.splitlines() if not line.startswith(skipped)
    ]
    assert code == expected


@pytest.mark.parametrize("command", HINTED)
def test_where_it_cannot_be_rewritten_the_refusal_tells_the_words(projects: tuple[Path, Path], command: str) -> None:
    decision = decided(projects[0], command)
    assert decision.verdict == "deny"
    assert decision.updated_input is None
    assert any(HINTED[command] in reason.text for reason in decision.reasons)


@pytest.mark.parametrize("command", AS_THEY_ARE)
def test_what_reaches_nothing_restricted_is_left_alone(projects: tuple[Path, Path], command: str) -> None:
    decision = decided(projects[0], command)
    assert (decision.verdict, decision.updated_input) == ("pass", None), decision.reasons


@pytest.mark.parametrize("command", PLAINLY_REFUSED)
def test_what_is_named_is_refused_as_before(projects: tuple[Path, Path], command: str) -> None:
    decision = decided(projects[0], command)
    assert decision.verdict in ("deny", "ask")
    assert decision.updated_input is None


@pytest.mark.parametrize("command", REWRITTEN[:3])
def test_a_client_that_cannot_rewrite_gets_the_refusal(projects: tuple[Path, Path], command: str) -> None:
    decision = decided(projects[0], command, rewrite=False)
    assert decision.verdict == "deny"
    assert "leave it out with `--exclude=.env`" in decision.reasons[0].text


def test_a_name_that_something_allowed_has_too_is_only_proposed(projects: tuple[Path, Path]) -> None:
    allowed = projects[0] / "vendored" / "x" / "prod.key"
    policy = projects[0] / "vendored" / ".claude" / "guard.toml"
    allowed.parent.mkdir(parents=True)
    try:
        policy.parent.mkdir()
        allowed.write_text("harmless\n")
        (allowed.parent / "secrets").write_text("a file of that name\n")
        decision = decided(projects[0], "grep -rn TOKEN .")
        assert decision.verdict == "deny"
        assert any("--exclude-dir=secrets" in reason.text for reason in decision.reasons)
    finally:
        shutil.rmtree(projects[0] / "vendored")
