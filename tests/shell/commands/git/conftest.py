import os

import pytest

from tests.corpus import fixture
from tests.oracle.report import Bench


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(str(tmp_path_factory.mktemp("git") / "home"))


@pytest.fixture
def bench(project: Bench, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """The guard over the corpus's project, in its environment."""
    for name in list(os.environ):
        monkeypatch.delenv(name)
    for name, value in fixture.environment(project.home).items():
        monkeypatch.setenv(name, value)
    return project
