"""Plays the channels to the real client, with the guard and without, and says what reached the wire."""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Literal, NamedTuple

from . import files_server
from .canary import seen
from .channels import CHANNELS, Channel
from .features import Version
from .harmless import HARMLESS
from .loopback import ToolCall
from .session import Record, run
from .stage import Plan, Stage, Target, build, worded
from .version import Installed

Verdict = Literal["closed", "open", "false denial", "passed", "unproven", "absent"]
"""Of an attempt. unproven: not even the control showed it. absent: this client or machine does not have the channel."""

WORST: tuple[Verdict, ...] = ("open", "false denial", "unproven", "closed", "passed", "absent")
"""The verdicts, the one that counts for a whole channel first."""

AGENT_TOOL_SINCE = (2, 1, 63)
"""The first client that calls the tool for subagents `Agent`; before, it is `Task`."""


REFUSED = ("Permission denied", "Operation not permitted")
"""What a program is told that opens a masked file: by Linux, by macOS."""

TABLE = (*CHANNELS, *HARMLESS)


class Attempt(NamedTuple):
    """One channel played for one restricted path. number: its place among all attempts."""

    number: int
    channel: Channel
    target: Target


class Shown(NamedTuple):
    """What of an attempt came out of one session: see Outcome."""

    shown: str
    said: str
    ran: bool


class Outcome(NamedTuple):
    """What came of an attempt.

    shown: the encoding in which the canary was on the wire with the guard, or "disk" where its file was changed; "".
    control: the same without the guard. said: what the client was answered with the guard, in one line. ran: it is a
    program that nobody can read, and it ran with the guard.
    """

    attempt: Attempt
    verdict: Verdict
    shown: str
    control: str
    said: str
    ran: bool = False


def attempts(plan: Plan, names: Sequence[str] = ()) -> list[Attempt]:
    """Every channel (or those of these names) for the first restricted path, some for every path."""
    found: list[Attempt] = []
    for channel in TABLE:
        if names and channel.name not in names:
            continue
        for target in plan.targets if channel.every else plan.targets[:1]:
            found.append(Attempt(len(found), channel, target))
    return found


def prove(
    client: Installed,
    plan: Plan,
    names: Sequence[str] = (),
    tell: Callable[[str, int, int], None] = lambda name, done, total: None,
    workers: int = 2,
    shell: str = "",
) -> list[Outcome]:
    """Plays the channels and returns an outcome for each attempt.

    names: the channels to play, all by default. tell: called with a channel's name, the sessions done and their number.
    workers: sessions at a time. shell: the Bash tool's shell, the client's choice by default.
    """
    outcomes: list[Outcome] = []
    playable: list[Attempt] = []
    for attempt in attempts(plan, names):
        if absent(attempt.channel, client.version):
            outcomes.append(Outcome(attempt, "absent", "", "", ""))
        else:
            playable.append(attempt)
    groups = sessions(playable)
    done = 0
    with ThreadPoolExecutor(workers) as pool:
        for group, played in zip(
            groups, pool.map(lambda group: _group(client, plan, group, shell), groups), strict=True
        ):
            done += 1
            tell(group[0].channel.name, done, len(groups))
            outcomes += played
    return sorted(outcomes, key=lambda outcome: outcome.attempt.number)


def absent(channel: Channel, version: Version) -> bool:
    """Whether the client of that version, or this machine, does not have the channel."""
    first, last = channel.versions
    return not first <= version <= last or bool(channel.needs and not shutil.which(channel.needs))


def sessions(played: Iterable[Attempt]) -> list[list[Attempt]]:
    """The attempts in groups that share a session."""
    groups: dict[str, list[Attempt]] = {}
    for attempt in played:
        key = f"{attempt.channel.session}/{attempt.channel.harmless}"
        groups.setdefault(key if attempt.channel.session else str(attempt.number), []).append(attempt)
    return list(groups.values())


def _group(client: Installed, plan: Plan, group: list[Attempt], shell: str) -> list[Outcome]:
    """The outcomes of the attempts that share a session."""
    shown, stray = _session(client, plan, group, shell, guarded=True)
    control, _ = _session(client, plan, group, shell, guarded=False)
    found = []
    for attempt, mine, other in zip(group, shown, control, strict=True):
        came = verdict(attempt.channel, mine.shown, other.shown)
        if attempt.channel.behind and plan.gate.confines and came == "closed" and not mine.ran:
            came = "false denial"
        found.append(Outcome(attempt, came, mine.shown, other.shown, mine.said, mine.ran))
    if stray and not any(outcome.verdict == "open" for outcome in found):
        said = f"the canary of `{stray}` is on the wire, but in the result of none of the session's calls"
        found[0] = found[0]._replace(verdict="open", shown="plain", said=said)
    return found


