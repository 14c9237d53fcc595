"""One hook call from standard input to exit code: the composition root of the hot path.

Every failure of a hook is open in the client, so there is one boundary here and it closes them: whatever happens,
the process prints at most one JSON object and exits with 0 (judged) or 2 (blocked, with the reason on stderr).
"""

from __future__ import annotations

import gc
import os
import sys

from . import gate, own, wire
from .decide import decide
from .errors import DeadlineError, GuardError
from .judge import Judge, Workplace
from .model import Call, Decision, Reason, Touch
from .policy import snapshot
from .world import Machine

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
    from collections.abc import Callable, Iterable
    from typing import Any, NoReturn

    from .model import Verdict
else:
    import _signal as signal  # `signal` adds enums to it, which cost 4 ms

DEADLINE = 10.0
"""Seconds until a call that is not judged is denied; well below the `timeout` of the installed hook."""
HARD_LIMIT = 20.0
"""Seconds of processor time until the kernel ends a process that is stuck where no exception can reach it."""

GREETING = (
    "claude-guard holds this project's data classification policy. What is denied, also by the client's own permission "
    "settings, is restricted: do not look for another way to its contents. `claude-guard explain PATH` tells which rule "
    "it is and what to use instead."
)
"""What the model is told when a session starts: the client's own deny rules answer without a reason."""

NO_REWRITE = "--no-rewrite"
"""Argument of an installed hook: this client cannot replace a call's input without allowing the call."""
NO_ASK = "--no-ask"
"""Argument of an installed hook: this client runs a call that a hook asks about when nobody can answer."""

LAUNCHED = "--launched"
"""Argument of the launcher: it takes 0 for a process that ended without an answer, and `ANSWERED` for a pass."""
ANSWERED = 97


def main(arguments: list[str]) -> NoReturn:
    """Answers the hook call on standard input and ends the process. arguments: those of the installed hook."""
    gc.disable()
    said = judged(lambda: sys.stdin.buffer.read(wire.LIMIT + 1), arguments)
    code = wire.EXIT_BLOCK
    try:
        os.write(2, said.stderr.encode("utf-8", "backslashreplace"))
        _write(1, said.stdout.encode("utf-8", "backslashreplace"))
        code = said.code
    finally:
        os._exit(ANSWERED if code == wire.EXIT_PASS and LAUNCHED in arguments else code)


def judged(read: Callable[[], bytes], arguments: list[str]) -> wire.Answer:
    """The answer to the hook input that `read` gives, whatever it is and whatever happens: the one boundary."""
    try:
        signal.signal(signal.SIGALRM, _late)
        signal.setitimer(signal.ITIMER_REAL, DEADLINE)
        signal.setitimer(signal.ITIMER_VIRTUAL, HARD_LIMIT)
        return respond(read(), arguments)
    except GuardError as error:
        return wire.failure(str(error))
    except BaseException as error:
        # The text of an unforeseen error may quote what was being read.
        return wire.failure(f"{type(error).__name__}; `claude-guard status` checks the installation")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _late(*_: object) -> NoReturn:
    raise DeadlineError(f"it took longer than {DEADLINE:g} s")


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def respond(data: bytes, arguments: list[str]) -> wire.Answer:
    """The answer to one hook input. Raises GuardError, or anything else, where there is none."""
    call = wire.parse(data)
    call = call._replace(project=_project(call))
    guard = Guard(call)
    if call.event == "PreToolUse":
        decision = guard.tool(call, rewrite=NO_REWRITE not in arguments)
        if decision.verdict == "ask" and NO_ASK in arguments:
            decision = refused(decision)
    elif call.event in ("UserPromptSubmit", "UserPromptExpansion"):
        decision = guard.prompt(call)
    elif call.event == "InstructionsLoaded":
        return guard.loaded(call)
    elif call.event == "PostToolUse":
        return guard.output(call)
    elif call.event == "SessionStart":
        notice = guard.notice(LAUNCHED in arguments)
        return wire.greeting(f"{GREETING} {notice}".strip(), notice)
    elif call.event == "ConfigChange":
        return guard.changed(LAUNCHED in arguments)
    else:
        raise GuardError(f"the event `{call.event}` is not one that it knows")
    if decision.verdict != "pass" or decision.updated_input is not None:
        from .audit import record

        record.append(own.state_folder(guard.machine.home), call, decision)
    return wire.answer(call, decision)


