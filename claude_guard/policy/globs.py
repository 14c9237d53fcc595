"""The policy as lists of globs without negation, for tools that know nothing of rules: searches, and the client's own.

An exception (`!.env.example`, or a later rule with a milder class) becomes part of the glob: `.env*` without
`.env.example` is `.env`, `.env[!.]*`, `.env.[!e]*` ... Where that takes too many globs, a search leaves out more.
"""

from __future__ import annotations

from ..model import STRICTNESS
from ..values import NamedTuple
from .complement import Shape, fits, intersect, one, outline, render, subtract
from .policy import spelled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..model import Action
    from .layer import Layer
    from .match import Row
    from .policy import Policy

WHOLE = outline("*")[0]
NARROW = 30  # globs that one pattern may become: a search carries them in its input, the client in its settings

Path = tuple[str, ...]


class Cover(NamedTuple):
    """An including pattern of a rule that counts, and what is set aside from it.

    base: what relative patterns are relative to; "" for every tree. inside: the exceptions behind it in its rule, which
    concern the very names that it matches. milder: patterns of rules that come later or may say otherwise, which also
    set aside what lies below, each with whether it does so without exceptions of its own. rule: as compiled. where:
    file and line.
    """

    base: str
    row: Row
    inside: tuple[Row, ...]
    milder: tuple[tuple[Row, bool], ...]
    rule: dict[str, Any]
    where: str
    place: int = 0  # of the pattern in its rule


class Glob(NamedTuple):
    """A glob: its segments, the first of which is `**` where it matches at any depth; whether for folders only."""

    segments: Path
    folder: bool


def denied(policy: Policy, root: str, minimum: Action = "view") -> list[str]:
    """gitignore globs, relative to the folder `root`, that match every path below it whose action is `minimum` or
    stricter by the policies above it, and as few others as NARROW globs for a pattern allow. No negation, no blanks,
    commas or braces. Raises PolicyError."""
    return _relative(policy, spelled(root), covers(policy, spelled(root), minimum))


def hidden(policy: Policy, root: str) -> list[str]:
    """The same for the rules that also hide names."""
    return _relative(policy, spelled(root), covers(policy, spelled(root), "view", names=True))


# What counts


def covers(policy: Policy, root: str, minimum: Action, names: bool = False) -> list[Cover]:
    """Every including pattern of every rule that counts: whose class gets `minimum` or more (and that hides names)."""
    layers, scope, _ = policy.in_force(root.rstrip("/") + "/x")

    def counts(rule: dict[str, Any], layer: Layer) -> bool:
        strict = STRICTNESS[scope.action(rule["class"], layer.authority)] >= STRICTNESS[minimum]
        return strict and (not names or rule["names"] == "hidden")

    found = []
    for layer in layers:
        listed = [(name, rule) for name, store in reversed(layer.stores()) for rule in store.every()]
        default = layer.own.header["default"]
        if default and not names and counts({"class": default}, layer):
            rows = tuple(pair for _, rule in listed for pair in _sure(rule["rows"]) if not counts(rule, layer))
            everything: Row = ["*", 0, 0, "", "*", "", "*", 1, ""]
            found.append(Cover(layer.base, everything, (), rows, {"matches": []}, f"{layer.file}: default"))
        for number, (name, rule) in enumerate(listed):
            if not counts(rule, layer):
                continue
            later = [other["rows"] for _, other in listed[number + 1 :] if not counts(other, layer)]
            if layer.name == "builtin" or rule["loosen"]:
                free = _free(layers, layer, root)
                later += [other["rows"] for by, other in free if not counts(other, by)]
            milder = tuple(pair for rows in later for pair in _sure(rows))
            for place, row in enumerate(rule["rows"]):
                if not row[1]:
                    inside = tuple(other for other in rule["rows"][place + 1 :] if other[1])
                    found.append(Cover(layer.base, row, inside, milder, rule, f"{name}:{rule['line']}", place))
    return found


def _free(layers: list[Layer], layer: Layer, root: str) -> list[tuple[Layer, dict[str, Any]]]:
    """The rules that set aside what this layer says of paths below `root`."""
    found = []
    for other in layers:
        lower = layer.name == "builtin" or other.authority > layer.authority
        if other.name == "builtin" or not lower or (other.base and not _within(root, other.base)):
            continue
        for rule in other.own.every():
            foreign = other.name in ("project", "local") and any(row[3] for row in rule["rows"])
            if not foreign:
                found.append((other, rule))
    return found


