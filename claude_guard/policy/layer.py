"""One policy file in force: what it says of a path, and how the answers of all of them become one. Pure but for
the reading of snapshots."""

from __future__ import annotations

from ..model import STRICTNESS, Judgement, Rule
from ..values import NamedTuple
from .match import matching, way
from .store import Store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .keys import Keys
    from .layers import LayerName
    from .match import Row
    from .scope import Scope


class Layer(NamedTuple):
    """A policy file in force. base: what its relative patterns are relative to; "" for the trees of each file.
    packs: (name, snapshot) in order; their rules come before its own. authority: 0 is the highest."""

    name: LayerName
    file: str
    base: str
    own: Store
    packs: tuple[tuple[str, Store], ...]
    authority: int

    def stores(self) -> list[tuple[str, Store]]:
        """The snapshots of the layer by the name that messages give them, the last word first."""
        return [(self.file, self.own), *reversed(self.packs)]


class Said(NamedTuple):
    """What one layer says of a path. free: by a rule of its own that may set milder what may be set milder.
    loosen: by a rule that says `may-loosen`."""

    layer: Layer
    level: str
    rule: Rule | None
    free: bool = False
    loosen: bool = False


class Opinion(NamedTuple):
    """What one layer says of a path, for a person. counts: whether it was not set aside."""

    layer: str
    file: str
    judgement: Judgement
    counts: bool


class Asked(NamedTuple):
    """A path as the layers are asked about it. roots: of the trees that it lies in."""

    path: str
    home: str
    keys: Keys
    folder: bool
    roots: tuple[str, ...]


def ask(layer: Layer, asked: Asked, base: str, scope: Scope) -> tuple[Said | None, bool]:
    """What a layer says, and whether that may hang on the path being a folder; `base` is its folder as the path is
    spelled.

    A layer without a folder of its own (managed, user, pack) reads relative patterns from the root of every tree that
    the path lies in, and the strictest answer holds: a `.git` made in a folder must not take what lies below it out of
    reach of a pattern that names the folder.
    """
    best: Said | None = None
    doubt = False
    candidates = [
        (name, store, [store.rule(reference) for reference in store.candidates(asked.keys)])
        for name, store in layer.stores()
    ]
    for root in (base,) if base else asked.roots or ("/",):
        said: Said | None = None
        on = way(asked.path, asked.home, root, asked.folder)
        for name, store, rules in candidates:
            for rule in rules:
                doubt = doubt or bool(rule["unsure"])
                row = matching(rule["rows"], on)
                if row is not None:
                    said = _said(layer, name, store is layer.own, rule, row)
                    break
            if said is not None:
                break
        default = layer.own.header["default"]
        if said is None and default is not None and (not base or below(asked.path, base)):
            said = Said(layer, default, None)
        if said is not None and (best is None or scope.rank[said.level] > scope.rank[best.level]):
            best = said
    return best, doubt


def _said(layer: Layer, name: str, own: bool, rule: dict[str, Any], row: Row) -> Said:
    # A project's policy is somebody's repository: its patterns for paths elsewhere can only tighten.
    free = own and layer.name != "builtin" and (layer.name not in ("project", "local") or not row[3])
    return Said(layer, rule["class"], rule_of(layer, name, rule, row[0]), free, bool(rule["loosen"]))


def rule_of(layer: Layer, name: str, rule: dict[str, Any], pattern: str) -> Rule:
    """A rule as decisions and messages need it; `name` is its file's, or its pack's."""
    pack = name.removeprefix("builtin:") + "/" if name.startswith("builtin:") else ""
    return Rule(
        pack + rule["id"],
        name,
        rule["line"],
        layer.name,
        pattern,
        rule["category"],
        rule["reason"],
        rule["instead"],
        rule["programs"],
        rule["names"],
        rule["view"],
    )


def combine(said: list[Said], scope: Scope) -> Judgement:
    """The strictest of what the layers say and what counts. A class whose files may not be written stays so whichever
    layer's answer is the strictest."""
    judgements = [one.judgement for one in opinions(said, scope) if one.counts]
    if not judgements:
        return judgement("internal", 0, None, scope)
    writes = max((one.writes for one in judgements), key=STRICTNESS.__getitem__)
    return max(judgements, key=strictness)._replace(writes=writes)


def opinions(said: list[Said], scope: Scope) -> list[Opinion]:
    """What each layer says, with whether it counts: a layer's own rule sets aside the packs that are on by default, and
    rules of its betters that say `may-loosen`."""
    lowest = max((one.layer.authority for one in said if one.free), default=-1)
    found = []
    for one in said:
        layer = one.layer
        aside = lowest >= 0 and layer.name == "builtin"
        aside = aside or (one.loosen and layer.name in ("managed", "user") and lowest > layer.authority)
        spoken = judgement(one.level, layer.authority, one.rule, scope)
        found.append(Opinion(layer.name, layer.file, spoken, not aside))
    return found


def judgement(level: str, authority: int, rule: Rule | None, scope: Scope) -> Judgement:
    """The judgement on a class that a layer of this authority gave."""
    action = scope.action(level, authority)
    if rule is not None and action == "view" and not rule.view:
        rule = rule._replace(view="redact")
    return Judgement(level, scope.rank[level], action, rule, "", scope.writes(level))


def strictness(judgement: Judgement) -> tuple[int, int]:
    """What judgements are compared by."""
    return STRICTNESS[judgement.action], judgement.rank


def below(path: str, base: str) -> bool:
    """Whether a path is a folder or lies in it."""
    return path == base or path.startswith(base.rstrip("/") + "/")
