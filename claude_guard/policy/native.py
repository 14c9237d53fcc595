"""The policy as the client's own `Read(...)` rules: the second line, which also closes what no hook sees. Cold.

The client's rules have no order, so a pattern whose exceptions cannot be written into it is left out, and named; in its
place stand the examples that its rule gives of what it matches, as far as the policy denies them.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from .complement import fits
from .globs import NARROW, Cover, Glob, covers, segment_text, without

if TYPE_CHECKING:
    from .policy import Policy


def native(policy: Policy) -> tuple[list[str], list[tuple[str, str]]]:
    """The patterns that the policy denies in its project: `//x` absolute, `~/x` in the home folder, `./x` in the
    project, `x` anywhere in it. Second: (pattern with its place, why it is not among them)."""
    found: dict[str, None] = {}
    missing: list[tuple[str, str]] = []
    for cover in covers(policy, policy.project, "deny"):
        globs, exact = without(cover, NARROW)
        lines = [_written(policy, cover, glob) for glob in globs]
        if exact and all(lines):
            found.update(dict.fromkeys(lines))
            continue
        names = _examples(policy, cover)
        found.update(dict.fromkeys(names))
        why = "its exceptions cannot be written without negation" if not exact else "the client cannot write it"
        missing.append(
            (f"{cover.row[0]} ({cover.where})", why + (f"; {len(names)} names stand for it" if names else ""))
        )
    return list(found), missing


def _written(policy: Policy, cover: Cover, glob: Glob) -> str:
    """A glob as the client reads it; "" where it cannot be written."""
    texts = [segment_text(segment, False, policy.folding) for segment in glob.segments]
    if not all(fine for _, fine in texts):
        return ""
    path = "/".join(text for text, _ in texts) + ("/**" if glob.folder else "")
    space = cover.row[3]
    if space:
        return f"~/{path}" if space == "~" else f"//{path}"
    if cover.base not in ("", policy.project):
        return f"/{cover.base.rstrip('/')}/{path}"
    if glob.segments[0] != "**":
        return f"./{path}"
    return path.removeprefix("**/") if len(texts) == 2 and not glob.folder else path


def _examples(policy: Policy, cover: Cover) -> list[str]:
    """Names that the rule gives as its own, where this pattern matches them at any depth and the policy denies them."""
    glob: str = cover.row[6]
    if cover.row[3] or "/" in glob or cover.base not in ("", policy.project):
        return []
    names = dict.fromkeys(posixpath.basename(example.rstrip("/")) for example in cover.rule["matches"])
    return [
        name
        for name in names
        if fits(glob, name)
        and not set(name) & set("*?[]\\!# ")
        and policy.judge(posixpath.join(policy.project, name), False).action == "deny"
    ]
