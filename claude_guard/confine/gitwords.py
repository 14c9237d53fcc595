"""What git would run besides itself, and where a git command belongs: outside the masks, or behind them. Pure tables.

Version control must see files as they are, or it would record masks as changes. So git itself runs outside, and
whatever it would start (hooks, editors, commands given in its words) is sent back behind the masks. What cannot be sent
back is refused.
"""

from __future__ import annotations

from ..values import NamedTuple
from .client import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Words(NamedTuple):
    """A git command line: options before the subcommand, the subcommand ("" where there is none), what follows it."""

    options: tuple[str, ...]
    verb: str
    rest: tuple[str, ...]


VALUED = frozenset(
    ("-C", "-c", "--git-dir", "--work-tree", "--namespace", "--config-env", "--super-prefix", "--attr-source")
)
"""Options before the subcommand whose value is the next word."""

BEHIND = frozenset(
    (
        "hash-object",
        "apply",
        "fast-import",
        "fast-export",
        "mailinfo",
        "mailsplit",
        "stripspace",
        "column",
        "unpack-file",
        "bundle",
        "credential",
        "daemon",
        "instaweb",
        "gui",
        "citool",
        "http-backend",
        "shell",
        "upload-pack",
        "receive-pack",
        "upload-archive",
        "send-email",
        "imap-send",
        "cvsserver",
        "mergetool",
        "filter-branch",
        "web--browse",
        "svn",
        "p4",
        "cvsimport",
        "cvsexportcommit",
        "remote-ext",
        "remote-fd",
        "sh-i18n",
        "merge-file",
        "merge-one-file",
        "mktree",
        "mktag",
        "help",
    )
)
"""Subcommands that gain nothing from the truth, or that open any file or run any program named to them: they run behind
the masks, with the real git."""

TELLS = frozenset(("config", "rev-parse", "var"))
"""Commands that run no hook and tell the configuration: they get none of ours."""

LOOKS = frozenset(
    (
        "status",
        "diff",
        "log",
        "show",
        "rev-parse",
        "ls-files",
        "ls-tree",
        "describe",
        "cat-file",
        "blame",
        "grep",
        "rev-list",
        "for-each-ref",
        "show-ref",
        "symbolic-ref",
        "check-ignore",
        "check-attr",
        "shortlog",
        "reflog",
        "name-rev",
        "merge-base",
        "diff-tree",
        "diff-index",
        "diff-files",
        "var",
        "version",
        "count-objects",
        "config",
        "remote",
        "branch",
        "tag",
        "ls-remote",
        "whatchanged",
        "range-diff",
        "cherry",
        "show-branch",
    )
)
"""Subcommands that no hook belongs to, but for one about the index that is left out."""

PLACING = frozenset(
    "am bisect checkout checkout-index cherry-pick clean clone commit filter-branch init lfs merge mv pull read-tree"
    " rebase reset restore revert rm sparse-checkout stash submodule subtree switch worktree".split()
)
"""Subcommands that put files into a work tree, or take them away; `commit` by its hooks."""

EXECUTES = (
    "core.sshcommand",
    "core.fsmonitor",
    "core.askpass",
    "core.gitproxy",
    "core.alternaterefscommand",
    "diff.external",
    "diff.*.textconv",
    "diff.*.command",
    "difftool.*",
    "mergetool.*",
    "merge.*.driver",
    "filter.*.clean",
    "filter.*.smudge",
    "filter.*.process",
    "gpg.program",
    "gpg.*.program",
    "interactive.difffilter",
    "browser.*",
    "man.*",
    "uploadpack.packobjectshook",
    "remote.*.uploadpack",
    "remote.*.receivepack",
    "remote.*.vcs",
    "sendemail.*",
    "submodule.*.update",
    "protocol.*",
    "trailer.*.command",
    "trailer.*.cmd",
    "tar.*.command",
    "credential.helper",
    "credential.*.helper",
    "alias.*",
    "guitool.*",
    "hook.*",
)
"""Keys of the configuration whose values git runs, or which let it run something. No pager: `GIT_PAGER` is set for
every call, and comes before them."""

STAND_INS = {
    "core.sshcommand": "GIT_SSH_COMMAND",
    "diff.external": "GIT_EXTERNAL_DIFF",
}
"""Of these keys, the variable that comes before them: there the same program is named, behind the masks."""

