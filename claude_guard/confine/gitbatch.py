"""`git cat-file --batch` for a command behind the masks: what it is asked for is known only while it runs.

Each name on standard input is resolved first. One that stands for the content of a restricted file, in whatever
revision, is passed on as a name that git does not know, and so git says that it is missing.
"""

from __future__ import annotations

import os

from . import namespace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import NoReturn

    from .gitwords import Words

UNKNOWN = b"restricted by claude-guard: "
"""What is put before a name that git is not to know."""

REVISIONS = ("HEAD", "FETCH_HEAD", "ORIG_HEAD", "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD")
HEX = frozenset(b"0123456789abcdef")


def suits(words: Words) -> bool:
    """Whether a git command shows the objects that its standard input names, one in each line."""
    return words.verb == "cat-file" and all(
        word in ("--batch", "--buffer", "--unordered") or word.startswith("--batch=") for word in words.rest
    )


class Restricted:
    """The contents of restricted files, by the names of their objects. git: the words that git starts with; top: the
    work tree; paths: the restricted ones, absolute; environment: git's."""

    def __init__(self, git: list[str], top: str, paths: Iterable[str], environment: Mapping[str, str]) -> None:
        self.git = git
        self.environment = environment
        names = [os.path.relpath(path, top) for path in paths]
        self.objects: set[bytes] = set()
        if any("\n" in name for name in names):
            raise ValueError("a restricted file has a line break in its name")
        if names:
            self._learn(["ls-files", "--stage", "--", *(f":(top,literal){name}" for name in names)], b"")
            options = ("--all", "--reflog", "--format=", "--raw", "--no-abbrev", "-c", "--root", "--no-renames")
            safe = ("--no-ext-diff", "--no-textconv", "--ignore-submodules=all", "--ignore-missing", "--stdin")
            listing = [*REVISIONS, "--", *(f":(top,literal){name}" for name in names), ""]
            self._learn(["log", *options, *safe], "\n".join(listing).encode("utf-8", "surrogateescape"))

    def _learn(self, words: list[str], asked: bytes) -> None:
        told = said([*self.git, *words], self.environment, asked)
        if told is None:
            raise ValueError("git does not tell which objects are restricted files")
        for line in told.split(b"\n"):
            words_ = line.partition(b"\t")[0].split()
            self.objects.update(word for word in words_ if len(word) in (40, 64) and HEX.issuperset(word))

    def carry(self, source: int, target: int) -> NoReturn:
        """Passes the lines of `source` on to `target`, each once it is known what it stands for; then ends this
        process."""
        try:
            _, into, out = _started([*self.git, "cat-file", "--batch-check=%(objectname)"], self.environment)
            rest = b""
            while part := os.read(source, 1 << 16):
                *lines, rest = (rest + part).split(b"\n")
                for line in lines:
                    _all(target, self._passed(line, into, out) + b"\n")
            if rest:
                _all(target, self._passed(rest, into, out))
        finally:
            os._exit(0)

    def _passed(self, line: bytes, into: int, out: int) -> bytes:
        _all(into, line + b"\n")
        said = b""
        while not said.endswith(b"\n"):
            part = os.read(out, 4096)
            if not part:
                return UNKNOWN + line
            said += part
        return UNKNOWN + line if said.strip() in self.objects else line


def said(words: list[str], environment: Mapping[str, str], asked: bytes = b"") -> bytes | None:
    """What a command prints on standard output that is given `asked` on its standard input; None where it fails."""
    child, into, out = _started(words, environment)
    if asked and os.fork() == 0:
        os.close(out)
        _all(into, asked)
        os._exit(0)
    os.close(into)
    told = bytearray()
    while part := os.read(out, 1 << 16):
        told += part
    os.close(out)
    _, status = os.waitpid(child, 0)
    return None if status else bytes(told)


def _started(words: list[str], environment: Mapping[str, str]) -> tuple[int, int, int]:
    """A process, and the ends of the pipes to and from it."""
    asked, into = os.pipe()
    out, said = os.pipe()
    nothing = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
    actions = [(os.POSIX_SPAWN_DUP2, end, number) for number, end in ((0, asked), (1, said), (2, nothing))]
    child = os.posix_spawn(words[0], words, dict(environment), file_actions=actions, setsigdef=namespace.IGNORED)
    for end in (asked, said, nothing):
        os.close(end)
    return child, into, out


def _all(target: int, data: bytes) -> None:
    while data:
        data = data[os.write(target, data) :]
