"""Runs one command behind masks, without the output filter: what the masks alone let through is seen.

`python behind.py CACHE RESTRICTED COMMAND`: everything below RESTRICTED is masked, and so are `.env` beside it, the
repository's objects, and a file in another tree.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))

from claude_guard.confine import launcher
from claude_guard.confine.profile import Profile
from claude_guard.confine.restricted import Path, twins


class Plain:
    """A filter that lets everything through."""

    held = False

    def feed(self, data: bytes) -> bytes:
        return data

    def flush(self) -> bytes:
        return b""


def main() -> None:
    cache, folder, command = sys.argv[1:4]
    project = os.path.dirname(folder)
    files = [f"{project}/.env", *(f"{project}/many/{n}" for n in range(int(os.environ.get("MANY", "0"))))]
    found = [Path(file, False, True, False) for file in files]
    others = [path.path for path in twins(found, [project])]
    git = tuple(f"{project}/.git/{name}" for name in ("config", "hooks"))
    files.append(f"{os.path.dirname(project)}/elsewhere/contract.txt")
    stores = (f"{project}/.git/objects",)
    profile = Profile((*files, *others), (folder,), readonly=(*git, cache), variables=("CANARY_TOKEN",), stores=stores)
    words = ["/bin/bash", "-c", command]
    launcher.leave(launcher.run(words, profile.variables, lambda: launcher.Plan(profile, Plain), cache))


if __name__ == "__main__":
    main()
