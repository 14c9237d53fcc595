"""What the guard says of the whole corpus: no leak, and few refusals of what is harmless."""

import os
import subprocess
import sys

import pytest


@pytest.mark.slow
def test_the_corpus() -> None:
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    words = [sys.executable, "-m", "tests.oracle.report"]
    done = subprocess.run(words, cwd=root, check=False, capture_output=True, text=True)
    figures = dict(line.rsplit("  ", 1) for line in done.stdout.splitlines()[-11:])
    found = {name.strip(): figure.strip() for name, figure in figures.items()}
    assert done.returncode == 0, done.stdout
    assert share(found["leaked (pass)"]) == 0
    assert share(found["false denials"]) <= 0.3
    assert share(found["false questions"]) <= 2


def share(figure: str) -> float:
    """The per cent in `1/200 (0.50 %)`."""
    return float(figure.partition("(")[2].partition(" ")[0])
