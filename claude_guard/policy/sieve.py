"""Which names in a folder a rule may be about: a quick answer for looking through whole trees.

Every rule is indexed under keys, and a path that it matches holds one of them. A name without any key, in a folder
whose own path holds none, is matched by no rule. So most of a tree need not be judged.
"""

from collections.abc import Callable

from . import store
from .policy import Layer, Policy, spelled

Sieve = Callable[[str], bool]


def everything(name: str) -> bool:
    """The sieve that lets nothing be left out."""
    return True


class Sieves:
    """The sieves of a policy's folders: `sieves(folder)(name)` is False only where `policy.judge` allows the file or
    folder of that name, or would but for a nested policy inside that folder itself."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._keys: dict[tuple[str, ...], _Keys] = {}

    def __call__(self, folder: str) -> Sieve:
        folder = spelled(folder).rstrip("/")
        layers, scope, _ = self._policy.in_force(f"{folder}/x")
        for layer in layers:
            default = layer.own.header["default"]
            if default is not None and scope.action(default, layer.authority) != "allow":
                return everything
        if scope.action("internal") != "allow":
            return everything
        key = tuple(layer.file for layer in layers)
        keys = self._keys.get(key)
        try:
            if keys is None:
                keys = self._keys[key] = _Keys(layers, self._policy.folding)
        except store.Damaged:
            return everything
        if any(map(keys.hit, folder.split("/"))):
            return everything
        return keys.hit


class _Keys:
    """The keys of all rules in some layers."""

    def __init__(self, layers: list[Layer], folding: bool) -> None:
        stores = [one for layer in layers for one in (layer.own, *(pack for _, pack in layer.packs))]
        self._keys = frozenset(key for one in stores for key in one.keys())
        self._literals = tuple(key[1:] for key in self._keys if key[0] == "%")
        self._lengths = sorted({len(key) - 1 for key in self._keys if key[0] in "^~"})
        self._folding = folding
        self._known: dict[str, bool] = {"": False}

    def hit(self, name: str) -> bool:
        """Whether a path with this name in it may be matched."""
        known = self._known.get(name)
        if known is None:
            unsure = self._folding and not name.isascii()
            known = self._known[name] = unsure or self._hit(name.lower() if self._folding else name)
        return known

    def _hit(self, name: str) -> bool:
        keys = self._keys
        if "=" + name in keys or any(literal in name for literal in self._literals):
            return True
        return any("^" + name[:length] in keys or "~" + name[-length:] in keys for length in self._lengths)
