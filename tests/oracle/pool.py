"""Many scripts at once: a few sandboxes over one fixture."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

from tests.corpus import fixture

from .sandbox import Observation, Sandbox

WORKERS = min(2, os.cpu_count() or 1)


def observed(scripts: Iterable[tuple[str, str]]) -> Iterator[Observation]:
    """What each script, given with its dialect, did; in their order."""
    with tempfile.TemporaryDirectory(prefix="fixture-") as folder:
        home = os.path.join(folder, "home")
        fixture.build(home)
        sandbox = Sandbox(home)
        with ThreadPoolExecutor(WORKERS) as executor:
            yield from executor.map(lambda item: sandbox.run(*item), list(scripts))
