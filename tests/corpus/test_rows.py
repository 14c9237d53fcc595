import re

import pytest

from tests.corpus import fixture, generate, rows
from tests.oracle.sandbox import restricted

CORPUS = rows.load()


def test_there_are_enough() -> None:
    kinds = [row.kind for row in CORPUS]
    assert kinds.count("evasion") >= 600
    assert kinds.count("harmless") >= 1500


def test_each_is_well_formed_and_there_once() -> None:
    assert len({row.id for row in CORPUS}) == len(CORPUS) == len({(row.script, row.dialect) for row in CORPUS})
    variables = {f"${name}" for name in fixture.VARIABLES}
    for row in CORPUS:
        assert row.id == rows.identity(row.id.rpartition("-")[0], row.script, row.dialect)
        assert row.kind == ("evasion" if row.reads else "harmless")
        assert row.dialect in ("bash", "zsh")
        assert all(read in variables or restricted(f"{fixture.PROJECT}/{read}") for read in row.reads)


def test_the_generator_knows_every_row() -> None:
    assert {(row.script, row.dialect) for row in CORPUS} <= generate.candidates().keys()


def test_no_row_names_the_machine() -> None:
    for row in CORPUS:
        assert not re.search(r"(?<!self)/root\b|/home/", row.script)


@pytest.mark.parametrize("path", ["secrets/prod.key", "a/secrets/x", ".env", "b/.env.local", "data/customers.csv"])
def test_the_oracle_and_the_policy_mean_the_same(path: str) -> None:
    assert restricted(f"{fixture.PROJECT}/{path}")


@pytest.mark.parametrize("path", [".env.example", "data/products.csv", "internal/notes.md", "my.env", "secrets.md"])
def test_and_nothing_more(path: str) -> None:
    assert not restricted(f"{fixture.PROJECT}/{path}")
