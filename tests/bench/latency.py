"""What a hook call costs, as a ratio to a bare interpreter start measured in the same run.

`python -m tests.bench.latency` prints the table: Read, Grep and Bash; 10, 1,000 and 10,000 rules; trees of 1,000 and
100,000 files. Rounds are interleaved, so a busy machine slows all rows alike. Ratios are medians of paired rounds.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BARE = [sys.executable, "-I", "-S", "-c", "pass"]
HOOK = [sys.executable, "-I", "-S", str(ROOT / "claude_guard/__hook__.py")]


def policy(rules: int) -> str:
    """A policy of that many rules, none of which matches the files that are read."""
    text = ["version = 1\n"]
    for number in range(rules):
        pattern = (f"restricted-{number}/", f"*.secret{number}", f"data/**/part-{number}.csv", f".hidden{number}*")[
            number % 4
        ]
        text.append(f'[[rules]]\npaths = ["{pattern}"]\nclass = "restricted"\nreason = "rule {number}"\n')
    return "\n".join(text)


def tree(root: Path, files: int) -> None:
    """A tree of that many files, fifty to a folder."""
    for number in range(files):
        folder = root / f"pkg{number // 2500}/mod{number // 50}"
        if number % 50 == 0:
            folder.mkdir(parents=True, exist_ok=True)
        (folder / f"file{number}.py").write_text("x = 1\n")


def calls(project: Path) -> dict[str, bytes]:
    """The hook inputs that are measured."""
    tools = {
        "Read": ("Read", {"file_path": str(project / "src/a.py")}),
        "Read denied": ("Read", {"file_path": str(project / ".env")}),
        "Grep": ("Grep", {"pattern": "x"}),
        "Bash cat": ("Bash", {"command": "cat src/a.py"}),
        "Bash pipe": ("Bash", {"command": 'cd src && for f in *.py; do grep -n x "$f" | head -3; done'}),
        "Bash grep -r": ("Bash", {"command": "grep -rn x ."}),
    }
    common = {"hook_event_name": "PreToolUse", "session_id": "bench", "cwd": str(project)}
    return {name: json.dumps({**common, "tool_name": t, "tool_input": i}).encode() for name, (t, i) in tools.items()}


def timed(command: list[str], data: bytes, environment: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, input=data, capture_output=True, env=environment, check=False)
    return time.perf_counter() - start


def measure(project: Path, home: Path, rounds: int) -> dict[str, float]:
    """Row -> median of its time over that of the bare interpreter started just before it."""
    environment = {
        "HOME": str(home),
        "PATH": os.environ["PATH"],
        "SHELL": "/bin/bash",
        "CLAUDE_PROJECT_DIR": str(project),
    }
    rows = calls(project)
    for data in rows.values():  # the first call of each kind compiles the policy and indexes the tree
        timed(HOOK, data, environment)
    ratios: dict[str, list[float]] = {name: [] for name in rows}
    for _ in range(rounds):
        for name, data in rows.items():
            bare = timed(BARE, b"", environment)
            ratios[name].append(timed(HOOK, data, environment) / bare)
    return {name: statistics.median(found) for name, found in ratios.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--most-files", type=int, default=100_000)
    arguments = parser.parse_args()
    header_shown = False
    for files in (1_000, 100_000):
        if files > arguments.most_files:
            continue
        for rules in (10, 1_000, 10_000):
            with tempfile.TemporaryDirectory() as place:
                project, home = Path(place) / "project", Path(place) / "home"
                (project / "src").mkdir(parents=True)
                home.mkdir()
                tree(project, files)
                (project / "src/a.py").write_text("x = 1\n")
                (project / ".env").write_text("TOKEN=1\n")
                (project / ".claude").mkdir()
                (project / ".claude/guard.toml").write_text(policy(rules))
                found = measure(project, home, arguments.rounds)
            if not header_shown:
                print("| files | rules | " + " | ".join(found) + " |")
                print("|---:|---:|" + "---:|" * len(found))
                header_shown = True
            print(
                f"| {files:,} | {rules:,} | " + " | ".join(f"{ratio:.2f}" for ratio in found.values()) + " |",
                flush=True,
            )


if __name__ == "__main__":
    main()
