"""The client's own deny rules, derived from the policy: the second line, which also closes what no hook sees.

The client reads the patterns of `Read(...)` as gitignore does, those of one settings file as one list in which the
last match counts: bare ones relative to the working folder, `/x` to the settings' own folder, `//x` to the root, `~/x`
to the home folder. `!x` takes back what earlier bare ones deny, and nothing else. So the rules of a policy can be
copied, but for exceptions to what is not relative: such a pattern is left to the hooks, and so is an exception that
would reach into a stricter layer.
"""

import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from ..policy import snapshot
from ..policy.policy import Policy
from ..policy.shape import intersect, outline

Row = list[Any]


class Native(NamedTuple):
    """The `Read(...)` rules for `permissions.deny`. left_out: patterns that the client cannot hold, each with why."""

    rules: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]


class Block(NamedTuple):
    """The patterns of one layer of a policy, in order: (pattern, whether it takes back, the rule's name)."""

    rows: list[tuple[Row, bool, str]]
    builtin: bool


def derived(project: str, home: str) -> Native:
    """What follows from the policy of a session in `project`; "" for a person's own settings, where no project's
    policy counts. Raises PolicyError where the policy is broken."""
    policy = snapshot.load(project or home, home, home + "/.cache/claude-guard")
    return native(policy, anchored=project != "")


def managed(root: str, owner: int, empty: str) -> Native:
    """The same for the managed policy in the folder `root`, which the user id `owner` must own. empty: a folder without
    any policy, which stands for the project, the home and the cache."""
    return native(snapshot.load(empty, empty, empty, root=root, owner=owner), anchored=False)


def native(policy: Policy, anchored: bool) -> Native:
    """A policy as the client's rules. anchored: the settings lie in the project, so that `/x` names its own folder."""
    rules: dict[str, None] = {}
    left_out: list[tuple[str, str]] = []
    denied: list[Row] = []
    for block in _blocks(policy):
        strict = [] if block.builtin else denied
        for place, (row, back, name) in enumerate(block.rows):
            written = f"{row[0]} ({name})"
            if back and (row[3] or any(_meet(row, other) for other in strict)):
                if not row[3]:
                    left_out.append((written, "a stricter layer denies what it would take back"))
                continue
            after = [other for other, taken, _ in block.rows[place + 1 :] if taken]
            text = accepted(_pattern(row, back, anchored))
            if not text:
                left_out.append((written, "it has no form that every client accepts"))
            elif not back and text.startswith(("/", "~")) and any(_meet(row, other) for other in after):
                left_out.append((written, "it has exceptions, and the client knows them for relative patterns only"))
            else:
                rules.pop(text, None)
                rules[text] = None
        denied += [row for row, back, _ in block.rows if not back and not block.builtin]
    return Native(tuple(f"Read({text})" for text in rules), tuple(left_out))


def _blocks(policy: Policy) -> list[Block]:
    """The layers, packs first, whose patterns what follows may take back. A rule of a pack without exceptions comes
    after those with, so that it cannot be reached by theirs."""
    layers, scope, _ = policy.in_force(policy.project.rstrip("/") + "/x")
    blocks = []
    for layer in sorted(layers, key=lambda one: (one.name != "builtin", -one.authority)):
        listed = [(name, rule) for name, pack in layer.packs for rule in pack.every()]
        listed += [(layer.file, rule) for rule in layer.own.every()]
        builtin = layer.name == "builtin"
        mixed: list[tuple[Row, bool, str]] = []
        plain: list[tuple[Row, bool, str]] = []
        for number, (name, rule) in enumerate(listed):
            if scope.action(rule["class"], layer.authority) != "deny":
                mixed += [(row, True, name) for row in rule["rows"] if not row[1]]
                continue
            milder = [
                row
                for _, later in listed[number + 1 :]
                if scope.action(later["class"], layer.authority) != "deny"
                for row in later["rows"]
            ]
            alone = builtin and not any(row[1] or any(_meet(row, other) for other in milder) for row in rule["rows"])
            (plain if alone else mixed).extend((row, bool(row[1]), name) for row in rule["rows"])
        blocks.append(Block([*mixed, *plain], builtin))
    return blocks


def _pattern(row: Row, back: bool, anchored: bool) -> str:
    """A row as the client's pattern; "" where it has none."""
    glob, folder, space = str(row[6]), "/" if row[2] else "", row[3]
    if glob.endswith("/**"):
        glob += "/*"  # the client takes `x/**` for the folder `x`, which no exception can reach into or make
    sign = "!" if back else ""
    if space == "~":
        return f"~{glob}{folder}"
    if space == "/":
        return f"/{glob}{folder}"
    if not glob.startswith("/"):
        return f"{sign}{glob}{folder}"
    if "/" in glob[1:]:
        return f"{sign}{glob[1:]}{folder}"
    if back:
        return f"!{glob}{folder}"
    return f"{glob}{folder}" if anchored else ""


def accepted(text: str) -> str:
    """A pattern in a form that every client accepts, "" where there is none: some drop the whole settings file, hooks
    and all, for one rule whose `*` stands where they do not expect it, or for `:*` or an odd bracket."""
    if text.count("(") != text.count(")") or "()" in text or ":*" in text:
        return ""
    if "*" not in text or _PLACED.search(text):
        return text
    if text.endswith("/"):
        return text + "**"
    sign, bare = ("!", text[1:]) if text.startswith("!") else ("", text)
    return "" if "/" in bare else f"{sign}**/{bare}"


_PLACED = re.compile(r"^\*|\*$|\*\*|/\*|\*\.|\*\)")
"""Where a `*` must stand at least once: the client's own test (observed: 2.0.50)."""


def _meet(row: Row, other: Row) -> bool:
    """Whether `other` could match a path that `row` matches by its last name; True where that is not known."""
    if row[3] != other[3] and row[3] and other[3]:
        return False
    names = str(row[6]).strip("/").split("/")
    folders = [name for name in str(other[6]).strip("/").split("/")[:-1] if not set(name) & set("*?[")]
    if len(names) > 1 and "**" not in names and any(not any(map(_glob(name), names)) for name in folders):
        return False  # it names a folder that is not on the way
    last, other_last = str(row[6]).rsplit("/", 1)[-1], str(other[6]).rsplit("/", 1)[-1]
    return bool(intersect(outline(last), outline(other_last)))


def _glob(name: str) -> Callable[[str], bool]:
    """Whether a name pattern matches this name."""
    return lambda pattern: fnmatchcase(name, pattern)
