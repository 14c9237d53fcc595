"""The policy in force, from snapshots: found, opened, and compiled again where one is not to be believed.

Hot: a hook call imports this. What validates and compiles (`build.py`, `load.py`) is imported only when it is needed.
"""

from __future__ import annotations

import os
import sys

from .. import __version__
from ..errors import PolicyError
from . import store
from .layer import Layer
from .layers import FOLDING, MANAGED_ROOT, Found, managed, user_file
from .layers import exists as _exists
from .policy import Policy
from .scope import BUILTIN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

INTERPRETER = [sys.implementation.name, sys.hexversion]
"""Whose compiled regular expressions a snapshot holds."""
DEFAULT_PACKS = ("credentials",)
_PACKS = os.path.dirname(os.path.abspath(__file__)) + "/builtin"
_DESTINATIONS = (
    ("CLAUDE_CODE_USE_BEDROCK", "bedrock"),
    ("CLAUDE_CODE_USE_VERTEX", "vertex"),
    ("CLAUDE_CODE_USE_FOUNDRY", "foundry"),
)


def load(
    project: str,
    home: str,
    cache: str,
    *,
    root: str = MANAGED_ROOT,
    owner: int = 0,
    environment: Mapping[str, str] | None = None,
    folding: bool = FOLDING,
) -> Policy:
    """The policy of a session in the folder `project` of a person with the folder `home`.

    cache: the folder of the snapshots, made where it is missing; one that cannot be written only costs time.
    root, owner: the managed policy's folder and the user id that must own it. environment: where the destination is
    read from. folding: whether the file system folds case. Raises PolicyError for a policy that cannot be used.
    """
    shelf = Shelf(cache, folding)
    layers: list[Layer] = []
    for found in managed(root, owner):
        layers.append(shelf.layer(found, 0))
    file = user_file(home)
    if _exists(file):
        layers.append(shelf.layer(Found("user", file, ""), 1))
    for name in DEFAULT_PACKS:
        pack = shelf.pack(name)
        layers.append(Layer("builtin", f"builtin:{name}", "", pack, (), BUILTIN))
    destination = _destination(os.environ if environment is None else environment, layers)
    return Policy(project, home, layers, shelf.layer, destination, folding)


def _destination(environment: Mapping[str, str], layers: list[Layer]) -> str:
    for variable, name in _DESTINATIONS:
        if environment.get(variable, "").strip().lower() not in ("", "0", "false", "no", "off"):
            return name
    for layer in layers:
        if layer.own.header["destination"]:
            return str(layer.own.header["destination"])
    return "default"


class Shelf:
    """The snapshots in a cache folder."""

    def __init__(self, cache: str, folding: bool) -> None:
        self._cache = cache.rstrip("/")
        self._folding = folding
        self._secret: bytes | None = None
        self._packs: dict[str, store.Store] = {}

    def layer(self, found: Found, authority: int) -> Layer:
        """A policy file with the packs that it extends. Raises PolicyError."""
        own = self._store(found.file, "", found.layer)
        names = [name.removeprefix("builtin:") for name in own.header["extends"]]
        # A pack that is on by default stays a default, unless the managed policy makes it part of the floor.
        packs = [
            (f"builtin:{name}", self.pack(name))
            for name in names
            if name not in DEFAULT_PACKS or found.layer == "managed"
        ]
        return Layer(found.layer, found.file, found.base, own, tuple(packs), authority)

    def pack(self, name: str) -> store.Store:
        """A built-in pack."""
        if name not in self._packs:
            self._packs[name] = self._store(f"{_PACKS}/{name}.toml", f"builtin:{name}", "builtin")
        return self._packs[name]

    def _store(self, file: str, name: str, layer: str) -> store.Store:
        try:
            status = os.stat(file)
        except (OSError, ValueError) as error:
            reason = (getattr(error, "strerror", "") or "an error").lower()
            raise PolicyError(name or file, f"cannot be read: {reason}", "make it readable, or remove it") from None
        snapshot = f"{self._cache}/{status.st_dev:x}-{status.st_ino:x}.snapshot"
        expected = [
            file,
            status.st_dev,
            status.st_ino,
            status.st_size,
            status.st_mtime_ns,
            status.st_ctime_ns,
        ]
        try:
            if self._secret is None:
                self._secret = store.secret_of(self._cache)
            found = store.open_store(snapshot, self._secret)
            header = found.header
            if (
                header["source"] == expected
                and header["format"] == store.FORMAT
                and header["guard"] == __version__
                and header["interpreter"] == INTERPRETER
                and header["folding"] == self._folding
                and header["layer"] == layer
            ):
                found.recompile = lambda: self._compile(file, name, layer, snapshot)
                return found
            found.close()
        except (store.Damaged, KeyError):
            pass
        return self._compile(file, name, layer, snapshot)

    def _compile(self, file: str, name: str, layer: str, snapshot: str) -> store.Store:
        _import_cold()
        from .build import build
        from .load import read

        try:
            secret = self._secret = store.secret_of(self._cache, create=True)
        except (OSError, store.Damaged):
            secret = os.urandom(32)  # nothing is kept: this snapshot lives in memory
        data = build(read(file, name, layer), self._folding, secret)
        if secret is self._secret:
            temporary = f"{snapshot}.{os.getpid()}"
            try:
                store.write_private(temporary, data)
                os.replace(temporary, snapshot)
            except OSError:
                pass
        return store.Store(data, secret)


def _import_cold() -> None:
    """Makes pydantic and pathspec importable: a hook runs with `-I -S`, without the site packages."""
    folder = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    if folder not in sys.path:
        sys.path.append(folder)
    try:
        from . import schema  # noqa: F401
    except ImportError:
        import site

        site.main()
