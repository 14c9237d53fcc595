"""`python -m tests.confine.escape`: runs every attempt and prints the table. Exits with 1 where one gets through."""

import sys
import tempfile
from pathlib import Path
from shutil import which

from claude_guard.confine import probe

from .attempts import HANDED, here
from .stage import Stage


def main() -> int:
    found = probe.look()
    if not found.works:
        print(f"nothing confines commands here: {found.reason}; {found.remedy}")
        return 1
    through = 0
    for name, command, programs in here():
        if missing := [program for program in programs if which(program) is None]:
            print(f"{'not run':10} {name} ({missing[0]} is not installed)")
            continue
        with tempfile.TemporaryDirectory() as folder:
            stage = Stage(Path(folder))
            try:
                leaks = stage.leaks(stage.run(command, many=40 if name == "many masks" else 0))
            finally:
                stage.close()
        through += bool(leaks)
        print(f"{'THROUGH' if leaks else 'stopped':10} {name}")
    for name, why in HANDED:
        print(f"{'elsewhere':10} {name}: {why}")
    print(f"{len(here())} attempts, {through} through")
    return 1 if through else 0


if __name__ == "__main__":
    sys.exit(main())
