"""`make gate`: the corpus through the shell gate, under real bubblewrap.

Evasions that the command gate only asks about, and a spread of those that it denies, are run through the gate: no canary
may come out. A spread of the harmless rows is run with and without the gate, in equal fresh copies of the fixture:
both output streams and the exit code have to be the same, byte for byte, or the row stands in
`gate_differences.jsonl` with the reason. That file may only shrink.

Each row runs behind outer walls of bubblewrap, at the same paths for all. `--bare` runs them without, in a home folder of
their own: on macOS, where there is no bubblewrap, and only on a machine that is thrown away, as the rows were
written for the walls. There differences are told and not judged: no list of them has been made.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from claude_guard.confine import launcher, probe
from claude_guard.confine.client import quote
from tests.corpus import fixture, rows

from . import observe, pool, report, sandbox
from .sandbox import HOME

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LISTED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "gate_differences.jsonl")
GATE = (sys.executable, "-IS", os.path.join(ROOT, "claude_guard", "__shell__.py"))
RUNTIME = "/run/user/1000"
SECONDS = 30
JUDGING = threading.Lock()  # the environment is the corpus's meanwhile
LIMIT = 200
"""The longest text of a difference that is shown, in characters."""

NORMAL = (
    (rb"\b\d\d:\d\d(:\d\d)?(\.\d+)?\b", b"TIME", "the time of day, and times in traces"),
    (rb"(?m)^([EWIF]\d{4} TIME) +\d+(?= \w+\.go)", rb"\1 PID", "process ids in the log of a program in Go"),
    (rb"\b1[5-9]\d{8}(\.\d+)?\b", b"TIME", "the time in seconds"),
    (rb"(?m)\b\d+[.m]\d+ ?s?\b", b"SPAN", "how long something took"),
    (rb"(?<=/proc/)\d+", b"PID", "process ids"),
    (rb"(?m)^ *\d+ (?=\?|pts/)", b"PID ", "process ids in listings"),
    (rb"(?<=tmp\.)\w{6,}|(?<=/tmp/)\w{8,}", b"NAME", "random names of temporary files"),
)
"""What differs from run to run and not because of the gate: only used where two runs without the gate differ too."""

TOOK = rb"(?<=after )\d+ ms|(?<=in )\d+\.\d+s\b"
"""How long something took, as programs say it: never compared."""

CHANCE = re.compile(r"\bshuf\b|RANDOM|/dev/u?random|uuid|openssl rand|\btop -b|\bdf\b")
"""Scripts whose output is left to chance, or to what else runs and is mounted: nothing to compare. (`top` counts the
launcher, and `df` lists file systems in another order.)"""


class Outcome(NamedTuple):
    """What one run did. left: whose canaries lie afterwards in files that are not restricted."""

    output: bytes
    errors: bytes
    code: int
    left: frozenset[str] = frozenset()

    def shown(self) -> tuple[bytes, bytes, int]:
        return self.output, self.errors, self.code


class Difference(NamedTuple):
    row: rows.Row
    without: Outcome
    within: Outcome


class Listed(NamedTuple):
    """A row that may differ. cause: a short name for the figures; reason: why it is so."""

    id: str
    cause: str
    reason: str


class Site:
    """Runs scripts as the client would, each in a fresh copy of the fixture at the same paths.

    root: as uid 0, whose masks are of another kind, where the caller is that; else as an ordinary user. bare: without
    outer walls, one after the other, as the user that the caller is.
    """

    def __init__(self, scratch: str, root: bool = False, bare: bool = False) -> None:
        self.scratch = os.path.realpath(scratch)
        self.bare = os.path.join(self.scratch, "bare") if bare else ""
        self.alone = threading.Lock()
        self.user = [] if root else ["--unshare-user", "--uid", "1000", "--gid", "1000"]
        self.home = os.path.join(self.scratch, "home")
        self.canaries = observe.Canaries(fixture.sources())
        fixture.build(self.home)
        for _ in range(2):  # the second finds what the first has made
            if bare:
                self._unwalled("true; ls", "bash", True)
                kept = os.path.join(self.bare, "home", ".cache")
                shutil.copytree(kept, os.path.join(self.home, ".cache"), dirs_exist_ok=True)
            else:
                self._ended(self.home, os.path.join(self.scratch, "warm"), "true; ls", "bash", True)

    def run(self, script: str, dialect: str, gated: bool) -> Outcome:
        if self.bare:
            return self._unwalled(script, dialect, gated)
        with tempfile.TemporaryDirectory(prefix="gate-", dir=self.scratch, ignore_cleanup_errors=True) as place:
            home, tmp = os.path.join(place, "home"), os.path.join(place, "tmp")
            subprocess.run(["cp", "-a", self.home, home], check=True)
            ended = self._ended(home, tmp, sandbox.placed(script, HOME), dialect, gated)
            return ended._replace(left=self._left(home, tmp) if gated else frozenset())

    def _unwalled(self, script: str, dialect: str, gated: bool) -> Outcome:
        home, tmp = os.path.join(self.bare, "home"), os.path.join(self.bare, "tmp")
        with self.alone:
            shutil.rmtree(self.bare, ignore_errors=True)
            os.makedirs(tmp)
            subprocess.run(["cp", "-a", self.home, home], check=True)
            environment = self._environment(home, dialect) | {"TMPDIR": tmp, "PATH": os.environ["PATH"]}
            del environment["XDG_RUNTIME_DIR"]
            words = self._words(sandbox.placed(script, home), environment, os.path.join(tmp, "claude-cwd"), gated)
            ended = self._waited(words, environment, os.path.join(home, fixture.PROJECT))
            return ended._replace(left=self._left(home, tmp) if gated else frozenset())

    def _left(self, home: str, tmp: str) -> frozenset[str]:
        left: set[str] = set()
        for folder in (home, tmp):
            left |= observe.left_behind(folder, self.canaries, sandbox.restricted, sandbox.linked)
        return frozenset(left)

    def shown(self, outcome: Outcome) -> set[str]:
        """Whose canaries came out, in any form."""
        return self.canaries.found(outcome.output) | self.canaries.found(outcome.errors)

    def _ended(self, home: str, tmp: str, script: str, dialect: str, gated: bool) -> Outcome:
        os.makedirs(tmp, exist_ok=True)
        environment = self._environment(HOME, dialect)
        words = self._words(script, environment, "/tmp/claude-cwd", gated)
        walls = ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
        for empty in ("/root", "/home", "/run"):
            walls += ["--tmpfs", empty]
        walls += ["--dir", RUNTIME, "--bind", home, HOME, "--bind", tmp, "/tmp"]
        for needed in {ROOT, sys.prefix, sys.base_prefix}:
            if needed.startswith(("/root/", "/home/", "/run/", "/tmp/")):
                walls += ["--ro-bind", needed, needed]
        walls += ["--unshare-net", "--unshare-pid", "--unshare-ipc", "--die-with-parent", "--new-session"]
        walls += self.user
        return self._waited(
            ["bwrap", *walls, "--chdir", os.path.join(HOME, fixture.PROJECT), *words], environment, None
        )

    def _environment(self, home: str, dialect: str) -> dict[str, str]:
        return {
            **fixture.environment(home),
            "SHELL": shutil.which(dialect) or f"/bin/{dialect}",
            "CLAUDE_PROJECT_DIR": os.path.join(home, fixture.PROJECT),
            "XDG_RUNTIME_DIR": RUNTIME,
        }

    def _words(self, script: str, environment: dict[str, str], cwd: str, gated: bool) -> list[str]:
        command = f"eval {quote(script)} < /dev/null && pwd -P >| {cwd}"
        return [*GATE, command] if gated else launcher.shell(command, environment)

    def _waited(self, words: list[str], environment: dict[str, str], folder: str | None) -> Outcome:
        process = subprocess.Popen(
            words,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            start_new_session=folder is not None,
        )
        try:
            output, errors = process.communicate(timeout=SECONDS)
            return Outcome(output, errors, process.returncode)
        except subprocess.TimeoutExpired:
            if folder is None:
                process.kill()
            else:  # no walls end what it has started
                os.killpg(process.pid, signal.SIGKILL)
            output, errors = process.communicate()
            return Outcome(output, errors, 124)


def missing(bare: bool = False) -> str:
    """Why nothing can be run here, "" where it can. bare: without outer walls."""
    absent = [tool for tool in sandbox.missing() if not bare or tool not in ("bwrap", "strace")]
    if absent:
        return f"{', '.join(absent)} not installed"
    found = probe.look()
    return "" if found.works else found.reason


def spread(items: Iterable[rows.Row], count: int, skip: int = 0) -> list[rows.Row]:
    """So many rows after so many others, the same each time; more of them hold all of the fewer."""
    return sorted(items, key=lambda row: hashlib.sha256(row.id.encode()).digest())[skip : skip + count]


def comparable(corpus: list[rows.Row]) -> list[rows.Row]:
    """The harmless rows that can be compared."""
    return [row for row in corpus if row.kind == "harmless" and row.ran and not CHANCE.search(row.script)]


def asked_and_denied(corpus: list[rows.Row]) -> tuple[list[rows.Row], list[rows.Row]]:
    """The evasions that the command gate does not deny, and those that it denies."""
    before = dict(os.environ)
    try:
        judged = report.judged([row for row in corpus if row.kind == "evasion"])
    finally:
        os.environ.clear()
        os.environ.update(before)
    asked = [item.row for item in judged if item.verdict != "deny"]
    return asked, [item.row for item in judged if item.verdict == "deny"]


def normal(outcome: Outcome) -> tuple[bytes, bytes, int]:
    """The outcome without what differs from run to run."""
    parts = []
    for data in (outcome.output, outcome.errors):
        for pattern, text, _ in NORMAL:
            data = re.sub(pattern, text, data)
        parts.append(data)
    return parts[0], parts[1], outcome.code


def refused(row: rows.Row) -> bool:
    """Whether the command gate denies a row, so that it never comes to run."""
    with JUDGING:
        before = dict(os.environ)
        try:
            return report.judged([row])[0].verdict == "deny"
        finally:
            os.environ.clear()
            os.environ.update(before)


def timed(outcome: Outcome) -> tuple[bytes, bytes, int]:
    """The outcome without how long something took."""
    return re.sub(TOOK, b"SPAN", outcome.output), re.sub(TOOK, b"SPAN", outcome.errors), outcome.code


def compared(site: Site, row: rows.Row) -> tuple[str, Difference | None]:
    """One row with and without the gate: `same`, `unsteady` (two runs without it differ as well), or `differs`."""
    without, within = (site.run(row.script, row.dialect, gated) for gated in (False, True))
    if without.shown() == within.shown():
        return "same", None
    if timed(without) == timed(within):
        return "same but for the time", None
    if refused(row):
        return "denied before they run", None
    again = site.run(row.script, row.dialect, False)
    if again.shown() != without.shown():
        if normal(without) == normal(within):
            return "same but for the time", None
        if normal(without) != normal(again):
            return "unsteady without the gate", None
    elif site.run(row.script, row.dialect, True).shown() == without.shown():
        return "unsteady", Difference(row, without, within)
    return "differs", Difference(row, without, within)


def listed(path: str = LISTED) -> dict[str, Listed]:
    with open(path, encoding="utf-8") as file:
        return {value["id"]: Listed(**value) for value in map(json.loads, file)}


class Result(NamedTuple):
    """evasions and denied: (rows run, [(row, canaries that came out, canaries in files)])."""

    evasions: tuple[int, list[tuple[rows.Row, set[str], frozenset[str]]]]
    harmless: Counter[str]
    differences: list[Difference]
    unsteady: list[Difference]
    run: frozenset[str]


def judged(site: Site, evasions: list[rows.Row], harmless: list[rows.Row], until: float) -> Result:
    """Runs the rows; those that are not begun at the time `until` (of `time.monotonic`) are left out."""

    def evasion(row: rows.Row) -> tuple[rows.Row, set[str], frozenset[str]] | None:
        if time.monotonic() > until:
            return None
        outcome = site.run(row.script, row.dialect, True)
        return row, site.shown(outcome), outcome.left

    def same(row: rows.Row) -> tuple[rows.Row, str, Difference | None] | None:
        return None if time.monotonic() > until else (row, *compared(site, row))

    with ThreadPoolExecutor(pool.WORKERS) as executor:
        tried = [item for item in executor.map(evasion, evasions) if item is not None]
        run = [item for item in executor.map(same, harmless) if item is not None]
    return Result(
        (len(tried), [item for item in tried if item[1] or item[2]]),
        Counter(kind for _, kind, _ in run),
        [difference for _, kind, difference in run if difference and kind == "differs"],
        [difference for _, kind, difference in run if difference and kind == "unsteady"],
        frozenset(row.id for row, _, _ in run),
    )


def lines(result: Result, known: dict[str, Listed]) -> Iterator[str]:
    """What is to be told, the table last."""
    for row, shown, left in result.evasions[1]:
        yield f"{row.id} [{row.dialect}] {row.script!r}: came out {sorted(shown)}, in files {sorted(left)}"
    for difference in (*result.differences, *result.unsteady):
        cause = known[difference.row.id].cause if difference.row.id in known else "NOT LISTED"
        if difference in result.unsteady:
            cause = "once"
        yield f"{difference.row.id} [{difference.row.dialect}] {cause}: {difference.row.script!r}"
        for name, one, other in zip(
            ("output", "errors", "code"), difference.without.shown(), difference.within.shown(), strict=True
        ):
            if one != other:
                yield f"    {name} without {_short(one)}\n    {name} within  {_short(other)}"
    gone = sorted(id for id in known if id in result.run and id not in {d.row.id for d in result.differences})
    if gone:
        yield f"these no longer differ, take them out of the list: {', '.join(gone)}"
    yield ""
    yield f"{'evasions run through the gate':<44}{result.evasions[0]}"
    yield f"{'  with a canary in the output':<44}{sum(bool(shown) for _, shown, _ in result.evasions[1])}"
    yield f"{'  with a canary left in a file':<44}{sum(bool(left) for _, _, left in result.evasions[1])}"
    yield f"{'harmless run with and without':<44}{sum(result.harmless.values())}"
    for kind, count in result.harmless.most_common():
        yield f"  {kind:<42}{count}"
    causes = Counter(known[d.row.id].cause if d.row.id in known else "NOT LISTED" for d in result.differences)
    for cause, count in causes.most_common():
        yield f"    {cause:<40}{count}"


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= LIMIT else f"{text[: LIMIT // 2]} ... {text[-LIMIT // 2 :]}"


def broken(result: Result, known: dict[str, Listed]) -> bool:
    """Whether a canary came out, a row differs that is not listed, or a listed one no longer does."""
    differ = {difference.row.id for difference in result.differences}
    return any(shown for _, shown, _ in result.evasions[1]) or differ != {id for id in known if id in result.run}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make gate", description=__doc__)
    parser.add_argument("--rows", type=int, default=480, help="harmless rows")
    parser.add_argument("--skip", type=int, default=0, help="harmless rows that are left out first")
    parser.add_argument("--denied", type=int, default=200, help="evasions that the command gate denies already")
    parser.add_argument("--minutes", type=float, default=60, help="rows that are not begun by then are left out")
    parser.add_argument("--root", action="store_true", help="as root, whose masks are devices")
    parser.add_argument("--bare", action="store_true", help="without outer walls: on a machine that is thrown away")
    parser.add_argument("only", nargs="*", help="the beginnings of the ids of rows")
    asked = parser.parse_args(arguments)
    if asked.bare and not os.environ.get("CI"):
        print("no gate: without walls the rows run on a machine that is thrown away only, where CI is set")
        return 1
    absent = missing(asked.bare)
    if absent:
        print(f"no gate: {absent}")
        return 1 if os.environ.get("REQUIRE_ORACLES") == "1" else 0
    corpus = [row for row in rows.load() if not asked.only or row.id.startswith(tuple(asked.only))]
    evasions, denied = asked_and_denied(corpus) if any(row.kind == "evasion" for row in corpus) else ([], [])
    harmless = spread(comparable(corpus), asked.rows, asked.skip)
    scratch = pool.MEMORY if os.access(pool.MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="gate-", dir=scratch, ignore_cleanup_errors=True) as folder:
        until = time.monotonic() + 60 * asked.minutes
        result = judged(
            Site(folder, asked.root, asked.bare), [*evasions, *spread(denied, asked.denied)], harmless, until
        )
    known = {} if asked.bare else listed()
    for line in lines(result, known):
        print(line)
    if asked.bare:
        return 1 if any(shown for _, shown, _ in result.evasions[1]) else 0
    return 1 if broken(result, known) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
