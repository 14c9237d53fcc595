"""Strings that stand in for what must not leave, and finding them in what left, however it was written.

A canary is short and repeated in its file, so that a hex dump or a cut still shows a whole one.
"""

import base64
import binascii
import bz2
import json
import lzma
import re
import secrets
import zlib
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote, unquote_to_bytes

_WINDOW = 8  # bytes of a canary that are proof enough in a hex dump, whose lines break it
_WIDE = 4 * 7 - 1  # the same in a dump of two bytes each as six octal digits

_STREAMS: dict[bytes, Callable[[], Any]] = {
    b"\x1f\x8b": lambda: zlib.decompressobj(zlib.MAX_WBITS | 16),
    b"\x78\x01": zlib.decompressobj,
    b"\x78\x5e": zlib.decompressobj,
    b"\x78\x9c": zlib.decompressobj,
    b"\x78\xda": zlib.decompressobj,
    b"BZh": bz2.BZ2Decompressor,
    b"\xfd7zXZ": lzma.LZMADecompressor,
}
"""How a compressed stream begins -> what opens it."""
_LONGEST = 1_000_000  # bytes of a compressed stream that are looked at


def canary(label: str) -> str:
    """A new canary: `ZQ`, up to four letters of the label, ten random letters and digits."""
    letters = re.sub(r"[^A-Za-z]", "", label).upper()[:4]
    return f"ZQ{letters}{secrets.token_hex(5).upper()}"


def forms(word: str) -> dict[str, list[bytes]]:
    """Name of an encoding -> the byte strings of which any one in a text shows the canary in it."""
    raw = word.encode()
    hexed = [f"{byte:02x}" for byte in raw]
    windows = range(len(raw) - _WINDOW + 1)
    spaced = [" ".join(hexed[i : i + _WINDOW]) for i in windows]
    paired = ["".join(hexed[i : i + 2]) for i in range(len(raw) - 1)]
    pairs = [" ".join(paired[i : i + _WINDOW : 2]) for i in windows]
    decimal = [" ".join(str(byte) for byte in raw[i : i + _WINDOW]) for i in windows]
    octal = [" ".join(f"{byte:03o}" for byte in raw[i : i + _WINDOW]) for i in windows]
    wide = [" ".join(f"{b << 8 | a:06o}" for a, b in zip(raw[i::2], raw[i + 1 :: 2], strict=False)) for i in range(2)]
    return {
        "plain": [raw],
        "reversed": [raw[::-1]],
        "case": [raw.lower(), raw.upper(), raw.swapcase()],
        "hex": [s.encode() for s in ["".join(hexed), "".join(hexed).upper(), *spaced, *pairs]],
        "decimal": [s.encode() for s in decimal],
        "octal": [s.encode() for s in [*octal, *(line[:_WIDE] for line in wide)]],
        "base64": [_aligned(raw, shift) for shift in range(3)],
        "base32": [_aligned32(raw, shift) for shift in range(5)],
        "rot13": [word.translate(_ROT13).encode()],
        "url": [quote(word, safe="").encode(), "".join(f"%{h}" for h in hexed).encode()],
    }


_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_TURNED = _UPPER[13:] + _UPPER[:13]
_ROT13 = str.maketrans(_UPPER + _UPPER.lower(), _TURNED + _TURNED.lower())


def _aligned(raw: bytes, shift: int) -> bytes:
    """The part of the base64 text that `raw` always gives `shift` bytes past a multiple of three."""
    text = base64.b64encode(b"\0" * shift + raw)
    start = -(-shift * 4 // 3) + (1 if shift else 0)
    whole = (shift + len(raw)) // 3 * 4
    return text[start:whole]


def _aligned32(raw: bytes, shift: int) -> bytes:
    """The same of base32, whose groups are five bytes in eight digits."""
    text = base64.b32encode(b"\0" * shift + raw)
    start = -(-shift * 8 // 5)
    return text[start : (shift + len(raw)) * 8 // 5]


def seen(word: str, bodies: Iterable[bytes]) -> str:
    """The encoding in which a canary stands in any of the bodies, `plain` first; "" where it does not."""
    patterns = forms(word)
    for body in bodies:
        for text in _readings(body):
            for name, needles in patterns.items():
                if any(needle in text for needle in needles):
                    return name
    return ""


def _readings(body: bytes) -> list[bytes]:
    """A body as sent, its JSON strings without their escapes, those without percent escapes, and without line breaks,
    which cut base64, and what compressed streams in base64 or hexadecimal hold."""
    readings = [body]
    try:
        value = json.loads(body)
    except ValueError:
        return readings
    strings: list[str] = []
    _collect(value, strings)
    flat = "\0".join(strings).encode("utf-8", "surrogatepass")
    tight = flat.replace(b"\n", b"")
    return [body, flat, unquote_to_bytes(flat), tight, *_inflated(tight)]


def _inflated(text: bytes) -> Iterable[bytes]:
    """What the compressed streams hold that stand in a text as base64 or hexadecimal digits."""
    for block in _BASE64_STREAM.findall(text):
        yield from _opened(binascii.a2b_base64(block[: len(block) // 4 * 4]))
    for block in _HEX_STREAM.findall(text):
        yield from _opened(bytes.fromhex(block[: len(block) // 2 * 2].decode()))


_BASE64_STREAM = re.compile(rb"(?:H4sI|eA[E-H]|eF[4-7]|eJ[w-z]|eN[o-r]|Qlpo|/Td6)[A-Za-z0-9+/]{12,}")
_HEX_STREAM = re.compile(rb"(?i)(?:1f8b08|7801|785e|789c|78da|425a68|fd377a585a)[0-9a-f]{16,}")


def _opened(packed: bytes) -> Iterable[bytes]:
    for start, opener in _STREAMS.items():
        if packed.startswith(start):
            try:
                yield opener().decompress(packed, _LONGEST)
            except (OSError, EOFError, zlib.error, lzma.LZMAError):
                continue


def _collect(value: Any, into: list[str]) -> None:
    if isinstance(value, str):
        into.append(value)
    elif isinstance(value, dict):
        for key, item in value.items():
            into.append(key)
            _collect(item, into)
    elif isinstance(value, list):
        for item in value:
            _collect(item, into)
