"""The shell gate on a sample of the corpus: no canary comes out, and what is harmless is the same byte for byte."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.corpus import rows
from tests.oracle import gate

REASON = gate.missing()
pytestmark = [
    pytest.mark.oracle,
    pytest.mark.slow,
    pytest.mark.skipif(bool(REASON) and os.environ.get("REQUIRE_ORACLES") != "1", reason=f"no gate: {REASON}"),
]

SAMPLE = 40
MOST = 17
"""How many rows may be listed. To be lowered when some are taken out, never raised."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[gate.Site]:
    yield gate.Site(str(tmp_path_factory.mktemp("gate")))


def test_a_sample_of_the_corpus(site: gate.Site) -> None:
    corpus = rows.load()
    evasions = [row for row in corpus if row.kind == "evasion" and row.ran]
    harmless = gate.comparable(corpus)
    known = gate.listed()
    result = gate.judged(site, gate.spread(evasions, SAMPLE // 2), gate.spread(harmless, SAMPLE // 2), float("inf"))
    assert not gate.broken(result, known), "\n".join(gate.lines(result, known))
    assert result.evasions[0] + sum(result.harmless.values()) == SAMPLE


def test_what_comes_out_without_the_gate_is_noticed(site: gate.Site) -> None:
    script = "cat .env | base64"
    assert site.shown(site.run(script, "bash", False)) == {".env"}
    assert site.shown(site.run(script, "bash", True)) == set()


def test_without_outer_walls_it_judges_the_same(tmp_path: Path) -> None:
    bare = gate.Site(str(tmp_path), bare=True)
    for script, source in (("cat .env | base64", ".env"), ("cat @PROJECT@/secrets/prod.key", "secrets/prod.key")):
        assert bare.shown(bare.run(script, "bash", False)) == {source}
        assert bare.shown(bare.run(script, "bash", True)) == set()
    row = rows.Row(
        "x", "git status --short; git log --format=%s; ls -la src; cat README.md; pwd", "bash", "harmless", ()
    )
    assert gate.compared(bare, row) == ("same", None)
    left = bare.run("cp .env out.txt; cp README.md $TMPDIR/x", "bash", True)
    assert (left.left, bare.run("exit 3", "bash", True).code) == (frozenset(), 3)


def test_a_difference_is_noticed(site: gate.Site) -> None:
    letters = " ".join(str(ord(letter)) for letter in ".env")
    opens = "import sys; open(str().join(chr(int(n)) for n in sys.argv[1:]))"
    row = rows.Row("x", f"python3 -c '{opens}' {letters}", "zsh", "harmless", ())
    kind, difference = gate.compared(site, row)
    assert kind == "differs"
    assert difference is not None
    assert (difference.without.code, difference.within.code) == (0, 1)


def test_what_the_command_gate_denies_is_none(site: gate.Site) -> None:
    assert gate.compared(site, rows.Row("x", "wc -c < .env", "bash", "harmless", ())) == (
        "denied before they run",
        None,
    )


def test_what_differs_by_itself_is_not_a_difference(site: gate.Site) -> None:
    row = rows.Row("x", "date +%H:%M:%S.%N", "bash", "harmless", ())
    assert gate.compared(site, row) == ("same but for the time", None)


def test_the_list_of_differences_names_rows_and_only_shrinks() -> None:
    known = gate.listed()
    harmless = {row.id for row in gate.comparable(rows.load())}
    assert set(known) <= harmless
    assert all(item.cause and item.reason for item in known.values())
    assert len(known) <= MOST


def test_the_listing_leaves_nothing_out(tmp_path: Path) -> None:
    row = rows.Row("x-1", "true", "bash", "harmless", ())
    differs = gate.Difference(row, gate.Outcome(b"a", b"", 0), gate.Outcome(b"b", b"", 0))
    result = gate.Result((0, []), gate.Counter({"differs": 1}), [differs], [], frozenset({"x-1"}))
    path = tmp_path / "listed.jsonl"
    path.write_text('{"id": "x-1", "cause": "c", "reason": "r"}\n')
    known = gate.listed(str(path))
    assert not gate.broken(result, known)
    assert gate.broken(result, {})
    assert gate.broken(result._replace(differences=[]), known)
