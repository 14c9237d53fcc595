"""What the object store of a git repository holds that the policy does not let out, whether checked out or
not.

The names come from the index file, which is read here, and from the history. What has been found is kept, and
holds until a ref, a HEAD or the index changes.
"""

from __future__ import annotations

import os
import time

from ..values import NamedTuple
from . import shelf
from .index import CLOCK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from .index import Spelling

    State = list[list[int | str]]
    """Paths with change time, inode and size."""


class Repository(NamedTuple):
    """Where a repository keeps its things. top: the work tree, or the repository itself where it is bare;
    own: this work tree's part (HEAD, index); common: what all work trees share (refs, objects)."""

    top: str
    own: str
    common: str
    bare: bool


def tracked(
    repository: str, judge: Spelling, deadline: float, cache: str = "", identity: str = ""
) -> tuple[str, ...] | None:
    """The paths that the policy does not let out and that some revision holds, absolute as if checked out,
    sorted.

    repository: a folder in a work tree, or a bare repository; () where it is none. Names that the index, any
    ref, any reflog or the stash leads to count. cache: the guard's cache folder, in which what is found is
    kept under the policy's `identity`; "" keeps nothing. deadline: of the monotonic clock; None where it
    passes or git cannot say.
    """
    found = discover(repository)
    if found is None:
        return ()
    place = f"{cache}/inventory/" if cache else ""
    answers = place + shelf.name_of("answers", found.top, identity)
    known = (shelf.read(answers, identity) if place else None) or {}
    now = time.time_ns()
    refs, index = _refs(found), _index(found)
    if known.get("refs") == refs and known.get("index") == index:
        return tuple(known["paths"])
    staged = _staged(found)
    if staged is None:
        return None
    names = _past(found, deadline, place, known.get("refs") == refs)
    if names is None:
        return None
    base = found.top.rstrip("/")
    past = known.get("past") if known.get("refs") == refs else None
    asked = (staged - names) if past is not None else (staged | names)
    restricted = set()
    for count, name in enumerate(asked):
        if judge(f"{base}/{name}", False).action != "allow":
            restricted.add(name)
        if not count & 255 and time.monotonic() > deadline:
            return None
    past = sorted(restricted & names) if past is None else past
    paths = tuple(sorted(f"{base}/{name}" for name in restricted.union(past)))
    if place:
        content = {"refs": _settled(refs, now), "index": _settled(index, now), "past": past, "paths": paths}
        shelf.write(answers, identity, content)
    return paths


def discover(folder: str) -> Repository | None:
    """The repository that a folder belongs to, as git looks for it; None where it belongs to none."""
    folder = os.path.abspath(folder)
    while True:
        own = _git_folder(f"{folder}/.git")
        if own:
            return Repository(folder, own, _common(own), False)
        if _is_repository(folder):
            if os.path.basename(folder) == ".git":
                return Repository(os.path.dirname(folder), folder, _common(folder), False)
            return Repository(folder, folder, _common(folder), True)
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above


def _git_folder(path: str) -> str:
    """The repository that a `.git` folder is or a `.git` file names; "" for neither."""
    if _is_repository(path):
        return path
    try:
        with open(path, "rb") as file:
            text = os.fsdecode(file.read(4096))
    except OSError:
        return ""
    if not text.startswith("gitdir: "):
        return ""
    named = os.path.join(os.path.dirname(path), text.removeprefix("gitdir: ").rstrip("\r\n"))
    return os.path.normpath(named) if _is_repository(named) else ""


def _is_repository(path: str) -> bool:
    return os.path.lexists(f"{path}/HEAD") and (
        os.path.isfile(f"{path}/commondir") or (os.path.isdir(f"{path}/objects") and os.path.isdir(f"{path}/refs"))
    )


def _common(own: str) -> str:
    try:
        with open(f"{own}/commondir", "rb") as file:
            return os.path.normpath(os.path.join(own, os.fsdecode(file.read(4096)).rstrip("\r\n")))
    except OSError:
        return own


def _staged(repository: Repository) -> set[str] | None:
    """The names in the index, and in the shared index that it may build on; None where they cannot be read."""
    from .gitindex import BadIndex, names

    try:
        with open(f"{repository.own}/index", "rb") as file:
            data = file.read()
    except FileNotFoundError:
        return set()
    except OSError:
        return None
    digest = 32 if _sha256(repository) else 20
    try:
        found = names(data, digest)
        for name in os.listdir(repository.own):
            if name.startswith("sharedindex."):
                with open(f"{repository.own}/{name}", "rb") as file:
                    found += names(file.read(), digest)
    except (OSError, BadIndex):
        return None
    return set(found)


def _sha256(repository: Repository) -> bool:
    try:
        with open(f"{repository.common}/config", "rb") as file:
            text = file.read().lower().replace(b" ", b"").replace(b"\t", b"")
    except OSError:
        return False
    return b"objectformat=sha256" in text


def _past(repository: Repository, deadline: float, place: str, unchanged: bool) -> set[str] | None:
    """Every name in any revision: those found before, and unless `unchanged` what git says of new commits."""
    from .history import History, Late

    file = place + shelf.name_of("history", repository.common)
    history = History((shelf.read(file, repository.common) if place else None) or {})
    if unchanged and history.tips and not history.part:
        return history.names
    try:
        history.update(repository.own, repository.common, deadline)
    except Late:
        return None
    finally:
        if place:
            shelf.write(file, repository.common, history.dump())
    return history.names


def _refs(repository: Repository) -> State:
    """What changes whenever a ref, the stash or a HEAD does. A loose ref is renamed into its folder, which
    changes the folder; a reflog changes only with its ref."""
    common = repository.common
    names = [
        "HEAD",
        "packed-refs",
        "refs",
        "reftable",
        "FETCH_HEAD",
        "ORIG_HEAD",
        "MERGE_HEAD",
        "CHERRY_PICK_HEAD",
    ]
    found = _states(f"{common}/{name}" for name in names)
    waiting = [f"{common}/refs"]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                folders = [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
        except OSError:
            continue
        waiting += folders
        found += _states(folders)
    try:
        trees = sorted(os.listdir(f"{common}/worktrees"))
    except OSError:
        trees = []
    found += _states(f"{common}/worktrees/{tree}/{name}" for tree in trees for name in ("HEAD", "refs", "ORIG_HEAD"))
    return sorted(found, key=lambda one: str(one[0]))


def _index(repository: Repository) -> State:
    """What changes whenever the index does, or the policy of the work tree."""
    policies = [f"{repository.top}/.claude/guard.toml", f"{repository.top}/.claude/guard.local.toml"]
    return _states([f"{repository.own}/index", *policies])


def _states(paths: Iterable[str]) -> State:
    found: State = []
    for path in paths:
        try:
            status = os.lstat(path)
        except OSError:
            continue
        found.append([path, status.st_ctime_ns, status.st_ino, status.st_size])
    return found


def _settled(state: State, now: int) -> State | None:
    """The state, or None where something changed so lately that the clock may not tell the next change."""
    return state if all(isinstance(one[1], int) and one[1] < now - CLOCK for one in state) else None