def refused(decision: Decision) -> Decision:
    """A question as a refusal, for clients that do not ask."""
    asked = [reason._replace(verdict="deny") for reason in decision.reasons]
    return decision._replace(verdict="deny", reasons=tuple(asked))


def _project(call: Call) -> str:
    """The session's project: where it started. The variable is the client's own; a wrong one only adds a policy."""
    project = os.environ.get("CLAUDE_PROJECT_DIR", "")
    return os.path.normpath(project) if project.startswith("/") else call.cwd


class Guard:
    """The parts of the guard put together for one call. Raises PolicyError where a policy is broken."""

    def __init__(self, call: Call) -> None:
        self.machine = Machine(call.cwd)
        self.cache = own.cache_folder(self.machine.home)
        self.policy = snapshot.load(call.project, self.machine.home, self.cache)
        self.judge = Judge(self.policy, self.machine, self.inventory)
        self.world = Workplace(self.machine, self.judge, self.inventory)
        self._inventory: Any = None
        self._masked: bool | None = None

    def inventory(self) -> Any:
        """What lies in trees that the policy does not let out; made when it is first asked for."""
        if self._inventory is None:
            from .inventory.tree import Inventory
            from .policy.sieve import Sieves

            sieves = Sieves(self.policy, (self.cache,))
            self._inventory = Inventory(
                self.judge.spelling, self.cache, self.policy.identity, self.machine.home, sieves, self.policy.project
            )
        return self._inventory

    def tool(self, call: Call, rewrite: bool = True) -> Decision:
        """The decision on a tool call."""
        from . import touch

        decision = self.decide(touch.touches(call, self.world), call, self.policy.shell.opaque)
        if call.tool in gate.TOOLS and self.unmet(call):
            return gate.required(decision)
        if decision.reasons:
            decision = self.behind(call, decision)
        if decision.verdict == "pass" and call.tool == "Grep":
            return self.search(call, rewrite)
        if decision.verdict == "pass" and call.tool == "Glob" and not rewrite:
            return self.names(call)
        if rewrite and decision.verdict != "pass" and call.tool in ("Bash", "Monitor"):
            return self.narrowed(call, decision) or decision
        return decision

    def masked(self) -> bool:
        """Whether the shell gate stands in this client and restricted files are masked behind it."""
        if self._masked is None:
            from .client import shell
            from .confine import standing

            self._masked = (
                self.policy.shell.confine != "off"
                and shell.stands(os.environ, self.machine.home)
                and standing.works(self.cache)
            )
        return self._masked

    def notice(self, launched: bool) -> str:
        """What the person is told at the start of a session where commands are not confined and the plugin or the
        project brought the hooks, or where a prefix that stands confines nothing; else "". A prefix that another
        installation left behind is written anew."""
        from .client import shell

        if self.policy.shell.confine == "off":
            return ""
        shell.refresh(os.environ, self.machine.home)
        if self.masked():
            return ""
        if shell.stands(os.environ, self.machine.home):
            return gate.UNMASKED
        # Neither a plugin nor what a repository holds can name a program of this machine; elsewhere `install` has.
        if not launched or shell.declined(self.policy.project):
            return ""
        return gate.INCOMPLETE.format(command=shell.completing())

    def changed(self, launched: bool) -> wire.Answer:
        """The answer to a change of the settings: refused where it would take the guard out of this session."""
        from .client import changes

        lost = changes.lost(self.policy.project, self.machine.home, os.environ, launched)
        return wire.refusal(gate.KEPT.format(lost=lost)) if lost else wire.Answer()

    def unmet(self, call: Call) -> bool:
        """Whether the policy requires the call's command to be confined and it would not be."""
        if self.policy.shell.confine != "require" or not gate.runs(call):
            return False
        return call.tool not in gate.MASKED or not self.masked()

    def behind(self, call: Call, decision: Decision) -> Decision:
        """A decision without what the shell gate makes harmless: what a command does that cannot be determined."""
        if self.world.broken or not any(gate.confines(call, reason.touch) for reason in decision.reasons):
            return decision
        if self.masked():
            return gate.without(call, decision)
        return decision if self.policy.shell.confine == "off" else gate.hinted(call, decision)

    def narrowed(self, call: Call, refused: Decision) -> Decision | None:
        """The same command with what the policy restricts left out of it, where that passes."""
        from .touch import narrowing

        text = call.input.get("command")
        found = (
            narrowing.narrowed(text, [reason.touch for reason in refused.reasons]) if isinstance(text, str) else None
        )
        if found is None:
            return None
        command, added = found
        given = {**call.input, "command": command}
        if self.tool(call._replace(input=given), rewrite=False).verdict != "pass":
            return None
        return Decision("pass", refused.reasons, updated_input=given, context=narrowing.told(added))

    def prompt(self, call: Call) -> Decision:
        """The decision on what a prompt or a slash command brings along. Nobody can be asked there, except about
        what the person named in the prompt: naming it is the answer."""
        from .touch import prompt

        decision = self.decide(prompt.touches(call, self.world), call, self.policy.shell.opaque)
        if decision.reasons:
            decision = self.behind(call, decision)
        asked = [reason for reason in decision.reasons if reason.verdict == "deny" or not prompt.named(reason.touch)]
        if not asked:
            return Decision("pass")
        text = asked[0].text
        if call.event == "UserPromptSubmit" and call.raw.get("prompt"):
            text += f"\nyour prompt was: {call.raw['prompt']}"
        return Decision("deny", (asked[0]._replace(verdict="deny", text=text), *asked[1:]))

    def decide(self, touches: Iterable[Touch], call: Call, opaque: Verdict) -> Decision:
        """The decision on touches, trees among them looked into."""
        decision = decide(self.expanded(touches), self.judge, opaque, call.cwd)
        if self.world.broken and decision.reasons:
            why = decision.reasons[0]._replace(text=self.world.broken, judgement=None)
            decision = decision._replace(reasons=(*decision.reasons, why))
        return decision

    def expanded(self, touches: Iterable[Touch]) -> list[Touch]:
        """The touches, each tree with the restricted paths that it holds."""
        found = []
        for touch in touches:
            found.append(touch)
            if touch.tree:
                inside = self.world.sensitive(touch.name)
                if inside is None:
                    found.append(
                        Touch("opaque", "read", f"what `{touch.name}` holds", touch.source, because=touch.because)
                    )
                for path in inside or ():
                    found.append(Touch("path", touch.access, path, touch.source))
        return found

    def search(self, call: Call, rewrite: bool) -> Decision:
        """A Grep over a folder, with what the policy restricts left out of it."""
        from .touch import search

        root = search.root(call, self.world)
        if root is None:
            return Decision("pass")
        inside = self.world.sensitive(root)
        if inside == ():
            return Decision("pass")
        if rewrite and inside is not None:
            narrowed = search.narrowed(call, inside, root)
            if narrowed is not None:
                return Decision("pass", updated_input=narrowed, context=search.NARROWED)
        open_paths = None if inside is None else search.left_open(call, inside, call.cwd)
        if open_paths == []:
            return Decision("pass")
        touch = Touch("path", "read", root, "path", tree=True)
        return Decision("deny", (Reason("deny", touch, None, search.hint(call, open_paths, call.cwd)),))

    def names(self, call: Call) -> Decision:
        """A Glob on a client whose results cannot be replaced: refused where it could show hidden names."""
        from .touch import search

        root = search.root(call, self.world) or call.cwd
        if not self.policy.hides(root):
            return Decision("pass")
        touch = Touch("path", "list", root, "path", tree=True)
        text = f"`{call.tool}` over `{root}` could show hidden names, and this client's results cannot be filtered"
        return Decision("deny", (Reason("deny", touch, None, text),))

    def loaded(self, call: Call) -> wire.Answer:
        """Remembers a restricted instructions file that the client loaded; the next prompt is held back for it."""
        from .touch import instructions

        path = call.raw.get("file_path")
        if isinstance(path, str) and self.judge.path(path).action != "allow":
            instructions.remember(self.cache, call.session, path)
        return wire.Answer()

    def output(self, call: Call) -> wire.Answer:
        """Takes hidden names out of what Glob found."""
        from .touch import search

        shown = search.without_hidden(call.raw.get("tool_response"), call.cwd, self.judge)
        return wire.Answer() if shown is None else wire.replacement(shown)
