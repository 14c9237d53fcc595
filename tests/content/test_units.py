"""What the filter looks for, and that its short cuts lose none of it: whatever is shown holds no unit any more."""

import base64
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claude_guard.content import fingerprint, units
from claude_guard.content.rewrite import Rewriter

DOTENV = (
    b'API_KEY="kestrel-plum-42-zq"\nDATABASE=postgres://app:hunter2x9@db/prod\nPASS=p@ss:w0rd!x\n'
    b"MOTTO=correct horse battery staple\nPIN=993311\nLIST=[a1b2c3d4, e5f6a7b8]\nNEXT=--flag-93-zz\n+plus-sign-77\n"
)
SOURCE = (
    b"def price(order):\n    return order.total * 0.8731 + surcharge\n"
    b"for (i = 0; i < n; i++) { a(i); }\n- a list item, with 12 words\n/* 77: of a margin */\n"
)
PUBLIC = b"def price(order):\nreturn total\n"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> fingerprint.Index:
    folder = tmp_path_factory.mktemp("units")
    for name, text in ((".env", DOTENV), ("price.c", SOURCE), ("open.py", PUBLIC)):
        (folder / name).write_bytes(text)
    pairs = [(str(folder / ".env"), ".env"), (str(folder / "price.c"), "price.c")]
    return fingerprint.build(pairs, [str(folder / "open.py")], b"k" * 32)


def shown(index: fingerprint.Index, data: bytes, cuts: list[int]) -> bytes:
    filter_ = Rewriter(index)
    places = sorted({0, *(cut % (len(data) + 1) for cut in cuts), len(data)})
    parts = [filter_.feed(data[a:b]) for a, b in pairwise(places)]
    return b"".join(parts) + filter_.flush()


def left(index: fingerprint.Index, text: bytes) -> list[bytes]:
    """The units in a text, found the slow way."""
    found = [*units.RUNS.findall(text), *units.WORDS.findall(text)]
    for line in text.split(b"\n"):
        found += units.stretches([line])
    return [unit for unit in found if len(unit) >= 6 and index.owner(unit) is not None]


SECRETS = [unit for text in (DOTENV, SOURCE) for unit in units.units(text) if unit != b"def price(order):"]
BEFORE = [
    b"", b" ", b"\t", b"+", b"-", b"- ", b"> ", b"  12\t", b"12:", b"12-", b"src/a.py:7:", b"src/a-b.py-7-", b"a: ",
    b"key=", b'"k": ', b"x: y: z: ", b'{"a": 1, "b": "', b"# ", b"*", b"| ", b"\xff", b"\0", b"1 2 3 ", b"--",
]  # fmt: skip
AFTER = [b"", b"\r", b" ", b",", b'",', b";", b"\0", b" \t"]


@pytest.mark.parametrize("before", BEFORE)
def test_every_unit_is_found_behind_what_tools_put_before_it(index: fingerprint.Index, before: bytes) -> None:
    for unit in SECRETS:
        for after in AFTER:
            text = b"first\n" + before + unit + after + b"\nlast\n"
            seen = shown(index, text, [])
            assert left(index, seen) == []
            assert seen.count(b"\n") == 3
            if left(index, text):
                assert b"[restricted: " in seen


ENCODED = {
    "base64": base64.b64encode,
    "base64, shifted by one": lambda text: base64.b64encode(b"x" + text),
    "base64, shifted by two": lambda text: base64.b64encode(b"xx" + text),
    "base64, glued": lambda text: b"Q" + base64.b64encode(text),
    "base64 in lines": base64.encodebytes,
    "base64 in short lines": lambda text: b"\n".join(
        base64.b64encode(text)[at : at + 64] for at in range(0, len(text) * 2, 64)
    ),
    "base64 in lines of DOS": lambda text: base64.encodebytes(text).replace(b"\n", b"\r\n"),
    "base64 in JSON": lambda text: b'{"data": "' + base64.b64encode(text) + b'", "n": 1}',
    "base64 of what grep says": lambda text: base64.b64encode(
        b"".join(b"a.env:7:" + line for line in text.splitlines(True))
    ),
    "base32 is not looked for, hex is": lambda text: text.hex().encode(),
    "hex, upper": lambda text: text.hex().upper().encode(),
    "URL": lambda text: b"".join(b"%%%02x" % byte for byte in text),
}


@pytest.mark.parametrize("name", ENCODED)
@pytest.mark.parametrize("text", [DOTENV, SOURCE, b"x = 1\n" * 3 + DOTENV + b"y" * 100])
def test_encoded_content_is_replaced(index: fingerprint.Index, name: str, text: bytes) -> None:
    data = b"start\n" + ENCODED[name](text) + b"\nend\n"
    seen = shown(index, data, [])
    assert b"[restricted: " in seen
    assert seen.count(b"\n") == data.count(b"\n")
    longest = max(ENCODED[name](text).split(), key=len)
    assert longest not in seen


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.one_of(st.sampled_from(SECRETS), st.sampled_from(BEFORE), st.sampled_from(AFTER), st.binary(max_size=12),
                  st.just(b"\n"), st.just(b"word "), st.sampled_from([DOTENV, SOURCE])),
        max_size=30,
    ),
    st.lists(st.integers(0, 4000), max_size=6),
)  # fmt: skip
def test_nothing_that_is_shown_holds_a_unit(index: fingerprint.Index, parts: list[bytes], cuts: list[int]) -> None:
    text = b"".join(parts)
    seen = shown(index, text, cuts)
    assert left(index, seen) == []
    assert seen.count(b"\n") == text.count(b"\n")
    if b"[restricted: " not in seen:
        assert seen == text


@settings(max_examples=200, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(SECRETS), st.sampled_from([b"a b", b"+ c", b"x: "]), st.binary(max_size=9))),
       st.lists(st.integers(0, 4000), max_size=9))  # fmt: skip
def test_how_it_is_cut_changes_nothing(index: fingerprint.Index, lines: list[bytes], cuts: list[int]) -> None:
    text = b"".join(line.replace(b"\n", b"") + b"\n" for line in lines)
    assert shown(index, text, cuts) == shown(index, text, [])


def test_a_hit_in_one_place_leaves_others_alone(index: fingerprint.Index) -> None:
    text = b"before 993311x\nkestrel-plum-42-zq\nafter \xff\0 x\n"
    assert shown(index, text, []) == b"before 993311x\n[restricted: .env]\nafter \xff\0 x\n"


def test_lines_that_are_in_open_files_do_not_count(index: fingerprint.Index) -> None:
    assert shown(index, PUBLIC, []) == PUBLIC


def test_what_is_remembered_is_bounded(index: fingerprint.Index) -> None:
    filter_ = Rewriter(index)
    for start in range(0, 1_500_000, 10_000):
        text = b"".join(b"w%d " % number for number in range(start, start + 10_000)) + b"\n"
        assert filter_.feed(text) == text
    assert len(filter_.seen) < 220_000


@pytest.mark.parametrize("text", [b":" * 60_000, b"1-" * 30_000, b"a=" * 30_000, b"%41" * 20_000, b"0 " * 30_000])
def test_long_lines_of_signs_take_no_longer_than_others(index: fingerprint.Index, text: bytes) -> None:
    data = text + b" kestrel-plum-42-zq\n"
    assert b"kestrel" not in shown(index, data, [])
