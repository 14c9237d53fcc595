"""The policy in force, and what it says of a path or a variable: every layer is asked, the strictest answer holds."""

import os
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from ..model import STRICTNESS, Action, Judgement, Rule
from . import store
from .layers import Found, LayerName, above
from .match import matching, way
from .scope import BUILTIN, Scope, Settings
from .variables import BUILTIN_VARIABLES


class Layer(NamedTuple):
    """A policy file in force. base: what its relative patterns are relative to; "" for the trees of each file.
    packs: (name, snapshot) in order; their rules come before its own. authority: 0 is the highest."""

    name: LayerName
    file: str
    base: str
    own: store.Store
    packs: tuple[tuple[str, store.Store], ...]
    authority: int


class Said(NamedTuple):
    """What one layer says of a path. own: by a rule of its own, not of a pack or a default. free: that rule may
    loosen where it is allowed to."""

    layer: Layer
    level: str
    rule: Rule | None
    own: bool
    free: bool
    loosen: bool


class Shell(NamedTuple):
    """How shell commands are run. confine: auto, require or off. opaque: pass, ask or deny."""

    confine: str
    opaque: str


class Command(NamedTuple):
    """A command that may read some paths while it runs. uses: patterns, relative to `base`."""

    run: str
    uses: tuple[str, ...]


_CONFINE = ("off", "auto", "require")
_OPAQUE = ("pass", "ask", "deny")


