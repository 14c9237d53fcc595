"""However a path is spelled, and whatever leads to it, the stricter of spelling and real path holds."""

import os
from pathlib import Path

import pytest

from claude_guard.judge import Judge, plain
from claude_guard.model import Touch
from claude_guard.policy import snapshot
from claude_guard.world import Machine


class Twins:
    """Every file with several names is the key's, as the inventory would find out."""

    def __init__(self, key: Path) -> None:
        self.key = key

    def twins(self, path: str) -> str | None:
        return str(self.key) if os.path.samefile(path, self.key) else None


@pytest.fixture
def project(tmp_path: Path) -> Path:
    made = tmp_path / "project"
    for name in ("secrets/prod.key", "src/a.py", ".env", ".env.example"):
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text(name)
    (made / ".claude").mkdir()
    (made / ".claude/guard.toml").write_text('version = 1\n[[rules]]\npaths = ["secrets/"]\nclass = "restricted"\n')
    return made


@pytest.fixture
def judge(project: Path, tmp_path: Path) -> Judge:
    home = tmp_path / "home"
    home.mkdir()
    policy = snapshot.load(str(project), str(home), str(home / "cache"))
    return Judge(policy, Machine(str(project), str(home)), lambda: Twins(project / "secrets/prod.key"))


@pytest.mark.parametrize(
    "spelling",
    [
        "secrets/prod.key", "secrets", "secrets/", "./secrets//prod.key", "src/../secrets/prod.key", "secrets/missing",
        "missing/../secrets/prod.key", "link", "dirlink/prod.key", "hard", "chain", "secrets/./prod.key", "src/up/prod.key",
        "secrets/" + "x" * 300, "secrets/\udcff", "secrets/a\nb", ".env", "secrets/../secrets/prod.key",
    ],
)  # fmt: skip
def test_a_restricted_path_is_denied_however_it_is_spelled(judge: Judge, project: Path, spelling: str) -> None:
    (project / "link").symlink_to("secrets/prod.key")
    (project / "chain").symlink_to("link")
    (project / "dirlink").symlink_to("secrets")
    (project / "src/up").symlink_to("../secrets")
    os.link(project / "secrets/prod.key", project / "hard")
    assert judge.path(f"{project}/{spelling}").action == "deny"


@pytest.mark.parametrize(
    "prefix", ["/proc/self/cwd", "/proc/thread-self/cwd", "/proc/self/root/proc/self/cwd", "//proc//self/./cwd"]
)
def test_proc_leads_to_the_clients_working_folder(judge: Judge, prefix: str) -> None:
    assert judge.path(f"{prefix}/secrets/prod.key").action == "deny"
    assert judge.path(f"{prefix}/src/a.py").action == "allow"


@pytest.mark.parametrize(
    "path", ["src/a.py", ".env.example", "secrets.md", "src/secrets.py", "/usr/lib/os-release", "missing"]
)
def test_everything_else_passes(judge: Judge, project: Path, path: str) -> None:
    assert judge.path(os.path.join(project, path)).action == "allow"


@pytest.mark.parametrize("path", ["", "/", "\0", "/a\0b", "/" + "x/" * 40_000, "/" + "x" * 100_000])
def test_odd_paths_do_not_crash(judge: Judge, path: str) -> None:
    judge.path(path)


def test_the_guards_own_open_files_are_not_the_clients(judge: Judge, project: Path) -> None:
    with open(project / ".env") as file:
        assert judge.path(f"/proc/self/fd/{file.fileno()}").action == "allow"
        assert judge.path(f"/dev/fd/{file.fileno()}").action == "allow"
    assert judge.path("/proc/self/environ").action == "deny"


def test_a_link_away_from_a_restricted_name_is_still_restricted(judge: Judge, project: Path) -> None:
    (project / ".env").unlink()
    (project / ".env").symlink_to("src/a.py")
    assert judge.path(f"{project}/.env").action == "deny"


def test_the_message_tells_how_the_path_was_reached(judge: Judge, project: Path) -> None:
    (project / "link").symlink_to("secrets/prod.key")
    os.link(project / "secrets/prod.key", project / "hard")
    assert judge.path(f"{project}/link").via == f"really `{project}/secrets/prod.key`"
    assert judge.path(f"{project}/hard").via == f"the same file as `{project}/secrets/prod.key`"


@pytest.mark.parametrize(
    ("path", "reads", "writes"),
    [
        (".claude/guard.toml", "allow", "ask"),
        (".claude/guard.local.toml", "allow", "ask"),
        (".claude/settings.json", "allow", "ask"),
        (".claude/claude-guard/guard.sh", "allow", "ask"),
        (".claude/commands/x.md", "allow", "allow"),
        ("HOME/.cache/claude-guard/key", "deny", "deny"),
        ("HOME/.local/state/claude-guard/audit.jsonl", "allow", "deny"),
        ("HOME/.config/claude-guard/policy.toml", "allow", "ask"),
        ("/etc/claude-guard/policy.toml", "allow", "ask"),
        ("src/settings.json", "allow", "allow"),
    ],
)
def test_the_guards_own_files(judge: Judge, project: Path, path: str, reads: str, writes: str) -> None:
    full = os.path.join(project, path.replace("HOME", judge.machine.home))
    judgement = judge(Touch("path", "write", full))
    assert (judgement.action, judgement.writes) == (reads, writes)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/a/./b//c", "/a/b/c"),
        ("/a/../b", "/b"),
        ("//a", "/a"),
        ("/proc/self/cwd/x", "/here/x"),
        ("/proc/self/task/1/cwd/x", "/here/x"),
        ("/proc/self/root/etc", "/etc"),
        ("/proc/1/cwd/x", "/proc/1/cwd/x"),
        ("/proc/self/environ", "/proc/self/environ"),
    ],
)
def test_plain(path: str, expected: str) -> None:
    assert plain(path, "/here") == expected
