"""The built-in packs as git reads them: an oracle that shares no code with the guard."""

import subprocess
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import claude_guard

BUILTIN = Path(claude_guard.__file__).parent / "policy" / "builtin"
NAMES = ("credentials", "personal-data", "intellectual-property", "infrastructure")
HOME = "home/person"
PROJECT = "home/person/work/project"


class Place(NamedTuple):
    """An example path: relative to the root of the file system, and whether it was written relative to a
    project."""

    path: str
    project: bool


def rules(pack: str) -> list[dict[str, Any]]:
    """The rules of a pack, in order."""
    found: list[dict[str, Any]] = tomllib.loads((BUILTIN / f"{pack}.toml").read_text("utf-8"))["rules"]
    return found


def place(example: str) -> Place:
    """Where an example path lies: `~/x`, `//x`, or relative to the project."""
    if example.startswith("~/"):
        return Place(f"{HOME}/{example[2:]}", False)
    if example.startswith("//"):
        return Place(example[2:], False)
    return Place(f"{PROJECT}/{example}", True)


class Git:
    """`git check-ignore` in an empty repository."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            "PATH": "/usr/bin:/bin:/usr/local/bin",
            "HOME": str(folder),
            "GIT_CONFIG_NOSYSTEM": "1",
        }
        subprocess.run(["git", "init", "-q", str(folder)], check=True, env=self.environment)

    def ignored(self, patterns: Iterable[str], paths: Iterable[str]) -> set[str]:
        """Those of the paths that a list of gitignore patterns ignores."""
        wanted = sorted(set(paths))
        listing = self.folder / ".git" / "patterns"
        listing.write_text("".join(f"{pattern}\n" for pattern in patterns), "utf-8")
        command = [
            "git",
            "-c",
            f"core.excludesFile={listing}",
            "check-ignore",
            "--no-index",
            "--stdin",
            "-z",
            "-v",
            "-n",
        ]
        answer = subprocess.run(
            command,
            input="".join(f"{path}\0" for path in wanted).encode(),
            capture_output=True,
            cwd=self.folder,
            env=self.environment,
            check=False,
        )
        assert answer.returncode in (0, 1), answer.stderr.decode()
        fields = answer.stdout.decode().split("\0")[:-1]
        assert len(fields) == 4 * len(wanted), "git answered for every path"
        return {
            path
            for pattern, path in zip(fields[2::4], fields[3::4], strict=True)
            if pattern and not pattern.startswith("!")
        }

    def matched(self, patterns: list[str], places: Iterable[Place]) -> set[Place]:
        """Those of the places that one rule's patterns match, each kind of pattern from its own base."""
        places = set(places)
        found: set[Place] = set()
        anywhere = [pattern for pattern in patterns if not pattern.startswith(("~/", "//"))]
        groups = (
            (anywhere, PROJECT, [one for one in places if one.project]),
            (anywhere, "", [one for one in places if not one.project]),
            ([pattern[1:] for pattern in patterns if pattern.startswith("~/")], HOME, places),
            ([pattern[1:] for pattern in patterns if pattern.startswith("//")], "", places),
        )
        for listed, base, candidates in groups:
            inside = {
                one.path.removeprefix(f"{base}/" if base else ""): one
                for one in candidates
                if not base or one.path.startswith(f"{base}/")
            }
            if listed and inside:
                found |= {inside[path] for path in self.ignored(listed, inside)}
        return found

    def decided(self, pack: str, examples: Iterable[str]) -> dict[str, str]:
        """The id of the last rule of a pack that matches, for each example that one matches."""
        places = {example: place(example) for example in examples}
        decided: dict[str, str] = {}
        for rule in rules(pack):
            hits = self.matched(rule["paths"], places.values())
            decided |= {example: rule["id"] for example, where in places.items() if where in hits}
        return decided
