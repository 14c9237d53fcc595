"""What git says of a repository that shows no content: names, hashes, and which paths differ.

A call is judged before anybody has agreed to it, so what is asked must not run anything, write anything or
reach anywhere: only the commands and options below are passed on.
"""

import os
import re
import subprocess

from .history import OPTIONS

SECONDS = 2.0
LIMIT = 4_000_000
"""Bytes of an answer that are taken in."""

PLAIN = (
    r"--(all|branches|tags|remotes|abbrev|abbrev-commit|short|verify|symbolic-full-name|abbrev-ref|show-toplevel|git-dir"
    r"|show-prefix|show-cdup|git-common-dir|is-inside-work-tree|absolute-git-dir|max-count|skip|since|after|until|before|author|committer"
    r"|grep|merges|no-merges|first-parent|reverse|diff-filter|follow|root|no-walk|do-walk|boundary|count|format|pretty|oneline"
    r"|date|name-only|no-renames|no-ext-diff|no-textconv|cached|staged|merge-base|full-tree|full-name|others|exclude-standard"
    r"|ignored|modified|deleted|objects|max-parents|min-parents|show-current|contains|merged|no-merged|sort|list|points-at"
    r"|is-ancestor|fork-point|octopus|always|exact-match|walk-reflogs|left-right|cherry-pick|left-only|right-only|reflog"
    r"|ancestry-path|topo-order|date-order|full-history|simplify-merges|fixed-strings|extended-regexp|regexp-ignore-case"
    r"|perl-regexp|all-match|invert-grep|no-abbrev|quiet|stage|error-unmatch|heads|refs|dereference|no-color|no-patch"
    r"|no-decorate|relative|full-diff|pickaxe-regex|pickaxe-all|glob|exclude|no-commit-id|decorate|graph|match|long)(=.*)?"
)
SHORT = r"-(\d+|[nSG].*|[zrmctsedaoigEFPqvl])"
OPTION = re.compile(f"(?:{PLAIN}|{SHORT})", re.DOTALL)
COMMANDS = frozenset(
    (
        "branch", "cat-file", "describe", "diff", "diff-tree", "log", "ls-files", "ls-tree", "merge-base", "name-rev",
        "check-ignore", "remote", "rev-list", "rev-parse", "show-ref", "symbolic-ref", "tag",
    )
)  # fmt: skip
NAMING = frozenset(("branch", "remote", "symbolic-ref", "tag"))
"""Commands that change something where they are given a name."""


def answer(folder: str, arguments: tuple[str, ...], seconds: float = SECONDS) -> str | None:
    """What `git ARGUMENTS` prints in a folder; None where it may not be asked, fails, or takes too long.

    Undecodable bytes come as surrogates.
    """
    if not askable(arguments):
        return None
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment.update(GIT_OPTIONAL_LOCKS="0", GIT_TERMINAL_PROMPT="0", GIT_NO_LAZY_FETCH="1", LC_ALL="C.UTF-8")
    try:
        done = subprocess.run(
            ["git", *OPTIONS, "-c", "log.showSignature=false", "-C", folder, *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    if (done.returncode and (arguments[0], done.returncode) != ("check-ignore", 1)) or len(done.stdout) > LIMIT:
        return None
    return os.fsdecode(done.stdout)


def askable(arguments: tuple[str, ...]) -> bool:
    """Whether a command only names things: a known command, known options, no way to write, run or reach out."""
    if not arguments or arguments[0] not in COMMANDS or any("%G" in word for word in arguments):
        return False  # `%G` verifies a signature with a program that the repository may name
    command, *rest = arguments
    options = rest[: rest.index("--")] if "--" in rest else rest
    names = [word for word in options if not word.startswith("-")]
    flags = [word for word in options if word.startswith("-")]
    if not all(OPTION.fullmatch(flag) for flag in flags):
        return False
    if command in NAMING and names and not (command == "symbolic-ref" and len(names) == 1 and "-d" not in flags):
        return False
    if command == "branch":
        return all(flag.startswith(("--show-current", "--list", "-a", "-r", "--format")) for flag in flags)
    if command == "cat-file":
        return bool(flags) and flags[0] in ("-t", "-s", "-e") and len(names) == 1
    if command in ("diff", "diff-tree"):
        return "--name-only" in flags
    return not (command == "tag" and any(flag in ("-d", "-a", "-s", "-e") for flag in flags))
