"""What may have happened to a file that is kept between calls."""

from pathlib import Path


def flipped(file: Path, at: float) -> None:
    data = bytearray(file.read_bytes())
    data[int(at * (len(data) - 1))] ^= 1
    file.write_bytes(data)


def linked(file: Path) -> None:
    file.symlink_to(file.rename(file.with_suffix(".x")))
