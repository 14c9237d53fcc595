"""A validated policy file becomes the bytes of a snapshot: the rules compiled, indexed and signed. Cold.

A rule is indexed once for each of its patterns that includes, under the rarest key that every path matched by it
answers to, so that judging a path reads the few rules that may match, however many there are.
"""

from __future__ import annotations

import fnmatch
import marshal
import os
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

from .. import __version__
from ..errors import PolicyError
from . import store
from .compile import Compiled, PatternError, compile_pattern, fold, program
from .keys import LENGTH, SECOND, kind_of, mixed
from .load import Source
from .match import matching, way
from .schema import RuleTable

if TYPE_CHECKING:
    from .match import Row

PACKS = os.path.dirname(os.path.abspath(__file__)) + "/builtin"
FEW = 32  # rules that go by a text: so many are looked through one by one
USE = ("intellectual-property", "contract")  # categories whose files a build may read


def build(source: Source, folding: bool, secret: bytes) -> bytes:
    """The snapshot of a policy file. Raises PolicyError for a pattern or example that does not hold."""
    document = source.document
    rules: list[dict[str, Any]] = []
    keys: list[list[Compiled]] = []
    for index, table in enumerate(document.rules):
        rule, compiled = _rule(source, index, table, folding)
        rules.append(rule)
        keys.append(compiled)
    _allowed(source)
    clearance = dict(document.clearance)
    destination = clearance.pop("destination", "")
    header = {
        "format": store.FORMAT,
        "guard": __version__,
        "interpreter": [sys.implementation.name, sys.hexversion],
        "folding": folding,
        "source": list(source.identity),
        "extends": document.extends,
        "default": document.default,
        "classes": {name: [table.above, table.action, table.writes] for name, table in document.classes.items()},
        "class_lines": {name: source.line(("classes", name)) for name in document.classes},
        "clearance": clearance,
        "environment": {
            "restricted": _names(document.environment.restricted),
            "allow": _names(document.environment.allow),
            "line": source.line(("environment",)),
        },
        "layer": source.layer,
        "destination": destination,
        "clearance_levels": [[level, source.line(("clearance", key))] for key, level in clearance.items()],
        "default_line": source.line(("default",)),
        "commands": [[table.run, table.uses] for table in document.commands],
        "shell": [document.shell.confine, document.shell.opaque],
        "levels": _levels(source),
        "hidden": sorted({table.level for table in document.rules if table.names == "hidden"}),
        "places": _places(rules, source.layer == "builtin"),
    }
    return _encode(header, rules, _index(keys), secret)


def _places(rules: list[dict[str, Any]], builtin: bool) -> list[list[Any]]:
    """Where the patterns lead that name files at home or from the root: [space, text before the first wildcard,
    further segments]. What the kernel makes up is left out, and of packs what is looked for at home anyway; `%u` stands
    for the user's number."""
    found: list[list[Any]] = []
    for row in (row for rule in rules for row in rule["rows"] if row[3] and not row[1]):
        segments = row[5].split("/") if row[4] == "p" else row[6].removeprefix("/").split("/")
        wild = next((at for at, segment in enumerate(segments) if set(segment) & set("*?[")), len(segments))
        wild = len(segments) if row[4] == "p" else wild
        place = [row[3], "/".join(segments[:wild]), segments[wild:]]
        if builtin and segments[0] == "tmp":  # everybody's folder is not listed for each command
            place = [row[3], "/".join(segments).replace("*", "%u"), []]
        dotted = builtin and row[3] == "~" and segments[0].startswith(".")
        if place not in found and not dotted and not (row[3] == "/" and segments[0] in ("proc", "dev", "sys")):
            found.append(place)
    return found


def _levels(source: Source) -> list[list[Any]]:
    """The classes that the rules name, each with the line where it is first named."""
    found: dict[str, int] = {}
    for index, table in enumerate(source.document.rules):
        if table.level not in found:
            found[table.level] = source.line(("rules", index, "class"))
    return [[level, line] for level, line in found.items()]


