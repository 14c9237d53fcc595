"""What an execution really read: opens and writes in a trace of system calls, and canaries in what it left behind."""

import base64
import binascii
import bz2
import lzma
import os
import re
import stat
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from tests.corpus import fixture

WINDOW = 10
"""So many digits of a canary in a row show that its content came through."""

CALL = re.compile(rb"^(\d+) +(\w+)\((.*)\) += (-?\d+)(?:<(.*?)>)?")
STRING = re.compile(rb'"((?:[^"\\]|\\.)*)"')
DESCRIPTOR = re.compile(rb"^\d+<((?:[^>\\]|\\.)*)>")
ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.S)
NAMED = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"f": b"\f", b"v": b"\v"}

INDEXING = {
    "add",
    "am",
    "checkout",
    "cherry-pick",
    "commit",
    "describe",
    "diff-files",
    "diff-index",
    "ls-files",
    "merge",
    "mv",
    "pull",
    "rebase",
    "revert",
    "read-tree",
    "reset",
    "restore",
    "rm",
    "stash",
    "status",
    "switch",
    "update-index",
    "worktree",
    "diff",
    "log",
    "show",
}
"""git's subcommands that open files of the work tree to compare them with the index: what they show is looked
for instead."""


class Canaries:
    """The canaries to look for, and what each of them shows."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.sources = dict(sources)
        self.windows: dict[bytes, str] = {}
        for secret, source in self.sources.items():
            for start in range(len(secret) - WINDOW + 1):
                self.windows[secret[start : start + WINDOW].encode()] = source
        self.pattern = re.compile(b"(?=(" + b"|".join(map(re.escape, self.windows)) + b"))")

    def plain(self, data: bytes) -> set[str]:
        return {self.windows[match.group(1)] for match in self.pattern.finditer(data)}

    def found(self, data: bytes) -> set[str]:
        """The sources whose canaries are in the data: plain, or in one of the forms of `forms`."""
        return {source for form in forms(data) for source in self.plain(form)}


def forms(data: bytes, depth: int = 2) -> Iterator[bytes]:
    """The data, and what it may stand for: lower case, reversed, spaced out, base64, hexadecimal, compressed, rot13."""
    yield data
    yield data.lower()
    yield data[::-1]
    tight = re.sub(rb"\s+", b"", data)
    yield tight
    yield re.sub(rb"[^0-9a-fA-F]", b"", data)
    yield rot13(data)
    for block in re.findall(rb"[A-Za-z0-9+/_-]{16,}={0,2}", tight):
        for plain in base64_forms(block):
            yield plain
            yield from (inner for packed in inflated(plain) for inner in forms(packed, depth - 1) if depth)
    for block in re.findall(rb"[A-Z2-7]{16,}=*", tight):
        yield from tried(base64.b32decode, block + b"=" * (-len(block) % 8))
    digits = [re.sub(rb"(?m)^[0-9a-f]{6,8}:? |  .{0,16}$|[|>].*$", b"", data), data]
    for text in digits:
        for block in re.findall(rb"(?:[0-9a-fA-F]{2}){10,}", re.sub(rb"\s+|\\x|0x|%|,", b"", text)):
            for plain in tried(binascii.unhexlify, block):
                yield plain
                yield from (inner for packed in inflated(plain) for inner in forms(packed, depth - 1) if depth)
    octal = re.findall(rb"\b[0-7]{3}\b", data)
    if len(octal) >= WINDOW:
        yield bytes(int(value, 8) & 255 for value in octal)
    decimal = re.findall(rb"\b\d{2,3}\b", data)
    if len(decimal) >= WINDOW:
        yield bytes(int(value) & 255 for value in decimal)
    yield b"".join(re.findall(rb"(?m)^[0-9a-f]{7,8}:? .*? {2}[|>]?(.{1,16}?)[|<]?$", data))
    if depth:
        for inner in inflated(data):
            yield from forms(inner, depth - 1)


def base64_forms(block: bytes) -> Iterator[bytes]:
    plain = block.rstrip(b"=").replace(b"-", b"+").replace(b"_", b"/")
    for skip in range(4):
        part = plain[skip:]
        part = part[: len(part) - (1 if len(part) % 4 == 1 else 0)]
        yield from tried(base64.b64decode, part + b"=" * (-len(part) % 4))


def tried(decode: "type[bytes] | object", block: bytes) -> Iterator[bytes]:
    try:
        yield decode(block)  # type: ignore[operator]
    except (binascii.Error, ValueError):
        return


def rot13(data: bytes) -> bytes:
    upper, lower = bytes(range(65, 91)), bytes(range(97, 123))
    return data.translate(bytes.maketrans(upper + lower, upper[13:] + upper[:13] + lower[13:] + lower[:13]))


def inflated(data: bytes) -> Iterator[bytes]:
    """What compressed streams anywhere in the data hold: zlib, gzip, zip, git packs and bundles, bzip2, xz."""
    for start in (match.start() for match in re.finditer(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08", data)):
        wide = zlib.MAX_WBITS | (16 if data[start] == 0x1F else 0)
        yield from stream(zlib.decompressobj(wide), data[start:])
    for match in re.finditer(rb"PK\x03\x04.{22}(..)(..)", data, re.S):
        name, extra = (int.from_bytes(part, "little") for part in match.groups())
        yield from stream(zlib.decompressobj(-zlib.MAX_WBITS), data[match.end() + name + extra :])
    for match in re.finditer(rb"BZh[1-9]1AY", data):
        yield from stream(bz2.BZ2Decompressor(), data[match.start() :])
    for match in re.finditer(rb"\xfd7zXZ\x00|\x5d\x00\x00", data):
        yield from stream(lzma.LZMADecompressor(), data[match.start() :])


def stream(decoder: object, data: bytes) -> Iterator[bytes]:
    try:
        out = decoder.decompress(data, 1_000_000)  # type: ignore[attr-defined]
    except (zlib.error, OSError, ValueError, EOFError, lzma.LZMAError):
        return
    if len(out) >= WINDOW:
        yield out


def unescaped(data: bytes) -> bytes:
    """The bytes that a quoted string of strace stands for."""

    def one(match: re.Match[bytes]) -> bytes:
        code = match.group(1)
        if code.isdigit():
            return bytes([int(code, 8) & 255])
        return NAMED.get(code, code)

    return ESCAPE.sub(one, data)


class Trace(NamedTuple):
    """What a trace of system calls says: the real paths opened for reading, and whose canaries went through a write."""

    opened: set[str]
    attempted: set[str]  # could not be opened
    shown: set[str]


def whole(log: bytes) -> Iterator[bytes]:
    """The calls of a log of `strace -f`, those that another process interrupted put together again."""
    begun: dict[bytes, bytes] = {}
    for line in log.splitlines():
        process = line.split(b" ", 1)[0]
        if line.endswith(b"<unfinished ...>"):
            begun[process] = line[: -len(b"<unfinished ...>")].rstrip()
        elif b"resumed>" in line and process in begun:
            yield begun.pop(process) + line.split(b"resumed>", 1)[1]
        else:
            yield line


def traced(log: bytes, canaries: Canaries, restricted: Callable[[str], bool]) -> Trace:
    """Reads the log of `strace -f -y`. Writes to restricted paths and to git's own folders show nothing."""
    opened: set[str] = set()
    attempted: set[str] = set()
    shown: set[str] = set()
    programs: dict[bytes, str] = {}
    for line in whole(log):
        match = CALL.match(line)
        if match is None:
            continue
        process, call, arguments, result, target = match.groups()
        if call in (b"clone", b"vfork", b"fork", b"clone3"):
            programs[result] = programs.get(process, "")
        elif result.startswith(b"-"):
            if call.startswith(b"open") and b"O_DIRECTORY" not in arguments and not programs.get(process, ""):
                attempted.update(unescaped(word).decode("utf-8", "replace") for word in STRING.findall(arguments))
        elif call == b"execve":
            programs[process] = program(
                [unescaped(word).decode("utf-8", "replace") for word in STRING.findall(arguments)]
            )
        elif call.startswith(b"open"):
            flags = re.search(rb"O_[A-Z_|]+", arguments)
            names = set((flags.group() if flags else b"").split(b"|"))
            if names & {b"O_RDONLY", b"O_RDWR"} and not names & {b"O_PATH", b"O_DIRECTORY"}:
                path = unescaped(target or b"").decode("utf-8", "replace")
                if programs.get(process, "") not in INDEXING:
                    opened.add(path)
        elif b"write" in call or b"send" in call:
            where = DESCRIPTOR.match(arguments)
            path = unescaped(where.group(1)).decode("utf-8", "replace") if where else ""
            if ".git/" in path or restricted(path):
                continue
            for word in STRING.findall(arguments):
                shown |= canaries.plain(unescaped(word))
    return Trace(opened, attempted, shown)


