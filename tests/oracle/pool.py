"""Many scripts at once: a few sandboxes over one fixture."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

from tests.corpus import fixture

from .sandbox import Observation, Sandbox

WORKERS = min(2, os.cpu_count() or 1)
MEMORY = "/dev/shm"
"""Where the copies of the fixture lie where it is there: most of the time goes into making and removing them."""


def observed(scripts: Iterable[tuple[str, str]]) -> Iterator[Observation]:
    """What each script, given with its dialect, did; in their order."""
    scratch = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="fixture-", dir=scratch) as folder:
        home = os.path.join(folder, "home")
        fixture.build(home)
        sandbox = Sandbox(home, folder)
        with ThreadPoolExecutor(WORKERS) as executor:
            yield from executor.map(lambda item: sandbox.run(*item), list(scripts))
