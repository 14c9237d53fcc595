"""The policy file as pydantic sees it: which keys there are, what they may hold, and what is wrong in words.

Says nothing of files and layers: `load.py` reads, and turns a place in the document into a line.
"""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

Text = Annotated[str, StringConstraints(min_length=1)]
Line = Annotated[str, StringConstraints(pattern=r"\A[^\x00-\x1f\x7f]*\z")]
Name = Annotated[str, StringConstraints(pattern=r"\A[a-z][a-z0-9_-]*\z")]
Variable = Annotated[str, StringConstraints(pattern=r"\A[^\s=\x00-\x1f]+\z")]
ActionName = Literal["allow", "view", "ask", "deny"]


class _Table(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", populate_by_name=False)


class RuleTable(_Table):
    """`[[rules]]`."""

    paths: list[Text] = Field(min_length=1)
    level: Name = Field(alias="class")
    id: Annotated[str, StringConstraints(pattern=r"\A[a-z0-9][a-z0-9._-]*\z")] = ""
    category: Line = ""
    reason: Line = ""
    instead: Line = ""
    programs: Literal["", "none", "use"] = ""
    view: Literal["", "redact", "placeholders", "sample", "outline"] = ""
    names: Literal["shown", "hidden"] = "shown"
    may_loosen: bool = Field(False, alias="may-loosen")
    matches: list[Text] = []
    passes: list[Text] = []


class ClassTable(_Table):
    """`[classes.NAME]`."""

    above: Name | None = None
    action: ActionName | None = None
    writes: Literal["allow", "deny"] | None = None


class EnvironmentTable(_Table):
    """`[environment]`."""

    restricted: list[Variable] = []
    allow: list[Variable] = []


class CommandTable(_Table):
    """`[[commands]]`."""

    run: Text
    uses: list[Text] = Field(min_length=1)


class ShellTable(_Table):
    """`[shell]`."""

    confine: Literal["auto", "require", "off"] | None = None
    opaque: Literal["pass", "ask", "deny"] | None = None


class Document(_Table):
    """A whole policy file."""

    version: Annotated[int, Field(ge=1, le=1)]
    extends: list[Annotated[str, StringConstraints(pattern=r"\Abuiltin:[a-z0-9-]+\z")]] = []
    default: Name | None = None
    rules: list[RuleTable] = []
    classes: dict[Name, ClassTable] = {}
    clearance: dict[Name, Name] = {}
    environment: EnvironmentTable = EnvironmentTable()
    commands: list[CommandTable] = []
    shell: ShellTable = ShellTable()


class Problem(NamedTuple):
    """What is wrong with a document: where (keys and positions from the top), what, and the mend."""

    place: tuple[str | int, ...]
    message: str
    hint: str


_TABLES: dict[tuple[str, ...], type[_Table]] = {
    (): Document,
    ("rules",): RuleTable,
    ("classes",): ClassTable,
    ("environment",): EnvironmentTable,
    ("commands",): CommandTable,
    ("shell",): ShellTable,
}
_SHAPES = {
    "list_type": "a list in brackets",
    "string_type": "text in quotes",
    "bool_type": "`true` or `false`, without quotes",
    "dict_type": "a table",
    "model_type": "a table",
    "int_type": "a number",
}
_PATTERNS = {
    "extends": ("does not name a pack", "write `builtin:NAME`, for example `builtin:credentials`"),
    "id": ("is not an id", "use small letters, digits, `-`, `_` and `.`"),
    "restricted": ("is not a variable's name", "write a name such as `DATABASE_URL` or `*_TOKEN`"),
    "allow": ("is not a variable's name", "write a name such as `CI_JOB_TOKEN`"),
    "reason": ("holds a line break or control character", "write it in one line"),
    "category": ("holds a line break or control character", "write it in one line"),
    "instead": ("holds a line break or control character", "write it in one line"),
}


def validate(data: dict[str, Any]) -> Document | Problem:
    """A parsed TOML document as a `Document`, or the first thing that is wrong with it."""
    try:
        return Document.model_validate(data)
    except ValidationError as error:
        # An unknown key is named before a missing one: `pathes` is the reason why `paths` is missing.
        details = sorted(error.errors(), key=lambda detail: detail["type"] != "extra_forbidden")
        return _problem(details[0])


def _problem(detail: ErrorDetails) -> Problem:
    place = tuple(part for part in detail["loc"] if part != "[key]")
    key = next((part for part in reversed(place) if isinstance(part, str)), "")
    kind, value = detail["type"], detail["input"]
    if kind == "extra_forbidden":
        near = get_close_matches(str(place[-1]), list(_keys(place)), n=1, cutoff=0.5)
        known = ", ".join(f"`{name}`" for name in _keys(place))
        hint = f"did you mean `{near[0]}`?" if near else f"known here: {known}"
        return Problem(place, f"unknown key `{place[-1]}`", hint)
    if kind == "missing":
        hint = "write `version = 1` at the top" if key == "version" else f"add `{key} = ...`"
        return Problem(place, f"`{key}` is missing", hint)
    if kind in ("less_than_equal", "greater_than_equal"):
        return Problem(place, f"`{key}` cannot be `{value}`", "write `1`, or get a newer claude-guard")
    if kind == "literal_error":
        expected = re.sub(r"'([^']*)'", r"`\1`", str(detail.get("ctx", {}).get("expected", "")))
        expected = expected.removeprefix("``, ").replace("``, ", "")
        return Problem(place, f"`{key}` cannot be `{value}`", f"write {expected}")
    if kind == "too_short":
        return Problem(place, f"`{key}` is empty", "name at least one")
    if kind == "string_too_short":
        return Problem(place, f"`{key}` holds an empty text", "remove it or fill it in")
    if kind == "string_pattern_mismatch":
        message, hint = _PATTERNS.get(key, ("is not a name", "use small letters, digits, `-` and `_`"))
        if key in ("reason", "category", "instead"):
            return Problem(place, f"`{key}` {message}", hint)
        return Problem(place, f"`{value}` {message}", hint)
    shape = _SHAPES.get(kind, "something else")
    return Problem(place, f"`{key}` must be {shape}", f"not `{value}`" if isinstance(value, str | int) else "")


def _keys(place: tuple[str | int, ...]) -> Iterator[str]:
    """The keys that the table holding the last part of `place` may have."""
    table = _TABLES.get(tuple(str(part) for part in place[:-1][:1]), Document)
    for name, field in table.model_fields.items():
        yield field.alias or name
