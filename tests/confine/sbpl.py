"""Reads the words of macOS's sandbox profiles (SBPL) and says what they deny, where there is no macOS to ask.

Sources are public: Anthropic's sandbox-runtime (`src/sandbox/macos-sandbox-utils.ts`), whose profiles run on macOS; the
profiles that Apple ships, as published; and profiles of other projects with notes of what was tried.

The grammar is the part of it that is written down in public: s-expressions; `(allow|deny OPERATION... FILTER...)`;
the last rule that matches wins. Some who tried say that a rule on one operation (`file-write-unlink`) comes before all
rules on its family (`file-write*`) whatever their order: a profile has to hold under both readings. Whatever stands in
no table below is an error here, as it would be there.
"""

import re
from typing import NamedTuple

Node = str | list["Node"]

OPERATIONS = {
    # operation: what it may be filtered by, and where it is seen in use
    "default": ((), "every profile"),
    "file-read-data": (("path",), "Apple's profiles; sandbox-runtime uses `file-read*`, of which it is a part"),
    "file-write*": (("path",), "sandbox-runtime"),
    "file-write-unlink": (("path",), "sandbox-runtime, which keeps folders from being moved with it"),
    "file-link": (("path",), "published profiles that keep files from being hard-linked"),
    "file-clone": (("path",), "the same profiles, beside `file-link`"),
    "network-outbound": (("socket",), "sandbox-runtime: `(remote unix-socket (subpath ...))`"),
    "process-exec": (("path",), "sandbox-runtime; with a literal path in published profiles"),
    "process-info*": (("target",), "sandbox-runtime: `(target same-sandbox)`"),
    "process-info-listpids": ((), "Apple's profiles"),
    "mach-lookup": (("service",), "sandbox-runtime: `(global-name ...)`"),
    "mach-priv-task-port": (("target",), "sandbox-runtime: `(target same-sandbox)`"),
    "lsopen": ((), "Apple's profiles; published profiles deny it"),
    "appleevent-send": ((), "Apple's profiles; published profiles deny it"),
    "job-creation": ((), "Apple's profiles; published profiles deny it"),
}
TARGETS = {"self", "others", "same-sandbox", "children", "parent", "pgrp"}
VNODES = {"REGULAR-FILE", "DIRECTORY", "SYMLINK", "SOCKET", "CHARACTER-DEVICE", "BLOCK-DEVICE", "FIFO", "TTY"}
LIMIT = 1 << 16
"""Characters of one expression that the interpreter on macOS takes."""

TOKEN = re.compile(r'\s+|;[^\n]*|([()])|"((?:[^"\\]|\\["\\])*)"|([^\s()";]+)')


class Malformed(Exception):
    """A text is not a profile. Says what is wrong with it."""


class Text(str):
    """A string of a profile, as against a word."""


class Rule(NamedTuple):
    verdict: str
    operations: tuple[str, ...]
    filters: tuple[Node, ...]


class Access(NamedTuple):
    """One thing that a process wants to do. path: of the file, socket or program; service, target: as filters name
    them; folder: whether the path is a folder."""

    operation: str
    path: str = ""
    folder: bool = False
    name: str = ""
    target: str = ""


def read(text: str) -> list[Rule]:
    """The rules of a profile. Raises Malformed."""
    forms = _forms(text)
    if not forms or forms[0] != ["version", "1"]:
        raise Malformed("the first form is not `(version 1)`")
    rules = [_rule(form) for form in forms[1:]]
    if not rules or rules[0].operations != ("default",):
        raise Malformed("the second form says nothing of `default`")
    for start, end in _spans(text):
        if end - start >= LIMIT:
            raise Malformed(f"an expression of {end - start} characters")
    return rules


def denied(rules: list[Rule], access: Access) -> bool:
    """Whether an access is denied. Raises AssertionError where the two readings of the order differ."""
    last = own = ""
    for rule in rules:
        if any(_covers(operation, access.operation) for operation in rule.operations) and (
            not rule.filters or any(_matches(one, access) for one in rule.filters)
        ):
            last = rule.verdict
            own = rule.verdict if access.operation in rule.operations else own
    assert own in ("", last), f"it depends on the reading whether {access} is denied"
    return last == "deny"


