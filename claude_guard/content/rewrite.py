"""The output filter: bytes in, bytes out, what the policy restricts replaced in place. Pure.

Works on whole lines. A line that is not finished is held until its end comes or the caller's time is up (`flush`);
then it goes on, and its rest is judged together with what went before. Blocks in which no unit's checksum occurs, and
nothing that looks encoded or like a credential, are passed on as they are, without being taken apart.
"""

from __future__ import annotations

import re
from itertools import chain, repeat
from zlib import crc32

from .units import LINE, NUMBERED, PREFIX, RESTS, RUN_TABLE, RUNS, WORD_TABLE, WORDS, blocks, decoded

LIMIT = 1 << 16  # bytes of an unfinished line that are held or remembered
SEEN = 200_000  # words known to be harmless

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .fingerprint import Index

    Scan = Callable[[bytes], Iterable[tuple[bytes, str]]]  # what to replace, and what kind of thing it is

PEM = re.compile(rb"-----BEGIN [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----")
PEM_END = re.compile(rb"-----END [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----")


class Rewriter:
    """One stream's filter. index: fingerprints. values: (value, label) of restricted variables. hidden: paths whose
    names are not shown: lines that name one are left out. scan: finds credentials. told: is called with the label
    of each hit, for the audit."""

    def __init__(
        self,
        index: Index,
        values: Iterable[tuple[bytes, str]] = (),
        hidden: Iterable[bytes] = (),
        scan: Scan | None = None,
        told: Callable[[str], None] | None = None,
    ) -> None:
        self.index = index
        self.values = tuple(pair for pair in values if len(pair[0]) >= 6)
        self.hidden = tuple(hidden)
        self.scan = scan
        self.told = told
        self.tail = b""  # undecided
        self.gone = b""  # of the unfinished line, already passed on
        self.pem = False
        self.seen: set[bytes] = set()

    @property
    def held(self) -> bool:
        return bool(self.tail)

    def feed(self, data: bytes) -> bytes:
        data = self.tail + data
        end = data.rfind(b"\n") + 1
        if not end and len(data) < LIMIT:
            self.tail = data
            return b""
        if not end:
            end = _border(data)
        done, self.tail = data[:end], data[end:]
        return self._judge(done)

    def flush(self) -> bytes:
        done, self.tail = self.tail, b""
        return self._judge(done)

    def _judge(self, text: bytes) -> bytes:
        if not text:
            return b""
        before, text = self.gone, self.gone + text
        self.gone = b"" if text.endswith(b"\n") else text[-LIMIT:]
        if before and text.count(b"\n"):
            self.gone = text[text.rfind(b"\n") + 1 :][-LIMIT:]
        shown = self._rewritten(text)
        if not before:
            return shown
        if shown.startswith(before):
            return shown[len(before) :]
        first, rest = shown.partition(b"\n")[::2]
        return first + (b"\n" + rest if b"\n" in shown else b"")

    def _rewritten(self, text: bytes) -> bytes:
        if self.pem or b"PRIVATE KEY" in text:
            text = self._keys(text)
        for value, label in self.values:
            if value in text:
                text = text.replace(value, self._mark(label))
        if self.index.quick:
            text = self._known(text)
        if self.scan is not None:
            for found, kind in self.scan(text):
                text = text.replace(found, self._mark(kind))
        if self.hidden and any(name in text for name in self.hidden):
            lines = text.split(b"\n")
            text = b"\n".join(line for line in lines if not any(name in line for name in self.hidden))
        return text

    def _known(self, text: bytes) -> bytes:
        words = set(text.translate(RUN_TABLE).split())
        words -= self.seen
        hits: list[tuple[bytes, str]] = []
        for part, plain in chain(blocks(text), decoded(word for word in words if len(word) >= LINE)):
            if self._suspect(plain, set(plain.translate(RUN_TABLE).split())):
                label = self._label(plain)
                if label is not None:
                    hits.append((part, label))
        for part, label in hits:
            if part in text:
                mark = self._mark(label)
                text = text.replace(part, b"\n".join([mark] * (part.count(b"\n") + 1)))
        if self._suspect(text, words):
            text = b"\n".join(map(self._line, text.split(b"\n")))
        elif len(self.seen) < SEEN and not hits:
            self.seen |= words
        return text

    def _suspect(self, text: bytes, words: set[bytes]) -> bool:
        """Whether any unit of the text has the checksum of a restricted one; `words` are its words not yet seen."""
        lines = text.split(b"\n")
        candidates = chain(
            map(bytes.strip, lines),
            map(bytes.lstrip, lines, repeat(PREFIX)),
            RESTS.findall(text),
            NUMBERED.findall(text),
            words,
            set(b" ".join(words).translate(WORD_TABLE).split()),
        )
        return not self.index.quick.isdisjoint(map(crc32, candidates, repeat(self.index.seed)))

    def _line(self, line: bytes) -> bytes:
        for unit in (line.strip(), line.lstrip(PREFIX).rstrip(), *_rests(line)):
            if len(unit) >= 6:
                label = self.index.owner(unit) or (self._trimmed(unit) if len(unit) >= LINE else None)
                if label is not None:
                    return line.replace(unit, self._mark(label))
        for pattern in (RUNS, WORDS):
            line = pattern.sub(self._word, line)
        return line

    def _trimmed(self, unit: bytes) -> str | None:
        return self.index.owner(unit.strip(b"\"'`, ;"))

    def _word(self, found: re.Match[bytes]) -> bytes:
        label = self.index.owner(found[0])
        return found[0] if label is None else self._mark(label)

    def _label(self, text: bytes) -> str | None:
        """The restricted file that some unit of a text gives away."""
        for line in text.split(b"\n"):
            for unit in (line.strip(), line.lstrip(PREFIX).rstrip(), *_rests(line)):
                if len(unit) >= 6 and (label := self.index.owner(unit)) is not None:
                    return label
        for unit in (*RUNS.findall(text), *WORDS.findall(text)):
            if (label := self.index.owner(unit)) is not None:
                return label
        return None

    def _keys(self, text: bytes) -> bytes:
        lines = text.split(b"\n")
        for place, line in enumerate(lines):
            begins = PEM.search(line) is not None
            if (self.pem or begins) and line.strip():
                ends = PEM_END.search(line) is not None
                self.pem = not ends
                lines[place] = self._mark("private key")
        return b"\n".join(lines)

    def _mark(self, label: str) -> bytes:
        if self.told is not None:
            self.told(label)
        return b"[restricted: " + label.encode("utf-8", "surrogateescape") + b"]"


def _rests(line: bytes) -> list[bytes]:
    """What follows each of the first few `:` and `=` of a line."""
    rests = []
    at = 0
    for _ in range(4):
        found = min((place for place in (line.find(b":", at), line.find(b"=", at)) if place >= 0), default=-1)
        if found < 0:
            break
        at = found + 1
        rest = line[at:].strip()
        rests += [rest, rest.strip(b"\"'`,; ")]
    return rests


def _border(data: bytes) -> int:
    """Where a long line without an end may be cut: behind its last blank, else at its very end."""
    return max(data.rfind(b" "), data.rfind(b"\t"), data.rfind(b",")) + 1 or len(data)
