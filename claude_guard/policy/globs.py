"""The policy as lists of globs without negation, for tools that know nothing of rules: searches, and the client's own.

An exception (`!.env.example`, or a later rule with a milder class) becomes part of the glob: `.env*` without
`.env.example` is `.env`, `.env[!.]*`, `.env.[!e]*` ... Where that cannot be written, a search leaves out more.
"""

from __future__ import annotations

import re

from ..model import STRICTNESS
from ..values import NamedTuple
from .complement import LIMIT, Shape, complement, intersect, render, shape, subtract
from .policy import spelled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..model import Action
    from .layer import Layer
    from .match import Row
    from .policy import Policy

_ALL = shape("*")
assert _ALL is not None
_WHOLE: Shape = _ALL


class Cover(NamedTuple):
    """A pattern of a denied rule, its exceptions in the same space, and what else is set aside by name only."""

    base: str  # what relative patterns are relative to; "" for every tree
    row: Row
    exceptions: tuple[Row, ...]
    exact: bool  # whether `exceptions` are all that there are
    rule: str  # for messages


class Glob(NamedTuple):
    """A glob below a folder: segments, and whether it matches folders only."""

    segments: tuple[str, ...]  # floating where the first is `**`
    folder: bool
    exact: bool


def denied(policy: Policy, root: str, minimum: Action = "view") -> list[str]:
    """gitignore globs, relative to the folder `root`, that match every path below it whose action is `minimum` or
    stricter, by the policies above it, and as few others as can be written. Without negation, blanks and commas."""
    root = spelled(root)
    covers = [cover for cover in _covers(policy, root, minimum) if not cover.row[1]]
    return _relative(policy, root, covers)


def hidden(policy: Policy, root: str) -> list[str]:
    """The same for the rules that also hide names."""
    root = spelled(root)
    covers = [cover for cover in _covers(policy, root, "allow", names=True) if not cover.row[1]]
    return _relative(policy, root, covers)


def native(policy: Policy) -> tuple[list[str], list[tuple[str, str]]]:
    """The denied patterns as the client's permission rules hold them in `Read(...)`: `//x` absolute, `~/x` in the home
    folder, `./x` in the project and `x` anywhere in it. Second: (pattern, why it is not among them or not wholly)."""
    found: list[str] = []
    missing: list[tuple[str, str]] = []
    for cover in _covers(policy, policy.project, "deny"):
        row = cover.row
        globs, exact = _globs(cover)
        written = f"{row[0]} ({cover.rule})"
        if not exact or not cover.exact:
            missing.append((written, "its exceptions cannot be written without negation"))
            continue
        lines: list[str] = []
        for glob in globs:
            text = [_text(segment, False, policy.folding) for segment in glob.segments]
            if not all(fine for _, fine in text):
                missing.append((written, "a character in it cannot be written for the client"))
                lines = []
                break
            lines.append(_native(policy, cover, [part for part, _ in text], glob.folder))
        found += [line for line in lines if line]
    return list(dict.fromkeys(found)), missing


def _native(policy: Policy, cover: Cover, segments: list[str], folder: bool) -> str:
    space = cover.row[3]
    floating = segments[0] == "**"
    tail = "/".join(segments[1:] if floating and len(segments) == 2 else segments) + ("/" if folder else "")
    if space == "~":
        return "~/" + tail if not (floating and len(segments) == 2) else "~/**/" + tail
    if space == "/":
        return "//" + ("**/" if floating and len(segments) == 2 else "") + tail
    if cover.base not in ("", policy.project):
        prefix = cover.base.strip("/")
        return f"//{prefix}/" + "/".join(segments) + ("/" if folder else "")
    return tail if floating else "./" + tail


