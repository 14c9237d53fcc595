"""One headless session of the real client against the loopback API, in an environment of our making."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from .canary import seen
from .loopback import MAIN, Loopback, Result, Script
from .version import Installed

MODEL = "claude-sonnet-4-5"
SECONDS = 120.0


class Record(NamedTuple):
    """What happened in a session.

    bodies: every request body as sent. results: tool_use id -> what came back for the call. code: the exit code,
    or None where the time was up and the client was killed. seconds: how long it ran.
    """

    bodies: tuple[bytes, ...]
    results: dict[str, Result]
    code: int | None
    out: str
    err: str
    seconds: float

    def shows(self, canary: str) -> str:
        """The encoding in which the canary is on the wire, or ""."""
        return seen(canary, self.bodies)


def environment(home: str, url: str = "http://127.0.0.1:9", shell: str = "") -> dict[str, str]:
    """The client's environment, nothing of the caller's but PATH. home: the session's HOME. shell: the Bash tool's."""
    env = {
        "HOME": home,
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "TMPDIR": tempfile.gettempdir(),
        "ANTHROPIC_BASE_URL": url,
        "ANTHROPIC_API_KEY": "loopback",
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        "DISABLE_AUTOUPDATER": "1",
    }
    if shell:
        env["SHELL"] = shutil.which(shell) or shell
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        env["IS_SANDBOX"] = "1"  # without it the client refuses to skip permissions as root
    return env


def run(
    client: Installed,
    project: str,
    prompt: str = "play",
    script: Script = (),
    *,
    home: str,
    subagents: Mapping[str, Script] | None = None,
    acts: Mapping[str, Callable[[], None]] | None = None,
    tools: Sequence[str] = (),
    arguments: Sequence[str] = (),
    extra: Mapping[str, str] | None = None,
    shell: str = "",
    seconds: float = SECONDS,
    skip_permissions: bool = True,
) -> Record:
    """Plays a script in a new session in `project` and returns what went over the wire.

    home: the session's HOME, empty unless the caller put files there. subagents: key -> script for the conversation
    whose first message holds `[play KEY]`. acts: see Loopback. tools: the `--tools` to name; none leaves the client's
    own choice. arguments: more command line. extra: more environment. seconds: after that the client and what it
    started are killed.
    """
    command = [client.path, "-p", prompt, "--output-format", "stream-json", "--verbose", "--model", MODEL]
    if skip_permissions:
        command.append("--dangerously-skip-permissions")
    if tools:
        command += ["--tools", ",".join(tools)]
    command += arguments
    started = time.monotonic()
    with Loopback({MAIN: script, **(subagents or {})}, acts) as api:
        process = subprocess.Popen(
            command,
            cwd=project,
            env={**environment(home, api.url, shell), **(extra or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        code: int | None
        try:
            out, err = process.communicate(timeout=seconds)
            code = process.returncode
        except subprocess.TimeoutExpired:
            _kill(process.pid)
            out, err = process.communicate()
            code = None
        finally:
            _kill(process.pid)
        return Record(tuple(api.bodies), api.results(), code, out, err, time.monotonic() - started)


def _kill(group: int) -> None:
    """Ends what is left of a session: a background command outlives the client."""
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