def _sure(rows: list[Row]) -> list[tuple[Row, bool]]:
    """The including patterns of a rule, each with whether no exception stands behind it."""
    last = max((index for index, row in enumerate(rows) if row[1]), default=-1)
    return [(row, index > last) for index, row in enumerate(rows) if not row[1]]


# A pattern without its exceptions


def without(cover: Cover, limit: int) -> tuple[list[Glob], bool]:
    """The globs of a cover relative to the base of its space, and whether they match nothing that is set aside."""
    segments, folder = segments_of(cover.row), bool(cover.row[2])
    prepared = cover.rule.get("narrow", {}).get(str(cover.place)) if limit == NARROW else None
    left = Left(*prepared) if prepared else prepare(cover.row, cover.inside, limit)
    aside = Aside(cover.row)
    for other, sure in cover.milder:
        aside.add(other, False, sure)
    shapes, exact = [outline(name)[0] for name in left.names], left.exact and aside.exact
    if not outline(segments[-1])[1]:
        return [Glob(segments, folder)], exact and not aside.names and not aside.places
    if aside.names:
        shapes, complete = subtract(shapes, aside.names, limit)
        exact = exact and complete
    places = [(tuple(place), True) for place in left.places] + aside.places
    if places:
        globs = _outside((), places, shapes, folder, limit)
        if globs is not None:
            return globs, exact
        exact = False
    return [Glob((*segments[:-1], render(shape)[0]), folder) for shape in shapes], exact


class Left(NamedTuple):
    """What is left of a pattern without the exceptions in its rule. names: globs for its last segment. places: paths
    that are set aside besides. exact: whether that is all."""

    names: list[str]
    places: list[Path]
    exact: bool


def prepare(row: Row, inside: tuple[Row, ...], limit: int) -> Left:
    """What is left of a pattern without the exceptions behind it in its rule; worked out once, when a policy is
    compiled (with NARROW)."""
    aside = Aside(row)
    for other in inside:
        aside.add(other, True)
    glob = segments_of(row)[-1]
    if not outline(glob)[1]:
        return Left([glob], [], aside.exact and bool(row[7]) and not aside.names and not aside.places)
    shapes, complete = subtract([outline(glob)[0]], aside.names, limit)
    exact = aside.exact and complete and bool(row[7])
    return Left([render(shape)[0] for shape in shapes], [place for place, _ in aside.places], exact)


