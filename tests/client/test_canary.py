"""Canaries are found however they were written, and nowhere else."""

import base64
import bz2
import codecs
import gzip
import json
import lzma
import zlib
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_guard.client.canary import canary, seen

WORD = "ZQENV0123456789"
RAW = f"TOKEN={WORD}\n".encode()


def dumped(raw: bytes, size: int) -> str:
    """As `xxd` and `hexdump -C` print: 16 bytes a line, in groups."""
    lines = []
    for start in range(0, len(raw), 16):
        line = raw[start : start + 16]
        groups = " ".join(line[i : i + size].hex() for i in range(0, len(line), size))
        lines.append(f"{start:08x}: {groups}  {line.decode('ascii', 'replace')}")
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (RAW.decode(), "plain"),
        (RAW.decode()[::-1], "reversed"),
        (RAW.hex(), "hex"),
        (RAW.hex().upper(), "hex"),
        (dumped(RAW * 4, 1), "hex"),
        (dumped(RAW * 4, 2), "hex"),
        (" ".join(str(byte) for byte in RAW), "decimal"),
        (codecs.encode(RAW.decode(), "rot13"), "rot13"),
        ("".join(f"%{byte:02X}" for byte in RAW), "plain"),
        (quote(RAW), "plain"),
    ],
)
def test_forms(text: str, form: str) -> None:
    assert seen(WORD, [json.dumps({"messages": [{"content": [{"text": text}]}]}).encode()]) == form
    assert seen("ZQOTHER0000000", [json.dumps([text]).encode()]) == ""


@given(st.binary(max_size=40), st.binary(max_size=40), st.booleans())
def test_base64_at_every_place_and_cut_into_lines(before: bytes, after: bytes, lines: bool) -> None:
    raw = before + WORD.encode() + after
    text = base64.encodebytes(raw).decode() if lines else base64.b64encode(raw).decode()
    assert seen(WORD, [json.dumps({"text": text}).encode()])


def test_json_escapes_and_bodies_that_are_not_json() -> None:
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in WORD)
    assert seen(WORD, [f'{{"a": "{escaped}"}}'.encode()]) == "plain"
    assert seen(WORD, [b"\xff" + WORD.encode()]) == "plain"
    assert seen(WORD, []) == ""


def test_a_canary_is_new_each_time() -> None:
    one, other = canary("deploy/key"), canary("deploy/key")
    assert one != other
    assert one.startswith("ZQDEPL")


KEY = canary("prod.key")
TEXT = f"KEY={KEY}\n".encode() * 4


def broken(text: str, width: int = 76) -> str:
    """Lines as base64 and dumps have them."""
    return "\n".join(text[i : i + width] for i in range(0, len(text), width))


def octal_words(data: bytes) -> str:
    words = [f"{int.from_bytes(data[i : i + 2], 'little'):06o}" for i in range(0, len(data), 2)]
    return "\n".join(f"{16 * n:07o} " + " ".join(words[8 * n : 8 * n + 8]) for n in range(-(-len(words) // 8)))


FORMS: list[tuple[str, Callable[[bytes], str]]] = [
    ("plain", lambda data: data.decode()),
    ("reversed", lambda data: data[::-1].decode()),
    ("case", lambda data: data.decode().lower()),
    ("case", lambda data: data.decode().swapcase()),
    ("hex", lambda data: broken(data.hex(), 60)),
    ("hex", lambda data: data.hex().upper()),
    ("hex", lambda data: data.hex(" ")),
    ("hex", lambda data: data.hex(" ", -2)),
    ("decimal", lambda data: " ".join(map(str, data))),
    ("octal", lambda data: " ".join(f"{byte:03o}" for byte in data)),
    ("octal", octal_words),
    ("octal", lambda data: octal_words(b"x" + data)),
    ("base64", lambda data: broken(base64.b64encode(data).decode())),
    ("base64", lambda data: base64.b64encode(b"x" + data).decode()),
    ("base64", lambda data: base64.b64encode(b"xy" + data).decode()),
    ("base32", lambda data: base64.b32encode(data).decode()),
    ("base32", lambda data: base64.b32encode(b"x" + data).decode()),
    ("base32", lambda data: base64.b32encode(b"xy" + data).decode()),
    ("base32", lambda data: base64.b32encode(b"xyz" + data).decode()),
    ("base32", lambda data: base64.b32encode(b"wxyz" + data).decode()),
    ("rot13", lambda data: codecs.encode(data.decode(), "rot13")),
    ("plain", lambda data: "".join(f"%{byte:02X}" for byte in data)),
    ("plain", lambda data: quote(data.decode())),
    ("plain", lambda data: broken(base64.b64encode(gzip.compress(data)).decode())),
    ("plain", lambda data: base64.b64encode(zlib.compress(data, 1)).decode()),
    ("plain", lambda data: base64.b64encode(zlib.compress(data, 3)).decode()),
    ("plain", lambda data: base64.b64encode(zlib.compress(data)).decode()),
    ("plain", lambda data: base64.b64encode(zlib.compress(data, 9)).decode()),
    ("plain", lambda data: base64.b64encode(bz2.compress(data)).decode()),
    ("plain", lambda data: base64.b64encode(lzma.compress(data)).decode()),
    ("plain", lambda data: broken(gzip.compress(data).hex(), 60)),
]


def body(text: str) -> bytes:
    return json.dumps({"messages": [{"role": "user", "content": [{"type": "tool_result", "content": text}]}]}).encode()


@pytest.mark.parametrize(("name", "written"), FORMS)
def test_a_canary_is_seen(name: str, written: Callable[[bytes], str]) -> None:
    assert seen(KEY, [body("before"), body(written(TEXT))]) == name


@pytest.mark.parametrize(("name", "written"), FORMS)
def test_another_is_not(name: str, written: Callable[[bytes], str]) -> None:
    assert seen(canary("prod.key"), [body(written(TEXT))]) == ""


@pytest.mark.parametrize("text", ["", "eJx", "H4sI" + "A" * 40, "789c" + "0" * 40, "QlpoOTFBWSZTW" + "Q" * 20, "%ZZ"])
def test_what_only_looks_packed_is_passed_over(text: str) -> None:
    assert seen(KEY, [body(text), text.encode(), b"\xff\x00"]) == ""
