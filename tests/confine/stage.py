"""A project with masked files, a process outside that holds them open, and one left by an earlier call."""

import os
import subprocess
import sys
from pathlib import Path

CANARY = "kestrel-plum-42-zq"
BEHIND = str(Path(__file__).with_name("behind.py"))
WHO = ("-c", "user.name=x", "-c", "user.email=x@localhost")
SPELLINGS = (CANARY, CANARY[::-1], "a2VzdHJlbC1wbHVtLTQyLXpx", CANARY.encode().hex(), "CANARY-")


class Stage:
    """Everything below `base`. `close` ends the processes."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.project = base / "project"
        self.cache = base / "cache"
        self.outside = base / "outside"
        (self.project / "secrets" / "deep").mkdir(parents=True)
        (self.project / "many").mkdir()
        self.outside.mkdir()
        text = f"KEY={CANARY}\n"
        for name in ("secrets/prod.key", "secrets/deep/other", ".env", *(f"many/{n}" for n in range(40))):
            (self.project / name).write_text(text)
        (self.project / "a.txt").write_text("open\n")
        os.link(self.project / ".env", self.project / "twin.txt")
        os.symlink("secrets/prod.key", self.project / "link.txt")
        (self.project / "inode.txt").write_text(str((self.project / "secrets/prod.key").stat().st_ino))
        self.elsewhere = base / "elsewhere"
        self.elsewhere.mkdir()
        (self.elsewhere / "contract.txt").write_text(text)
        for words in (("init", "-q", "."), ("add", "secrets/prod.key", ".env"), (*WHO, "commit", "-qm", "first")):
            subprocess.run(["git", *words], cwd=self.project, check=True, capture_output=True)
        environment = {**os.environ, "CANARY_TOKEN": CANARY}
        self.holder = subprocess.Popen(
            ["bash", "-c", "exec 9<secrets/prod.key; echo; exec sleep 300"],
            cwd=self.project,
            env=environment,
            stdout=subprocess.PIPE,
        )
        assert self.holder.stdout is not None
        self.holder.stdout.readline()
        self.earlier = subprocess.Popen(
            self.words("exec sleep 300"), cwd=self.project, env=environment, stdout=subprocess.DEVNULL
        )

    def words(self, command: str) -> list[str]:
        """The words that run a command behind the masks."""
        for name in ("project", "cache", "outside", "elsewhere"):
            command = command.replace("{" + name + "}", str(getattr(self, name)))
        command = command.replace("{pid}", str(self.holder.pid))
        if "{earlier}" in command:
            child = subprocess.run(["pgrep", "-P", str(self.earlier.pid)], capture_output=True, text=True, check=False)
            command = command.replace("{earlier}", (child.stdout.split() or [str(self.earlier.pid)])[0])
        command = f"S=secrets/prod.key\n{command}"
        return [sys.executable, "-I", "-S", BEHIND, str(self.cache), str(self.project / "secrets"), command]

    def run(self, command: str, many: int = 0) -> subprocess.CompletedProcess[bytes]:
        """A command behind the masks, run to its end, with a restricted variable in the caller's environment."""
        environment = {**os.environ, "CANARY_TOKEN": CANARY, "MANY": str(many)}
        return subprocess.run(
            self.words(command),
            cwd=self.project,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=60,
        )

    def leaks(self, ended: subprocess.CompletedProcess[bytes]) -> list[str]:
        """The spellings of the canary in what a command printed or left in a file."""
        said = ended.stdout.decode("utf-8", "replace")
        said += "".join(path.read_text(errors="replace") for path in self.outside.iterdir() if path.is_file())
        return [spelling for spelling in SPELLINGS if spelling in said]

    def close(self) -> None:
        for process in (self.holder, self.earlier):
            process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()
