"""The values that the guard passes around. They hold no behaviour that needs the machine.

Values are NamedTuples and plain strings: `typing`, `dataclasses` and `enum` cost more than a bare interpreter start,
and every hook call pays for its imports.

Access: what a call does to a thing. `read`: opens it for reading, whatever is printed then (hash, count, first line,
copy). `execute`: a program consumes it without showing it (compiles, imports, runs it). `write`: replaces or changes
it without reading. `list`: its name, size, times or existence.
Action: what a class gets when it is above the clearance of the destination. `allow` is no opinion.
Verdict: the guard never says "allow": `pass` leaves the client's own permission flow as it is.
"""

from __future__ import annotations

from .values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    Access = Literal["read", "write", "list", "execute"]
    Action = Literal["allow", "view", "ask", "deny"]
    Verdict = Literal["pass", "ask", "deny"]
else:
    Access = Action = Verdict = str

STRICTNESS: dict[str, int] = {"allow": 0, "pass": 0, "view": 1, "ask": 2, "deny": 3}


class Touch(NamedTuple):
    """What a call would do to one thing.

    kind: `path` (an absolute path as spelled), `object` (a path in a repository's history: judged by its
    spelling alone, because the file need not exist), `variable` (an environment variable), or `opaque`
    (could not be determined: a value, not an error and not "nothing").
    name: the absolute path, the variable's name, or for `opaque` what could not be determined, as a phrase
    that completes "cannot tell ...", for example "what `$X` expands to". An opaque `execute` is what a program of the
    project does when it runs.
    source: the part of the call that it comes from, in the person's words: `file_path`, a word of a command.
    tree: the call would read the tree below a folder; whether that matters depends on what the tree holds.
    because: how the call comes to touch it where that is not plain: "imported by `docs/CLAUDE.md`".
    exclude: the words that would leave this path out of the command that reads it: `--exclude-dir=secrets`; "" where
    there are none. at: where in the text of the call these words would go, as an index; -1 where that is not known.
    """

    kind: Literal["path", "object", "variable", "opaque"]
    access: Access
    name: str
    source: str = ""
    tree: bool = False
    because: str = ""
    exclude: str = ""
    at: int = -1


class Rule(NamedTuple):
    """A rule of a policy, as far as a decision and its message need it."""

    id: str  # `credentials/dotenv` in a pack, `rules[2]` in a policy file
    file: str  # the policy file, or `builtin:credentials`
    line: int  # of the rule in that file, from 1; 0 where the parser does not know it
    layer: Literal["builtin", "managed", "user", "project", "local"]
    pattern: str  # the pattern that matched, as written
    category: str = ""
    reason: str = ""
    instead: str = ""
    programs: Literal["none", "use"] = "none"
    names: Literal["shown", "hidden"] = "shown"
    view: str = ""  # redact | placeholders | sample | outline; "" is none


class Judgement(NamedTuple):
    """What the policy says of one path or variable.

    level: the class, `internal` or an organisation's own name. rank: its place in the order of classes, from 0.
    action: what applies to it for the destination in force (`allow` where the class is within the clearance).
    rule: the rule that decided, or None where only a default applies.
    writes: what writing to it without reading gets; `allow` unless the class says otherwise.
    via: how the path was reached when not by its own spelling, for the message: "a link to `/p/.env`"; else "".
    """

    level: str
    rank: int
    action: Action
    rule: Rule | None = None
    via: str = ""
    writes: Action = "allow"


class Reason(NamedTuple):
    """Why a verdict is not `pass`, for the model and for the person."""

    verdict: Verdict
    touch: Touch
    judgement: Judgement | None  # None for an opaque touch, or for a failure of the guard itself
    text: str  # one line, lower case, the person's words in backticks


class Decision(NamedTuple):
    """The answer to one call: the strictest verdict and every reason for it, strictest first.

    updated_input: the call's input with what the policy restricts left out, where it was narrowed instead of
    refused. context: what the model should know besides, for example that a search was narrowed.
    """

    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    updated_input: dict[str, Any] | None = None
    context: str = ""


class Call(NamedTuple):
    """One hook call of the client, parsed and checked."""

    event: str  # PreToolUse, UserPromptSubmit ...
    session: str
    cwd: str  # absolute
    project: str  # the project root: where the session started
    tool: str = ""
    input: dict[str, Any] = {}  # noqa: RUF012 - a NamedTuple default is never mutated
    raw: dict[str, Any] = {}  # noqa: RUF012 - the whole hook input, for events with fields of their own
