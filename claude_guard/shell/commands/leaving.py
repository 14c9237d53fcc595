"""How a command would leave restricted paths out: the words for it, by the kind of pattern that its program takes."""

import os
import re
import shlex

from ..context import NOWHERE, Context, Exclude, Exclusion
from . import selection

SIMPLE = re.compile(r"[\w .@%+,=:#~&;()<>\"'$|-]+")
"""A name that no program takes for a pattern."""

LOOKED_AT = 20_000
"""Entries of a tree that are compared with an exclusion by name, nearest first; what lies further down is not."""


def simple(path: str) -> bool:
    """Whether a path can be written as a pattern that matches it alone."""
    return all(SIMPLE.fullmatch(part) and part == part.strip() for part in path.split("/"))


def word(option: str, value: str) -> str:
    """An option with its value as one word of a command."""
    return option + shlex.quote(value)


def veiled(path: str) -> str:
    """A glob that matches a path alone and does not look like it: the client refuses a command of a few programs for
    any word that one of its own rules matches, though the word is there to leave the path out."""
    return "/".join(_veiled(part) for part in path.split("/"))


def _veiled(part: str) -> str:
    if part in ("", ".", "..") or not part.isascii():
        return part
    return f"[{part[0]}]{part[1:-1]}[{part[-1]}]" if len(part) > 1 else f"[{part}]"


def behind(argv: list[str], names: tuple[str, ...]) -> int:
    """The index of a command's last word that belongs to one of these options: where the last one wins, what is to win
    goes after it."""
    at = 0
    for index, given in enumerate(argv):
        if given == "--":
            break
        if given.startswith(names):
            at = index + (given in names and index + 1 < len(argv))
    return at


def named(root: str, context: Context, file: str, folder: str, after: int = 0) -> Exclude:
    """Exclusion by base name, for a search below `root` (absolute). file, folder: the options, with their `=`.

    It goes after the command's word with that index, unless the tree holds an allowed file or folder of the same name.
    """
    homonyms: dict[str, list[str]] = {}

    def exclude(path: str) -> Exclusion:
        name = os.path.basename(path)
        if not simple(name):
            return Exclusion()
        if not homonyms:
            homonyms.update(entries(root, context))
        restricted = context.world.sensitive(root) or ()
        others = [one for one in homonyms.get(name, ()) if not within(one, restricted)]
        words = word(folder if context.world.kind(path) == "dir" else file, name)
        return Exclusion(words, NOWHERE if others else after)

    return exclude


def within(path: str, folders: tuple[str, ...]) -> bool:
    return any(path == folder or path.startswith(folder + "/") for folder in folders)


def entries(root: str, context: Context) -> dict[str, list[str]]:
    """The paths below a folder by their base names, nearest first; links are not followed, repositories not entered."""
    found: dict[str, list[str]] = {"": []}
    pending = [root.rstrip("/")]
    left = LOOKED_AT
    for folder in pending:
        names = context.world.listdir(folder or "/")
        if names is None or (folder != root and selection.linked(folder, context.world)):
            continue
        left -= len(names)
        if left < 0:
            break
        for name in names:
            found.setdefault(name, []).append(f"{folder}/{name}")
            if name != ".git":
                pending.append(f"{folder}/{name}")
    return found


def globbed(context: Context, after: int) -> Exclude:
    """`rg -g`: a glob from the working folder on; it goes after the command's word with that index."""

    def exclude(path: str) -> Exclusion:
        inside = path.removeprefix(context.cwd.rstrip("/") + "/")
        if inside == path or not simple(inside):
            return Exclusion()
        return Exclusion(f"-g {shlex.quote('!/' + inside)}", after)

    return exclude


def spelled(root: str, start: str, option: str, after: int) -> Exclude:
    """Exclusion by the path as the program spells it: `start` for the root (absolute), and what follows.

    option: with its `=` or blank. after: the index of the command's word after which it goes.
    """

    def exclude(path: str) -> Exclusion:
        spelling = start.rstrip("/") + path[len(root.rstrip("/")) :]
        return Exclusion(word(option, spelling), after) if simple(spelling) else Exclusion()

    return exclude