class Policy:
    """The policy of one session.

    sources: (layer, path) of every policy file in force. destination: what the clearance is for. shell, commands: see
    there. Methods raise PolicyError where a nested policy cannot be used.
    """

    def __init__(
        self,
        project: str,
        home: str,
        layers: list[Layer],
        open_layer: Callable[[Found, int], Layer],
        destination: str,
        folding: bool,
    ) -> None:
        self.project = project.rstrip("/") or "/"
        self.home = home.rstrip("/") or "/"
        self.destination = destination
        self.folding = folding
        self._fixed = [layer for layer in layers if layer.name != "builtin"]
        self._builtin = [layer for layer in layers if layer.name == "builtin"]
        self._open_layer = open_layer
        self._folders: dict[str, tuple[tuple[Found, ...], tuple[str, ...]]] = {"": ((), ())}
        self._opened: dict[str, Layer] = {}
        self._scopes: dict[tuple[str, ...], Scope] = {}
        self._session = self._layers_of(self._folder(self.project)[0])
        self._session_layers = [*self._fixed, *self._session, *self._builtin]
        self._session_scope = self._scope(self._session_layers, ())
        self.sources: tuple[tuple[str, str], ...] = tuple(
            (layer.name, layer.file) for layer in self._session_layers
        )

    # What is in force where

    def _folder(self, folder: str) -> tuple[tuple[Found, ...], tuple[str, ...]]:
        """The policy files above and in a folder, outermost first, and the roots of trees among those folders."""
        folder = folder.rstrip("/")
        known = self._folders.get(folder)
        if known is None:
            missing = []
            while (known := self._folders.get(folder)) is None:
                missing.append(folder)
                folder = folder[: folder.rfind("/")] if "/" in folder else ""
            for one in reversed(missing):
                found, root = above(one or "/", self.project)
                known = ((*known[0], *found), (*known[1], one) if root else known[1])
                self._folders[one] = known
        return known

    def _layers_of(self, found: tuple[Found, ...]) -> list[Layer]:
        layers = []
        for number, one in enumerate(found):
            layer = self._opened.get(one.file)
            if layer is None:
                layer = self._opened[one.file] = self._open_layer(one, 2 + number)
            layers.append(layer)
        return layers

    def _scope(self, layers: list[Layer], tighten: tuple[str, ...]) -> Scope:
        key = (*(layer.file for layer in layers), "", *tighten)
        scope = self._scopes.get(key)
        if scope is None:
            settings = [
                Settings(layer.file, layer.authority, layer.own.header, layer.file in tighten)
                for layer in layers
            ]
            scope = self._scopes[key] = Scope(settings, self.destination)
        return scope

    def in_force(self, path: str) -> tuple[list[Layer], Scope, tuple[str, ...]]:
        """The layers for a path, their scope, and the roots of the trees that the path lies in."""
        found, roots = self._folder(path[: path.rfind("/")])
        nested = self._layers_of(found)
        files = {layer.file for layer in nested}
        foreign = [layer for layer in self._session if layer.file not in files]
        layers = [*self._fixed, *nested, *foreign, *self._builtin]
        return layers, self._scope(layers, tuple(layer.file for layer in foreign)), roots

    # What is said

    def judge(self, path: str, folder: bool | None = None) -> Judgement:
        """What the policy says of an absolute path, by its spelling alone. folder: whether it is one; None where it is
        not known, and then the stricter answer holds. Raises PolicyError for a broken policy above the path."""
        if path.endswith("/"):
            folder = True
        if len(path) > LONGEST:
            rule = Rule(
                "long-path", "builtin:guard", 0, "builtin", "", reason="no system opens a path of this length"
            )
            return Judgement("restricted", self._session_scope.rank["restricted"], "deny", rule)
        path = spelled(path)
        try:
            return self._judge(path, folder)
        except store.Damaged:
            for layer in (*self._fixed, *self._opened.values(), *self._builtin):
                for one in (layer.own, *(pack for _, pack in layer.packs)):
                    one.recover()
            return self._judge(path, folder)

    def _judge(self, path: str, folder: bool | None) -> Judgement:
        layers, scope, roots = self.in_force(path)
        judge = path
        if self.folding:
            judge = _fold(path)
            roots = tuple(map(_fold, roots))
        keys = store.path_keys(judge, _KEYS)
        answers = []
        unsure = False
        for certain in (bool(folder), True) if folder is None else (folder,):
            said = []
            for layer in layers:
                one, doubt = self._ask(layer, judge, keys, certain, roots, scope)
                unsure = unsure or doubt
                if one is not None:
                    said.append(one)
            answers.append(_combine(said, scope))
            if not unsure:
                break
        return max(answers, key=_strictness)

    def _ask(
        self,
        layer: Layer,
        path: str,
        keys: dict[str, tuple[str, ...]],
        folder: bool,
        roots: tuple[str, ...],
        scope: Scope,
    ) -> tuple[Said | None, bool]:
        """What one layer says, and whether that hangs on the path being a folder.

        A layer without a folder of its own (managed, user, pack) reads relative patterns from the root of every tree
        that the path lies in, and the strictest answer holds: a `.git` made in a folder must not take what lies below
        out of reach of a pattern that names the folder.
        """
        if layer.base:
            bases: tuple[str, ...] = (_fold(layer.base) if self.folding else layer.base,)
        else:
            bases = roots or ("/",)
        best: Said | None = None
        doubt = False
        home = _fold(self.home) if self.folding else self.home
        for base in bases:
            said: Said | None = None
            on = way(path, home, base, folder)
            for name, where, own in (
                (layer.file, layer.own, True),
                *((n, s, False) for n, s in reversed(layer.packs)),
            ):
                for reference in where.candidates(keys, path):
                    rule = where.rule(reference)
                    doubt = doubt or bool(rule["unsure"])
                    row = matching(rule["rows"], on)
                    if row is not None:
                        said = self._said(layer, name, own and layer.name != "builtin", rule, row)
                        break
                if said is not None:
                    break
            if said is None and layer.own.header["default"] is not None and _below(path, layer.base and base):
                said = Said(layer, layer.own.header["default"], None, False, False, False)
            if said is not None and (best is None or scope.rank[said.level] > scope.rank[best.level]):
                best = said
        return best, doubt

    def _said(self, layer: Layer, name: str, own: bool, rule: dict[str, Any], row: list[Any]) -> Said:
        # A project's policy is somebody's repository: its patterns for paths elsewhere can only tighten.
        free = own and (layer.name not in ("project", "local") or not row[3])
        return Said(layer, rule["class"], _rule(layer, name, rule, row[0]), own, free, bool(rule["loosen"]))

    def variable(self, name: str) -> Judgement:
        """What the policy says of an environment variable."""
        scope = self._session_scope
        upper = name.upper()
        answers = []
        allowed = False
        for layer in self._session_layers:
            table = layer.own.header["environment"]
            if table["allow"] and re.fullmatch(table["allow"], upper):
                allowed = True
            elif table["restricted"] and re.fullmatch(table["restricted"], upper):
                rule = Rule("environment", layer.file, table["line"], layer.name, name, "credentials")
                answers.append(self._judgement("restricted", layer.authority, rule, scope))
        if not allowed and re.fullmatch(BUILTIN_VARIABLES, upper):
            reason = "environment variables of this name hold credentials"
            rule = Rule("environment", "builtin:environment", 0, "builtin", name, "credentials", reason)
            answers.append(self._judgement("restricted", BUILTIN, rule, scope))
        return max(answers, key=_strictness, default=Judgement("internal", 1, scope.action("internal")))

    @staticmethod
    def _judgement(level: str, authority: int, rule: Rule | None, scope: Scope) -> Judgement:
        return Judgement(level, scope.rank[level], scope.action(level, authority), rule)

    # What holds for the session

    def action(self, level: str) -> Action:
        """What a class gets in this project, for the destination in force."""
        return self._session_scope.action(level)

    def writes(self, level: str) -> str:
        """`allow` or `deny`: whether paths of a class may be written."""
        return self._session_scope.writes(level)

    @property
    def clearance(self) -> str:
        """The highest class that goes out to the destination in force."""
        return self._session_scope.clearance()

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes in their order, the least sensitive first."""
        return tuple(self._session_scope.order)

    @property
    def identity(self) -> str:
        """What changes when this policy may judge differently: its files as they were read, and for whom."""
        snapshots = [store for layer in self._session_layers for store in (layer.own, *(pack for _, pack in layer.packs))]
        return "\n".join([self.project, self.destination, *(str(one.header["source"]) for one in snapshots)])

    @property
    def shell(self) -> Shell:
        """How shell commands are run: of what the layers say, the stricter."""
        rows = [layer.own.header["shell"] for layer in self._session_layers]
        confine = max((row[0] for row in rows if row[0]), key=_CONFINE.index, default="auto")
        opaque = max((row[1] for row in rows if row[1]), key=_OPAQUE.index, default="ask")
        return Shell(confine, opaque)

    @property
    def commands(self) -> tuple[Command, ...]:
        """The commands that may read some paths while they run."""
        return tuple(
            Command(run, tuple(uses))
            for layer in self._session_layers
            for run, uses in layer.own.header["commands"]
        )

    def may_hold(self, root: str) -> bool:
        """Whether a pattern of the policy could match below a folder. Asks no disk: a policy nested below it is not
        known, so False is said only where no layer has a rule."""
        return any(
            layer.own.header["rules"] or layer.packs or layer.own.header["default"]
            for layer in self.in_force(spelled(root) + "/x")[0]
        )

    def rules(self) -> list[tuple[Layer, str, dict[str, Any]]]:
        """Every rule in force in this project: (layer, file or pack, rule as compiled), in the order of the files."""
        found = []
        for layer in self._session_layers:
            for name, where in (*layer.packs, (layer.file, layer.own)):
                found += [(layer, name, rule) for rule in where.every()]
        return found


_KEYS = 4
LONGEST = (
    20_000  # characters of a path; Linux opens 4,096 bytes, Windows 32,767, and judging costs their square
)


def _rule(layer: Layer, name: str, rule: dict[str, Any], pattern: str) -> Rule:
    rule_id = f"{name.removeprefix('builtin:')}/{rule['id']}" if name.startswith("builtin:") else rule["id"]
    return Rule(
        rule_id,
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


def _strictness(judgement: Judgement) -> tuple[int, int]:
    return STRICTNESS[judgement.action], judgement.rank


def _combine(said: list[Said], scope: Scope) -> Judgement:
    """The strictest of what the layers say, without what a layer's own rule may set aside: the packs that are on by
    default, and rules of its betters that say `may-loosen`."""
    free = [one.layer.authority for one in said if one.free]
    lowest = max(free, default=-1)
    judgements = []
    for one in said:
        if one.layer.name == "builtin" and free:
            continue
        if one.loosen and one.layer.name in ("managed", "user") and lowest > one.layer.authority:
            continue
        action = scope.action(one.level, one.layer.authority)
        rule = one.rule
        if rule is not None and action == "view" and not rule.view:
            rule = rule._replace(view="redact")
        writes: Action = "deny" if action != "allow" and scope.writes(one.level) == "deny" else "allow"
        judgements.append(Judgement(one.level, scope.rank[one.level], action, rule, "", writes))
    if not judgements:
        return Judgement("internal", scope.rank["internal"], scope.action("internal"))
    return max(judgements, key=_strictness)


def _below(path: str, base: str) -> bool:
    return not base or path == base or path.startswith(base.rstrip("/") + "/")


def spelled(path: str) -> str:
    """An absolute path without trailing, double or dotted parts; "/" for an empty one."""
    if path in ("", "/"):
        return "/"
    if path[0] != "/" or path[-1] == "/" or "//" in path or "/." in path:
        path = os.path.normpath("/" + path)
        if path.startswith("//"):
            path = path[1:]
    return path


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    import unicodedata

    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