def _allowed(source: Source) -> None:
    """Refuses what only a higher layer may say, and packs that there are not."""
    document = source.document
    if source.layer not in ("managed", "user"):
        hint = "only a managed or user policy may say it"
        for index, table in enumerate(document.rules):
            if table.may_loosen:
                line = source.line(("rules", index, "may-loosen"))
                raise PolicyError(source.path, "`may-loosen` does not belong here", hint, line)
        if "destination" in document.clearance:
            line = source.line(("clearance", "destination"))
            raise PolicyError(source.path, "`destination` does not belong here", hint, line)
        for index, name in enumerate(document.environment.allow):
            if set(name) & set("*?["):
                line = source.line(("environment", "allow", index))
                hint = "name each variable; only a managed or user policy may use `*`, `?` and `[`"
                raise PolicyError(
                    source.path, f"`allow` holds `{name}`, which may be more than one variable", hint, line
                )
    packs = sorted(name[:-5] for name in os.listdir(PACKS) if name.endswith(".toml"))
    for index, name in enumerate(document.extends):
        if name.removeprefix("builtin:") not in packs:
            hint = f"packs: {', '.join(f'`builtin:{pack}`' for pack in packs)}"
            line = source.line(("extends", index))
            raise PolicyError(source.path, f"there is no pack `{name}`", hint, line)


def _names(patterns: list[str]) -> list[str]:
    """Shell patterns for names as one regular expression and its program, empty where there are none; upper and
    lower case are one."""
    text = "|".join(fnmatch.translate(pattern.upper()) for pattern in patterns)
    return [text, program(text)] if text else []


def _rule(source: Source, index: int, table: RuleTable, folding: bool) -> tuple[dict[str, Any], list[Compiled]]:
    place = ("rules", index)
    compiled: list[Compiled] = []
    for number, written in enumerate(table.paths):
        try:
            compiled.append(compile_pattern(written, folding))
        except PatternError as error:
            line = source.line((*place, "paths", number))
            raise PolicyError(source.path, error.message, error.hint, line) from None
    if all(pattern.row[1] for pattern in compiled):
        message = "`paths` holds exceptions only"
        raise PolicyError(source.path, message, "name what they are exceptions from", source.line((*place, "paths")))
    rows = [pattern.row for pattern in compiled]
    rule_id = table.id or f"rules[{index + 1}]"
    _examples(source, index, table, rows, folding, rule_id)
    rule = {
        "id": rule_id,
        "line": source.line(place),
        "rows": rows,
        "class": table.level,
        "category": table.category,
        "reason": table.reason,
        "instead": table.instead,
        "programs": table.programs or ("use" if table.category in USE else "none"),
        "names": table.names,
        "view": table.view,
        "loosen": int(table.may_loosen),
        "matches": table.matches,
        "unsure": int(any(row[2] for row in rows)),
    }
    return rule, compiled


def _examples(source: Source, index: int, table: RuleTable, rows: list[Row], folding: bool, rule_id: str) -> None:
    if source.layer == "builtin" and not (table.matches and table.passes):
        missing = "passes" if table.matches else "matches"
        hint = f"add `{missing}`, paths that it must {'not match' if table.matches else 'match'}"
        raise PolicyError(source.path, f"rule `{rule_id}` has no examples", hint, source.line(("rules", index)))
    for key, examples, wanted in (("matches", table.matches, True), ("passes", table.passes, False)):
        for number, example in enumerate(examples):
            if example_matches(rows, example, folding) is not wanted:
                said = "does not match" if wanted else "matches"
                hint = f"mend the patterns, or move it out of `{key}`"
                line = source.line(("rules", index, key, number))
                raise PolicyError(source.path, f"rule `{rule_id}` {said} its example `{example}`", hint, line)


