"""Which rows of the corpus the real client plays: `python -m tests.e2e.spread` chooses them and writes `spread.txt`.

A row is fit where an execution of it, twice, in a sandbox and as the client's Bash tool starts a script, leaves the
fixture as it was (files, index, references; /tmp empty), so that it changes nothing for the rows after it, and ends in
time. Besides, an evasion must show a canary in what it prints: many corpus rows only open a restricted file; and a
harmless row must print the same each time. Each group (file of the corpus, and notes of the row) gives the same number
of fit rows where it has them, spread evenly over it: a row that is not fit is replaced by another one of its group.
"""

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from itertools import islice
from typing import NamedTuple

from tests.corpus import fixture, rows
from tests.oracle import observe, sandbox

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "spread.txt")
EVASIONS, HARMLESS = 200, 100
SECONDS = 5


class Seen(NamedTuple):
    """What an execution printed, and whether the fixture is as it was; code: 124 where the time was up."""

    output: bytes
    same: bool
    code: int


class Stage:
    """A sandbox whose copy of the fixture is used again as long as nothing changes it."""

    def __init__(self, pristine: str, scratch: str) -> None:
        self.box = sandbox.Sandbox(pristine)
        self.pristine = pristine
        self.scratch = scratch
        self.home = ""
        self.before: str = ""
        self.made = 0

    def run(self, script: str) -> Seen:
        if not self.home:
            self.made += 1
            place = os.path.join(self.scratch, str(self.made))
            self.home = os.path.join(place, "home")
            os.makedirs(os.path.join(place, "tmp"))
            subprocess.run(["cp", "-a", self.pristine, self.home], check=True)
            self.before = state(place)
        place = os.path.dirname(self.home)
        command = self.command(f"eval {shlex.quote(sandbox.placed(script, sandbox.HOME))} < /dev/null", place)
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=fixture.environment(sandbox.HOME),
                timeout=SECONDS,
                check=False,
            )
            output, code = done.stdout, done.returncode
        except subprocess.TimeoutExpired:
            output, code = b"", 124
        same = state(place) == self.before
        if not same:
            shutil.rmtree(place, ignore_errors=True)
            self.home = ""
        return Seen(output, same, code)

    def command(self, script: str, place: str) -> list[str]:
        words = self.box.command(self.home, os.path.join(place, "tmp"), "/dev/null", script, "bash")
        tracer, shell = words.index("strace"), words.index("bash")
        return words[:tracer] + words[shell:]


def state(place: str) -> str:
    """A digest of what scripts could change below a folder with `home` and `tmp`. git's index counts by its entries."""
    found: list[str] = []
    index = os.path.join(place, "home", fixture.PROJECT, ".git", "index")
    for folder, folders, names in os.walk(place):
        folders.sort()
        if os.path.basename(folder) == ".git" and "objects" in folders:
            folders.remove("objects")
        for name in [*folders, *names]:
            path = os.path.join(folder, name)
            status = os.lstat(path)
            link = os.readlink(path) if os.path.islink(path) else ""
            if path != index:
                size = 0 if name in folders else status.st_size
                stamp = 0 if name in folders else status.st_mtime_ns
                found.append(f"{path} {status.st_mode} {size} {stamp} {link}")
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-s", "-v"],
        cwd=os.path.join(place, "home", fixture.PROJECT),
        capture_output=True,
        check=False,
    )
    return hashlib.sha256("\n".join(sorted(found)).encode() + listed.stdout).hexdigest()


def fit(row: rows.Row, stage: Stage, canaries: observe.Canaries) -> bool:
    """Whether the client may play a row: see above."""
    first, second = stage.run(row.script), stage.run(row.script)
    if not (first.same and second.same) or 124 in (first.code, second.code):
        return False
    if row.kind == "evasion":
        return bool(canaries.found(first.output)) and bool(canaries.found(second.output))
    return first.output == second.output


def candidates(kind: str) -> list[rows.Row]:
    """The rows that may be chosen. `/tmp` is the machine's own where the client runs, and not the same file system."""
    listed = [row for row in rows.load() if row.kind == kind and row.dialect == "bash" and row.ran]
    return [row for row in listed if "/tmp" not in row.script]


def group(row: rows.Row) -> tuple[str, str]:
    return row.id.rpartition("-")[0], row.notes


def even(members: list[rows.Row]) -> list[rows.Row]:
    """The members in an order whose every beginning is spread over all of them: by the bits of the place, backwards."""
    width = max(1, (len(members) - 1).bit_length())
    return [members[i] for place in range(1 << width) if (i := int(f"{place:0{width}b}"[::-1], 2)) < len(members)]


def spread(found: Iterable[rows.Row], number: int, accept: Callable[[rows.Row], bool]) -> list[rows.Row]:
    """So many rows that `accept` takes, as said above, in the order of the corpus."""
    listed = list(found)
    groups: dict[tuple[str, str], list[rows.Row]] = {}
    for row in listed:
        groups.setdefault(group(row), []).append(row)
    chosen: set[str] = set()
    for place, members in enumerate(sorted(groups.values(), key=len)):
        share = (number - len(chosen)) // (len(groups) - place)
        chosen |= {row.id for row in islice(filter(accept, even(members)), share)}
    return [row for row in listed if row.id in chosen]


def played(kind: str) -> list[rows.Row]:
    """The rows of a kind that `spread.txt` names and that the corpus still holds."""
    corpus = {row.id: row for row in rows.load()}
    with open(FILE, encoding="utf-8") as file:
        return [corpus[line] for line in file.read().split() if line in corpus and corpus[line].kind == kind]


def main() -> int:
    canaries = observe.Canaries(fixture.sources())
    with tempfile.TemporaryDirectory(prefix="spread-", ignore_cleanup_errors=True) as folder:
        home = os.path.join(folder, "home")
        fixture.build(home)
        stage = Stage(home, folder)
        lines: list[str] = []
        for kind, number in (("evasion", EVASIONS), ("harmless", HARMLESS)):
            chosen = spread(candidates(kind), number, lambda row: fit(row, stage, canaries))
            lines += [row.id for row in chosen]
            print(f"{kind}: {len(chosen)} chosen")
    with open(FILE, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
