"""The output filter: bytes in, bytes out, what the policy restricts replaced in place. Pure.

Works on whole lines. A line that is not finished is held until its end comes or the caller's time is up (`flush`);
then it goes on, and its rest is judged together with what went before. A text is taken apart into lines only where one
of its words is the sign of a unit; words that are none are remembered.
"""

from __future__ import annotations

import re
from itertools import repeat
from zlib import crc32

from .units import (
    LINE,
    PREFIX,
    RUN_TABLE,
    RUNS,
    VALUE,
    WORDS,
    bare,
    decoded,
    dumped,
    inner,
    runs,
    said,
    stretches,
    wrapped,
)

LIMIT = 1 << 16  # bytes of an unfinished line that are held or remembered
SEEN = 200_000  # words known to be harmless
FEW = 50_000  # words that are remembered even of a text in which most are new
SHORT = 4  # bytes of a word that is a sign in what is decoded; random bytes are full of shorter ones
MANY = 8  # marked words of a text, above which all its lines are compared

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .fingerprint import Index

    Scan = Callable[[bytes, bool], Iterable[tuple[bytes, str]]]  # what to replace, and what kind of thing it is

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
        self.whole: frozenset[int] = frozenset()

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
        encoded = runs(text)
        if self.index.quick:
            text = self._known(text, encoded)
        if self.scan is not None:
            for found, kind in self.scan(text, encoded):
                text = text.replace(found, self._mark(kind))
        if self.hidden and any(name in text for name in self.hidden):
            lines = text.split(b"\n")
            text = b"\n".join(line for line in lines if not any(name in line for name in self.hidden))
        return text

    def _known(self, text: bytes, encoded: bool) -> bytes:
        words = text.translate(RUN_TABLE).split()
        new: set[bytes] = set() if self.seen.issuperset(words) else set(words) - self.seen
        marked = self._marked(new)
        found = bool(marked) and self._occurs(text, marked)
        for part, inside in self._inside(text, new, encoded):
            label = self._label(inside)
            if label is not None and part in text:
                mark = self._mark(label)
                text = text.replace(part, b"\n".join([mark] * (part.count(b"\n") + 1)))
        if found:
            alone = self._whole(bare(marked))
            text = b"\n".join([self._line(line, alone) for line in text.split(b"\n")])
        if len(self.seen) > SEEN:
            self.seen.clear()
        if len(self.seen) < FEW or 2 * len(new) < len(words):
            self.seen |= new - marked
        return text

    def _inside(self, text: bytes, words: set[bytes], encoded: bool) -> list[tuple[bytes, bytes]]:
        """What a text may say when it is decoded, as (the part of it, what it says), where that may be restricted.
        words: those of its words that are new."""
        parts = [*dumped(text), *(wrapped(text) if encoded else ())]
        long = b" ".join([word for word in words if len(word) >= LINE])
        plain = b"\n".join([said(long, encoded), *(inside for _, inside in parts)])
        said_ = [word for word in plain.translate(RUN_TABLE).split() if len(word) >= SHORT]
        if not self._quick(bare(said_)) or not self._occurs(plain, self._marked(set(said_))):
            return []
        return [*parts, *decoded(long)]

    def _quick(self, words: Iterable[bytes]) -> bool:
        """Whether any of these has the checksum of a unit or of its sign."""
        return not self.index.quick.isdisjoint(map(crc32, words, repeat(self.index.seed)))

    def _whole(self, stretches_: Iterable[bytes]) -> bool:
        """Whether any of these has the checksum of a unit."""
        if not self.whole:
            self.whole = frozenset(self.index.whole)
        return not self.whole.isdisjoint(map(crc32, stretches_, repeat(self.index.seed)))

    def _marked(self, words: set[bytes]) -> set[bytes]:
        """The words that a unit may be part of."""
        if not words or not self._quick(bare(words)):
            return set()
        listed = list(words)
        stripped = list(map(bytes.lstrip, listed, repeat(PREFIX)))
        pieces = list(set(inner(listed)))
        marked = {listed[at] for at in (*self._places(listed), *self._places(stripped))}
        marked.update(word for at in self._places(pieces) for word in listed if pieces[at] in word)
        return marked

    def _places(self, words: list[bytes]) -> list[int]:
        """Which of these have the checksum of a unit or of its sign."""
        quick = self.index.quick
        return [at for at, sum_ in enumerate(map(crc32, words, repeat(self.index.seed))) if sum_ in quick]

    def _occurs(self, text: bytes, marked: set[bytes]) -> bool:
        """Whether a text holds a unit; `marked` are those of its words that one may be part of."""
        if self._whole(bare(marked)):
            return True
        lines = text.split(b"\n")
        if len(marked) > MANY:
            return self._whole(stretches(lines))
        return self._whole(stretches({line for word in marked for line in lines if word in line}))

    def _line(self, line: bytes, alone: bool) -> bytes:
        """A line with its units replaced. alone: whether some of the text's words are units by themselves."""
        done: set[bytes] = set()  # a mark is never a unit, but a policy may restrict a text that looks like one
        while self._whole(stretches((line,))):
            for unit in stretches((line,)):
                if len(unit) >= VALUE and unit not in done and (label := self.index.owner(unit)) is not None:
                    done.add(unit)
                    line = line.replace(unit, self._mark(label))
                    break
            else:
                break
        for pattern in (RUNS, WORDS) if alone else ():
            line = pattern.sub(self._word, line)
        return line

    def _word(self, found: re.Match[bytes]) -> bytes:
        label = self.index.owner(found[0])
        return found[0] if label is None else self._mark(label)

    def _label(self, text: bytes) -> str | None:
        """The restricted file that some unit of a text gives away."""
        marked = self._marked(set(text.translate(RUN_TABLE).split()))
        if not marked or not self._occurs(text, marked):
            return None
        for unit in (*stretches(text.split(b"\n")), *RUNS.findall(text), *WORDS.findall(text)):
            if len(unit) >= VALUE and (label := self.index.owner(unit)) is not None:
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


def _border(data: bytes) -> int:
    """Where a long line without an end may be cut: behind its last blank, else at its very end."""
    return max(data.rfind(b" "), data.rfind(b"\t"), data.rfind(b",")) + 1 or len(data)