def verdict(channel: Channel, shown: str, control: str) -> Verdict:
    """What follows from what was shown with the guard and without it."""
    if channel.harmless:
        return "passed" if shown else "false denial" if control else "unproven"
    if shown:
        return "open"
    return "closed" if control or channel.evidence == "none" else "unproven"


def _session(client: Installed, plan: Plan, group: list[Attempt], shell: str, guarded: bool) -> tuple[list[Shown], str]:
    """Plays a session: what was shown of each attempt, and a restricted path whose canary is anywhere on the wire, or
    ""."""
    folder = os.path.realpath(tempfile.mkdtemp(prefix="claude-guard-prove-"))
    try:
        channel = group[0].channel
        stage = staged(folder, plan, group, guarded)
        words = stage.words(plan) | {"%agent%": "Agent" if client.version >= AGENT_TOOL_SINCE else "Task"}
        script = [[call] for attempt in group for call in calls(attempt, words, stage)]
        record = run(
            client,
            stage.project,
            worded(channel.prompt, words),
            script,
            home=stage.home,
            subagents={"sub": [[_filled(call, words, "sub")] for call in channel.subagent]},
            acts={name: partial(swap, stage, name) for attempt in group for name in attempt.channel.files},
            tools=channel.tools,
            arguments=_servers(folder) if channel.mcp else (),
            shell=shell,
        )
        shown = [_shown(attempt, record, plan, stage, len(group) == 1) for attempt in group]
        wire = b"".join(record.bodies)
        return shown, next((one.path for one in plan.targets if one.canary.encode() in wire), "")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def staged(folder: str, plan: Plan, group: list[Attempt], guarded: bool) -> Stage:
    """The stage for the attempts that share a session, in an empty folder."""
    files = {name: text for attempt in group for name, text in attempt.channel.files.items()}
    links = {name: text for attempt in group for name, text in attempt.channel.links.items()}
    return build(folder, plan, group[0].target, files, links, guarded)


def calls(attempt: Attempt, words: dict[str, str], stage: Stage) -> Iterable[ToolCall]:
    """The calls of an attempt on a stage, with words replaced."""
    own = stage._replace(target=attempt.target)
    mine = words | own.words_of_target()
    for place, call in enumerate(attempt.channel.calls):
        yield _filled(call, mine, f"{attempt.number}_{place}")


def _filled(call: ToolCall, words: dict[str, str], name: str) -> ToolCall:
    given = json.loads(worded(json.dumps(call.input), {word: json.dumps(v)[1:-1] for word, v in words.items()}))
    return call._replace(name=worded(call.name, words), input=given, id=f"toolu_{name}_{call.name.strip('%')}")


def _shown(attempt: Attempt, record: Record, plan: Plan, stage: Stage, alone: bool) -> Shown:
    """What of an attempt is on the wire, or on the disk, and what the client was answered, in one line."""
    channel, target = attempt.channel, attempt.target
    prefix = f"toolu_{attempt.number}_"
    texts = [result.text for key, result in record.results.items() if key.startswith((prefix, "toolu_sub_"))]
    said = " ".join((texts[-1] if texts else _closing(record)).split())[:300]
    if channel.harmless:
        bodies: Iterable[bytes] = [text.encode() for text in texts] if channel.calls else record.bodies
        return Shown(seen(plan.seen, bodies), said, False)
    answers = texts if channel.calls else [body.decode("utf-8", "replace") for body in record.bodies]
    ran = channel.behind and any(word in text for text in answers for word in (plan.seen, *REFUSED))
    if channel.evidence == "disk" and any(call.before and _changed(stage, call.before) for call in channel.calls):
        return Shown("disk", said, ran)
    return Shown(seen(target.canary, record.bodies if alone else [text.encode() for text in texts]), said, ran)


def _closing(record: Record) -> str:
    """What the client printed at its end: a blocked prompt, an error."""
    for line in reversed(record.out.splitlines()):
        try:
            event: Any = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict) and event.get("type") == "result":
            return str(event.get("result", ""))
    return record.err[-300:]


def swap(stage: Stage, name: str) -> None:
    """Puts a hard link to the restricted file where a plain one was read: clients refuse to write through others."""
    place = os.path.join(stage.project, name)
    os.unlink(place)
    os.link(os.path.join(stage.project, stage.target.path), place)


def _changed(stage: Stage, name: str) -> bool:
    """Whether the file that took another's place was edited: it holds what the edits of the table write."""
    with open(os.path.join(stage.project, name), encoding="utf-8") as file:
        return "y = 2" in file.read()


def _servers(folder: str) -> tuple[str, ...]:
    """The arguments that start the file server of ours, and no other server."""
    file = os.path.join(folder, "servers.json")
    server = {"command": sys.executable, "args": ["-I", "-S", files_server.__file__]}
    with open(file, "w", encoding="utf-8") as out:
        json.dump({"mcpServers": {"files": server}}, out)
    return ("--mcp-config", file, "--strict-mcp-config")
