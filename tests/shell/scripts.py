"""The scripts that real shells are asked about: one file for each shell, scripts separated by `---` lines."""

from pathlib import Path


def load(shell: str) -> list[str]:
    """The scripts for a shell."""
    text = (Path(__file__).parent / f"{shell}.txt").read_text()
    return [script.strip("\n") for script in text.split("\n---\n")]
