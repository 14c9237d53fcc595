"""What the shell gate adds, as ratios to a bare interpreter start: `python -m tests.bench.shell`.

Times are medians of the processor time of everything that a command starts, so that a busy machine does not count; the
rate of the output filter is by the clock.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from claude_guard.content import fingerprint
from claude_guard.content.rewrite import Rewriter

PACKAGE = Path(__file__).parents[2] / "claude_guard"
POLICY = 'version = 1\n[[rules]]\npaths = ["secrets/", ".env"]\nclass = "restricted"\ncategory = "credentials"\n'
ROUNDS = 15
COMMANDS = (
    "true",
    "echo hi",
    "git status --short",
    "sleep 1",
    "head -c 100000000 /dev/zero | tr '\\0' 'x' | fold -w 80",
)


def spent(words: list[str], project: Path, environment: dict[str, str], rounds: int = ROUNDS) -> tuple[float, float]:
    """Median milliseconds of processor time, and of the clock, that a command takes."""
    found = []
    for _ in range(rounds):
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as reader:
            subprocess.run(words, cwd=project, env=environment, stdout=reader.stdin, stderr=reader.stdin, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        found.append((used * 1000, (time.perf_counter() - start) * 1000))
    found.sort()
    return found[len(found) // 2]


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
        bare, _ = spent([sys.executable, "-IS", "-c", "pass"], project, environment)
        print(f"{'bare interpreter':24} {bare:7.1f} ms = 1")
        gate = [sys.executable, "-IS", str(PACKAGE / "__shell__.py")]
        spent([*gate, "git status"], project, environment, 3)
        time.sleep(2.5)  # folders that changed just now are looked through again
        for command in COMMANDS:
            rounds = 3 if "100000000" in command or "sleep" in command else ROUNDS
            plain = spent(["/bin/sh", "-c", command], project, environment, rounds)
            gated = spent([*gate, command], project, environment, rounds)
            added = gated[0] - plain[0]
            print(
                f"{command[:24]:24} {added:7.1f} ms = {added / bare:.1f} starts; {gated[1] / plain[1]:.2f} times the clock"
            )
        small = spent([*gate, "true"], project, environment)
        tree(project)
        spent([*gate, "true"], project, environment, 3)
        time.sleep(2.5)
        large = spent([*gate, "true"], project, environment)
        print(
            f"{'true, 100,000 files':24} {large[1] - small[1]:7.1f} ms by the clock more, {large[0] - small[0]:.1f} of work"
        )
    line = b"".join(b"%d: the quick brown fox jumps over src/module_%d.py\n" % (n, n % 97) for n in range(20_000))
    print(f"{'filter, text':24} {rate(line * 10):7.1f} MB/s")
    print(f"{'filter, no lines':24} {rate(bytes(20_000_000)):7.1f} MB/s")


if __name__ == "__main__":
    main()
