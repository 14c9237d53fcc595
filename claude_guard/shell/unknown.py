"""Programs that no family knows, and scripts that are started by their path.

An unknown program may do anything with a file that it is handed, so a word that names one is a read.
"""

import re
from collections.abc import Iterable

from . import commands
from .context import HOLE
from .surroundings import Command

_URL = re.compile(r"(?!file:)[A-Za-z][\w+.-]*://")
_PATHLIKE = re.compile(r"[./]")
_SHELLS = frozenset(["sh", "bash", "dash", "ash", "ksh", "zsh"])


def read(argv: list[str], context: Command) -> str | None:
    """An unknown program: what its words name, it reads. Its output is unknown."""
    words(context, argv[1:])
    return None


def words(context: Command, given: Iterable[str]) -> None:
    """Reads whatever these words may name."""
    for word in given:
        if not word or word == "-":
            continue
        if HOLE in word:
            if not (word.startswith("-") and word.endswith("=" + HOLE) is False and "=" not in word):
                context.read(word.split("=", 1)[-1] if word.startswith("-") else word)
            continue
        for candidate in _candidates(word):
            if len(candidate) > 4096 or "\n" in candidate or "\0" in candidate:
                continue
            context.raw.setdefault(candidate, context.raw.get(word, word))
            if _PATHLIKE.search(candidate) or context.world.kind(context.path(candidate)) is not None:
                context.read(candidate)


def _candidates(word: str) -> list[str]:
    if _URL.match(word):
        return []
    if word.startswith("file://"):
        return [re.sub(r"^file://[^/]*", "", word)]
    found = [word] if not word.startswith("-") else []
    if word.startswith("-") and not word.startswith("--") and len(word) > 2:
        found.append(word[2:])
    if "=" in word:
        found.append(word.split("=", 1)[1])
    for text in list(found):
        if text.startswith("@") and len(text) > 1:
            found.append(text[1:])
        if ":" in text:
            found += [part for part in text.split(":") if "/" in part or part.startswith(".")]
        if "," in text and "/" not in text[:1]:
            found += [part for part in text.split(",") if part]
    return [text for text in dict.fromkeys(found) if text and not _URL.match(text)]


def on_path(name: str, context: Command) -> str:
    """Where a program's name leads in folders that the script put on PATH, "" where nowhere."""
    known = context.state.variables.get("PATH")
    text = known.text() if known else None
    if not text:
        return ""
    for folder in text.split(":"):
        if folder and HOLE not in folder:
            path = context.path(f"{folder}/{name}")
            if context.world.kind(path) == "file" and not re.match(r"/(usr/|opt/|s?bin/)", path):
                return path
    return ""


def program(path: str, argv: list[str], context: Command) -> str | None:
    """A program given by its path: a shell script is walked, another script read as its language allows."""
    arguments = argv[1:]
    if HOLE in path:
        context.opaque("which program is run")
        return read(argv, context)
    text = context.world.text(path, 100_000)
    written = path in context.state.files
    if text is None:
        context.execute(path)
        if written:
            context.opaque(f"what the program `{context.raw.get(argv[0], argv[0])}` does")
        name = path.rsplit("/", 1)[-1]
        reader = commands.lookup(name) if context.world.kind(path) != "dir" else None
        if reader is not None:
            return reader([name, *arguments], context)
        return read(argv, context)
    context.execute(path)
    first = text.split("\n", 1)[0]
    interpreter = _interpreter(first)
    if interpreter in _SHELLS or (not first.startswith("#!") and _looks_textual(text)):
        return context.run(text, arguments, interpreter or "bash")
    if first.startswith("#!") and interpreter:
        head = first[2:].split()
        return context.call([interpreter, *_options(head), path, *arguments])
    return read(argv, context)


def _options(head: list[str]) -> list[str]:
    words = head[1:] if not head[0].endswith("/env") else head[2:]
    return [word for word in words if word != "-S"]


def _interpreter(line: str) -> str:
    if not line.startswith("#!"):
        return ""
    parts = line[2:].split()
    if not parts:
        return ""
    if parts[0].endswith("/env"):
        parts = [part for part in parts[1:] if not part.startswith("-") and "=" not in part]
    return parts[0].rsplit("/", 1)[-1] if parts else ""


def _looks_textual(text: str) -> bool:
    return "\0" not in text[:4096]
