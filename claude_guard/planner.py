"""What one shell command is kept from, what it may use, and who runs git for it: found out while its namespace is being
made."""

from __future__ import annotations

import os
import sys
import time

from . import own
from .confine import client, elsewhere, folder, lifting, mounts, restricted
from .confine.client import quote
from .confine.guarded import Guarded
from .confine.launcher import Plan
from .confine.output import Output
from .confine.profile import Profile
from .errors import GuardError
from .judge import Judge, Workplace
from .world import Machine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from .confine.broker import Broker
    from .model import Decision, Touch
    from .policy.policy import Policy
    from .policy.sieve import Sieves
    from .shell.reading import Reading

SECONDS = 20.0
"""How long restricted files may be looked for the first time; what was found is kept for the next command."""

PATIENCE = 2.0
"""How long they may be looked for without a word; 100,000 files take less."""


class Planner:
    """For one command. machine: as seen from its working folder; command: the string that the client made of it; project:
    the session's; cache: the guard's own folder; variables: the names of the restricted variables that are set."""

    def __init__(
        self, machine: Machine, command: str, project: str, cache: str, policy: Policy, variables: tuple[str, ...]
    ) -> None:
        self.machine = machine
        self.home = machine.home
        self.command = command
        self.script = client.inner(command)
        self.project = project
        self.cache = cache
        self.policy = policy
        self.variables = variables
        self.guarded = Guarded(self.home, project, cache, folder.runtime(cache), command)
        self.judge = Judge(policy, machine, self.inventory)
        self._inventory: Any = None
        self._sieves: Sieves | None = None
        self.found: tuple[restricted.Path, ...] = ()
        self.reached: tuple[str, ...] = ()
        self.mounted: list[mounts.Mount] = []
        self._judged: dict[tuple[str, str], tuple[Reading, list[Touch], Decision]] = {}

    def plan(self, confined: bool) -> Plan:
        """What launches the command. confined: behind masks."""
        profile = self.profile()
        output = Output(self.project, self.home, self.cache, self.roots(), self.found, self.variables)
        broker = self.broker(profile, output) if confined else None
        return Plan(profile, output.stream, broker, self.mounted)

    def inventory(self) -> Any:
        if self._inventory is None:
            from .inventory.tree import Inventory

            self._inventory = Inventory(self.judge.spelling, self.cache, self.policy.identity, self.home, self.sieve)
        return self._inventory

    def sieve(self, folder: str) -> Callable[[str], bool]:
        """See `policy.sieve`; needed where a folder has changed."""
        if self._sieves is None:
            from .policy.sieve import Sieves

            self._sieves = Sieves(self.policy, (self.cache,))
        return self._sieves(folder)

    def profile(self) -> Profile:
        """What the command is kept from."""
        roots = self.roots()
        found = self.restricted(roots, self.script)
        self.found = tuple(path._replace(masked=path.masked or self._tools(path)) for path in found)
        masked = tuple(path for path in self.found if path.masked)
        variables = self.variables
        uses = self.uses()
        stores, patches = self.stores(roots)
        if self.whole(masked, variables):
            reading, touches, _ = self.judged(self.script, self.machine)
            if lifting.metadata(_commands(reading)) and all(touch.access != "read" for touch in touches):
                masked = tuple(path for path in masked if path.hidden)
                stores = patches = ()
            else:
                written = {os.path.realpath(touch.name) for touch in touches if touch.access == "write"}
                masked = lifting.without(masked, written, _entries)
                above = tuple(f"{path}/" for path in written)
                stores = tuple(path for path in stores if not path.startswith(above))
            variables = tuple(name for name in variables if name not in self.script)
        elif lifting.plain(self.script) and self.trusted([self.script.split(" ")[0]]):
            masked = tuple(path for path in masked if path.hidden)
            stores = patches = ()
        return Profile(
            files=tuple(path.path for path in masked if not path.folder),
            folders=tuple(path.path for path in masked if path.folder),
            hidden=tuple(path.path for path in masked if path.hidden),
            sealed=(own.private_folder(self.cache), *self.guarded.daemons, *patches),
            readonly=self.guarded.readonly((*roots, *self.reached)),
            fixed=() if self._arranges() else self.guarded.fixed(),
            kept=self.guarded.kept(),
            variables=variables,
            uses=uses,
            stores=stores,
        )

    def _arranges(self) -> bool:
        """Whether the command names the project's `.claude`, was read whole, and so may make names there."""
        return ".claude" in self.script and self.harmless()

    def harmless(self) -> bool:
        """Whether everything is known that the command does, nothing of it is refused, and its programs are the
        system's."""
        reading, _, decision = self.judged(self.script, self.machine)
        return decision.verdict == "pass" and self.trusted(words[0] for words in _commands(reading))

    def stores(self, roots: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What version control keeps of files that no program may open: see `confine.stores`."""
        if sys.platform == "darwin":  # a profile hides nothing from one program and shows it to another
            return (), ()
        from .confine.stores import Stores

        inventory = self.inventory()
        finder = Stores(inventory.tracked, self.judge.spelling, self.cache, inventory.identity)
        return finder.closed([*roots, *self.reached])

    def whole(self, masked: tuple[restricted.Path, ...], variables: tuple[str, ...]) -> bool:
        """Whether the command was read whole, opens nothing that is restricted, and consists of programs of the
        system; looked at only where it may be about what is masked or unset."""
        script = self.script
        concerned = any(name in script for name in variables)
        if not concerned and lifting.plain(script):
            return False
        if not concerned and not lifting.named(script, self.machine.cwd, masked, self.project):
            return False
        return self.harmless()

    def trusted(self, names: Iterable[str]) -> bool:
        """Whether these commands are builtins and programs of the system, here and now."""
        if "PATH=" in self.script or any(name in os.environ for name in lifting.CHANGING):
            return False
        path = os.environ.get("PATH", os.defpath)
        defined = frozenset(name[10:-2] for name in os.environ if name.startswith("BASH_FUNC_"))
        for file in self.guarded.sourced:
            try:
                with open(file, encoding="utf-8", errors="surrogateescape") as opened:
                    text = opened.read(4_000_000)
            except OSError:
                continue
            defined |= lifting.defined(text)
            exported = text.rpartition("\nexport PATH=")[2] if "\nexport PATH=" in text else ""
            path = exported.partition("\n")[0].replace("\\", "").strip("'\"") or path
        return all(lifting.system(name, path, defined, _program) for name in names)

    def judged(
        self, script: str, machine: Machine, dialect: str = "both", inner: bool = True
    ) -> tuple[Reading, list[Touch], Decision]:
        """What a script does, and the decision on it where what is not known counts as refused. machine: where it
        would run. inner: what the programs do that it starts counts too. What the trees hold that it reads is among
        the touches."""
        if (script, machine.cwd) not in self._judged:
            from .decide import decide
            from .shell import read

            judge = Judge(self.policy, machine, self.inventory)
            world = Workplace(machine, judge, self.inventory)
            reading = read(script, world, dialect)
            touches = list(reading.touches) if inner else [touch for one in reading.trace for touch in one.touches]
            for touch in list(touches):
                if touch.tree and touch.access != "write":
                    touches += [touch._replace(name=path, tree=False) for path in world.sensitive(touch.name) or ()]
            decision = decide(touches, judge, "deny", machine.cwd)
            self._judged[script, machine.cwd] = (reading, touches, decision)
        return self._judged[script, machine.cwd]

    def _tools(self, path: restricted.Path) -> bool:
        """Whether a path at home that programs may use is one of those that the table gives to its programs alone."""
        if path.masked or not path.path.startswith(self.home + "/"):
            return False
        from .confine.uses import HOMES

        return path.path[len(self.home) + 1 :].startswith(HOMES)

    def roots(self) -> list[str]:
        """The trees that matter: the project, and the tree of the working folder where that is another."""
        cwd = self.machine.cwd
        roots = [self.project]
        if cwd != self.project and not cwd.startswith(self.project.rstrip("/") + "/"):
            top = cwd
            while top != "/" and top != self.home and not os.path.lexists(top + "/.git"):
                top = os.path.dirname(top)
            roots.append(cwd if top in ("/", self.home) else top)
        return [root for root in roots if root not in ("/", self.home)]

    def restricted(self, roots: list[str], script: str) -> tuple[restricted.Path, ...]:
        """The restricted paths in some trees, among the credentials at home, where rules name them, and in the trees
        that a script reaches. Raises GuardError out of time."""
        inventory = self.inventory()
        self.mounted = mounts.table()
        start = time.monotonic()
        found: set[str] = set()
        for root in roots:
            found.update(self._looked(f"restricted files in `{root}`", start, inventory.below, root))
        at_home = self._looked("credentials at home", start, inventory.at_home)
        found.update(path for path in at_home if not own.judge(path, self.home))
        session = (self.machine.cwd, self.home, self.cache)
        more = elsewhere.look(self.policy, self.judge.spelling, inventory, script, session, roots, start + SECONDS)
        self.reached = more.trees
        paths = restricted.paths(sorted(found), self.judge.spelling, inventory.identity, self.cache)
        paths += restricted.twins(paths, [*roots])
        if left := sorted(set(more.paths) - found):
            paths += restricted.paths(left, self.judge.spelling, inventory.identity, self.cache)
        also = mounts.seen((path.path for path in paths), self.mounted)
        return (*paths, *(path._replace(path=other, twin=True) for path in paths for other in also.get(path.path, ())))

    def _looked(
        self, what: str, start: float, look: Callable[..., tuple[str, ...] | None], *given: str
    ) -> tuple[str, ...]:
        """What was found in time. A look that takes long is told on standard error. Raises GuardError."""
        found = look(*given, start + PATIENCE)
        if found is None:
            said = f"claude-guard: looking for {what}, for up to {SECONDS:.0f} s; what is found is kept\n"
            os.write(2, os.fsencode(said))
            found = look(*given, start + SECONDS)
        if found is None:
            raise GuardError(f"no time is left to look for {what}", "try again: what was found is kept")
        return found

    def uses(self) -> tuple[str, ...]:
        """What the command may use of what is masked: nothing, unless it consists of programs that are known to."""
        at_home = any(path.path.startswith(self.home + "/") for path in self.found)
        if not at_home and not self.policy.commands and not self.guarded.daemons:
            return ()
        from .confine import uses

        names = [*uses.PROGRAMS, *(row.run for row in self.policy.commands)]
        if not any(name in self.script for name in names if name != "git"):
            return ()
        reading, _, _ = self.judged(self.script, self.machine)
        # a program of the project's own is opaque, and named by a row of the policy, or else nothing is used
        if any(touch.kind == "opaque" and touch.access != "execute" for touch in reading.touches):
            return ()
        cwd = self.machine.cwd
        more = [
            (row.run, tuple(os.path.normpath(os.path.join(self.project, use)) for use in row.uses))
            for row in self.policy.commands
        ]
        commands = _commands(reading, tuple(row.run for row in self.policy.commands))
        return uses.uses(commands, self.home, cwd, more) or ()

    def broker(self, profile: Profile, output: Output) -> Broker | None:
        """What runs git for the command, where there is a git and something masked."""
        if not (profile.files or profile.folders or profile.stores):
            return None
        from .confine.broker import Broker

        through = (sys.executable, "-IS", own.PACKAGE + "/__shell__.py", client.THROUGH)
        bound = sys.platform != "darwin"
        broker = Broker(self.guarded.runtime, self, output.stream, through, sys.executable, bound)
        if not broker.git:
            broker.close()
            return None
        broker.closed = bool(profile.stores)
        return broker

    def renewed(self) -> Profile:
        """What the command is kept from, as things are now; in a process of its own, which ends then."""
        from .policy import snapshot

        policy, machine = snapshot.load(self.project, self.home, self.cache), Machine(self.machine.cwd)
        return Planner(machine, self.command, self.project, self.cache, policy, self.variables).profile()

    def tracked(self, top: str) -> tuple[str, ...] | None:
        """The restricted files that the repository at `top` holds in some revision; None where that is not known."""
        return Workplace(self.machine, self.judge, self.inventory).sensitive_objects(top)

    def why_not(self, words: list[str], cwd: str, places: dict[str, str]) -> str:
        """Why a git command is not run outside the masks, "" where it may be. places: variables that say which
        repository it is about."""
        from .confine.gitwords import quiet, split

        if quiet(split(words[1:])):
            return ""
        text = " ".join([f"{name}={quote(value)}" for name, value in places.items()] + [quote(word) for word in words])
        _, _, decision = self.judged(text, Machine(cwd), "bash", inner=False)  # what git starts is masked
        for reason in decision.reasons:
            if (reason.touch.kind, reason.touch.access) != ("opaque", "execute"):
                return reason.text
        return ""


def _commands(reading: Reading, rows: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every command of a script, as words; but for what a command runs that begins with one of `rows`: that may read
    what its row says, by itself or not."""
    commands: list[tuple[str, ...]] = []
    left = list(reading.trace)
    while left:
        trace = left.pop()
        if not any(" ".join(trace.words).startswith(row) for row in rows):
            left.extend(trace.inner)
        if trace.words:
            commands.append(trace.words)
    return commands


def _program(file: str) -> str | None:
    return os.path.realpath(file) if os.access(file, os.X_OK) and not os.path.isdir(file) else None


def _entries(folder: str) -> list[tuple[str, bool]] | None:
    try:
        return [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in os.scandir(folder)]
    except OSError:
        return None
