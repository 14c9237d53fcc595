"""The names in a repository's history, as git tells them: asked once, then only for commits that are new.

What is asked of git must not run anything that the repository names: no hook, pager, driver, signature check
or remote. A walk that runs out of time is taken up again where it stopped.
"""

import os
import select
import subprocess
import time
from collections.abc import Iterable, Iterator
from typing import Any

OPTIONS = (
    "--no-pager",
    "--no-optional-locks",
    "--no-replace-objects",
    "-c",
    "core.hooksPath=/dev/null",
    "-c",
    "core.fsmonitor=false",
    "-c",
    "protocol.allow=never",
)
# A merge has its own say only where it differs from every parent (`-c`). A name that was deleted had been
# added.
LOG = (
    "log",
    "--format=%x01%H",
    "-z",
    "-c",
    "--root",
    "--name-only",
    "--no-renames",
    "--no-ext-diff",
    "--no-textconv",
    "--no-show-signature",
    "--no-color",
    "--no-notes",
    "--no-mailmap",
    "--ignore-submodules=all",
    "--ignore-missing",
)
PSEUDO = (
    "FETCH_HEAD",
    "ORIG_HEAD",
    "MERGE_HEAD",
    "CHERRY_PICK_HEAD",
    "REVERT_HEAD",
    "BISECT_HEAD",
    "AUTO_MERGE",
)


class Late(Exception):
    """The time is up, or git cannot say."""


class History:
    """The names found so far. tips: commits of which everything is known; part: commits that are being
    walked, and how many of the walk are done; names: of files, relative to the work tree."""

    def __init__(self, known: dict[str, Any]) -> None:
        self.tips: list[str] = known.get("tips", [])
        self.part: list[str] = known.get("part", [])
        self.done: int = known.get("done", 0)
        self.names: set[str] = set(known.get("names", ()))

    def dump(self) -> dict[str, Any]:
        """The history as values for the shelf."""
        return {"tips": self.tips, "part": self.part, "done": self.done, "names": sorted(self.names)}

    def update(self, own: str, common: str, deadline: float) -> None:
        """Takes in every commit that a ref, a reflog, the stash or a `*_HEAD` of the repository leads to.

        own, common: its folders. deadline: of the monotonic clock. Raises Late; what was found by then is
        kept.
        """
        if self.part:
            self._walk(own, deadline)
        heads = [hash for folder in {own, common} for hash in _pseudo(folder)]
        listing = ("rev-list", "--no-walk", "--all", "--reflog", "--ignore-missing", "--stdin")
        tips = sorted(set(b"".join(_git(own, listing, heads, deadline)).decode().split()))
        fresh = sorted(set(tips) - set(self.tips))
        if fresh:
            self.part, self.done = fresh, 0
            self._walk(own, deadline)
            self.tips = tips

    def _walk(self, own: str, deadline: float) -> None:
        revisions = [*self.part, *(f"^{tip}" for tip in self.tips)]
        rest = b""
        for data in _git(own, (*LOG, f"--skip={self.done}", "--stdin"), revisions, deadline):
            *fields, rest = (rest + data).split(b"\0")
            for field in fields:
                name = field.removeprefix(b"\n")
                if name.startswith(b"\x01") and len(name) in (41, 65):
                    self.done += 1
                elif name:
                    self.names.add(os.fsdecode(name))
        self.tips = sorted({*self.tips, *self.part})
        self.part, self.done = [], 0


def _pseudo(folder: str) -> Iterator[str]:
    for name in PSEUDO:
        try:
            with open(f"{folder}/{name}", "rb") as file:
                lines = file.read(100_000).decode("ascii", "replace").splitlines()
        except OSError:
            continue
        for line in lines:
            word = line.split("\t")[0].strip()
            if len(word) in (40, 64) and not word.strip("0123456789abcdef"):
                yield word


def _git(own: str, arguments: Iterable[str], stdin: list[str], deadline: float) -> Iterator[bytes]:
    """What git prints, piece by piece. Raises Late."""
    search = [folder for folder in os.environ.get("PATH", os.defpath).split(":") if folder.startswith("/")]
    environment = {
        "PATH": ":".join(search),
        "HOME": "/dev/null",
        "LC_ALL": "C",
        "GIT_DIR": own,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_TERMINAL_PROMPT": "0",
    }
    try:
        git = subprocess.Popen(
            ["git", *OPTIONS, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=environment,
        )
    except OSError:
        raise Late from None
    assert git.stdin is not None and git.stdout is not None
    try:
        git.stdin.write("".join(f"{line}\n" for line in stdin).encode())
        git.stdin.close()
        waiting = select.poll()
        waiting.register(git.stdout, select.POLLIN)
        while True:
            if not waiting.poll(max(deadline - time.monotonic(), 0) * 1000):
                raise Late
            data = os.read(git.stdout.fileno(), 1 << 16)
            if not data:
                break
            yield data
        if git.wait(timeout=max(deadline - time.monotonic(), 0.01)):
            raise Late
    except (OSError, subprocess.TimeoutExpired):
        raise Late from None
    finally:
        git.kill()
        git.stdout.close()
        git.wait()
