"""The policy in force, and what it says of a path or a variable: every layer is asked, the strictest answer holds."""

from __future__ import annotations

import os

from ..model import Judgement, Rule
from ..values import NamedTuple
from . import store
from .keys import Keys
from .layer import Asked, Layer, ask, combine, judgement, opinions, strictness
from .layers import above
from .match import expression
from .scope import BUILTIN, Scope, Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..model import Action, Verdict
    from .layer import Opinion, Said
    from .layers import Found

LONGEST = 20_000  # characters of a path: Linux opens 4,096 bytes, Windows 32,767, and judging costs their square
_CONFINE = ("off", "auto", "require")  # the mildest first, the default second
_OPAQUE: tuple[Verdict, ...] = ("pass", "ask", "deny")


class Shell(NamedTuple):
    """How shell commands are run. confine: auto, require or off. opaque: what an undeterminable touch gets."""

    confine: str
    opaque: Verdict


class Command(NamedTuple):
    """A command that may read some paths while it runs. uses: patterns, relative to the folder above `.claude/`."""

    run: str
    uses: tuple[str, ...]


class Policy:
    """The policy of one session; made by `snapshot.load`.

    destination: what the clearance is for. sources: (layer, path) of the policy files in force. identity: changes with
    everything that a judgement in the project depends on, but for policies nested below it.
    Methods raise PolicyError where a nested policy cannot be used.
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
        self._folders: dict[str, tuple[tuple[Found, ...], tuple[str, ...]]] = {"": above("/", self.project)}
        self._opened: dict[str, Layer] = {}
        self._scopes: dict[tuple[str, ...], Scope] = {}
        self._identity = ""
        self._session = self._layers_of(self._folder(self.project)[0])
        self._layers = [*self._fixed, *self._session, *self._builtin]
        self._scope = self._scope_of(self._layers, ())
        self._harmless = judgement("internal", 0, None, self._scope)
        self.sources = tuple((layer.name, layer.file) for layer in self._layers)

    @property
    def identity(self) -> str:
        if not self._identity:
            headers = [one.header["source"] for layer in self._layers for _, one in layer.stores()]
            text = repr((store.FORMAT, self.project, self.home, self.destination, headers))
            self._identity = store.digest(b"identity", b"", 0, text.encode("utf-8", "surrogatepass")).hex()
        return self._identity

    # What is in force where

    def _folder(self, folder: str) -> tuple[tuple[Found, ...], tuple[str, ...]]:
        """The policy files above and in a folder, outermost first, and the roots of trees among those folders."""
        folder = folder.rstrip("/")
        missing = []
        while (known := self._folders.get(folder)) is None:
            missing.append(folder)
            folder = folder[: folder.rfind("/")] if "/" in folder else ""
        for one in reversed(missing):
            found, roots = above(one, self.project)
            known = ((*known[0], *found), (*known[1], *roots))
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

    def _scope_of(self, layers: list[Layer], tighten: tuple[str, ...]) -> Scope:
        key = (*(layer.file for layer in layers), "", *tighten)
        scope = self._scopes.get(key)
        if scope is None:
            settings = [
                Settings(layer.file, layer.authority, layer.own.header, layer.file in tighten) for layer in layers
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
        return layers, self._scope_of(layers, tuple(layer.file for layer in foreign)), roots

    # What is said

    def judge(self, path: str, folder: bool | None = None) -> Judgement:
        """What the policy says of an absolute path, by its spelling alone. folder: whether it is one; None where that
        is not known, and then the stricter answer holds. Raises PolicyError for a broken policy above the path."""
        if len(path) > LONGEST:
            rule = Rule("long-path", "builtin:guard", 0, "builtin", "", reason="no system opens a path of this length")
            return Judgement("restricted", self._scope.rank["restricted"], "deny", rule)
        folder = True if path.endswith("/") else folder
        said = self._again(lambda: self._said(spelled(path), folder))
        return max((combine(*answer) for answer in said), key=strictness)

    def explain(self, path: str, folder: bool | None = None) -> list[Opinion]:
        """What each layer says of a path, the highest first; layers that say nothing are left out."""
        answers = self._again(lambda: self._said(spelled(path), folder))
        return opinions(*max(answers, key=lambda answer: strictness(combine(*answer))))

    def _again(self, answer: Callable[[], Any]) -> Any:
        try:
            return answer()
        except store.Damaged:
            self._identity = ""
            for layer in (*self._fixed, *self._opened.values(), *self._builtin):
                for _, one in layer.stores():
                    one.recover()
            return answer()

    def _said(self, path: str, folder: bool | None) -> list[tuple[list[Said], Scope]]:
        layers, scope, roots = self.in_force(path)
        fold = _fold if self.folding else str
        keys = Keys(fold(path))
        answers = []
        doubt = False
        for certain in (False, True) if folder is None else (folder,):
            asked = Asked(fold(path), fold(self.home), keys, certain, tuple(map(fold, roots)))
            answer = []
            for layer in layers:
                said, unsure = ask(layer, asked, fold(layer.base), scope)
                doubt = doubt or unsure
                if said is not None:
                    answer.append(said)
            answers.append((answer, scope))
            if not doubt:
                break
        return answers

    def variable(self, name: str) -> Judgement:
        """What the policy says of an environment variable."""
        from .variables import holds_credentials

        upper = name.upper()
        answers = []
        allowed = False
        for layer in self._layers:
            table = layer.own.header["environment"]
            if table["allow"] and expression(*table["allow"]).fullmatch(upper):
                allowed = True
            elif table["restricted"] and expression(*table["restricted"]).fullmatch(upper):
                rule = Rule("environment", layer.file, table["line"], layer.name, name, "credentials")
                answers.append(judgement("restricted", layer.authority, rule, self._scope))
        if not allowed and holds_credentials(name):
            reason = "variables of this name hold credentials"
            rule = Rule("environment", "builtin:environment", 0, "builtin", name, "credentials", reason)
            answers.append(judgement("restricted", BUILTIN, rule, self._scope))
        return max(answers, key=strictness) if answers else self._harmless

    # What holds for the session

    def action(self, level: str) -> Action:
        """What a class gets in this project, for the destination in force."""
        return self._scope.action(level)

    @property
    def clearance(self) -> str:
        """The highest class that goes out to the destination in force."""
        return self._scope.clearance()

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes in their order, the least sensitive first."""
        return tuple(self._scope.order)

    @property
    def shell(self) -> Shell:
        """How shell commands are run: of what the layers say, the stricter. A project's policy, somebody's repository,
        counts where it is no milder than the default."""
        said = [(layer.own.header["shell"], layer.name in ("project", "local")) for layer in self._layers]
        confine = [row[0] for row, foreign in said if row[0] in (_CONFINE[1:] if foreign else _CONFINE)]
        opaque = [row[1] for row, foreign in said if row[1] in (_OPAQUE[1:] if foreign else _OPAQUE)]
        return Shell(
            max(confine, key=_CONFINE.index, default=_CONFINE[1]), max(opaque, key=_OPAQUE.index, default=_OPAQUE[1])
        )

    @property
    def commands(self) -> tuple[Command, ...]:
        """The commands that may read some paths while they run."""
        rows = [row for layer in self._layers for row in layer.own.header["commands"]]
        return tuple(Command(run, tuple(uses)) for run, uses in rows)

    @property
    def places(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """Where patterns lead that name files at home or from the root: ("~" or "/", the text before the first wildcard,
        the segments from there on)."""
        rows = [row for layer in self._layers for _, one in layer.stores() for row in one.header["places"]]
        return [(space, start, tuple(rest)) for space, start, rest in rows]

    def hides(self, root: str) -> bool:
        """Whether a rule in force in a folder hides names: what it is about is not to be listed. Asks no disk below the
        folder."""
        layers, scope, _ = self.in_force(spelled(root).rstrip("/") + "/x")
        hidden = [(level, layer) for layer in layers for _, one in layer.stores() for level in one.header["hidden"]]
        return any(scope.action(level, layer.authority) != "allow" for level, layer in hidden)

    def rules(self) -> list[tuple[Layer, str, dict[str, Any]]]:
        """Every rule in force in the project: (layer, its file or pack, rule as compiled), in order."""
        return list(self._again(lambda: [row for layer in self._layers for row in _rules(layer)]))


def _rules(layer: Layer) -> list[tuple[Layer, str, dict[str, Any]]]:
    return [(layer, name, rule) for name, one in reversed(layer.stores()) for rule in one.every()]


def spelled(path: str) -> str:
    """An absolute path without trailing, double or dotted parts; "/" for an empty one."""
    if path in ("", "/"):
        return "/"
    if path[0] != "/" or path[-1] == "/" or "//" in path or "/." in path:
        path = "/" + os.path.normpath("/" + path).lstrip("/")
    return path


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    import unicodedata

    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
