"""The throwaway project in which channels are played: canaries where the policy restricts, and a copy of the guard.

Copied are the policy files and, of the settings, what decides what is read: our hooks, the permission rules, the
sandbox and the shell prefix. Other hooks and other environment stay out: they could act, or send something somewhere.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ..confine import probe
from ..errors import GuardError
from ..own import POLICY_NAMES
from ..policy.layers import user_file
from ..policy.policy import Policy
from . import chain, files, hooks, settings
from .canary import canary
from .prefix import PLACE, PREFIX, ours

HERE = "%home%" + PLACE
"""What stands for the place of the shell gate, which is in the stage's own home."""
LINES = 4  # how often a canary stands in its file: a cut or a hex dump still shows a whole one
MOST = 12  # restricted paths that are played
_PACK_PATHS = (".env", "deploy/id_rsa", "certs/server.key", "infra/terraform.tfstate")


class Target(NamedTuple):
    """A restricted path. path: relative to the project. rule: the id and file of the rule that denies it."""

    path: str
    rule: str
    canary: str


class Gate(NamedTuple):
    """The shell gate of what is played. text: what stands at its place, "" where it is not installed. confines: commands
    run masked behind it. why: what confines them, or why nothing does."""

    text: str = ""
    confines: bool = False
    why: str = "it is not installed: `claude-guard install --shell`"


class Plan(NamedTuple):
    """What every stage holds. project, home: relative path -> text. folders: relative path -> folder to copy.

    installed: hooks of ours are among it. notes: what the person should know of the copy. seen: the word that harmless
    calls show.
    """

    targets: tuple[Target, ...]
    project: dict[str, str]
    home: dict[str, str]
    folders: dict[str, str]
    installed: bool
    notes: tuple[str, ...]
    seen: str
    gate: Gate = Gate()


class Stage(NamedTuple):
    """A stage that was built. target: what the words of a channel stand for."""

    project: str
    home: str
    target: Target

    def words(self, plan: Plan) -> dict[str, str]:
        """What the words between percent signs of a channel stand for."""
        return {
            "%dir%": self.project,
            "%home%": self.home,
            "%seen%": plan.seen,
            **self.words_of_target(),
        }

    def words_of_target(self) -> dict[str, str]:
        """Those of them that stand for the restricted path."""
        path = self.target.path
        code = " ".join(str(ord(letter)) for letter in path)
        return {"%path%": path, "%abs%": os.path.join(self.project, path), "%code%": code}


def survey(project: str, home: str, policy: Policy) -> Plan:
    """What to play for a project with this policy. Raises GuardError where its settings are broken."""
    notes: list[str] = []
    copied: dict[str, str] = {}
    homely: dict[str, str] = {}
    installed = False
    for scope, into in (("project", copied), ("local", copied), ("user", homely)):
        site = settings.site(scope, project, home)  # type: ignore[arg-type]  # a literal, as the table above says
        values = settings.values(site)
        kept, left = _kept(values)
        installed = installed or bool(hooks.found(kept))
        if any(str(name).startswith("data-guard@") for name in values.get("enabledPlugins") or ()):
            notes.append(
                f"{site.settings} enables the plugin `data-guard`, which is not played: only hooks in settings are"
            )
        if left:
            notes.append(f"left out of {site.settings}: {', '.join(left)}")
        if kept:
            into[".claude/" + os.path.basename(site.settings)] = json.dumps(kept)
    for name in POLICY_NAMES:
        _copy(os.path.join(project, ".claude", name), f".claude/{name}", copied)
    _copy(user_file(home), ".config/claude-guard/policy.toml", homely)
    folder = os.path.join(project, ".claude", "claude-guard")
    folders = {".claude/claude-guard": folder} if os.path.isdir(folder) else {}
    targets = tuple(restricted(policy, project))
    if not targets:
        raise GuardError("the policy denies no path in this project", "write one with `claude-guard init`")
    gate = _gate(chain.look(project, home, {}), policy)
    return Plan(targets, copied, homely, folders, installed, tuple(notes), canary("seen"), gate)


def _gate(counts: chain.Chain, policy: Policy) -> Gate:
    """The shell gate that counts, and what it does on this machine."""
    if not counts.ours:
        return Gate()
    text = files.read(counts.prefix) or ""
    found = probe.look()
    if policy.shell.confine == "off":
        return Gate(text, False, "`shell.confine` is `off` in the policy")
    if not text or not found.works:
        return Gate(text, False, found.reason or f"`{counts.prefix}` is missing: `claude-guard install --shell`")
    return Gate(text, True, found.kind)


def restricted(policy: Policy, project: str) -> Iterable[Target]:
    """A path for each rule that denies one in this project, `.env` first, at most `MOST`."""
    candidates = [(path, "") for path in _PACK_PATHS]
    for _, name, rule in policy.rules():
        if not name.startswith("builtin:"):
            candidates += [(path, f"{rule['id']} of {os.path.basename(name)}") for path in _examples(rule["rows"])]
    ruled: set[str] = set()
    number = 0
    for path, rule_name in candidates:
        judgement = policy.judge(os.path.join(project, path), False)
        if judgement.action != "deny" or (rule_name and rule_name in ruled) or number >= MOST:
            continue
        ruled.add(rule_name)
        number += 1
        yield Target(path, rule_name or (judgement.rule.id if judgement.rule else ""), canary(path))


