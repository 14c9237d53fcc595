"""Real test suites end the same with the shell gate and without it."""

import os
from pathlib import Path

import pytest

from tests.oracle import suites

pytestmark = [pytest.mark.oracle, pytest.mark.slow]


@pytest.mark.parametrize("suite", suites.SUITES, ids=[suite.name for suite in suites.SUITES])
def test_a_suite_of_a_public_package(suite: suites.Suite, tmp_path: Path) -> None:
    why = suites.missing(suite)
    package = why or suites.fetched(suite)
    if isinstance(package, str):
        if os.environ.get("REQUIRE_ORACLES") == "1":
            pytest.fail(package)
        pytest.skip(package)
    without, gate = suites.played(suite, package, tmp_path)
    assert without.code == 0
    assert suites.same(without, gate), gate.said[-3000:]
    assert suites.count(suite, gate) == suites.count(suite, without)


def test_what_differs_is_noticed() -> None:
    one = suites.Outcome(0, "3 passed in 0.12s\n", 1.0)
    assert suites.same(one, suites.Outcome(0, "3 passed in 4.01s\n", 2.0))
    assert not suites.same(one, suites.Outcome(0, "2 passed in 0.12s\n", 1.0))
    assert not suites.same(one, suites.Outcome(1, "3 passed in 0.12s\n", 1.0))
