"""A file of the shelf is believed only as it was written."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from claude_guard import own
from claude_guard.inventory import shelf
from tests.damage import flipped, linked

CONTENT = {"paths": ["/p/.env", "/p/\udcff"], "stamps": {"": (1, 2, 3)}, "late": 0, "whole": True}


MISCHIEF: list[tuple[str, Callable[[Path], object]]] = [
    ("missing", lambda file: file.unlink()),
    ("empty", lambda file: file.write_bytes(b"")),
    ("cut", lambda file: file.write_bytes(file.read_bytes()[:-1])),
    ("longer", lambda file: file.write_bytes(file.read_bytes() + b"0")),
    ("JSON", lambda file: file.write_bytes(b'{"format": 3, "identity": "one"}')),
    ("another interpreter's", lambda file: file.write_bytes(b"cpython-3" + file.read_bytes())),
    ("open to others", lambda file: file.chmod(0o644)),
    ("a link", linked),
    ("a pipe", lambda file: (file.unlink(), os.mkfifo(file, 0o600))),
    *((f"flipped at {at}", lambda file, at=at: flipped(file, at)) for at in (0, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 1)),
]


def test_what_was_written_is_read(tmp_path: Path) -> None:
    file = tmp_path / "made/file"
    shelf.write(str(file), "one", CONTENT)
    found = shelf.read(str(file), "one")
    assert found is not None
    assert found | CONTENT == found
    assert shelf.read(str(file), "two") is None
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_bytes().startswith(own.FORM)


@pytest.mark.parametrize("mischief", [row[1] for row in MISCHIEF], ids=[row[0] for row in MISCHIEF])
def test_what_is_not_as_it_was_written_is_not_believed(tmp_path: Path, mischief: Callable[[Path], object]) -> None:
    file = tmp_path / "file"
    shelf.write(str(file), "one", CONTENT)
    mischief(file)
    assert shelf.read(str(file), "one") is None
