"""Runs one script in a fresh copy of the fixture, out of reach of the machine, and says what it read.

The script sees the fixture's home folder at HOME, an empty /tmp and no network; the rest of the machine is read-only.
"""

import fnmatch
import os
import shutil
import signal
import subprocess
import tempfile
from typing import NamedTuple

from tests.corpus import fixture

from . import observe

HOME = "/home/dev"
TOOLS = ("bash", "zsh", "strace", "git", "bwrap")
CALLS = "openat,open,openat2,execve,clone,clone3,vfork,fork,write,writev,pwrite64,pwritev,sendto,sendmsg"
SECONDS = 10
IGNORES = (".gitignore", ".gitattributes", ".ignore", ".rgignore")
"""What searches look for in every folder."""
SWAP = (".swp", ".swo", ".swx")
"""What an editor puts beside a file while it is open."""
SHELLS = {"bash": ["bash", "--norc", "--noprofile", "-c"], "zsh": ["zsh", "-f", "-c"]}


class Observation(NamedTuple):
    """What one execution did.

    reads: restricted paths relative to the project, and `$NAME`, sorted. attempted: restricted paths that could not be
    opened. code: the exit code, 124 where the time was up. output: what it printed, both streams.
    """

    reads: list[str]
    attempted: list[str]
    code: int
    output: bytes


def missing() -> list[str]:
    """The tools that the oracle needs and that are not here."""
    return [tool for tool in TOOLS if shutil.which(tool) is None]


def restricted(path: str) -> bool:
    """Whether the fixture's policy, or the built-in one, restricts a path relative to the home folder."""
    name = os.path.basename(path)
    if name.endswith(SWAP):
        return False
    if fnmatch.fnmatch(name, ".env*") and name != ".env.example":
        return True
    inside = path.removeprefix(fixture.PROJECT + "/")
    return inside != path and ("secrets" in inside.split("/")[:-1] or inside == "data/customers.csv")


def linked(path: str) -> bool:
    """Whether a path relative to the home folder is a hard link to something restricted from the beginning."""
    return path.removeprefix(fixture.PROJECT + "/") in fixture.HARD_LINKS


def located(path: str) -> str | None:
    """The restricted thing that a path as the script sees it is, or None."""
    if not path.startswith(HOME + "/"):
        return None
    inside = path[len(HOME) + 1 :].removesuffix(" (deleted)")
    short = inside.removeprefix(fixture.PROJECT + "/")
    if short in fixture.HARD_LINKS:
        return fixture.HARD_LINKS[short]
    return short if restricted(inside) else None


def grown(root: str, name: str) -> list[str]:
    """The linked work trees below a folder that have the project's policy, with a slash, as the script sees them.
    name: of `root` there."""
    found = []
    for folder, folders, names in os.walk(root):
        if ".git" in names and os.path.isfile(os.path.join(folder, ".claude/guard.toml")):
            found.append(os.path.normpath(os.path.join(name, os.path.relpath(folder, root))) + "/")
        folders[:] = [one for one in folders if one not in (".git", "node_modules")]
    return found


class Sandbox:
    """Runs scripts, each in a copy of the home folder that it makes in `scratch`."""

    def __init__(self, home: str, scratch: str | None = None) -> None:
        self.home = home
        self.scratch = scratch
        self.canaries = observe.Canaries(fixture.sources())

    def run(self, script: str, dialect: str) -> Observation:
        with tempfile.TemporaryDirectory(prefix="oracle-", dir=self.scratch, ignore_cleanup_errors=True) as scratch:
            home, tmp = os.path.join(scratch, "home"), os.path.join(scratch, "tmp")
            subprocess.run(["cp", "-a", self.home, home], check=True)
            os.mkdir(tmp)
            log = os.path.join(scratch, "trace")
            os.close(os.open(log, os.O_CREAT | os.O_WRONLY))
            code, output = self.execute(self.command(home, tmp, log, placed(script, HOME), dialect))
            trees = [*grown(home, HOME), *grown(tmp, "/tmp")]

            def lies(path: str) -> str | None:
                tree = next((tree for tree in trees if path.startswith(tree)), "")
                return located(f"{HOME}/{fixture.PROJECT}/{path[len(tree) :]}" if tree else path)

            with open(log, "rb") as file:
                trace = observe.traced(file.read(), self.canaries, lambda path: lies(path) is not None)
            reads = {
                found for path in trace.opened if (found := lies(path)) is not None and not folder(self.home, found)
            }
            reads |= trace.shown | self.canaries.found(output)
            reads |= observe.left_behind(home, self.canaries, restricted, linked)
            reads |= observe.left_behind(tmp, self.canaries, restricted, linked)
            tried = {found for path in trace.attempted if (found := located(full(path))) is not None}
            tried = {path for path in tried if os.path.basename(path) not in IGNORES}
            return Observation(sorted(reads), sorted(tried - reads), code, output)

    def command(self, home: str, tmp: str, log: str, script: str, dialect: str) -> list[str]:
        project = os.path.join(HOME, fixture.PROJECT)
        walls = ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/root", "--tmpfs", "/home"]
        walls += ["--tmpfs", "/run", "--bind", home, HOME, "--bind", tmp, "/tmp", "--bind", log, "/run/trace"]
        walls += ["--unshare-net", "--unshare-pid", "--unshare-ipc", "--die-with-parent", "--new-session"]
        walls += ["--chdir", project]
        tracer = ["strace", "-f", "-y", "--seccomp-bpf", "-s", "8192", "-e", f"trace={CALLS}", "-e", "signal=none"]
        return ["bwrap", *walls, *tracer, "-o", "/run/trace", *SHELLS[dialect], script]

    def execute(self, command: list[str]) -> tuple[int, bytes]:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=fixture.environment(HOME),
        )
        try:
            output, _ = process.communicate(timeout=SECONDS)
            return process.returncode, output
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            output, _ = process.communicate()
            return 124, output


def placed(script: str, home: str) -> str:
    """The script with the fixture's folders in the place of its marks."""
    return script.replace("@PROJECT@", os.path.join(home, fixture.PROJECT)).replace("@HOME@", home)


def full(path: str) -> str:
    return os.path.normpath(os.path.join(HOME, fixture.PROJECT, path))


def folder(home: str, path: str) -> bool:
    return os.path.isdir(os.path.join(home, fixture.PROJECT, path))
