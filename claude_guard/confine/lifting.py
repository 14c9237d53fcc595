"""What of the masks is taken off for one command because it was read whole. Pure.

A masked path cannot be written, replaced or removed: a mask that could be would not hold; and it has no mode. So where
everything is known that a command does, none of it opens what is restricted, and each of its programs is one of the
system's own, the paths that it writes stand without their masks; and where it consists of programs that show no
contents, all do. Names that are hidden stay so.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .restricted import Path

    Entries = Callable[[str], list[tuple[str, bool]] | None]  # of a folder: names, and whether each is a folder

MOST = 2000
"""Masks in place of one folder's. A folder that would need more stays masked as a whole."""

METADATA = frozenset(("ls", "dir", "stat", "du", "test", "[", "[[", "chmod", "chown", "chgrp", "find", "touch"))
"""Programs that open no file: they show or change modes, owners, sizes, times and names."""

FILTERS = frozenset(("wc", "head", "tail", "sort", "uniq", "cut", "grep", "tr", "nl", "column", "cat", "sed", "awk"))
"""Programs that read their standard input where they are given no file."""

PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ._/:,+=%@-")
ALWAYS = ("ls", "stat", "chmod", "chown", "chgrp")
"""Of these programs no option makes one open a file."""

BUILTINS = frozenset(
    "cd pwd true false : echo printf exit set wait test [ [[ (( read local export return break continue shift umask "
    "type command builtin eval for".split()
)
CHANGING = ("BASH_ENV", "LD_PRELOAD", "LD_LIBRARY_PATH", "DYLD_INSERT_LIBRARIES")
"""Variables that make a shell or a program do something else besides."""
SYSTEM = ("/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/", "/usr/lib/", "/opt/homebrew/", "/nix/store/")
"""Where a system keeps its programs: nobody's project."""


def plain(script: str) -> tuple[str, ...]:
    """The words of a script that is one command of a program that opens no file, with nothing to expand; else ()."""
    words = tuple(script.split(" ")) if script[:2] in ("ls", "st", "ch") and PLAIN.issuperset(script) else ()
    return tuple(word for word in words if word) if words and words[0] in ALWAYS else ()


def metadata(commands: Iterable[Sequence[str]]) -> bool:
    """Whether commands of a script that reads no file, as words, show no contents: at least one is a program that opens no
    file, and each of the others reads what that says."""
    names = [words[0].rpartition("/")[2] for words in commands if words]
    return not METADATA.isdisjoint(names) and METADATA.union(BUILTINS, FILTERS).issuperset(names)


def named(script: str, cwd: str, paths: Iterable[Path], root: str) -> bool:
    """Whether a script may be about masked paths: it names one of them, or a folder on the way from `root` to one; or
    it runs inside one; or it consists of programs that need no masks."""
    if not METADATA.isdisjoint(script.replace(";", " ").split()):
        return True
    words: set[str] = set()
    for path in paths:
        if cwd == path.path or cwd.startswith(path.path + "/"):
            return True
        words.update(path.path.removeprefix(root).split("/"))
    words.discard("")
    return any(word in script for word in words)


def system(name: str, path: str, defined: frozenset[str], real: Callable[[str], str | None]) -> bool:
    """Whether the name of a command means a builtin or a program of the system. path: the PATH in force; defined: the
    functions and aliases in force; real: the real path of an executable file, None where there is none."""
    if name in defined:
        return False
    if name in BUILTINS:
        return True
    places = [name] if "/" in name else [f"{folder}/{name}" for folder in path.split(":")]
    for place in places:
        found = real(place)
        if found is not None:
            return found.startswith(SYSTEM) and place.startswith("/")
    return False


def defined(snapshot: str) -> frozenset[str]:
    """The functions and aliases that a client's snapshot of a shell defines. An alias that adds options to the program
    of its own name is none."""
    names: set[str] = set()
    for line in snapshot.split("\n"):
        words = line.split()
        if "base64 -d" in line:
            from binascii import Error, a2b_base64

            for word in words:
                try:
                    inner = a2b_base64(word.strip("'\"")).decode("utf-8", "replace")
                except (Error, ValueError):
                    continue
                names |= defined(inner)
        if words[:1] == ["alias"]:
            name, _, value = line.partition("alias ")[2].removeprefix("-- ").partition("=")
            if value.strip("'\"").split(" ")[0] != name.strip():
                names.add(name.strip("'\" "))
        elif words[:1] == ["function"] and len(words) > 1:
            names.add(words[1].removesuffix("()"))
        elif "()" in line:
            names.add(line.partition("()")[0].strip())
    return frozenset(names)


def without(paths: Iterable[Path], written: Iterable[str], entries: Entries) -> tuple[Path, ...]:
    """The masks that are left. written: absolute, links resolved; what lies below them is written too. entries: lists a
    folder of which only a part stays masked; None where it cannot."""
    open_ = frozenset(written)
    left: list[Path] = []
    for path in paths:
        if path.hidden or not _within(path.path, open_):
            inside = frozenset(one for one in open_ if one.startswith(path.path + "/"))
            parts = _parts(path, inside, entries) if path.folder and inside and not path.hidden else None
            left.extend([path] if parts is None else parts)
    return tuple(left)


def _parts(folder: Path, open_: frozenset[str], entries: Entries) -> list[Path] | None:
    """The masks of what a folder holds besides what is written in it; None where the folder stays masked."""
    found = entries(folder.path)
    if found is None or len(found) > MOST:
        return None
    left: list[Path] = []
    for name, is_folder in found:
        part = folder._replace(path=f"{folder.path}/{name}", folder=is_folder)
        if part.path in open_:
            continue
        inside = frozenset(one for one in open_ if one.startswith(part.path + "/"))
        parts = _parts(part, inside, entries) if inside and is_folder else [part]
        if parts is None or len(left) + len(parts) > MOST:
            return None
        left.extend(parts)
    return left


def _within(path: str, folders: frozenset[str]) -> bool:
    while path:
        if path in folders:
            return True
        path = path.rpartition("/")[0]
    return False
