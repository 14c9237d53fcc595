"""The keys that rules are indexed under, and that a path answers to. Pure.

Kinds: `=` a whole name, `^n` the first n characters of a name, `~n` its last n, `%n` any n of its characters in a row.
Every path answers to the key of `%0`.
"""

from __future__ import annotations

LENGTH = 4
"""Characters of a name that a key holds at most, but for a whole name."""

SECOND = 32
"""By how much a key's number is shifted for its second bit in the bitmap of a snapshot."""


class Keys(dict[str, list[tuple[str, int]]]):
    """Kind -> the keys of that kind that a path answers to, each with its `mixed` number; worked out when asked for.

    path: as the file system sees it: folded, where that folds.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._names = set(path.split("/"))
        self._names.discard("")

    def __missing__(self, kind: str) -> list[tuple[str, int]]:
        sign, names, length = kind[0], self._names, int(kind[1:] or 0)
        if sign == "=":
            found = {"=" + name for name in names}
        elif sign == "^":
            found = {"^" + name[:length] for name in names if len(name) >= length}
        elif sign == "~":
            found = {"~" + name[-length:] for name in names if len(name) >= length}
        elif length:
            found = {"%" + name[at : at + length] for name in names for at in range(len(name) - length + 1)}
        else:
            found = {"%"}
        keys = self[kind] = [(key, mixed(key)) for key in found]
        return keys


def kind_of(key: str) -> str:
    """The kind of a key."""
    return key[0] if key[0] == "=" else f"{key[0]}{len(key) - 1}"


def mixed(key: str) -> int:
    """A number that tells keys apart, the same in every process (`hash` is not), as evenly spread as it has to be."""
    return int.from_bytes(key.encode("utf-8", "surrogatepass"), "big") * 0x9E3779B97F4A7C15 % 0x1FFFFFFFFFFFFFFF
