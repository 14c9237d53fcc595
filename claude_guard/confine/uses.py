"""Programs that need what the model must not see: which paths each may use, and how it would show them. Pure.

`ssh` needs a key and never prints it; `aws configure get` prints one. Where a command consists of such
programs alone and none is asked to reveal, their paths are not masked while it runs. The output filter stays on.
"""

from __future__ import annotations

from ..values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Program(NamedTuple):
    """paths: what it may use, `~/` below home, `./name` in the working folder. reveals: forms that show it: each a
    row of words, options among them anywhere, other words first and in order; `*` stands for any one word. verbs: the
    only subcommands that get the paths; () is all. Subcommands that run other people's programs are left out."""

    paths: tuple[str, ...]
    reveals: tuple[tuple[str, ...], ...] = ()
    verbs: tuple[str, ...] = ()


SSH = ("~/.ssh",)
GIT = (*SSH, "~/.git-credentials", "~/.netrc", "~/.config/git/credentials", "~/.gnupg")
KUBE = ("~/.kube", "~/.minikube", "~/.aws", "~/.config/gcloud", "~/.azure")
NPM = ("~/.npmrc", "./.npmrc", "~/.yarnrc", "~/.yarnrc.yml", "./.yarnrc.yml", "~/.config/pnpm")
PYPI = ("~/.pypirc", "~/.netrc", "~/.config/pip", "~/.pip", "~/.config/uv", "~/.local/share/uv/credentials")
DOCKER = (
    "~/.docker",
    "/var/run/docker.sock",
    "/run/docker.sock",
    "/run/podman/podman.sock",
    "/run/containerd/containerd.sock",
)
NODE_VERBS = (
    "install",
    "i",
    "ci",
    "add",
    "remove",
    "uninstall",
    "rm",
    "update",
    "up",
    "upgrade",
    "outdated",
    "publish",
    "view",
    "info",
    "show",
    "whoami",
    "audit",
    "pack",
    "search",
    "ping",
    "dist-tag",
    "access",
    "owner",
    "team",
    "deprecate",
    "unpublish",
    "login",
    "logout",
    "version",
    "ls",
    "list",
    "why",
    "npm",
    "config",
    "fetch",
    "prune",
    "dedupe",
    "token",
)