def example_matches(rows: list[Row], example: str, folding: bool) -> bool:
    """Whether a rule's patterns match an example path: relative, `~/...` or `//...`; a folder with a trailing `/`."""
    home, base = "/home/example", "/home/example/project"
    folder = example.endswith("/")
    body = example.rstrip("/") if folder else example
    if folding:
        body = fold(body)
    if body.startswith("~/"):
        path = home + body[1:]
    elif body.startswith("//"):
        path = body[1:]
    else:
        path = f"{base}/{body}"
    # An example outside the project is judged as the guard would: relative patterns count from the root there.
    return matching(rows, way(path, home, base if path.startswith(base) else "/", folder)) is not None


def _index(rules: list[list[Compiled]]) -> dict[str, set[tuple[int, str]]]:
    """Key -> rules, each with a text that a matching path must hold; of rules that go by their texts, keys are made of
    those."""
    counts: Counter[str] = Counter()
    for patterns in rules:
        for pattern in patterns:
            if not pattern.row[1]:
                counts.update(set(pattern.keys))
    index: dict[str, set[tuple[int, str]]] = {}
    texts: set[tuple[int, str]] = set()
    for number, patterns in enumerate(rules):
        for pattern in patterns:
            if pattern.row[1]:
                continue
            key = min(pattern.keys, key=lambda key: (counts[key], -len(key)), default="")
            common = (
                counts[key] > 3 and len(pattern.literal) > len(key) + 2
            )  # `.json`, where `service-account` tells more
            if key[:1] != "=" and (common or (len(key) < 4 and len(pattern.literal) >= len(key))):
                texts.add((number, pattern.literal))
            else:
                index.setdefault(key, set()).add((number, ""))
    grams = Counter(gram for text in {text for _, text in texts} for gram in _grams(text))
    for number, text in texts:
        gram = min(_grams(text), key=lambda gram: (grams[gram], gram)) if len(texts) > FEW else ""
        index.setdefault("%" + gram, set()).add((number, text))
    return index


def _grams(text: str) -> set[str]:
    length = min(LENGTH, len(text))
    return {text[at : at + length] for at in range(len(text) - length + 1)}


def _encode(
    header: dict[str, Any], rules: list[dict[str, Any]], index: dict[str, set[tuple[int, str]]], secret: bytes
) -> bytes:
    shards = len(index) // 16 | 1
    bitmap = bytearray(1 << (2 * len(index)).bit_length())
    header = {
        **header,
        "rules": len(rules),
        "shards": shards,
        "bitmap": len(bitmap),
        "kinds": sorted(set(map(kind_of, index))),
    }
    nonce = os.urandom(16)
    head = marshal.dumps(header)
    at = len(store.MAGIC) + 16 + 4 + len(head) + len(bitmap) + shards * store.ENTRY + 3 * store.DIGEST
    blocks: list[bytes] = []
    references: list[list[int]] = []

    def add(number: int, content: bytes) -> list[int]:
        nonlocal at
        blocks.append(content + store.digest(secret, nonce, number, content))
        start, at = at, at + len(content) + store.DIGEST
        return [start, len(content)]

    for number, rule in enumerate(rules):
        content = marshal.dumps(rule)
        references.append([number, *add(store.rule_block(shards, number), content)])
    buckets: list[dict[str, list[list[int | str]]]] = [{} for _ in range(shards)]
    for key, listed in index.items():
        number = mixed(key)
        for bit in (number, number >> SECOND):
            bitmap[bit >> 3 & len(bitmap) - 1] |= 1 << (bit & 7)
        buckets[number % shards][key] = [[*references[rule], text] for rule, text in sorted(listed)]
    table = b""
    for number, bucket in enumerate(buckets):
        start, length = add(store.SHARDS + number, marshal.dumps(bucket)) if bucket else (0, 0)
        table += f"{start:08x}{length:08x}".encode()
    front = store.MAGIC + nonce + len(head).to_bytes(4, "big")
    for number, content in enumerate((head, bytes(bitmap), table)):
        front += content + store.digest(secret, nonce, number, content)
    return front + b"".join(blocks)
