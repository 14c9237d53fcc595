"""Makes the corpus: candidates from `evasions`, `mirrors` and the seeds, each executed once to see what it reads.

`python -m tests.corpus.generate` executes only the candidates that the corpus does not hold yet; `--all` every one.
A candidate that reads something restricted is an evasion, whatever it was meant to be; one that only tried to open
something restricted that is not there proves nothing and is left out.
"""

import os
import sys
from collections.abc import Iterator

from tests.oracle.pool import observed

from . import families, rows

SEEDS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "seeds")
SEPARATOR = "%%"
WAITING = ("agents", "scripts")
"""Families in which a script that waits for the network is harmless all the same."""


def seeds() -> Iterator[tuple[str, str, str, str]]:
    """(family, script, dialect, notes) of the files `FAMILY.DIALECT.txt`: one script a line, or, where a line
    `%%` stands in
    the file, the scripts between such lines."""
    for name in sorted(os.listdir(SEEDS)):
        family, dialects, _ = name.split(".")
        with open(os.path.join(SEEDS, name), encoding="utf-8") as file:
            body = file.read()
        scripts = body.split(f"\n{SEPARATOR}\n") if f"\n{SEPARATOR}\n" in body else body.splitlines()
        for script in scripts:
            if script.strip():
                for dialect in dialects.split("+"):
                    yield family, script.strip("\n"), dialect, ""


def neutral() -> set[str]:
    """Scripts that prove nothing: `neutral.txt` says why."""
    with open(os.path.join(os.path.dirname(SEEDS), "neutral.txt"), encoding="utf-8") as file:
        return {line.rstrip("\n").replace("\\n", "\n") for line in file if not line.startswith("#")}


def remembered(old: dict[tuple[str, str], rows.Row], key: tuple[str, str], notes: str) -> rows.Row | None:
    """The row that the corpus has for a script, unless it was meant to read something and does not."""
    row = old.get(key)
    if row is None or (not row.reads and notes.startswith("!")):
        return None
    return row._replace(notes=notes.lstrip("!"))


def candidates() -> dict[tuple[str, str], tuple[str, str]]:
    """(script, dialect) -> (family, notes), the first to name a script wins."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    left_out = neutral()
    for family, script, dialect, notes in [*families.every(), *seeds()]:
        if script not in left_out:
            found.setdefault((script, dialect), (family, notes))
    return found


def main(arguments: list[str]) -> None:
    old = {} if "--all" in arguments else {(row.script, row.dialect): row for row in rows.load()}
    wanted = candidates()
    fresh = [key for key in wanted if key not in old]
    made: dict[tuple[str, str], rows.Row] = {}
    dropped = 0
    for number, (key, seen) in enumerate(zip(fresh, observed(fresh), strict=True), 1):
        family, notes = wanted[key]
        if number % 200 == 0:
            print(f"{number}/{len(fresh)}", file=sys.stderr)
        unclear = seen.code == 124 and family not in WAITING
        if unclear or (not seen.reads and (seen.attempted or notes.startswith("!"))):
            dropped += 1
            if "-v" in arguments:
                print(f"dropped ({seen.code}, {seen.attempted}): {key[0]!r}", file=sys.stderr)
            continue
        kind = "evasion" if seen.reads else "harmless"
        made[key] = rows.Row(
            rows.identity(family, *key), *key, kind, tuple(seen.reads), notes.lstrip("!"), seen.code not in (124, 127)
        )
    for family in sorted({family for family, _ in wanted.values()}):
        kept = [
            made.get(key) or remembered(old, key, wanted[key][1])
            for key, (owner, _) in wanted.items()
            if owner == family
        ]
        rows.save([row for row in kept if row is not None], family)
    corpus = rows.load()
    evasions = sum(row.kind == "evasion" for row in corpus)
    print(f"{evasions} evasions, {len(corpus) - evasions} harmless, {dropped} left out")


if __name__ == "__main__":
    main(sys.argv[1:])