PROGRAMS: dict[str, Program] = {
    "git": Program(
        GIT, (("credential",), ("credential-store",), ("credential-cache",), ("config", "credential.helper"))
    ),
    "git-lfs": Program(GIT),
    "ssh": Program(SSH, (("-G",),)),
    "scp": Program(SSH),
    "sftp": Program(SSH),
    "ssh-add": Program(SSH),
    "rsync": Program(SSH),
    "ssh-keygen": Program(SSH, (("-e",), ("-p",), ("-y",)), ("-l", "-lf", "-F", "-R")),
    "gh": Program(
        ("~/.config/gh", *GIT),
        (
            ("auth", "token"),
            ("auth", "status", "-t"),
            ("auth", "status", "--show-token"),
            ("auth", "git-credential"),
            ("config", "get", "oauth_token"),
            ("secret", "get"),
        ),
    ),
    "glab": Program(("~/.config/glab-cli", *GIT), (("auth", "status", "-t"), ("config", "get", "token"))),
    "aws": Program(
        ("~/.aws",),
        (
            ("configure", "get"),
            ("configure", "export-credentials"),
            ("configure", "list"),
            ("sts", "get-session-token"),
            ("sts", "assume-role"),
            ("sso", "get-role-credentials"),
            ("ecr", "get-login-password"),
            ("secretsmanager", "get-secret-value"),
            ("ssm", "get-parameter", "--with-decryption"),
            ("ssm", "get-parameters", "--with-decryption"),
            ("iam", "create-access-key"),
            ("--debug",),
        ),
    ),
    "gcloud": Program(
        ("~/.config/gcloud",),
        (
            ("auth", "print-access-token"),
            ("auth", "print-identity-token"),
            ("auth", "application-default", "print-access-token"),
            ("secrets", "versions", "access"),
            ("config", "config-helper"),
            ("--log-http",),
        ),
    ),
    "gsutil": Program(("~/.config/gcloud", "~/.boto"), (("-D",), ("-DD",))),
    "az": Program(
        ("~/.azure",),
        (
            ("account", "get-access-token"),
            ("keyvault", "secret", "show"),
            ("--debug",),
            ("ad", "sp", "create-for-rbac"),
        ),
    ),
    "kubectl": Program(
        KUBE,
        (
            ("config", "view", "--raw"),
            ("config", "view", "--flatten"),
            ("get", "secret"),
            ("get", "secrets"),
            ("describe", "secret"),
            ("create", "token"),
            ("exec",),
            ("cp",),
            ("-v=8",),
            ("-v=9",),
            ("-v=10",),
        ),
    ),
    "helm": Program(
        (*KUBE, "~/.config/helm"), (("get", "values"), ("get", "all"), ("get", "manifest"), ("template",), ("--debug",))
    ),
    "docker": Program(
        DOCKER,
        (
            ("inspect",),
            ("container", "inspect"),
            ("config", "inspect"),
            ("secret", "inspect"),
            ("compose", "config"),
            ("cp",),
            ("container", "cp"),
            ("export",),
            ("save",),
            ("history",),
            ("compose", "cp"),
        ),
        (
            "ps",
            "images",
            "image",
            "pull",
            "push",
            "build",
            "buildx",
            "login",
            "logout",
            "logs",
            "stop",
            "start",
            "rm",
            "rmi",
            "version",
            "info",
            "network",
            "tag",
            "stats",
            "top",
            "restart",
            "kill",
            "search",
            "volume",
            "container",
            "port",
            "wait",
            "compose ps",
            "compose logs",
            "compose stop",
            "compose down",
            "compose pull",
            "compose build",
            "compose ls",
            "compose version",
            "compose top",
            "compose restart",
            "compose start",
            "compose kill",
            "compose rm",
            "context",
        ),
    ),
    "npm": Program(NPM, (("config", "get"), ("config", "list"), ("config", "ls"), ("get",), ("token",)), NODE_VERBS),
    "pnpm": Program(NPM, (("config", "get"), ("config", "list"), ("get",)), NODE_VERBS),
    "yarn": Program(NPM, (("config", "get"), ("config", "list"), ("config",)), (*NODE_VERBS, "")),
    "pip": Program(PYPI, (("config", "get"), ("config", "list"), ("config", "debug"))),
    "pip3": Program(PYPI, (("config", "get"), ("config", "list"), ("config", "debug"))),
    "uv": Program(
        PYPI,
        (("auth", "token"),),
        (
            "sync",
            "lock",
            "add",
            "remove",
            "pip",
            "publish",
            "build",
            "tree",
            "export",
            "venv",
            "version",
            "cache",
            "python",
        ),
    ),
    "twine": Program(PYPI),
    "poetry": Program(
        (*PYPI, "~/.config/pypoetry"),
        (("config", "--list"), ("config", "http-basic"), ("config", "pypi-token")),
        ("install", "add", "remove", "update", "lock", "publish", "build", "show", "check", "version", "sync"),
    ),
    "cargo": Program(
        ("~/.cargo/credentials.toml", "~/.cargo/credentials", *GIT),
        (),
        (
            "publish",
            "login",
            "logout",
            "yank",
            "owner",
            "search",
            "fetch",
            "update",
            "add",
            "remove",
            "generate-lockfile",
            "package",
        ),
    ),
    "gem": Program(
        ("~/.gem/credentials", "~/.local/share/gem/credentials"),
        (),
        ("push", "yank", "owner", "install", "update", "list", "search"),
    ),
    "terraform": Program(
        ("~/.terraform.d", "~/.terraformrc", *KUBE),
        (("output",), ("show",), ("state", "pull"), ("state", "show"), ("console",)),
        (
            "init",
            "plan",
            "apply",
            "destroy",
            "validate",
            "fmt",
            "version",
            "providers",
            "workspace",
            "refresh",
            "import",
            "state",
        ),
    ),
    "tofu": Program(
        ("~/.terraform.d", "~/.tofurc", *KUBE),
        (("output",), ("show",), ("state", "pull"), ("state", "show"), ("console",)),
        (
            "init",
            "plan",
            "apply",
            "destroy",
            "validate",
            "fmt",
            "version",
            "providers",
            "workspace",
            "refresh",
            "import",
            "state",
        ),
    ),
    "psql": Program(("~/.pgpass", "~/.pg_service.conf")),
    "pg_dump": Program(("~/.pgpass", "~/.pg_service.conf")),
    "mysql": Program(("~/.my.cnf", "~/.mylogin.cnf"), (("--print-defaults",),)),
    "mysqldump": Program(("~/.my.cnf", "~/.mylogin.cnf"), (("--print-defaults",),)),
    "heroku": Program(("~/.netrc",), (("auth:token",), ("config",), ("config:get",))),
    "vault": Program(
        ("~/.vault-token",),
        (("read",), ("kv", "get"), ("print", "token"), ("token", "lookup"), ("unwrap",), ("write",)),
    ),
    "gpg": Program(("~/.gnupg",), (("--export-secret-keys",), ("--export-secret-subkeys",), ("-d",), ("--decrypt",))),
}
"""Program -> what it may use. A program that is not here uses nothing."""

