"""What the shell gate adds, as ratios to a bare interpreter start: `python -m tests.bench.shell`.

Each command runs bare, plain and behind the gate in turn. What is added is told twice, as medians: by the clock, which is
what somebody waits for and counts on a second core that is idle, and as processor time of everything that is started,
which a busy machine changes little.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from claude_guard.content import fingerprint
from claude_guard.content.rewrite import Rewriter

PACKAGE = Path(__file__).parents[2] / "claude_guard"
POLICY = 'version = 1\n[[rules]]\npaths = ["secrets/", ".env"]\nclass = "restricted"\ncategory = "credentials"\n'
ROUNDS = 25
COMMANDS = (
    "true",
    "echo hi",
    "git status --short",
    "sleep 1",
    "head -c 100000000 /dev/zero | tr '\\0' 'x' | fold -w 80",
)


class Spent(NamedTuple):
    """Milliseconds by the clock, and of processor time."""

    clock: float
    work: float


def spent(words: list[str], project: Path, environment: dict[str, str]) -> Spent:
    """What one run takes."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(words, cwd=project, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Spent((time.perf_counter() - start) * 1000, used * 1000)


def medians(rows: list[list[str]], project: Path, environment: dict[str, str], rounds: int) -> list[Spent]:
    """What each row's words take, run in turn."""
    found: list[list[Spent]] = [[] for _ in rows]
    for _ in range(rounds):
        for words, runs in zip(rows, found, strict=True):
            runs.append(spent(words, project, environment))
    return [Spent(*(statistics.median(one) for one in zip(*runs, strict=True))) for runs in found]


def tree(root: Path) -> None:
    """100,000 files in 2,000 folders, 1,000 of them restricted, spread over half of the folders."""
    for number in range(2000):
        folder = root / f"pkg{number // 50}/mod{number}"
        folder.mkdir(parents=True)
        for name in (*(f"file{n}.py" for n in range(49)), ".env" if number % 2 else "last.py"):
            (folder / name).write_text(f"value_{number} = 1\n")


def rate(data: bytes) -> float:
    """Megabytes a second that the filter carries, with the fingerprints of one file."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / ".env"
        file.write_text("KEY=kestrel-plum-42-zq\n" * 50)
        filter_ = Rewriter(fingerprint.build([(str(file), ".env")], [], b"k" * 32))
    start = time.perf_counter()
    for at in range(0, len(data), 1 << 18):
        filter_.feed(data[at : at + (1 << 18)])
    return len(data) / (time.perf_counter() - start) / 1e6


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home, project = Path(folder) / "home", Path(folder) / "project"
        (project / "secrets").mkdir(parents=True)
        (project / ".claude").mkdir()
        home.mkdir()
        (project / ".claude/guard.toml").write_text(POLICY)
        (project / ".env").write_text("KEY=kestrel-plum-42-zq\n")
        environment = {"HOME": str(home), "PATH": os.environ["PATH"], "CLAUDE_PROJECT_DIR": str(project)}
        subprocess.run(["git", "init", "-q", "."], cwd=project, env=environment, check=True)
        bare = [sys.executable, "-IS", "-c", "pass"]
        gate = [sys.executable, "-IS", str(PACKAGE / "__shell__.py")]
        medians([[*gate, "git status"]], project, environment, 3)
        time.sleep(2.5)  # folders that changed just now are looked through again
        print(f"{'starts of a bare interpreter added':36}  clock   work")
        for command in COMMANDS:
            rounds = 3 if "100000000" in command or "sleep" in command else ROUNDS
            rows = [bare, ["/bin/sh", "-c", command], [*gate, command]]
            one, plain, gated = medians(rows, project, environment, rounds)
            clock = (gated.clock - plain.clock) / one.clock
            work = (gated.work - plain.work) / one.work
            print(f"{command[:36]:36} {clock:6.2f} {work:6.2f}   {gated.clock / plain.clock:.2f} times the time")
        (small,) = medians([[*gate, "true"]], project, environment, ROUNDS)
        tree(project)
        medians([[*gate, "true"]], project, environment, 3)
        time.sleep(2.5)
        (large,) = medians([[*gate, "true"]], project, environment, ROUNDS)
        print(f"{'true, 100,000 files':36} {large.clock - small.clock:6.1f} ms more by the clock")
    line = b"".join(b"%d: the quick brown fox jumps over src/module_%d.py\n" % (n, n % 97) for n in range(20_000))
    print(f"{'filter, text':36} {rate(line * 10):7.1f} MB/s")
    print(f"{'filter, no lines':36} {rate(bytes(20_000_000)):7.1f} MB/s")


if __name__ == "__main__":
    main()
