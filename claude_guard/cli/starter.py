"""The policy that a project starts with, as text: what was found becomes rules, and the comments say what
they do."""

import json
from collections.abc import Iterable
from typing import NamedTuple

from .survey import SHOWN, Survey


class Part(NamedTuple):
    """A piece of the policy. what: found, in words; paths: what was found; rule: `active`, `commented` (for
    the person to decide), or `covered` by a pack; text: TOML."""

    what: str
    paths: list[str]
    rule: str
    text: str


HEAD = """\
# What of this project Claude Code may not see.
#
# Patterns are written as in .gitignore and are relative to the folder that holds `.claude`; `~/` is your home
# folder and `//` the root of the disk. The last rule that matches a path decides. A class says how
# sensitive a path is:
#
#   public, internal   passes
#   confidential       Claude Code asks you first, or reads a view of it where the rule names one
#   restricted         stays on this machine
#
# Always in force, without being named here: the pack `builtin:credentials` (.env files, private keys, cloud
# and registry logins, shell histories ...). See what a path gets, and why: claude-guard check PATH
# This file belongs in git. What is for you alone goes into .claude/guard.local.toml.
version = 1
"""

TAIL = """
# Which environment variables a command may not show, besides the usual ones
# (*_TOKEN, *SECRET*, DATABASE_URL ...).
# [environment]
# restricted = ["ACME_*"]
# allow = ["CI_JOB_TOKEN"]

# A command that needs restricted files to run. What it prints is still looked through.
# [[commands]]
# run = "pytest"
# uses = [".env.test"]

# The highest class that may go out, by where the model runs.
# [clearance]
# default = "internal"
# bedrock = "confidential"
"""


def parts(found: Survey) -> list[Part]:
    """What the policy of this project says, in order."""
    made = [
        _covered("environment files", found.dotenv, "restricted by `builtin:credentials`"),
        _covered("private keys and keystores", found.keys, "restricted by `builtin:credentials`"),
        _covered("Terraform state and variables", found.terraform, "restricted by `builtin:credentials`"),
        *(_exception(path) for path in found.dotenv if path.endswith((".test", ".ci"))),
        _rule(
            "folders with a telling name",
            found.private,
            [_pattern(path, folder=True) for path in found.private],
            {"class": "restricted", "reason": "kept apart by its name", "programs": "none"},
        ),
        _rule(
            "folders with a telling name that hold code too",
            found.shared,
            [_pattern(path, folder=True) for path in found.shared],
            {"class": "restricted", "reason": "kept apart by its name"},
            active=False,
        ),
        _rule(
            "files that git-crypt keeps encrypted in the repository, and that lie here in plain text",
            found.encrypted,
            found.encrypted,
            {"class": "restricted", "category": "credentials", "reason": "encrypted in the repository by git-crypt"},
        ),
        _rule(
            "tables",
            [path or "." for path in found.tables],
            _tables(found.tables),
            {"class": "confidential", "category": "personal-data", "reason": "rows of data", "view": "sample"},
        ),
        _rule(
            "database dumps",
            found.dumps,
            [_pattern(path) for path in found.dumps],
            {
                "class": "restricted",
                "category": "personal-data",
                "reason": "the rows of a database",
                "instead": "the schema, migrations and seeds",
            },
        ),
        _rule(
            "notebooks, whose outputs keep the data that they were run with",
            found.notebooks,
            ["*.ipynb"],
            {"class": "confidential", "reason": "outputs hold data", "view": "outline"},
            active=False,
        ),
        *(
            _rule(
                f"what {owner} owns by CODEOWNERS",
                [pattern],
                [pattern],
                {"class": "confidential", "reason": f"owned by {owner}"},
                active=False,
            )
            for pattern, owner in found.owned
        ),
    ]
    return [part for part in made if part.paths]


def text(found: Survey) -> str:
    """The whole policy file."""
    pieces = [HEAD, _extends(found)]
    pieces += [part.text for part in parts(found)]
    if not found.complete:
        pieces.append("# The project is large, and only a part of it was looked at.\n")
    return "\n".join(pieces) + TAIL


def _extends(found: Survey) -> str:
    packs = (
        ("personal-data", "tables of people, letters, health records", found.people, True),
        (
            "intellectual-property",
            "model weights, designs, contracts, what is marked confidential",
            found.weights,
            False,
        ),
        ("infrastructure", "inventories, captures, production layouts", found.deployment, False),
    )
    active = [f"builtin:{name}" for name, _, paths, on in packs if paths and on]
    lines = ["# Packs of rules that come before the ones below:"]
    for name, what, paths, _ in packs:
        seen = f" (found here: {_some(paths)})" if paths else ""
        lines.append(f"#   builtin:{name}: {what}{seen}")
    listed = f"extends = {_list(active)}" if active else '# extends = ["builtin:personal-data"]'
    return "\n".join([*lines, listed, ""])


def _covered(what: str, paths: list[str], how: str) -> Part:
    return Part(what, paths, "covered", f"# Found {what}: {_some(paths)}\n# {how}\n")


def _exception(path: str) -> Part:
    body = _body([_pattern(path)], {"class": "internal", "reason": "values for tests, no secrets"})
    return Part(
        "an environment file for tests",
        [path],
        "commented",
        f"# If `{path}` holds no secrets, this lets it pass:\n{_comment(body)}",
    )


def _rule(
    what: str,
    paths: list[str],
    patterns: list[str],
    values: dict[str, str],
    active: bool = True,
) -> Part:
    head = f"# Found {what}: {_some(paths)}\n"
    body = _body(patterns, values) if patterns else ""
    if not active:
        head += "# Take the comment signs away to put it in force:\n"
        body = _comment(body)
    return Part(what, paths, "active" if active else "commented", head + body)


def _body(patterns: list[str], values: dict[str, str]) -> str:
    lines = ["[[rules]]", f"paths = {_list(patterns)}"]
    lines += [f"{key} = {_quoted(value)}" for key, value in values.items()]
    return "\n".join(lines) + "\n"


def _comment(body: str) -> str:
    return "".join(f"# {line}\n" for line in body.splitlines())


def _list(values: Iterable[str]) -> str:
    values = list(dict.fromkeys(values))
    line = f"[{', '.join(map(_quoted, values))}]"
    if len(line) <= 100:
        return line
    return "[\n" + "".join(f"    {_quoted(value)},\n" for value in values) + "]"


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _tables(folders: list[str]) -> list[str]:
    patterns = []
    for folder in folders:
        start = f"{_pattern(folder)}/" if folder else "/"
        patterns += [f"{start}*.{ending}" for ending in ("csv", "tsv", "parquet", "xlsx", "jsonl")]
    return patterns


def _pattern(path: str, folder: bool = False) -> str:
    """The gitignore pattern for that very path."""
    escaped = "".join(f"\\{character}" if character in "\\*?[" else character for character in path)
    if escaped.endswith(" "):
        escaped = escaped[:-1] + "\\ "
    return f"/{escaped}{'/' if folder else ''}"


def _some(paths: list[str]) -> str:
    shown = ", ".join(paths[:SHOWN])
    return shown + (f" and {len(paths) - SHOWN} more" if len(paths) > SHOWN else "")