OVERRIDDEN = ("core.fsmonitor", "diff.*.textconv", "diff.*.command")
"""Keys that have no variable: `-c` names the same program, behind the masks. They get no content but what is shown."""

HARMLESS = frozenset(
    (
        "",
        "true",
        "false",
        "yes",
        "no",
        "on",
        "off",
        "0",
        "1",
        "cat",
        ":",
        "checkout",
        "merge",
        "rebase",
        "none",
        "store",
        "cache",
        "osxkeychain",
        "manager",
        "manager-core",
        "libsecret",
        "wincred",
        "git-lfs clean -- %f",
        "git-lfs smudge -- %f",
        "git-lfs filter-process",
        "git-lfs smudge --skip -- %f",
        "git-lfs filter-process --skip",
        "always",
        "never",
        "user",
    )
)
"""Values of such keys that run nothing, or a program of the person's own installation."""

KEPT = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_QUARANTINE_PATH",
    "GIT_REFLOG_ACTION",
    "GIT_TERMINAL_PROMPT",
    "GIT_MERGE_AUTOEDIT",
    "GIT_OPTIONAL_LOCKS",
    "GIT_AUTHOR_NAME",
    "GIT_AUTHOR_EMAIL",
    "GIT_AUTHOR_DATE",
    "GIT_COMMITTER_NAME",
    "GIT_COMMITTER_EMAIL",
    "GIT_COMMITTER_DATE",
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_PARAMETERS",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_CONFIG_GLOBAL",
    "GIT_CEILING_DIRECTORIES",
    "GIT_LITERAL_PATHSPECS",
    "GIT_FLUSH",
    "GIT_ADVICE",
    "HOME",
    "XDG_CONFIG_HOME",
    "LANG",
    "LANGUAGE",
    "TZ",
    "TERM",
    "COLUMNS",
    "NO_COLOR",
    "FORCE_COLOR",
    "CI",
    "GIT_LFS_SKIP_SMUDGE",
)
"""Variables that a request brings along; every other comes from the launcher's own environment."""

EDITORS = ("GIT_EDITOR", "core.editor", "VISUAL", "EDITOR")
"""Where git looks for an editor, in this order. One runs whatever it is told on its standard input, so that even the
person's own runs behind the masks."""

PROGRAMS = ("GIT_SEQUENCE_EDITOR", "GIT_EXTERNAL_DIFF", "GIT_SSH_COMMAND")
"""Other variables whose values git runs."""

TOLD = (*PROGRAMS, "GIT_EDITOR", "VISUAL", "EDITOR", "GIT_PAGER", "PAGER")
"""What `git var` tells of."""

PLACES = ("GIT_DIR", "GIT_WORK_TREE")
"""Variables that say which repository a command is about."""

TRACES = ("GIT_TRACE", "GIT_TRACE_SETUP", "GIT_TRACE_PERFORMANCE")
"""Variables that make git say what it does, on standard error where the value is one of `TRACED`; else in a file."""
TRACED = ("0", "1", "2", "true", "false")


def split(words: Iterable[str]) -> Words:
    """Takes the words after `git` apart."""
    left = list(words)
    options: list[str] = []
    while left and left[0].startswith("-"):
        option = left.pop(0)
        options.append(option)
        if option in VALUED and left:
            options.append(left.pop(0))
    return Words(tuple(options), left[0] if left else "", tuple(left[1:]))


def behind(words: Words) -> bool:
    """Whether a git command belongs behind the masks."""
    if words.verb in BEHIND or any(option.startswith("--exec-path=") for option in words.options):
        return True
    if words.verb in ("diff", "grep") and "--no-index" in words.rest:
        return True
    if words.verb == "difftool":
        return _tool(words.rest) < 0 or not {"-y", "--no-prompt"}.intersection(words.rest)
    if words.verb == "config":
        return any(
            word in ("-f", "--file", "-e", "--edit", "edit", "--blob") or word.startswith(("--file=", "-f"))
            for word in words.rest
        )
    return words.verb == "grep" and any(word.startswith(("-O", "--open-files", "-f")) for word in words.rest)


def stored(words: Words) -> bool:
    """Whether a command that belongs behind the masks needs the object store, and may run outside where its judge lets
    it: it opens no file but those that its words name."""
    if words.verb == "hash-object":
        return "-w" in words.rest and "--stdin-paths" not in words.rest
    return words.verb in ("bundle", "fast-export", "unpack-file", "mktree", "mktag")


