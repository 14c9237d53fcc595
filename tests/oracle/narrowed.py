"""Executes what the guard makes of every evasion that it narrows: the command with paths left out must show nothing.

`python -m tests.oracle.narrowed` lists those that show a canary. Raw objects of git, which `find` prints as well as any
file, are opened too; on the wire they would not survive as text.
"""

import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from unittest import mock

from claude_guard.hook import Guard
from claude_guard.model import Call
from tests.corpus import fixture, rows
from tests.e2e.spread import Stage

from . import observe, sandbox


def narrowed(listed: Iterable[rows.Row], home: str) -> Iterator[tuple[rows.Row, str]]:
    """The rows that the guard rewrites, each with the command that the client runs instead."""
    project = fixture.build(home)
    with mock.patch.dict(os.environ, fixture.environment(home), clear=True):
        for row in listed:
            script = sandbox.placed(row.script, home)
            call = Call("PreToolUse", "narrowed", project, project, "Bash", {"command": script})
            changed = Guard(call).tool(call).updated_input
            if changed is not None:
                yield row, changed["command"].replace(home, sandbox.HOME)


def main(arguments: list[str]) -> int:
    """Runs the rows whose id starts with one of the arguments, or all; 0 where none shows anything."""
    listed = [row for row in rows.load() if row.kind == "evasion" and row.dialect == "bash" and row.ran]
    wanted = [row for row in listed if not arguments or row.id.startswith(tuple(arguments))]
    canaries = observe.Canaries(fixture.sources())
    leaks, number = 0, 0
    with tempfile.TemporaryDirectory(prefix="narrowed-", ignore_cleanup_errors=True) as folder:
        home = os.path.join(folder, "home")
        changed = list(narrowed(wanted, home))
        stage = Stage(home, folder)
        for row, command in changed:
            number += 1
            found = canaries.found(stage.run(command).output)
            if found:
                leaks += 1
                print(f"{row.id} {row.script!r} shows {sorted(found)}\n      {command}")
    print(f"{number} of {len(wanted)} evasions are narrowed, {leaks} of them show something")
    return 1 if leaks else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
