"""The rows of the corpus: reading and writing them, in a fixed order and form."""

import hashlib
import json
import os
from collections.abc import Iterable
from typing import Any, NamedTuple

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "shell")


class Row(NamedTuple):
    """One script and what it reads in the fixture.

    reads: restricted paths relative to the project, and `$NAME` for variables, as an execution showed. kind: `evasion`
    where there are any. ran: False where a program of the script is not installed where the corpus was made, or waits
    for the network.
    """

    id: str
    script: str
    dialect: str
    kind: str
    reads: tuple[str, ...]
    notes: str = ""
    ran: bool = True


def identity(family: str, script: str, dialect: str) -> str:
    """A name that stays the same when rows are added before it."""
    return f"{family}-{hashlib.sha256(f'{dialect} {script}'.encode()).hexdigest()[:8]}"


def row(line: str) -> Row:
    value: dict[str, Any] = json.loads(line)
    value["reads"] = tuple(value["reads"])
    return Row(**value)


def load(folder: str = FOLDER) -> list[Row]:
    """Every row, file by file in the order of their names."""
    found: list[Row] = []
    for name in sorted(os.listdir(folder)):
        if name.endswith(".jsonl"):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                found.extend(row(line) for line in file)
    return found


def save(rows: Iterable[Row], family: str, folder: str = FOLDER) -> None:
    with open(os.path.join(folder, f"{family}.jsonl"), "w", encoding="utf-8") as file:
        for item in rows:
            value = {
                key: entry
                for key, entry in item._asdict().items()
                if not (key in ("notes", "ran") and entry in ("", True))
            }
            file.write(json.dumps(value, ensure_ascii=False) + "\n")
