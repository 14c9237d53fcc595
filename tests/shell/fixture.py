"""A project to read scripts in, a world over it, and the real shells as the judge."""

import os
import re
import subprocess
from pathlib import Path

from claude_guard.world import Machine

FILES = {
    ".env": "TOKEN=canary-env-1\n",
    ".env.example": "TOKEN=changeme\n",
    "secrets/prod.key": "canary-key-2\n",
    "secrets/deep/api.pem": "canary-pem-3\n",
    "src/app.py": "print(1)\n",
    "src/util.py": "x = 2\n",
    "docs/with space.md": "text\n",
    "docs/readme.md": "see .env\n",
    "list": ".env\nsrc/app.py\n",
    "list0": ".env\0src/app.py\0",
    "run.sh": "#!/bin/bash\ncat .env\n",
    "lib.sh": 'show() { cat "$1"; }\nWHERE=secrets\n',
    "data.csv": "name,path\nkey,.env\n",
    "weird/[x]": "brackets\n",
    "weird/a*b": "star\n",
    "weird/x": "plain\n",
    "package.json": '{"name": "x"}\n',
}
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "API_TOKEN": "canary-token-4", "WHERE_TO": "src"}


def build(root: Path) -> Path:
    """Makes the project; its folder."""
    project = root / "project"
    for name, text in FILES.items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (project / "run.sh").chmod(0o755)
    (project / "link").symlink_to(".env")
    (project / "dirlink").symlink_to("secrets")
    (root / "home").mkdir()
    return project


class Fixture(Machine):
    """The machine, with the restricted parts of the project known by their names."""

    def __init__(self, project: Path) -> None:
        home = str(project.parent / "home")
        super().__init__(str(project), home, {**ENVIRONMENT, "HOME": home})

    def sensitive(self, root: str) -> tuple[str, ...] | None:
        project = self.cwd
        known = [f"{project}/.env", f"{project}/secrets", f"{project}/link", f"{project}/dirlink"]
        return tuple(path for path in known if path == root or path.startswith(root.rstrip("/") + "/"))

    def sensitive_objects(self, repository: str) -> tuple[str, ...] | None:
        return ()


_OPENED = re.compile(r"open(?:at)?\(.*?(O_\w+(?:\|\w+)*)[^)]*\)\s*= \d+<(.*?)>")


def opened(script: str, project: Path, shell: str, trace: Path) -> set[str]:
    """The files of the project that a shell opened for reading while it ran a script."""
    home = str(project.parent / "home")
    command = ["strace", "-f", "-y", "-qq", "-e", "trace=open,openat", "-o", str(trace), shell]
    command += ["-f", "-c", script] if shell == "zsh" else ["--norc", "-c", script]
    subprocess.run(
        command, cwd=project, env={**ENVIRONMENT, "HOME": home}, stdin=subprocess.DEVNULL, capture_output=True,
        timeout=10, check=False,
    )  # fmt: skip
    found: set[str] = set()
    for line in trace.read_text(errors="replace").splitlines():
        match = _OPENED.search(line)
        if not match or "O_DIRECTORY" in match[1] or "O_WRONLY" in match[1]:
            continue
        path = match[2].encode().decode("unicode_escape")
        if path.startswith(str(project) + "/") and "O_TRUNC" not in match[1]:
            found.add(os.path.realpath(path))
    return found
