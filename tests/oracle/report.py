"""`make report`: what the guard says of every row of the corpus, as one table, with each leak and false denial.

The decision is the real one: the fixture's policy on disk, the hook's own guard, with the shell gate off. The sum of
what was asked (opaque) and what was denied counts as caught; a row that passes although it reads is a leak.
"""

import os
import re
import sys
import tempfile
import time
from collections import Counter
from typing import NamedTuple

from claude_guard.hook import Guard
from claude_guard.model import Call, Decision
from claude_guard.shell import read
from tests.corpus import fixture, rows

from .sandbox import placed

CALLS = 100
"""Calls that one guard answers: it is made for one, and keeps its snapshot open."""


class Judged(NamedTuple):
    """A row with the guard's answer. seconds: how long it took. unnamed: what was read and no reason names."""

    row: rows.Row
    decision: Decision
    seconds: float
    unnamed: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        return self.decision.verdict


class Bench:
    """The guard over one fixture, as a session in its project would have it where the process has the fixture's
    environment."""

    def __init__(self, home: str) -> None:
        self.home = home
        self.project = fixture.build(home)
        self.guards: list[Guard] = []
        self.judged = 0

    def judge(self, row: rows.Row) -> Judged:
        script = placed(row.script, self.home)
        call = Call("PreToolUse", "report", self.project, self.project, "Bash", {"command": script})
        begun = time.monotonic()
        if self.judged % CALLS == 0:
            self.guards = [Guard(call)]
        self.judged += 1
        guard = self.guards[0]
        touches = read(script, guard.world, row.dialect).touches
        decision = guard.decide(touches, call, guard.policy.shell.opaque)  # type: ignore[arg-type]
        item = Judged(row, decision, time.monotonic() - begun)
        return item._replace(unnamed=tuple(unnamed(item, os.path.realpath(self.project))))


def judged(corpus: list[rows.Row]) -> list[Judged]:
    """Every row with its answer."""
    with tempfile.TemporaryDirectory(prefix="report-") as folder:
        bench = Bench(os.path.join(os.path.realpath(folder), "home"))
        os.environ.clear()
        os.environ.update(fixture.environment(bench.home))
        return [bench.judge(row) for row in corpus]


def unknown(item: Judged) -> bool:
    return any(reason.touch.kind == "opaque" for reason in item.decision.reasons)


def unnamed(item: Judged, project: str) -> list[str]:
    """What the script really read and no reason names, by itself, by a folder above it or by a link; nothing where
    something could not be determined."""
    if unknown(item):
        return []
    named = set()
    for reason in item.decision.reasons:
        via = reason.judgement.via if reason.judgement else ""
        for path in (reason.touch.name, *re.findall("`([^`]*)`", via)):
            named.add(os.path.relpath(os.path.realpath(path), project) if path.startswith("/") else f"${path}")
    return [read for read in item.row.reads if not any(read == name or read.startswith(f"{name}/") for name in named)]


def share(part: int, whole: int) -> str:
    return f"{part}/{whole} ({100 * part / whole:.2f} %)" if whole else "0/0"


def table(items: list[Judged]) -> list[tuple[str, str]]:
    """The figures, each with its name."""
    evasions = [item for item in items if item.row.kind == "evasion"]
    harmless = [item for item in items if item.row.kind == "harmless"]
    verdicts = Counter((item.row.kind, item.verdict) for item in items)
    caught = len(evasions) - verdicts["evasion", "pass"]
    times = sorted(item.seconds for item in items)
    return [
        ("evasions caught", share(caught, len(evasions))),
        ("  denied", share(verdicts["evasion", "deny"], len(evasions))),
        ("  asked", share(verdicts["evasion", "ask"], len(evasions))),
        ("  leaked (pass)", share(verdicts["evasion", "pass"], len(evasions))),
        ("  every read named, or unknown", share(sum(not item.unnamed for item in evasions), len(evasions))),
        ("harmless passed", share(verdicts["harmless", "pass"], len(harmless))),
        ("  false denials", share(verdicts["harmless", "deny"], len(harmless))),
        ("  false questions", share(verdicts["harmless", "ask"], len(harmless))),
        ("opaque in evasions", share(sum(map(unknown, evasions)), len(evasions))),
        ("opaque in harmless", share(sum(map(unknown, harmless)), len(harmless))),
        (
            "median, 99th percentile of reading",
            f"{1000 * times[len(times) // 2]:.1f} ms, {1000 * times[len(times) * 99 // 100]:.1f} ms",
        ),
    ]


def listing(title: str, items: list[Judged]) -> None:
    print(f"\n{title}: {len(items)}")
    for item in items:
        reason = item.decision.reasons[0].text if item.decision.reasons else f"reads {', '.join(item.row.reads)}"
        print(f"  {item.row.id} [{item.row.dialect}] {item.row.script!r}\n      {reason}")


def main(arguments: list[str]) -> int:
    """Prints the table for the rows whose id starts with one of the arguments, or for all; `-q`: only the table."""
    wanted = tuple(word for word in arguments if not word.startswith("-"))
    corpus = [row for row in rows.load() if not wanted or row.id.startswith(wanted)]
    if not corpus:
        print("the corpus holds no such row")
        return 1
    items = judged(corpus)
    if "-q" not in arguments:
        listing("leaks", [item for item in items if item.row.kind == "evasion" and item.verdict == "pass"])
        listing("false denials", [item for item in items if item.row.kind == "harmless" and item.verdict == "deny"])
        listing("false questions", [item for item in items if item.row.kind == "harmless" and item.verdict == "ask"])
        listing("caught, but not every read named", [i for i in items if i.unnamed and i.verdict != "pass"])
        print()
    for name, figure in table(items):
        print(f"{name:<38}{figure}")
    return 1 if any(item.row.kind == "evasion" and item.verdict == "pass" for item in items) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
