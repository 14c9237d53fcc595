"""What of a text is compared: lines, values, words. Pure.

A unit is a stretch of bytes that gives a restricted file away when it appears elsewhere: a line of 12 characters and
more, a value of 6 and more, a word of a value that looks like a secret. The same functions cut restricted files (when
fingerprints are made) and output (when it is compared), so that both sides agree on where a unit begins.
"""

from __future__ import annotations

import re
from binascii import a2b_base64, b2a_base64, b2a_hex, unhexlify
from itertools import repeat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterator

LINE = 12
VALUE = 6
PREFIX = b" \t+-><|:#*0123456789"
"""What tools put before a line that they show: diff's signs, line numbers, quoting."""

DELIMITERS = b" \t\r\n\0\x0b\x0c\x1b\"'`,;<>()[]{}|:=&?@\\"
RUN_TABLE = bytes(32 if byte in DELIMITERS else byte for byte in range(256))
WORD_TABLE = bytes(
    byte if chr(byte).isascii() and (chr(byte).isalnum() or byte in b"_-") else 32 for byte in range(256)
)
RUNS = re.compile(rb"[^" + re.escape(DELIMITERS) + rb"]{6,}")
WORDS = re.compile(rb"[A-Za-z0-9_\-]{6,}")
RESTS = tuple(re.compile(rb"(?m)^(?:[^\n:=]*[:=]){%d}([^\n]{6,})" % count) for count in (1, 2, 3, 4))
AROUND = b"\"'`,; "
NUMBERED = re.compile(rb"(?m)^[^:\n]+[:-]\d+[:-][ \t]*([^\n]{6,})$")
VALUES = re.compile(rb"(?m)^[^\n:=,]{1,200}?[:=][ \t]*([^\n]{6,}?),?[ \t\r]*$")
QUOTED = re.compile(rb"[\"']([^\"'\n]{6,200})[\"']")

BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}")
HEX = re.compile(rb"(?:[0-9A-Fa-f]{2}){6,}")
WRAPPED = re.compile(rb"(?m)(?:^[A-Za-z0-9+/]{40,}\r?\n)+(?:[A-Za-z0-9+/]+={0,2}$)?")
DUMP = re.compile(rb"(?m)(?:^(?:[0-9A-Fa-f]{6,16}:?)?[ \t]+(?:[0-9A-Fa-f]{2,8}[ \t]{1,3})*[0-9A-Fa-f]{2,8}\b.*\n?)+")
DUMPED = re.compile(rb"(?m)^(?:[0-9A-Fa-f]{6,16}:?)?[ \t]+((?:[0-9A-Fa-f]{2,8} {1,2})*[0-9A-Fa-f]{2,8})\b")
DUMP_TABLE = bytes(104 if chr(byte) in "0123456789abcdefABCDEF" else 32 if byte == 32 else 120 for byte in range(256))
DUMP_SIGNS = (b" hh hh hh hh", b" hhhh hhhh hhhh")
LONG_TABLE = bytes(97 if chr(byte).isascii() and (chr(byte).isalnum() or byte in b"+/") else 32 for byte in range(256))
LONG = b"a" * 40
RUN = b"a" * 16
RUN_SIGNS = bytes(97 if chr(byte).isascii() and (chr(byte).isalnum() or byte in b"+/_-") else 32 for byte in range(256))
GLUED = re.compile(rb"\d-(?=([^\n]{6,300}))")
URL_SAFE = bytes.maketrans(b"-_", b"+/")
PADS = (b"CgoK", b"CgoK", b"AACgoK", b"ACgoK")
"""What completes a word of base64 whose length is this, modulo 4, and ends its line; one letter says nothing."""
PERCENT = re.compile(rb"%[0-9A-Fa-f]{2}")

COMMON = frozenset(
    b"""true false null none default localhost production development staging testing password username example
    required optional disabled enabled undefined anonymous postgres mysql redis mongodb sqlite admin root user
    string number integer boolean object public private secret token bearer basic content application https http
    127.0.0.1 0.0.0.0 us-east-1 us-west-2 eu-west-1 eu-central-1 changeme""".split()
)
"""Values that say nothing: in every configuration, so no sign of where a text comes from."""


def units(text: bytes) -> Iterator[bytes]:
    """The units of a restricted file's content, plain; some come twice."""
    for line in text.split(b"\n"):
        for unit in (line.strip(), line.lstrip(PREFIX).rstrip()):
            if len(unit) >= LINE:
                yield unit
    for value in values(text):
        yield value
        for word in (*RUNS.findall(value), *WORDS.findall(value)):
            if telling(word):
                yield word


def values(text: bytes) -> Iterator[bytes]:
    """What stands to the right of `=` or `:`, and in quotes: stripped, without what every file has."""
    for found in (*VALUES.findall(text), *QUOTED.findall(text)):
        value = found.strip().strip(b"\"'")
        if len(value) >= VALUE and value.lower() not in COMMON:
            yield value


def telling(word: bytes) -> bool:
    """Whether a word looks drawn at random rather than written: letters and digits, or long and mixed."""
    digits = sum(48 <= byte <= 57 for byte in word)
    letters = any(65 <= (byte & 0xDF) <= 90 for byte in word)
    if digits and letters:
        return True
    return len(word) >= LINE and (digits > 0 or not (word.islower() or word.isupper() or word.istitle()))


