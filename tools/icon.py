"""Draws `.claude-plugin/icon.png`: a shield with a keyhole. `python tools/icon.py FILE`."""

import struct
import sys
import zlib

SIDE = 512
SAMPLES = 3
GROUND = (245, 243, 238)
SHIELD = (31, 78, 95)
LIGHT = (62, 124, 142)
RIM = (217, 119, 87)


def half_width(y: float) -> float:
    """Half of the shield's width at a height, both in units of the picture's side; 0 outside of it."""
    if not 0.14 <= y <= 0.88:
        return 0.0
    if y < 0.46:
        return 0.29 - 0.10 * max(0.0, 0.17 - y) / 0.03
    return 0.29 * (1 - ((y - 0.46) / 0.42) ** 2.2)


def colour(x: float, y: float) -> tuple[int, int, int]:
    """The colour at a point, 0 to 1 from the top left corner."""
    off = abs(x - 0.5)
    if off > half_width(y):
        return GROUND
    if any(abs(x + dx - 0.5) > half_width(y + dy) for dx, dy in NEAR):
        return RIM
    if off**2 + (y - 0.40) ** 2 < 0.068**2 or (0.40 < y < 0.60 and off < 0.026 + 0.11 * (y - 0.40)):
        return GROUND
    return SHIELD if x < 0.5 else LIGHT


NEAR = [
    (0.03 * a, 0.03 * b)
    for a, b in ((1, 0), (-1, 0), (0, 1), (0, -1), (0.7, 0.7), (-0.7, 0.7), (0.7, -0.7), (-0.7, -0.7))
]


def picture() -> bytes:
    """The PNG, edges smoothed by taking several samples for each pixel."""
    steps = [(i + 0.5) / SAMPLES for i in range(SAMPLES)]
    rows = bytearray()
    for row in range(SIDE):
        rows.append(0)
        for column in range(SIDE):
            found = [colour((column + dx) / SIDE, (row + dy) / SIDE) for dy in steps for dx in steps]
            rows += bytes(sum(channel) // len(found) for channel in zip(*found, strict=True))
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(bytes(rows), 9)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def chunk(kind: bytes, data: bytes) -> bytes:
    """One chunk of a PNG file."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


if __name__ == "__main__":
    with open(sys.argv[1], "wb") as file:
        file.write(picture())
