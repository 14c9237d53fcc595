"""`make oracle`: executes every row of the corpus and compares what it reads with what the row says."""

import os
import sys

from tests.corpus import rows

from .pool import observed
from .sandbox import missing


def main(arguments: list[str]) -> int:
    """Executes the rows whose id starts with one of the arguments, or all; 0 where all of them agree."""
    absent = missing()
    if absent:
        print(f"no oracle: {', '.join(absent)} not installed")
        return 1 if os.environ.get("REQUIRE_ORACLES") == "1" else 0
    corpus = [row for row in rows.load() if not arguments or row.id.startswith(tuple(arguments))]
    differ = 0
    for row, seen in zip(corpus, observed((row.script, row.dialect) for row in corpus), strict=True):
        if row.ran and tuple(seen.reads) != row.reads:
            differ += 1
            print(f"{row.id}: the row says {list(row.reads)}, {row.dialect} read {seen.reads}: {row.script!r}")
    print(f"{len(corpus)} scripts executed, {differ} differ")
    return 1 if differ or not corpus else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
