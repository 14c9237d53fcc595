"""The guard's own files, which a call may not change behind the person's back, and where they are kept."""

from __future__ import annotations

import marshal
import os
import sys

from .model import Action, Judgement, Rule

PACKAGE = os.path.dirname(os.path.abspath(__file__))
POLICY_NAMES = ("guard.toml", "guard.local.toml")
SETTINGS_NAMES = ("settings.json", "settings.local.json")
SYSTEM_FOLDERS = ("/etc/claude-guard", "/etc/claude-code")
FORM = f"{sys.implementation.cache_tag} {marshal.version}\n".encode()
"""What files of the cache begin with that hold values as `marshal` writes them, which is part of every interpreter and
reads faster than JSON: whose they are. What is read so is the guard's own, by owner and digest."""


def cache_folder(home: str) -> str:
    """Where snapshots, inventories and the key that seals them are kept."""
    return home + "/.cache/claude-guard"


def private_folder(cache: str) -> str:
    """What no command may see of the cache: the keys, and the fingerprints of what is restricted."""
    return cache + "/private"


def state_folder(home: str) -> str:
    """Where the audit trail is kept."""
    return home + "/.local/state/claude-guard"


def judge(path: str, home: str) -> Judgement | None:
    """What holds for one of the guard's own files; None for every other path.

    Nobody but the guard reads or writes its cache and writes its audit trail. The policy, the settings that install
    the guard and its code may be changed when the person agrees.
    """
    if _below(path, cache_folder(home)):
        return _judgement("deny", "deny", "the guard's cache and key")
    if _below(path, state_folder(home)):
        return _judgement("allow", "deny", "the guard's audit trail")
    folder, name = os.path.split(path)
    if os.path.basename(folder) == ".claude" and name in POLICY_NAMES:
        return _judgement("allow", "ask", "the guard's policy")
    if os.path.basename(folder) == ".claude" and name in SETTINGS_NAMES:
        return _judgement("allow", "ask", "the settings that install the guard")
    if name == ".claude" or "/.claude/claude-guard" in path:
        return _judgement("allow", "ask", "the folder that holds the guard's policy and launcher")
    if any(_below(path, own) for own in (PACKAGE, home + "/.config/claude-guard", *SYSTEM_FOLDERS)):
        return _judgement("allow", "ask", "the guard itself")
    return None


def _below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder + "/")


def _judgement(reads: Action, writes: Action, what: str) -> Judgement:
    rule = Rule("guard/own-files", "builtin:guard", 0, "builtin", "", "guard", what)
    return Judgement("protected", 99, reads, rule, "", writes)
