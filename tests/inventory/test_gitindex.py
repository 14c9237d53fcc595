"""The index reader, compared with `git ls-files` on real index files of every version."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claude_guard.inventory import gitindex

NAMES = [
    ".env",
    "a/.env",
    "a/b/c/d.txt",
    "a/b/c/d.text",
    "a b/ü.md",
    "z" * 200,
    "tab\tname",
    "x/y",
    "x-y",
    "same",
]


@pytest.fixture(params=["sha1", "sha256"])
def repository(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    run(tmp_path, "init", "-q", f"--object-format={request.param}")
    for name in NAMES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def run(folder: Path, *arguments: str) -> bytes:
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
    return subprocess.run(
        ["git", *arguments], cwd=folder, env=environment, check=True, capture_output=True
    ).stdout


@pytest.mark.oracle
@pytest.mark.parametrize("version", ["2", "3", "4"])
def test_names_are_those_of_ls_files(repository: Path, version: str) -> None:
    run(repository, "add", "-A")
    run(repository, "update-index", "--index-version", version)
    if version == "3":
        run(repository, "update-index", "--skip-worktree", "x/y")
    listed = run(repository, "ls-files", "-z").decode().split("\0")[:-1]
    data = (repository / ".git/index").read_bytes()
    digest = 32 if b"sha256" in (repository / ".git/config").read_bytes() else 20
    assert data[7] == int(version)
    assert gitindex.names(data, digest) == listed


@pytest.mark.parametrize(
    "data", [b"", b"DIRC", b"DIRC\0\0\0\x09" + b"\0" * 40, b"DIRC\0\0\0\2\0\0\0\5" + b"\0" * 20]
)
def test_what_is_no_index_is_refused(data: bytes) -> None:
    with pytest.raises(gitindex.BadIndex):
        gitindex.names(data)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(tail=st.binary(max_size=300), version=st.sampled_from([2, 3, 4]), count=st.integers(0, 2**32 - 1))
def test_any_bytes_give_names_or_a_refusal(tail: bytes, version: int, count: int) -> None:
    data = b"DIRC" + version.to_bytes(4, "big") + count.to_bytes(4, "big") + tail
    try:
        found = gitindex.names(data)
    except gitindex.BadIndex:
        return
    assert len(found) <= len(tail)