def shut(words: Words) -> str:
    """Why a command that needs the object store is not run where that is hidden, "" where it does not."""
    writes = words.verb == "apply" and any(word in ("--index", "--cached", "-3", "--3way") for word in words.rest)
    if (
        words.verb == "fast-import"
        or writes
        or (words.verb == "hash-object" and {"-w", "--stdin-paths"}.issubset(words.rest))
    ):
        return "it may copy what the object store holds, restricted files among it, to other names"
    return ""


PLAIN: dict[str, frozenset[str]] = {
    "status": frozenset(
        (
            "-s",
            "--short",
            "-b",
            "--branch",
            "-sb",
            "--porcelain",
            "--porcelain=v1",
            "--porcelain=v2",
            "-u",
            "-uno",
            "-uall",
            "-z",
            "--long",
            "--ignored",
            "--untracked-files=no",
            "--untracked-files=all",
        )
    ),
    "add": frozenset(
        (
            "-A",
            "--all",
            "-u",
            "--update",
            "-N",
            "--intent-to-add",
            "-f",
            "--force",
            "-v",
            "--verbose",
            "-n",
            "--dry-run",
            "--",
            ".",
        )
    ),
    "commit": frozenset(
        (
            "-m",
            "-am",
            "-a",
            "--all",
            "-q",
            "--quiet",
            "-n",
            "--no-verify",
            "-s",
            "--signoff",
            "--amend",
            "--no-edit",
            "--allow-empty",
            "--message",
            "-qm",
            "--allow-empty-message",
            "-sm",
            "-asm",
            "-qam",
        )
    ),
    "branch": frozenset(
        ("-a", "-r", "-v", "-vv", "--show-current", "--list", "-d", "-D", "-m", "-M", "--all", "--remotes")
    ),
    "checkout": frozenset(("-b", "-B", "-q", "-", "--quiet", "-f", "--force", "--detach", "--track", "-t", "--orphan")),
    "switch": frozenset(
        ("-c", "-C", "-q", "-", "--create", "--detach", "-d", "-f", "--discard-changes", "--orphan", "--track", "-t")
    ),
    "push": frozenset(
        (
            "-u",
            "--set-upstream",
            "-f",
            "--force",
            "--force-with-lease",
            "--tags",
            "-q",
            "--dry-run",
            "-n",
            "--delete",
            "-d",
            "--all",
        )
    ),
    "fetch": frozenset(("--all", "--prune", "-p", "--tags", "-t", "-q", "--depth", "--unshallow")),
    "pull": frozenset(("--rebase", "--no-rebase", "--ff-only", "--no-ff", "-q", "--autostash", "-r")),
    "rev-parse": frozenset(
        (
            "--show-toplevel",
            "--git-dir",
            "--abbrev-ref",
            "--short",
            "--is-inside-work-tree",
            "--verify",
            "-q",
            "--show-prefix",
            "--git-common-dir",
            "--absolute-git-dir",
            "--show-cdup",
            "--symbolic-full-name",
        )
    ),
    "log": frozenset(
        (
            "--oneline",
            "-n",
            "-1",
            "-2",
            "-3",
            "-5",
            "-10",
            "-20",
            "--graph",
            "--all",
            "--decorate",
            "--stat",
            "--name-only",
            "--name-status",
            "--format=%s",
            "--format=%h",
            "--format=%H",
            "--pretty=oneline",
            "--no-merges",
            "--merges",
            "--reverse",
        )
    ),
    "ls-files": frozenset(
        (
            "-m",
            "-o",
            "-c",
            "-d",
            "-s",
            "-z",
            "--others",
            "--cached",
            "--modified",
            "--exclude-standard",
            "--deleted",
            "-t",
        )
    ),
    "diff": frozenset(
        ("--name-only", "--name-status", "--stat", "--cached", "--staged", "--shortstat", "--numstat", "--quiet")
    ),
}
"""Subcommands, and the options with which they show no file's content."""


def quiet(words: Words) -> bool:
    """Whether a git command plainly shows no content: then it need not be read further."""
    if words.options or words.verb not in PLAIN:
        return False
    options = [word for word in words.rest if word.startswith("-")]
    if any(word not in PLAIN[words.verb] for word in options):
        return False
    return words.verb != "diff" or any(word not in ("--cached", "--staged") for word in options)