def _covers(policy: Policy, root: str, minimum: Action, names: bool = False) -> list[Cover]:
    """Every including pattern of every rule whose class gets `minimum` or more, with what is set aside from it."""
    layers, scope, _ = policy.in_force(root.rstrip("/") + "/x")
    free: dict[int, list[Row]] = {}
    rules: list[tuple[Layer, list[tuple[str, bool, dict[str, Any]]]]] = []
    for layer in layers:
        own = layer.name != "builtin"
        listed = [(name, False, rule) for name, pack in layer.packs for rule in pack.every()]
        listed += [(layer.file, own, rule) for rule in layer.own.every()]
        rules.append((layer, listed))
        for _, mine, rule in listed:
            if mine:
                rows = _plain(rule["rows"])
                if layer.name in ("project", "local"):
                    rows = [row for row in rows if not row[3]] if _within(root, layer.base) else []
                free.setdefault(layer.authority, []).extend(rows)
    covers = []
    for layer, listed in rules:
        lower = [row for authority, rows in free.items() if authority > layer.authority for row in rows]
        if layer.name == "builtin":
            lower = [row for rows in free.values() for row in rows]
        default = layer.own.header["default"]
        if not names and default and STRICTNESS[scope.action(default, layer.authority)] >= STRICTNESS[minimum]:
            everything: Row = ["*", 0, 0, "", "*", "", "*", 1]
            rows = [row for _, _, rule in listed for row in _plain(rule["rows"])]
            inexact = any(len(_plain(rule["rows"])) < len(rule["rows"]) for _, _, rule in listed)
            covers.append(Cover(layer.base, everything, tuple(rows), not inexact, "default"))
        for number, (name, _, rule) in enumerate(listed):
            strict = STRICTNESS[scope.action(rule["class"], layer.authority)] >= STRICTNESS[minimum]
            if rule["names"] != "hidden" if names else not strict:
                continue
            milder: list[Row] = []
            exact = True
            for _, _, later in listed[number + 1 :]:
                strict = STRICTNESS[scope.action(later["class"], layer.authority)] >= STRICTNESS[minimum]
                if later["names"] != "hidden" if names else not strict:
                    rows = _plain(later["rows"])
                    exact = exact and len(rows) == sum(1 for row in later["rows"] if not row[1])
                    milder += rows
            if layer.name == "builtin" or rule["loosen"]:
                milder += lower
            for place, row in enumerate(rule["rows"]):
                if not row[1]:
                    inside = [other for other in rule["rows"][place + 1 :] if other[1]]
                    back = any(not other[1] for other in rule["rows"][place + 1 :]) and inside
                    del back
                    exceptions = (*inside, *milder)
                    covers.append(Cover(layer.base, row, exceptions, exact, f"{name}:{rule['line']}"))
    return covers


def _plain(rows: list[Row]) -> list[Row]:
    """The patterns of a rule that match whatever its exceptions are: those with no exception behind them."""
    last = max((index for index, row in enumerate(rows) if row[1]), default=-1)
    return rows[last + 1 :]


def _globs(cover: Cover) -> tuple[list[Glob], bool]:
    """A pattern without its exceptions, and whether that is exact; relative to the base of its space."""
    row = cover.row
    segments = _segments(row)
    folder = bool(row[2])
    exact = bool(row[7])
    if segments[-1] == "**":  # everything in a folder: its direct members, and so what lies below them
        segments = (*segments[:-1], "*")
        if len(segments) == 1:
            segments = ("**", "*")
    last = shape(segments[-1])
    if last is None:
        return [Glob(segments, folder, exact)], exact and not _touching(row, segments, cover.exceptions)
    names: list[Shape] = []
    places: list[tuple[tuple[str, ...], bool]] = []
    for other in cover.exceptions:
        if other[3] != row[3]:
            exact = exact and not (other[3] or row[3])
            continue
        theirs = _segments(other)
        their_last = shape(theirs[-1])
        if their_last is None or not other[7]:
            exact = False
        elif not _overlap(segments, last, theirs, their_last):
            continue
        elif other[2] and not folder and not (len(theirs) > 1 and _literal(theirs) and segments[:-1] == ("**",)):
            exact = False
        elif theirs[:-1] == segments[:-1] or theirs[:-1] == ("**",):
            if other[2] and not folder:
                exact = False
            else:
                names.append(their_last)
        elif segments[:-1] == ("**",) and _literal(theirs):
            places.append((theirs, bool(other[2])))
        else:
            exact = False
    shapes, whole = subtract([last], names)
    exact = exact and whole
    if places:
        globs = _outside((), places, shapes, folder, exact)
        if len(globs) <= LIMIT:
            return globs, exact
        exact = False
    return [_glob(segments[:-1], one, folder, exact) for one in shapes], exact


def _glob(folders: tuple[str, ...], name: Shape, folder: bool, exact: bool) -> Glob:
    text, fine = render(name)
    return Glob((*folders, text), folder, exact and fine)


