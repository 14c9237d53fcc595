"""What the client hands to the prefix, and that nothing but the guard's own hooks passes for one."""

import pytest

from claude_guard.confine import client

START = '/bin/sh "$CLAUDE_PROJECT_DIR/.claude/claude-guard/guard.sh"'
ARGUMENTS = ("--no-rewrite", "--no-ask")
SNAPSHOT = "source /h/.claude/shell-snapshots/snapshot-zsh-1.sh 2>/dev/null || true && "

OWN = (
    (f"{START}  || exit 2".replace("  ", " "), True),
    (f"{START} --no-rewrite || exit 2", True),
    (f"{START} --no-rewrite --no-ask || exit 2", True),
    (f"{START} --no-ask --no-rewrite || exit 2", False),
    (f"{START} --no-ask; cat .env || exit 2", False),
    (f"{START} $(cat .env) || exit 2", False),
    (f"{START} --no-ask || exit 2; cat .env || exit 2", False),
    (f"cat .env; {START} || exit 2", False),
    (f"{SNAPSHOT}eval '{START} || exit 2' < /dev/null && pwd -P >| /tmp/claude-1-cwd", False),
    (f"{START}", False),
    ("", False),
)


@pytest.mark.parametrize(("command", "expected"), OWN)
def test_only_the_guards_own_hooks_are_recognised(command: str, expected: bool) -> None:
    assert client.own(command, (START,), ARGUMENTS) is expected


INNER = (
    (f"{SNAPSHOT}eval 'echo hi; exit 3' < /dev/null && pwd -P >| /tmp/claude-f75f-cwd", "echo hi; exit 3"),
    (f"{SNAPSHOT}eval 'echo '\"'\"'a b'\"'\"'' < /dev/null && pwd -P >| /tmp/claude-f75f-cwd", "echo 'a b'"),
    (f'{SNAPSHOT}eval "cat \\"x\\" && eval y" \\< /dev/null && pwd -P >| /tmp/claude-1-cwd', 'cat "x" && eval y'),
    (f"{SNAPSHOT}eval 'a && eval '\\''b'\\''' < /dev/null && pwd -P >| /tmp/claude-1-cwd", "a && eval 'b'"),
    ("python3 server.py", "python3 server.py"),
)


@pytest.mark.parametrize(("command", "expected"), INNER)
def test_the_script_is_taken_out_of_its_wrapping(command: str, expected: str) -> None:
    assert client.inner(command) == expected


def test_the_prefix_is_one_executable() -> None:
    assert client.executable("/usr/bin/python3", "/p/claude_guard").startswith("#!/usr/bin/python3 -IS\n")
    assert client.executable("/a b/python3", "/p").startswith("#!/bin/sh\nexec '/a b/python3' -IS ")