def _examples(rows: Iterable[list[Any]]) -> Iterable[str]:
    """Concrete paths that the patterns of a rule might match: in the project, and without exceptions."""
    for row in rows:
        written = str(row[0])
        if row[1] or written.startswith(("~/", "//")):
            continue
        path = written.strip("/").replace("**/", "deep/").removesuffix("/**")
        path = (
            re.sub(r"\[([^\]!^])[^\]]*\]", r"\1", path).replace("**", "deep").replace("*", "canary").replace("?", "x")
        )
        path = path.replace("\\", "")
        yield path if not written.endswith(("/", "/**")) else path + "/canary.txt"
        yield path + "/canary.txt"


def _kept(values: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Of settings: what decides what is read, and the names of hook events and variables that are left out."""
    kept: dict[str, Any] = {key: values[key] for key in ("sandbox", "disableAllHooks") if key in values}
    left: list[str] = []
    permissions = values.get("permissions")
    if isinstance(permissions, dict):
        kept["permissions"] = {key: permissions[key] for key in ("deny", "ask", "allow") if key in permissions}
    environment = values.get("env")
    if isinstance(environment, dict):
        if PREFIX in environment:
            kept["env"] = {PREFIX: HERE if ours(environment[PREFIX]) else environment[PREFIX]}
        left += [f"`env.{name}`" for name in environment if name != PREFIX]
    events = values.get("hooks")
    if isinstance(events, dict):
        mine: dict[str, Any] = {}
        for event, group, index, entry in hooks.found(values):
            matcher = {key: item for key, item in events[event][group].items() if key != "hooks"}
            mine.setdefault(event, []).append({**matcher, "hooks": [entry]})
            del index
        if mine:
            kept["hooks"] = mine
        others = sum(
            not hooks.ours(entry)
            for groups in events.values()
            for group in (groups if isinstance(groups, list) else [])
            for entry in (group.get("hooks", []) if isinstance(group, dict) else [])
        )
        if others:
            left.append(f"{others} hooks of others")
    return kept, left


def _copy(source: str, name: str, into: dict[str, str]) -> None:
    try:
        with open(source, encoding="utf-8") as file:
            into[name] = file.read()
    except FileNotFoundError:
        pass
    except (OSError, UnicodeDecodeError) as error:
        raise GuardError(f"`{source}` cannot be read: {error}") from None


def build(
    folder: str,
    plan: Plan,
    target: Target,
    held: Mapping[str, str],
    links: Mapping[str, str],
    guarded: bool,
) -> Stage:
    """A stage in an empty folder. held, links: the files and links of the channels, with words. guarded: with the guard, or a control."""
    stage = Stage(os.path.join(folder, "project"), os.path.join(folder, "home"), target)
    os.makedirs(stage.home)
    words = stage.words(plan)
    texts = {one.path: f"TOKEN={one.canary}\n" * LINES for one in plan.targets}
    texts |= {
        "README.md": f"# Sample\n\nSet the environment as in .env.example. {plan.seen}\n",
        ".env.example": f"TOKEN=\n# {plan.seen}\n",
        "src/main.py": f'GREETING = "{plan.seen}"\nprint(GREETING)\n',
        "src/edit.py": f'STATE = "old"  # {plan.seen}\n',
    }
    texts |= {worded(name, words): worded(text, words) for name, text in held.items()}
    if guarded:
        place = stage.home + PLACE
        copies = plan.project | {f"~/{name}": text for name, text in plan.home.items()}
        texts |= {name: text.replace(HERE, place) for name, text in copies.items()}
        if plan.gate.text:
            files.replace(place, plan.gate.text, 0o700)
    for name, text in texts.items():
        place = _place(stage, name)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "w", encoding="utf-8") as file:
            file.write(text)
    for name, source in (plan.folders if guarded else {}).items():
        shutil.copytree(source, os.path.join(stage.project, name), symlinks=True, dirs_exist_ok=True)
    for name, leads in {"link.txt": target.path, **links}.items():
        os.symlink(worded(leads, words), _place(stage, name))
    os.link(words["%abs%"], os.path.join(stage.project, "hard.txt"))
    _launcher(stage.home)
    _commit(stage.project)
    return stage


def worded(text: str, words: Mapping[str, str]) -> str:
    """The text with its words between percent signs replaced."""
    for word, value in words.items():
        text = text.replace(word, value)
    return text


def _place(stage: Stage, name: str) -> str:
    return os.path.join(stage.home, name[2:]) if name.startswith("~/") else os.path.join(stage.project, name)


def _launcher(home: str) -> None:
    """A project's launcher looks into `~/.local/bin` last: what the person has there must be found."""
    own = os.path.expanduser("~/.local/bin/claude-guard")
    if os.path.exists(own):
        os.makedirs(os.path.join(home, ".local", "bin"))
        os.symlink(own, os.path.join(home, ".local", "bin", "claude-guard"))


def _commit(project: str) -> None:
    git = ["git", "-c", "user.name=canary", "-c", "user.email=canary@localhost", "-c", "commit.gpgsign=false"]
    quiet = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    for arguments in (["init", "-q"], ["add", "-Af"], ["commit", "-qm", "canaries"]):
        done = subprocess.run([*git, *arguments], cwd=project, env=quiet, capture_output=True, text=True, check=False)
        if done.returncode:
            raise GuardError(f"`git {arguments[0]}` failed in the throwaway project: {done.stderr.strip()[-200:]}")
