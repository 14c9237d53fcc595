"""Which trees besides the project and the working folder's a command plainly reaches: other work trees of the same
repository, and what the paths in its words lie in.

The words are not read as a shell reads them: they are cut at whatever may end one, and those that begin like a path or
climb out of a folder are followed, `cd` too. A word too many costs a look, and what a word hides is
not found.
"""

from __future__ import annotations

import os

from ..values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MARKS = (".git", ".claude/guard.toml", ".claude/guard.local.toml")
"""What makes a folder the root of a tree."""

SYSTEM = frozenset(
    "bin boot dev etc lib lib32 lib64 libx32 lost+found nix proc run sbin snap sys usr Applications Library System".split()
)
"""Folders of the root that belong to the system: what is restricted there is named by rules."""

SHARED = frozenset(("/", "/home", "/root", "/tmp", "/var", "/var/tmp", "/mnt", "/media", "/srv", "/opt", "/Users"))
"""Folders that hold everybody's things: nobody means all of them."""

CUTS = str.maketrans(dict.fromkeys("'\"`;&|()<>{}[],=:@\\\n\t", " "))

WORDS = 48
"""Paths of a command that are followed."""

WORKTREES = 8
"""Other work trees of a repository that are looked through."""


class Reach(NamedTuple):
    """trees: roots of repositories and projects; folders: named folders that lie in none."""

    trees: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()


def reached(script: str, cwd: str, home: str, known: Iterable[str]) -> Reach:
    """What a script reaches outside the trees that are known. cwd: where it starts; home: never a tree itself."""
    inside = [root.rstrip("/") + "/" for root in known]
    trees: dict[str, None] = {}
    folders: dict[str, None] = {}

    def outside(path: str) -> bool:
        return path != home and path not in SHARED and not f"{path}/".startswith(tuple(inside))

    for root in known:
        for tree in worktrees(root):
            if outside(tree):
                trees[tree] = None
    for path in _paths(script, cwd, home):
        if path.split("/", 2)[1] in SYSTEM or not outside(path):
            continue
        try:
            folder = path if os.stat(path).st_mode & 0o170000 == 0o040000 else os.path.dirname(path)
        except (OSError, ValueError):
            continue
        top = _top(folder, home)
        if top:
            if outside(top):
                trees[top] = None
        elif outside(folder):
            folders[folder] = None
    tops = tuple(f"{tree}/" for tree in trees)
    return Reach(tuple(trees), tuple(folder for folder in folders if not f"{folder}/".startswith(tops)))


def worktrees(root: str) -> list[str]:
    """The other work trees of the repository at a root, the main one too."""
    git = root + "/.git"
    found = []
    try:
        os.stat(git + "/HEAD")
    except NotADirectoryError:
        named = _line(git).partition("gitdir:")[2].strip()
        common, _, name = os.path.normpath(os.path.join(root, named)).partition("/worktrees/")
        if not named or not name:
            return []
        git = common
        if os.path.basename(common) == ".git":
            found.append(os.path.dirname(common))
    except OSError:
        return []
    try:
        names = sorted(os.listdir(git + "/worktrees"))
    except OSError:
        return found
    for name in names[: 4 * WORKTREES]:
        tree = os.path.dirname(_line(f"{git}/worktrees/{name}/gitdir"))
        if tree.startswith("/") and tree != root and os.path.isdir(tree):
            found.append(os.path.normpath(tree))
    return found[:WORKTREES]


def _line(file: str) -> str:
    try:
        with open(file, encoding="utf-8", errors="surrogateescape") as opened:
            return opened.read(4096).rstrip("\r\n")
    except OSError:
        return ""


def _paths(script: str, cwd: str, home: str) -> Iterator[str]:
    """The absolute paths that words of a script may mean and that are no plain names below the working folder."""
    if "/" not in script and ".." not in script and "~" not in script:
        return
    base, enters = cwd, False
    seen: set[str] = set()
    for word in script.translate(CUTS).split():
        if word.startswith("$HOME"):
            word = "~" + word[5:]
        moved, enters = enters, word in ("cd", "pushd", "-C")
        if word.startswith("-"):  # `-I../include`, `-C/srv/x`
            word = word[min(at for at in (*map(word.find, ("..", "/", "~")), len(word)) if at >= 0) :]
        if not word or not (moved or base != cwd or word[0] in "/~" or ".." in word):
            continue
        if word[0] == "~":
            word = home + word[1:] if word[1:2] in ("", "/") else ""
        if not word:
            continue
        path = "/" + os.path.normpath(os.path.join(base, word)).lstrip("/")
        for one in {path, "/" + os.path.normpath(os.path.join(cwd, word)).lstrip("/")} - seen:
            seen.add(one)
            yield one
        if len(seen) >= WORDS:
            return
        base = path if moved else base


def _top(folder: str, home: str) -> str:
    """The nearest folder at or above one that is the root of a tree, "" where there is none below home and the root."""
    while folder not in SHARED and folder not in ("", home):
        if any(os.path.lexists(f"{folder}/{mark}") for mark in MARKS):
            return folder
        folder = os.path.dirname(folder)
    return ""