def _forms(text: str) -> list[Node]:
    stack: list[list[Node]] = [[]]
    at = 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            raise Malformed(f"cannot be read from {text[at : at + 20]!r}")
        at = match.end()
        if match.group(1) == "(":
            stack.append([])
        elif match.group(1) == ")":
            if len(stack) == 1:
                raise Malformed("a `)` too many")
            done = stack.pop()
            stack[-1].append(done)
        elif match.group(2) is not None:
            stack[-1].append(Text(re.sub(r"\\(.)", r"\1", match.group(2))))
        elif match.group(3):
            stack[-1].append(match.group(3))
    if len(stack) > 1:
        raise Malformed("a `)` is missing")
    return stack[0]


def _spans(text: str) -> list[tuple[int, int]]:
    found, depth, start = [], 0, 0
    for match in TOKEN.finditer(text):
        if match.group(1) == "(":
            start = match.start() if depth == 0 else start
            depth += 1
        elif match.group(1) == ")":
            depth -= 1
            if depth == 0:
                found.append((start, match.end()))
    return found


def _rule(form: Node) -> Rule:
    if not isinstance(form, list) or not form or form[0] not in ("allow", "deny"):
        raise Malformed(f"neither `allow` nor `deny`: {form!r}")
    operations = [part for part in form[1:] if isinstance(part, str)]
    filters = form[1 + len(operations) :]
    if not operations or any(isinstance(part, str) for part in filters):
        raise Malformed(f"operations come first, then filters: {form!r}")
    for operation in operations:
        if isinstance(operation, Text) or operation not in OPERATIONS:
            raise Malformed(f"no operation: {operation!r}")
        for one in filters:
            if _kind(one) not in OPERATIONS[operation][0]:
                raise Malformed(f"{operation} is not filtered by {one!r}")
    return Rule(str(form[0]), tuple(operations), tuple(filters))


def _kind(form: Node) -> str:
    """What a filter looks at. Raises Malformed."""
    head, *rest = form if isinstance(form, list) and form else [""]
    if head in ("require-all", "require-any", "require-not"):
        kinds = {_kind(one) for one in rest}
        if len(kinds) != 1 or (head == "require-not" and len(rest) != 1):
            raise Malformed(f"what is combined does not fit: {form!r}")
        return kinds.pop()
    if head == "remote":
        if len(rest) != 2 or rest[0] != "unix-socket" or _kind(rest[1]) != "path":
            raise Malformed(f"no socket: {form!r}")
        return "socket"
    if len(rest) != 1 or not isinstance(rest[0], str):
        raise Malformed(f"one argument is expected: {form!r}")
    value = rest[0]
    if head in ("literal", "subpath"):
        if not isinstance(value, Text) or not re.fullmatch(r"(/[^/\0]+)+", value):
            raise Malformed(f"no absolute path: {form!r}")
        return "path"
    if head == "global-name" and isinstance(value, Text) and value:
        return "service"
    for name, kind, values in (("vnode-type", "path", VNODES), ("target", "target", TARGETS)):
        if head == name and not isinstance(value, Text) and value in values:
            return kind
    raise Malformed(f"no filter: {form!r}")


def _covers(operation: str, wanted: str) -> bool:
    return operation in ("default", wanted) or (operation.endswith("*") and wanted.startswith(operation[:-1]))


def _matches(form: Node, access: Access) -> bool:
    head, *rest = form
    if head == "require-all":
        return all(_matches(one, access) for one in rest)
    if head == "require-any":
        return any(_matches(one, access) for one in rest)
    if head == "require-not":
        return not _matches(rest[0], access)
    if head == "remote":
        return _matches(rest[1], access)
    if head == "literal":
        return access.path == rest[0]
    if head == "subpath":
        return access.path == rest[0] or access.path.startswith(f"{rest[0]}/")
    if head == "vnode-type":
        return access.folder == (rest[0] == "DIRECTORY")
    if head == "target":
        return access.target == rest[0]
    return access.name == rest[0]
