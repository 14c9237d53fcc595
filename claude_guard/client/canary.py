"""Strings that stand in for what must not leave, and finding them in what left, however it was written.

A canary is short and repeated in its file, so that a hex dump or a cut still shows a whole one.
"""

import base64
import json
import re
import secrets
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, unquote_to_bytes

_WINDOW = 8  # bytes of a canary that are proof enough in a hex dump, whose lines break it


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
    return {
        "plain": [raw],
        "reversed": [raw[::-1]],
        "hex": [s.encode() for s in ["".join(hexed), "".join(hexed).upper(), *spaced, *pairs]],
        "decimal": [s.encode() for s in decimal],
        "base64": [_aligned(raw, shift) for shift in range(3)],
        "rot13": [word.translate(_ROT13).encode()],
        "url": [quote(word, safe="").encode(), "".join(f"%{h}" for h in hexed).encode()],
    }


_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ROT13 = str.maketrans(_UPPER, _UPPER[13:] + _UPPER[:13])


def _aligned(raw: bytes, shift: int) -> bytes:
    """The part of the base64 text that `raw` always gives `shift` bytes past a multiple of three."""
    text = base64.b64encode(b"\0" * shift + raw)
    start = -(-shift * 4 // 3) + (1 if shift else 0)
    whole = (shift + len(raw)) // 3 * 4
    return text[start:whole]


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
    which cut base64."""
    readings = [body]
    try:
        value = json.loads(body)
    except ValueError:
        return readings
    strings: list[str] = []
    _collect(value, strings)
    flat = "\0".join(strings).encode("utf-8", "surrogatepass")
    return [body, flat, unquote_to_bytes(flat), flat.replace(b"\n", b"")]


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
