"""What the policy keeps from a shell command in the trees that matter to it, found once and kept while
nothing changes."""

from __future__ import annotations

import os

from ..values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from hashlib import blake2b

    from ..model import Judgement
else:
    from _blake2 import blake2b  # `hashlib` costs 2 ms


class Path(NamedTuple):
    """One restricted path, real. masked: no program may open it; else programs may and nothing shows it. hidden: its
    name is not shown. twin: it is another name of a restricted file."""

    path: str
    folder: bool
    masked: bool
    hidden: bool
    twin: bool = False


def paths(
    found: Iterable[str], judge: Callable[[str, bool | None], Judgement], identity: str, cache: str
) -> tuple[Path, ...]:
    """Each path with what holds for it. found: what the inventory knows; judge: says what a path is by its spelling;
    identity: of the policy it speaks for. Kept in `cache` under a digest of both."""
    listed = list(found)
    text = "\0".join((identity, *listed)).encode("utf-8", "surrogateescape")
    digest = blake2b(text, digest_size=16).hexdigest()
    place = f"{cache}/restricted"
    file = f"{place}/{digest}"
    try:
        with open(file, encoding="utf-8", errors="surrogateescape") as held:
            lines = held.read().split("\0")
        if lines.pop() == "end" and len(lines) == len(listed):
            return tuple(_read(line) for line in lines)
    except OSError:
        pass
    answer = []
    for path in listed:
        real = os.path.realpath(path)
        folder = os.path.isdir(real)
        judgement = judge(path, folder)
        rule = judgement.rule
        masked = rule is None or rule.programs == "none"
        answer.append(Path(real, folder, masked, rule is not None and rule.names == "hidden"))
    os.makedirs(place, 0o700, exist_ok=True)
    scratch = f"{file}.{os.getpid()}"
    lines = [f"{path.folder:d}{path.masked:d}{path.hidden:d}{path.path}" for path in answer]
    with open(scratch, "w", encoding="utf-8", errors="surrogateescape", opener=_private) as new:
        new.write("\0".join([*lines, "end"]))
    os.replace(scratch, file)
    return tuple(answer)


def twins(found: Iterable[Path], roots: Iterable[str], limit: int = 200_000) -> tuple[Path, ...]:
    """The other names of restricted files that have several, below `roots`. Looks at no more than `limit` names."""
    wanted: dict[int, tuple[int, int, Path]] = {}
    for path in found:
        if path.folder:
            continue
        try:
            status = os.lstat(path.path)
        except OSError:
            continue
        if status.st_nlink > 1:
            wanted[status.st_ino] = (status.st_dev, status.st_nlink, path)
    if not wanted:
        return ()
    known = {path.path for path in found}
    missing = sum(links for _, links, _ in wanted.values()) - len(wanted)
    answer: list[Path] = []
    left = [root for root in roots if os.path.isdir(root)]
    while left and limit > 0 and len(answer) < missing:
        try:
            entries = list(os.scandir(left.pop()))
        except OSError:
            continue
        limit -= len(entries)
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                left.append(entry.path)
            elif entry.inode() in wanted and entry.path not in known:
                device, _, path = wanted[entry.inode()]
                if entry.stat(follow_symlinks=False).st_dev == device:
                    answer.append(path._replace(path=entry.path, twin=True))
    return tuple(answer)


def files(found: Iterable[Path], limit: int = 5000) -> list[str]:
    """The files among restricted paths and below restricted folders, no more than `limit`."""
    answer: list[str] = []
    left = [(path.path, path.folder) for path in found]
    while left and len(answer) < limit:
        path, folder = left.pop()
        if not folder:
            answer.append(path)
            continue
        try:
            left.extend((entry.path, entry.is_dir(follow_symlinks=False)) for entry in os.scandir(path))
        except OSError:
            continue
    return sorted(answer)


def _read(line: str) -> Path:
    return Path(line[3:], line[0] == "1", line[1] == "1", line[2] == "1")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
