"""A policy made of layers that a test writes down, in folders of its own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from claude_guard.policy import snapshot
from claude_guard.policy.policy import Policy

FILES = {
    "managed": "etc/policy.toml",
    "managed.d": "etc/policy.d/10.toml",
    "user": "home/.config/claude-guard/policy.toml",
    "project": "home/p/.claude/guard.toml",
    "local": "home/p/.claude/guard.local.toml",
    "nested": "home/p/sub/.claude/guard.toml",
    "outside": "home/other/.claude/guard.toml",
}


class Desk:
    """A machine's folders with policy files on them. project and home are absolute."""

    def __init__(self, root: Path, cache: str = "") -> None:
        self.root = root
        self.home = str(root / "home")
        self.project = str(root / "home/p")
        self.cache = cache or str(root / "cache")
        Path(self.project).mkdir(parents=True, exist_ok=True)

    def write(self, layers: Mapping[str, str]) -> None:
        """Writes policy files by layer; `version = 1` is added. Others are removed."""
        for layer, name in FILES.items():
            file = self.root / name
            if layer in layers:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text("version = 1\n" + layers[layer], "utf-8")
                file.chmod(0o644)
            elif file.exists():
                file.unlink()

    def load(self, layers: Mapping[str, str] | None = None, **options: Any) -> Policy:
        """The policy of the project."""
        if layers is not None:
            self.write(layers)
        given = {"root": str(self.root / "etc"), "owner": os.getuid(), "environment": {}, **options}
        return snapshot.load(self.project, self.home, self.cache, **given)


def rule(*paths: str, level: str = "restricted", more: str = "") -> str:
    """One `[[rules]]` table."""
    listed = ", ".join("'" + path + "'" for path in paths)
    return f'[[rules]]\npaths = [{listed}]\nclass = "{level}"\n{more}\n'
