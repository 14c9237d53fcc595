"""Canaries are found however they were written, and nowhere else."""

import base64
import codecs
import json
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
