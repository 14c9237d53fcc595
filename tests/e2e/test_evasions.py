"""The corpus on the real client: what the reader of scripts promises holds where the client itself runs the scripts.

The rows are those of `spread.txt`; `spread.py` says which are fit and how they are chosen. Each session plays its rows
one after the other in one conversation, in the corpus' fixture with its environment. The hooks stand alone, without
the client's deny rules, so that what is caught is caught by the guard; the harmless rows meet the whole installation.
"""

import json
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import pytest

from claude_guard.client import native, session, settings
from claude_guard.client.canary import seen
from claude_guard.client.features import features, parse
from claude_guard.client.loopback import ToolCall, parsed
from tests.corpus import fixture, rows
from tests.oracle import observe
from tests.oracle.report import Bench
from tests.oracle.sandbox import placed

from . import spread
from .conftest import VERSIONS, client_of, script

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
VERSION = VERSIONS[0]
EVASIONS, HARMLESS = spread.played("evasion"), spread.played("harmless")
MOVES = re.compile(r"\b(cd|pushd|popd)\b")
"""Scripts that may leave the session's folder, which the client keeps from call to call."""
NATIVE = "Permission to use Bash with command"
"""How the client refuses by its own deny rules, which read a command's words and not what it would show."""
CANARIES = observe.Canaries(fixture.sources())


class Session(NamedTuple):
    """A session that was played in a fixture at `home`."""

    home: str
    record: session.Record

    def said(self, row: rows.Row) -> str:
        return self.record.results[_id(row)].text


def _id(row: rows.Row) -> str:
    return f"toolu_{row.id}"


def _calls(listed: Iterable[rows.Row], home: str) -> Iterable[ToolCall]:
    """A call for each row, and a way back to the project after one that may leave it."""
    for row in listed:
        yield ToolCall("Bash", {"command": placed(row.script, home), "description": "a row"}, _id(row))
        if MOVES.search(row.script):
            yield ToolCall("Bash", {"command": f"cd {home}/{fixture.PROJECT}", "description": "back"}, f"{_id(row)}_b")


def play(listed: list[rows.Row], home: str) -> Session:
    """Plays the rows in the fixture at `home`."""
    own = session.environment(home)
    extra = {key: value for key, value in fixture.environment(home).items() if key not in own or key == "PATH"}
    project = os.path.join(home, fixture.PROJECT)
    record = session.run(
        client_of(VERSION), project, script=script(_calls(listed, home)), home=home, extra=extra, shell="/bin/bash"
    )
    assert record.code == 0, record.err
    return Session(home, record)


def install(home: str, deny: tuple[str, ...] = ()) -> None:
    """The product's installation, in the person's settings: the project stays as it was."""
    where = settings.site("user", os.path.join(home, fixture.PROJECT), home)
    assert settings.install(where, features(parse(VERSION)), deny).changed


def words(record: session.Record) -> list[str]:
    """Every distinct text of the request bodies: a conversation is in all of those after it."""
    found: dict[str, None] = {}

    def collect(value: Any) -> None:
        if isinstance(value, str):
            found[value] = None
        elif isinstance(value, dict):
            for key, item in value.items():
                found[key] = None
                collect(item)
        elif isinstance(value, list):
            for item in value:
                collect(item)

    for body in record.bodies:
        assert parsed(body), "a body that is not JSON"
        collect(parsed(body))
    return list(found)


def shown(texts: Iterable[str]) -> set[str]:
    """The restricted things whose canaries the texts hold, in whatever form."""
    listed = list(texts)
    found = {source for text in listed for source in CANARIES.found(text.encode("utf-8", "replace"))}
    body = json.dumps(listed).encode()
    return found | {source for word, source in fixture.sources().items() if seen(word, [body])}


def shows(played: Session, row: rows.Row) -> set[str]:
    return shown([played.said(row)])


def passed(listed: list[rows.Row], home: str) -> list[rows.Row]:
    """The rows that the guard passes without any client, as `make report` has it, in a fixture that is made at `home`."""
    with mock.patch.dict(os.environ, fixture.environment(home), clear=True):
        bench = Bench(home)
        return [row for row in listed if bench.judge(row).verdict == "pass"]


class Evasions(NamedTuple):
    """The evasions, without the guard and then with it, in the same fixture. leaks: those that `make report` lists; they
    are not played with the guard, so that nothing else may be on the wire there."""

    control: Session
    guarded: Session
    rows: list[rows.Row]
    leaks: list[rows.Row]


@pytest.fixture(scope="module")
def evasions(tmp_path_factory: pytest.TempPathFactory) -> Evasions:
    folder = tmp_path_factory.mktemp("evasions")
    home = str(folder / "home")
    fixture.build(home)
    control = play(EVASIONS, home)
    leaks = passed(EVASIONS, str(folder / "known"))
    closed = [row for row in EVASIONS if row not in leaks]
    install(home)
    return Evasions(control, play(closed, home), closed, leaks)


def test_enough_are_played_of_every_family() -> None:
    """Where the corpus lost too many of the chosen rows, `python -m tests.e2e.spread` chooses again."""
    assert len(EVASIONS) >= spread.EVASIONS * 0.95
    assert len(HARMLESS) >= spread.HARMLESS * 0.95
    families = {spread.group(row)[0] for row in spread.candidates("evasion")}
    assert {spread.group(row)[0] for row in EVASIONS} == families


def test_nearly_all_are_known_to_be_caught(evasions: Evasions) -> None:
    assert len(evasions.leaks) <= len(EVASIONS) // 100, [row.id for row in evasions.leaks]


def test_the_control_shows_them(evasions: Evasions) -> None:
    said = {row: evasions.control.said(row) for row in EVASIONS}
    silent = [f"{row.id} {row.script!r}: {text[:200]}" for row, text in said.items() if not shown([text])]
    assert len(silent) <= len(EVASIONS) // 10, "\n".join(silent)


def test_no_evasion_reaches_the_wire(evasions: Evasions) -> None:
    said = {row: evasions.guarded.said(row) for row in evasions.rows}
    leaks = [f"{row.id} {row.script!r}: {text[:200]}" for row, text in said.items() if shown([text])]
    assert not leaks, "\n".join(leaks)
    assert not shown(words(evasions.guarded.record))


def test_harmless_rows_are_not_in_the_way(tmp_path: Path) -> None:
    home = str(tmp_path / "home")
    fixture.build(home)
    control = play(HARMLESS, home)
    rules, _ = native.derived("", home)
    install(home, rules)
    guarded = play(HARMLESS, home)
    differ = [row for row in HARMLESS if control.record.results[_id(row)] != guarded.record.results[_id(row)]]
    by_guard = [row for row in differ if not guarded.said(row).startswith(NATIVE)]
    new = passed(by_guard, str(tmp_path / "known"))
    said = [f"{row.id} {row.script!r}: {control.said(row)[:300]} / {guarded.said(row)[:300]}" for row in new]
    assert not said, "\n".join(said)
    assert len(differ) <= len(HARMLESS) // 50, [row.id for row in differ]
