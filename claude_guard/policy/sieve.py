"""Which names in a folder a rule may be about: a quick answer for looking through whole trees.

Every rule is indexed under keys, and a path that it matches holds one of them. A name without any key, in a
folder whose own path holds none, is matched by no rule. Where the folder's path does hold keys, their rules
may match the folder itself, or a name in it by a pattern that names folders; and nothing else.
"""

from __future__ import annotations

from . import store
from .keys import LENGTH, Keys
from .match import matching, way
from .policy import _fold as fold
from .policy import spelled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .layer import Layer
    from .policy import Policy

    Sieve = Callable[[str], bool]
    Rows = list[Any]


def everything(name: str) -> bool:
    """The sieve that leaves nothing out."""
    return True


class Sieves:
    """The sieves of a policy's folders: `sieves(folder)(name)` is False only where `policy.judge` allows the
    file or folder of that name. always: folders in and above which nothing is left out: somebody else has a
    say there.
    """

    def __init__(self, policy: Policy, always: tuple[str, ...] = ()) -> None:
        self._policy = policy
        self._always = always
        self._fold: Callable[[str], str] = fold if policy.folding else str
        self._home = self._fold(policy.home)
        self._keys: dict[tuple[str, ...], _Keys] = {}

    def __call__(self, folder: str) -> Sieve:
        folder = spelled(folder).rstrip("/")
        for other in self._always:
            if f"{other}/".startswith(f"{folder}/") or f"{folder}/".startswith(f"{other}/"):
                return everything
        layers, scope, roots = self._policy.in_force(f"{folder}/x")
        for layer in layers:
            default = layer.own.header["default"]
            if default is not None and scope.action(default, layer.authority) != "allow":
                return everything
        if scope.action("internal") != "allow":
            return everything
        key = tuple(layer.file for layer in layers)
        try:
            keys = self._keys.get(key)
            if keys is None:
                keys = self._keys[key] = _Keys(layers, self._fold)
            return self._sieve(self._fold(folder), keys, tuple(map(self._fold, roots)))
        except store.Damaged:
            return everything

    def _sieve(self, folder: str, keys: _Keys, roots: tuple[str, ...]) -> Sieve:
        near = {id(rule): (base, rule) for name in folder.split("/") for base, rule in keys.rules(name)}
        if not near:
            return keys.hit
        deep: list[tuple[str, Rows]] = []
        for base, rule in near.values():
            rows = [row for row in rule["rows"] if not row[1] and row[4] in ("p", "r")]
            for root in (base,) if base else roots or ("/",):
                if matching(rule["rows"], way(folder, self._home, root, True)):
                    return everything
                deep += [(root, rows)] if rows else []
        if not deep:
            return keys.hit

        def may(name: str) -> bool:
            if keys.hit(name):
                return True
            path = f"{folder}/{self._fold(name)}"
            return any(matching(rows, way(path, self._home, root, True)) for root, rows in deep)

        return may


class _Keys:
    """The keys of all rules in some layers."""

    def __init__(self, layers: list[Layer], folding: Callable[[str], str]) -> None:
        self._stores = [(folding(layer.base), one) for layer in layers for _, one in layer.stores()]
        self._keys = frozenset(key for _, one in self._stores for key in one.indexed())
        self._texts: dict[str, list[str]] = {}
        for key in self._keys:
            if key[0] == "%":
                self._texts.setdefault(key[1 : LENGTH + 1], []).append(key[1:])
        self._starts = sorted(set(map(len, self._texts)))
        self._lengths = sorted({len(key) - 1 for key in self._keys if key[0] in "^~"})
        self._folding = folding
        self._known: dict[str, bool] = {"": False}
        self._rules: dict[str, list[tuple[str, dict[str, Any]]]] = {}

    def hit(self, name: str) -> bool:
        """Whether a path with this name in it may be matched because of the name."""
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = self._hit(self._folding(name))
        return known

    def _hit(self, name: str) -> bool:
        keys, texts = self._keys, self._texts
        if "=" + name in keys:
            return True
        for length in self._starts:
            for at in range(len(name) - length + 1):
                for text in texts.get(name[at : at + length], ()):
                    if name.startswith(text, at):
                        return True
        return any("^" + name[:length] in keys or "~" + name[-length:] in keys for length in self._lengths)

    def rules(self, name: str) -> list[tuple[str, dict[str, Any]]]:
        """The rules that a folded name brings into question, each with the folder of its layer."""
        found = self._rules.get(name)
        if found is None:
            found = []
            if self.hit(name):
                keys = Keys(name)
                for base, one in self._stores:
                    found += [(base, one.rule(reference)) for reference in one.candidates(keys)]
            self._rules[name] = found
        return found