HOMES = tuple(sorted({path[2:] for one in PROGRAMS.values() for path in one.paths if path.startswith("~/")}))
"""What the table names, below home: masked for every other program."""

NEUTRAL = frozenset(("cd", "pwd", "true", "false", ":", "echo", "exit", "set", "wait", "sleep", "test", "["))
"""Words of the shell that read no file; they may stand beside such programs."""


def uses(
    commands: Iterable[Sequence[str]], home: str, cwd: str, more: Sequence[tuple[str, tuple[str, ...]]] = ()
) -> tuple[str, ...] | None:
    """The paths that a command may use while it runs, absolute; None where masks stay as they are.

    commands: every command that the judged script runs, as words; there must be no other. more: the policy's own rows:
    the words that a command begins with, and absolute paths. None where a program is not known, a subcommand is
    not among those that get the paths, or one reveals.
    """
    found: set[str] = set()
    for words in commands:
        if not words or words[0].rpartition("/")[2] in NEUTRAL:
            continue
        if revealing(words) is not None:
            return None
        name = words[0].rpartition("/")[2]
        listed = [paths for begins, paths in more if list(words[: len(begins.split())]) == begins.split()]
        for paths in listed:
            found.update(paths)
        program = PROGRAMS.get(name)
        if program is None:
            if not listed:
                return None
            continue
        if not program.verbs or _verb(words) & set(program.verbs):
            found.update(_absolute(path, home, cwd) for path in program.paths)
        elif not listed:
            return None
    return tuple(sorted(found))


def revealing(words: Sequence[str]) -> str | None:
    """The form of a command that would show a credential, in its own words: "aws configure get"; None for others."""
    name = words[0].rpartition("/")[2] if words else ""
    program = PROGRAMS.get(name)
    if program is None:
        return None
    plain = [word for word in words[1:] if not word.startswith("-")]
    options = [word for word in words[1:] if word.startswith("-")]
    for form in program.reveals:
        wanted = [word for word in form if not word.startswith("-")]
        if all(word in options for word in form if word.startswith("-")) and plain[: len(wanted)] == wanted:
            return " ".join((name, *form))
    return None


def _verb(words: Sequence[str]) -> set[str]:
    """The subcommand of a command, alone, with the word that follows it, and options that act as one."""
    plain = [word for word in words[1:] if not word.startswith("-")]
    return {plain[0] if plain else "", " ".join(plain[:2]), *(word for word in words[1:2] if word.startswith("-"))}


def _absolute(path: str, home: str, cwd: str) -> str:
    if path.startswith("~/"):
        return home + path[1:]
    return cwd + path[1:] if path.startswith("./") else path