class Aside:
    """What is set aside from a pattern: names where it stands, places below its base; and whether that is all."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.segments = segments_of(row)
        self.last, self.whole = outline(self.segments[-1])
        self.literal = self.segments[-1] if _literal(self.segments[-1:]) else ""
        self.names: list[Shape] = []
        self.places: list[tuple[Path, bool]] = []
        self.exact = True

    def add(self, other: Row, inside: bool, sure: bool = True) -> None:
        """Sets aside what another pattern matches; `inside`: an exception of the same rule, which concerns the very
        names that are matched, while other rules also set aside what lies below a folder. sure: without exceptions."""
        folder, theirs = self.row[2], segments_of(other)
        if inside and other[2] and not folder:
            return  # an exception for a folder of that name (`!.env/`): here it is matched all the same
        their_last, whole = outline(theirs[-1])
        meets = fits(theirs[-1], self.literal) if self.literal else bool(intersect(self.last, their_last))
        if not meets and (inside or (theirs[0] == "**" and not other[2])):
            return
        if other[3] != self.row[3] or not sure:
            self.exact = False  # what a home pattern takes from others is not worked out
            return
        if self.segments[0] != "**" and theirs[0] != "**" and not _meet(self.segments, theirs):
            return
        same = meets and (whole or self.literal) and self.whole and other[7] and (not other[2] or folder)
        if same and theirs[:-1] in (self.segments[:-1], ("**",)):
            self.names.append(self.last if self.literal else their_last)
        elif self.segments[:-1] == ("**",) and _literal(theirs) and (not other[2] or folder or not inside):
            self.places.append((theirs, inside))
        else:
            self.exact = False


def _outside(
    at: Path, places: list[tuple[Path, bool]], shapes: list[Shape], folder: bool, limit: int
) -> list[Glob] | None:
    """Names of these shapes at any depth, but for some places: level by level along the folders that lead there.
    places: (path, whether what lies below it counts all the same). None where that takes more than `limit` globs."""
    names = [render(shape)[0] for shape in shapes]
    ends = {place[0]: below for place, below in places if len(place) == 1}
    onward: dict[str, list[tuple[Path, bool]]] = {}
    for place, below in places:
        if len(place) > 1:
            onward.setdefault(place[0], []).append((place[1:], below))
    here, exact = subtract(shapes, [outline(name)[0] for name in ends], limit)
    globs = [Glob((*at, render(shape)[0]), folder) for shape in here]
    others, whole = subtract([WHOLE], [outline(name)[0] for name in {**ends, **onward}], limit)
    globs += [Glob((*at, render(other)[0], "**", name), folder) for other in others for name in names]
    globs += [Glob((*at, place, "**", name), folder) for place, below in ends.items() if below for name in names]
    for name, rest in onward.items():
        if name not in ends:
            more = _outside((*at, name), rest, shapes, folder, limit)
            if more is None:
                return None
            globs += more
    return globs if exact and whole and len(globs) <= limit else None


def segments_of(row: Row) -> Path:
    """The segments of a pattern; all in a folder (`x/**`) is its direct members, and with them what lies below."""
    glob: str = row[6]
    segments = tuple(glob[1:].split("/")) if glob.startswith("/") else ("**", glob)
    return (*segments[:-1], "*") if segments[-1] == "**" else segments


def _literal(segments: Path) -> bool:
    return not set("".join(segments)) & set("*?[")


def _meet(segments: Path, theirs: Path) -> bool:
    """Whether two anchored patterns can concern the same paths: False only where it is sure that they do not."""
    for mine, other in zip(segments, theirs, strict=False):
        if "**" in (mine, other):
            return True
        if not intersect(outline(mine)[0], outline(other)[0]):
            return False
    return True


# Where one stands


def _relative(policy: Policy, root: str, listed: list[Cover]) -> list[str]:
    found: dict[str, None] = {}
    for cover in listed:
        globs, _ = without(cover, NARROW)
        for base in _bases(policy, root, cover):
            for glob in globs:
                for segments in _below(glob.segments, base, root):
                    found[_written(segments, glob.folder, policy.folding)] = None
    return list(found)


def _bases(policy: Policy, root: str, cover: Cover) -> list[str]:
    if cover.row[3]:
        return [policy.home if cover.row[3] == "~" else "/"]
    if cover.base:
        return [cover.base]
    roots = list(policy.in_force(root.rstrip("/") + "/x")[2] or ("/",))
    if segments_of(cover.row)[0] == "**":
        return roots
    return [*roots, ""]  # "": trees below the root, which are not known without asking the disk


def _below(segments: Path, base: str, root: str) -> list[Path]:
    """What is left of a glob below `base` when one stands in `root`."""
    if not base:
        return [segments if segments[0] == "**" else ("**", *segments)]
    if base == root:
        return [segments]
    if _within(base, root):
        above = base[len(root.rstrip("/")) + 1 :].split("/")
        return [(*(render(Shape(tuple(map(one, name))))[0] for name in above), *segments)]
    if not _within(root, base):
        return []
    left = {segments}
    for name in root[len(base.rstrip("/")) + 1 :].split("/"):
        left = {rest for segment in left for rest in _step(segment, name)}
    return sorted(left)


def _step(segments: Path, name: str) -> set[Path]:
    if not segments:
        return {()}  # at or below a folder that is matched as a whole
    if segments[0] == "**":
        return {segments} | (_step(segments[1:], name) if len(segments) > 1 else {()})
    return {segments[1:]} if fits(segments[0], name) else set()


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _written(segments: Path, folder: bool, folding: bool) -> str:
    if not segments or segments == ("**",):
        return "*"
    text = [segment_text(segment, True, folding)[0] for segment in segments]
    tail = "/" if folder else ""
    if text[0] == "**":
        return (text[1] if len(text) == 2 else "/".join(text)) + tail
    return "/" + "/".join(text) + tail


def native(policy: Policy) -> tuple[list[str], list[tuple[str, str]]]:
    """See `native.native`."""
    from .native import native as rules

    return rules(policy)


def segment_text(segment: str, apart: bool, folding: bool) -> tuple[str, bool]:
    """A segment as tools read it, and whether it is exact; see `complement.render`."""
    if segment == "**":
        return segment, True
    parts = [render(outline(part)[0], apart, folding) for part in segment.split("*")]
    return "*".join(text for text, _ in parts), all(fine for _, fine in parts)
