from collections.abc import Callable
from pathlib import Path

import pytest

from tests.policy.desk import Desk


@pytest.fixture(scope="session")
def snapshots(tmp_path_factory: pytest.TempPathFactory) -> str:
    """One cache for all tests: the packs are compiled once."""
    return str(tmp_path_factory.mktemp("snapshots"))


@pytest.fixture
def desk(tmp_path: Path, snapshots: str) -> Desk:
    return Desk(tmp_path, snapshots)


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory, snapshots: str) -> Callable[[], Desk]:
    """For properties: a new desk for every example."""
    return lambda: Desk(tmp_path_factory.mktemp("desk"), snapshots)