def _tool(rest: tuple[str, ...]) -> int:
    """Where `git difftool` is given the one program that it is to run for each file, -1 where it takes another way."""
    if any(word in ("-g", "--gui", "-t") or word.startswith("--tool") for word in rest):
        return -1
    for place, word in enumerate(rest):
        if word in ("-x", "--extcmd") and place + 1 < len(rest):
            return place + 1
        if word.startswith("--extcmd="):
            return place
    return -1


def mailed(words: Words) -> bool:
    """Whether a command applies the patches on its standard input, outside the masks."""
    control = ("--abort", "--continue", "--skip", "--quit", "--resolved", "-r", "--show-current-patch", "--allow-empty")
    named = [word for word in words.rest if word != "-" and not word.startswith("-")]
    return words.verb == "am" and not named and not any(word.startswith(control) for word in words.rest)


def refused(words: Words) -> str:
    """Why a command that would run outside is not run at all; "" where it may be."""
    for word in words.rest:
        name = word.split("=", 1)[0]
        if name in ("--upload-pack", "--receive-pack") or (
            name == "--exec" and words.verb in ("push", "ls-remote", "archive")
        ):
            return f"`{name}` names a program to run"
        if words.verb in ("clone", "init") and name == "--template":
            return "`--template` brings hooks along"
        if words.verb in ("clone", "fetch", "pull", "ls-remote") and word.startswith(("ext::", "fd::")):
            return f"`{word.split('::')[0]}::` runs a program"
    if words.verb in ("clone", "ls-remote") and "-u" in words.rest:
        return "`-u` names a program to run"
    return ""


def sent_back(words: Words, through: tuple[str, ...]) -> Words:
    """The same command with the programs that its words name run by `through`, which runs its one further word, a
    shell's text, behind the masks."""
    rest = list(words.rest)
    quoted = " ".join(map(quote, through))
    if words.verb == "rebase":
        for place, word in enumerate(rest):
            if word in ("-x", "--exec") and place + 1 < len(rest):
                rest[place + 1] = f"{quoted} {quote(rest[place + 1])}"
            elif word.startswith("--exec="):
                rest[place] = f"--exec={quoted} {quote(word[7:])}"
            elif word.startswith("-x") and len(word) > 2:
                rest[place] = f"-x{quoted} {quote(word[2:])}"
    elif words.verb == "difftool":
        place = _tool(words.rest)
        option = "--extcmd=" if rest[place].startswith("--extcmd=") else ""
        rest[place] = option + behind_masks(rest[place].removeprefix(option), through)
    elif words.verb == "bisect" and rest[:1] == ["run"]:
        rest[1:] = [*through, " ".join(map(quote, rest[1:]))]
    elif words.verb == "submodule" and "foreach" in rest:
        place = rest.index("foreach") + 1
        while place < len(rest) and rest[place].startswith("-"):
            place += 1
        text = rest[place] if place + 1 == len(rest) else " ".join(map(quote, rest[place:]))
        rest[place:] = [f"{quoted} {quote(text)}"]
    return words._replace(rest=tuple(rest))


def executes(key: str, value: str) -> bool:
    """Whether a setting of a repository's own configuration lets git run something."""
    section = key.lower().partition(".")[0]
    if _short(key) not in EXECUTES and f"{section}.*" not in EXECUTES:
        return False
    if section == "alias":
        return value.startswith("!")
    return value.strip() not in HARMLESS


def overridden(key: str) -> bool:
    """Whether `-c` can name the program of a setting again."""
    return _short(key) in OVERRIDDEN


def _short(key: str) -> str:
    section, _, tail = key.lower().partition(".")
    name = tail.rpartition(".")[2]
    return f"{section}.{name}" if name == tail else f"{section}.*.{name}"


def behind_masks(text: str, through: tuple[str, ...]) -> str:
    """A program that git runs by a shell's text, as the text that runs it behind the masks."""
    quoted = " ".join(map(quote, through))
    return f'f() {{ {quoted} {quote(text)}\' "$@"\' "$@"; }}; f'


def kept(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables of a request that its git gets."""
    return {
        name: value
        for name, value in environment.items()
        if name in KEPT
        or name.startswith(("LC_", "GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_"))
        or (name in TRACES and value in TRACED)
    }
