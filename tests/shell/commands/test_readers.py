"""One row a command: what its reader says of restricted things. `?` stands for an undetermined part of a word.

The answer is the set of restricted paths read or consumed, `opaque` (words that could not be determined), `program`
(what running code reads), `$NAME` (a variable shown) and `$` (the whole environment); "" is silence.
"""

import pytest

from .conftest import RESTRICTED
from .fake import Fixture, printed, said
from .rows import OUTPUTS, ROWS


def answer(command: str, world: Fixture, stdin: str | None = None) -> set[str]:
    found = set()
    for item in said(command, world, stdin, stdin is not None):
        kind, _, name = item.partition(":")
        if kind in ("read", "execute", "object") and any((name + "/").startswith(path + "/") for path in RESTRICTED):
            found.add(name)
        elif kind == "opaque":
            found.add("program" if name.startswith("what the program ") else "opaque")
        elif kind == "variable":
            found.add("$" + name)
        elif kind == "environment":
            found.add("$")
    return found


@pytest.mark.parametrize(("command", "expected"), ROWS)
def test_reader(command: str, expected: str, world: Fixture) -> None:
    command, _, stdin = command.partition(" <<< ")
    assert answer(command, world, stdin.encode().decode("unicode_escape") if stdin else None) == set(expected.split())


@pytest.mark.parametrize(("command", "expected"), OUTPUTS)
def test_what_a_command_prints(command: str, expected: str | None, world: Fixture) -> None:
    command, _, stdin = command.partition(" <<< ")
    assert printed(command, world, stdin or None) == expected