def _outside(
    at: tuple[str, ...],
    places: list[tuple[tuple[str, ...], bool]],
    shapes: list[Shape],
    folder: bool,
    exact: bool,
) -> list[Glob]:
    """Names of these shapes at any depth, but for some places: level by level along the folders that lead there."""
    here = [shape(place[0]) for place, _ in places if len(place) == 1]
    mine, _ = subtract(shapes, [one for one in here if one is not None])
    globs = [_glob(at, one, folder, exact) for one in mine]
    onward: dict[str, list[tuple[tuple[str, ...], bool]]] = {}
    for place, is_folder in places:
        if len(place) > 1:
            onward.setdefault(place[0], []).append((place[1:], is_folder))
    exempt = {place[0] for place, _ in places if len(place) == 1}
    named = [one for one in map(shape, {*onward, *exempt}) if one is not None]
    for other in subtract([_WHOLE], named)[0]:
        globs += [Glob((*at, render(other)[0], "**", render(one)[0]), folder, exact) for one in shapes]
    for name, rest in onward.items():
        if name not in exempt:
            globs += _outside((*at, name), rest, shapes, folder, exact)
    return globs


def _segments(row: Row) -> tuple[str, ...]:
    glob: str = row[6]
    if glob.startswith("/"):
        return tuple(glob[1:].split("/"))
    return "**", glob


def _literal(segments: tuple[str, ...]) -> bool:
    return all(not set(segment) & set("*?[") for segment in segments)


def _overlap(segments: tuple[str, ...], last: Shape, theirs: tuple[str, ...], their_last: Shape) -> bool:
    """Whether an exception can concern a pattern at all: False only where that is sure."""
    if not intersect(last, their_last):
        # The exception may still name a folder above what the pattern matches.
        return theirs[:-1] != segments[:-1] and theirs[:1] != ("**",) and segments[:1] == ("**",)
    if "**" in segments or "**" in theirs:
        return True
    if len(segments) != len(theirs):
        return len(theirs) < len(segments) or True
    pairs = zip(segments, theirs, strict=True)
    return all(a == b or set(a + b) & set("*?[") for a, b in pairs)


def _touching(row: Row, segments: tuple[str, ...], exceptions: tuple[Row, ...]) -> bool:
    return any(other[3] == row[3] for other in exceptions)


def _within(root: str, base: str) -> bool:
    return root == base or root.startswith(base.rstrip("/") + "/")


def _text(segment: str, apart: bool, folding: bool) -> tuple[str, bool]:
    found = shape(segment) if segment != "**" else None
    if found is None:
        return re.sub(r"[ ,{}\t]", "?", segment) if apart else segment, True
    return render(found, apart, folding)


def _relative(policy: Policy, root: str, covers: list[Cover]) -> list[str]:
    found: dict[str, None] = {}
    for cover in covers:
        globs, _ = _globs(cover)
        for base in _bases(policy, root, cover):
            for glob in globs:
                for segments in _below(glob.segments, base, root):
                    found[_written(segments, glob.folder, policy.folding)] = None
    return list(found)


def _bases(policy: Policy, root: str, cover: Cover) -> list[str]:
    space = cover.row[3]
    if space:
        return [policy.home if space == "~" else "/"]
    if cover.base:
        return [cover.base]
    roots = list(policy.in_force(root.rstrip("/") + "/x")[2]) or ["/"]
    return [*roots, ""]  # "": trees below the root, which are not known without asking the disk


def _below(segments: tuple[str, ...], base: str, root: str) -> list[tuple[str, ...]]:
    """What is left of a glob below `base` when one stands in `root`."""
    if base == "":
        return [segments if segments[0] == "**" else ("**", *segments)]
    if base == root:
        return [segments]
    if _within(base, root):
        return [(*(_escaped(name) for name in base[len(root.rstrip("/")) + 1 :].split("/")), *segments)]
    if not _within(root, base):
        return []
    names = root[len(base.rstrip("/")) + 1 :].split("/")
    left = {segments}
    for name in names:
        onward: set[tuple[str, ...]] = set()
        for one in left:
            onward |= _step(one, name)
        left = onward
    return sorted(left)


def _step(segments: tuple[str, ...], name: str) -> set[tuple[str, ...]]:
    if not segments:
        return {()}  # at or below a folder that is matched as a whole
    if segments[0] == "**":
        return {segments} | _step(segments[1:], name)
    one = shape(segments[0])
    literal = Shape(tuple((False, frozenset(character)) for character in name))
    if one is None or intersect(one, literal):
        return {segments[1:]}
    return set()


def _escaped(name: str) -> str:
    return re.sub(r"[*?\[]", lambda found: f"[{found[0]}]", name)


def _written(segments: tuple[str, ...], folder: bool, folding: bool) -> str:
    if not segments:
        return "*"
    text = [_text(segment, True, folding)[0] for segment in segments]
    tail = "/" if folder else ""
    if len(text) == 2 and text[0] == "**":
        return text[1] + tail
    return ("" if text[0] == "**" else "/") + "/".join(text) + tail


__all__ = ["complement", "denied", "hidden", "native"]