def sign(unit: bytes, common: Container[bytes] = ()) -> bytes:
    """A word that is among the words of every text in which the unit is found, as `bare` gives them; b"" where the unit
    has no word.

    Between two words of a unit lies a delimiter, and behind a unit lies one too, so that is any of its words; only one
    at its very start may have something before it that is part of the same word. The longest says most that is not
    `common`: a word that other texts are full of.
    """
    words = unit.translate(RUN_TABLE).split()
    if len(words) > 1 and len(words[0]) < VALUE and unit.startswith(words[0]):
        del words[0]
    return max(words, key=lambda word: (word not in common, len(word)), default=b"")


def bare(words: Collection[bytes]) -> Iterator[bytes]:
    """Words, and what of them may be units or signs: behind a line number or the signs that tools put there, and words
    inside them."""
    yield from words
    yield from map(bytes.lstrip, words, repeat(PREFIX))
    yield from inner(words)


def inner(words: Collection[bytes]) -> list[bytes]:
    """What `bare` finds inside words."""
    text = b"\n".join(words)
    pieces = [piece for piece in text.translate(WORD_TABLE).split() if len(piece) >= VALUE]
    return pieces + GLUED.findall(text) if b"-" in text else pieces


def stretches(lines: Collection[bytes]) -> Iterator[bytes]:
    """The stretches of lines that may be units: all of a line, what tools put before it left out, and what follows each
    of the first four `:` and `=`."""
    text = b"\n".join(lines)
    yield from map(bytes.strip, lines)
    yield from map(bytes.strip, lines, repeat(AROUND))
    yield from map(bytes.rstrip, map(bytes.lstrip, lines, repeat(PREFIX)))
    yield from NUMBERED.findall(text)
    for pattern in RESTS:
        rests = pattern.findall(text)
        yield from map(bytes.strip, rests)
        yield from map(bytes.strip, rests, repeat(AROUND))


def disguises(unit: bytes) -> Iterator[bytes]:
    """The unit as whole-word disguises show it: itself, reversed, and alone in base64 and hex."""
    yield unit
    yield unit[::-1]
    if len(unit) <= 200:
        for text in (unit, unit + b"\n"):
            yield b2a_base64(text, newline=False).rstrip(b"=")
            yield b2a_hex(text)
            yield b2a_hex(text).upper()


def decoded(text: bytes) -> Iterator[tuple[bytes, bytes]]:
    """What the words of a text may say when they are decoded, as (the part of a word, what it says): base64 in all
    alignments, hex, and URL encoding."""
    for word in text.split() if b"%" in text else ():
        if PERCENT.search(word):
            yield word, _unquoted(word)
    for found in _base64_words(text):
        for plain in _base64(found.translate(URL_SAFE)):
            yield found, plain
    for found in HEX.findall(text):
        yield found, unhexlify(found)


def said(text: bytes, encoded: bool) -> bytes:
    """All of what `decoded` gives of the words of a text, in lines; made in bulk, since most says nothing. encoded:
    what `runs` says of the text."""
    lines = [_unquoted(word) for word in text.split() if PERCENT.search(word)] if b"%" in text else []
    if encoded:
        words = [word.translate(URL_SAFE) for word in _base64_words(text)]
        for skip in range(4):
            pieces = [word[skip : len(word) - ((len(word) - skip) % 4 == 1)] for word in words]
            lines.append(a2b_base64(b"".join([piece + PADS[len(piece) % 4] for piece in pieces])))
    lines.append(unhexlify(b"0a".join(HEX.findall(text))))
    return b"\n".join(lines)


def runs(text: bytes) -> bool:
    """Whether 16 letters and digits follow each other somewhere: encoded text has that, and most credentials."""
    return RUN in text.translate(RUN_SIGNS)


def wrapped(text: bytes) -> Iterator[tuple[bytes, bytes]]:
    """What is encoded over several lines, as (the lines, what they say): wrapped base64 and hex."""
    if LONG in text.translate(LONG_TABLE):
        for found in WRAPPED.findall(text):
            lines = found.rstrip(b"\r\n")
            run = lines.replace(b"\n", b"").replace(b"\r", b"").rstrip(b"=")
            if not (run.islower() or run.isupper()):
                for plain in _base64(run):
                    yield lines, plain
            if len(run) % 2 == 0 and HEX.fullmatch(run):
                yield lines, unhexlify(run)


def dumped(text: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The same of dumps: `xxd`, `hexdump` and `od`."""
    signs = text.translate(DUMP_TABLE)
    if any(sign in signs for sign in DUMP_SIGNS):
        for found in DUMP.findall(text):
            digits = b"".join(b"".join(DUMPED.findall(found)).split())
            if len(digits) % 2 == 0:
                plain = unhexlify(digits)
                yield found.rstrip(b"\n"), plain
                swapped = bytearray(plain + b"\0" * (len(plain) % 2))
                swapped[0::2], swapped[1::2] = swapped[1::2], swapped[0::2]
                yield found.rstrip(b"\n"), bytes(swapped)


def _base64_words(text: bytes) -> list[bytes]:
    return [w for w in BASE64.findall(text) if not (w.islower() or w.isupper() or w.isdigit())]


def _base64(run: bytes) -> Iterator[bytes]:
    for skip in range(4):
        part = run[skip:]
        part = part[: len(part) - (len(part) % 4 == 1)]
        yield a2b_base64(part + b"=" * (-len(part) % 4))


def _unquoted(text: bytes) -> bytes:
    first, *rest = text.split(b"%")
    out = [first]
    for part in rest:
        try:
            out.append(unhexlify(part[:2]) + part[2:])
        except ValueError:
            out.append(b"%" + part)
    return b"".join(out).replace(b"+", b" ")
