"""What is left of a command, told by the namespace that it ran in."""

import os
import subprocess
import time

import pytest

from claude_guard.confine import remains


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="processes are told by namespaces on Linux only")
@pytest.mark.parametrize(("age", "last"), [(0, None), (0, -1), (3600, None)])
def test_processes_in_the_namespace_are_found(monkeypatch: pytest.MonkeyPatch, age: int, last: int | None) -> None:
    since = time.monotonic() - age
    if last is not None:
        monkeypatch.setattr(remains, "_last", lambda: last)
    here, elsewhere = os.open("/proc/self/ns/mnt", os.O_RDONLY), os.open("/proc/self/ns/user", os.O_RDONLY)
    with subprocess.Popen(["sleep", "60"]) as first, subprocess.Popen(["sleep", "60"]) as second:
        left = remains.left(here, first.pid, since)
        assert [remains.left(space, first.pid, since) for space in (-1, elsewhere)] == [[], []]
        second.kill()
        second.wait()
        gone = remains.left(here, first.pid, since)
        first.kill()
    assert len(left) == len(gone) + 1
    for end in (*left, *gone, here, elsewhere):
        os.close(end)


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="the number is Linux's")
def test_the_last_id_is_that_of_the_newest_process() -> None:
    with subprocess.Popen(["true"]) as newest:
        assert remains._last() >= newest.pid or remains._last() == -1