def program(words: list[str]) -> str:
    """The subcommand where the program is git (its path first, then its words), else ""."""
    if not words or os.path.basename(words[0]) != "git":
        return ""
    arguments = words[2:]
    if "--no-index" in arguments:
        return ""
    skip = False
    for word in arguments:
        if skip:
            skip = False
        elif word in ("-C", "-c", "--git-dir", "--work-tree", "--namespace"):
            skip = True
        elif not word.startswith("-"):
            return word
    return ""


def left_behind(
    root: str, canaries: Canaries, restricted: Callable[[str], bool], before: Callable[[str], bool]
) -> set[str]:
    """Whose canaries are in files below `root` that are not restricted by name, are not links to such a file, were not
    there before, and lie in no git folder. Both callables take a path relative to `root`; a linked work tree that has
    the project's policy counts as the project."""
    shown: set[str] = set()
    held: set[tuple[int, int]] = set()
    candidates: list[tuple[str, tuple[int, int]]] = []
    trees: list[str] = []
    for folder, folders, names in os.walk(root):
        if {"objects", "refs"} <= set(folders):
            folders[:] = []
            continue
        if ".git" in names and os.path.isfile(os.path.join(folder, ".claude/guard.toml")):
            trees.append(folder + "/")
        for name in names:
            path = os.path.join(folder, name)
            status = os.lstat(path)
            inode = (status.st_dev, status.st_ino)
            tree = next((tree for tree in trees if path.startswith(tree)), "")
            inside = f"{fixture.PROJECT}/{path[len(tree) :]}" if tree else os.path.relpath(path, root)
            if restricted(inside):
                held.add(inode)
            elif stat.S_ISREG(status.st_mode) and status.st_size < 2_000_000 and not before(inside):
                candidates.append((path, inode))
    for path, inode in candidates:
        if inode not in held:
            with open(path, "rb") as file:
                shown |= canaries.found(file.read())
    return shown
