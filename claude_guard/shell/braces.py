"""Brace expansion, on a word as written: `{a,b}`, `{1..9}`."""

import re

from .context import HOLE
from .quoting import Unclosed, part

FIELDS = 20_000  # words that one word may become


def braces(raw: str, budget: int = FIELDS) -> list[str] | None:
    """The words that brace expansion makes of a word as written; None where they are too many."""
    if "{" not in raw:
        return [raw]
    results: list[str] = []
    waiting = [("", raw)]
    work = 0
    while waiting:
        before, rest = waiting.pop()
        work += len(rest)
        found = _brace(rest)
        if found is None:
            results.append(before + rest)
        else:
            start, end, choices = found
            for choice in reversed(choices):
                # an alternative may hold braces itself; the part before it is done
                waiting.append((before + rest[:start], choice + rest[end:]))
        if len(results) + len(waiting) > budget or work > 1_000_000:
            return None
    return results


def _brace(text: str) -> tuple[int, int, list[str]] | None:
    """The first brace expression: where it starts and ends, and its alternatives."""
    i = 0
    while i < len(text):
        char = text[i]
        if char in "\"'`$":
            i = _after(text, i)
        elif char == "\\":
            i += 2
        elif char == "{":
            found = _alternatives(text, i)
            if found:
                return i, *found
            i += 1
        else:
            i += 1
    return None


def _after(text: str, i: int) -> int:
    try:
        return part(text, i)
    except Unclosed:
        return i + 1


def _alternatives(text: str, at: int) -> tuple[int, list[str]] | None:
    parts: list[str] = []
    depth = 0
    i = start = at + 1
    while i < len(text):
        char = text[i]
        if char in "\"'`$":
            i = _after(text, i)
            continue
        if char == "\\":
            i += 2
            continue
        if char == "{":
            depth += 1
        elif char == "}":
            if not depth:
                parts.append(text[start:i])
                if len(parts) > 1:
                    return i + 1, parts
                span = _span(parts[0])
                return (i + 1, span) if span is not None else None
            depth -= 1
        elif char == "," and not depth:
            parts.append(text[start:i])
            start = i + 1
        i += 1
    return None


def _span(text: str) -> list[str] | None:
    found = re.fullmatch(r"(-?\d+|[A-Za-z])\.\.(-?\d+|[A-Za-z])(?:\.\.(-?\d+))?", text)
    if not found:
        return None
    low, high, step = found.groups()
    letters = low.isalpha()
    if letters != high.isalpha():
        return None
    a, b = (ord(low), ord(high)) if letters else (int(low), int(high))
    by = abs(int(step or 1)) or 1
    numbers = range(a, b + 1, by) if a <= b else range(a, b - 1, -by)
    if len(numbers) > FIELDS:
        return [HOLE] * (FIELDS + 1)
    if letters:
        return [chr(n) for n in numbers]
    padded = any(len(end.lstrip("-")) > 1 and end.lstrip("-").startswith("0") for end in (low, high))
    width = max(len(low), len(high)) if padded else 0
    return [str(n).zfill(width) for n in numbers]
