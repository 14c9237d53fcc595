"""Starts a command behind masks: bubblewrap makes the namespace, and leaves the command as our own child.

Bubblewrap works while the guard finds out what is to be masked. It holds the command back (`--block-fd`) until a
process of the guard has joined the namespace and put the masks in place: bubblewrap itself would read the whole mount
table for each of them, so that 100 take 25 ms and 1,000 take 1.4 s; one call of mount(2) takes 10 microseconds. Were
this process killed meanwhile, bubblewrap would go on, so the command's program is covered by `COVER`, which nothing
can execute, until the masks are there.

Bubblewrap stays between a command and whoever started it, as a monitor that turns death by a signal into an exit
code and dies of a signal to the group before the command can react. So it says which process the command is
(`--info-fd`), and is ended; the command becomes this process's child (a subreaper adopts orphans).
"""

from __future__ import annotations

import os
import stat
import time

from ..values import NamedTuple
from . import binding, libc
from .bwrap import options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .bwrap import Bind
    from .idmap import Place
    from .mounts import Mount

PROGRAM = "bwrap"

COVER = "/dev/null"

PATIENCE, PAUSE = 5000, 0.0002  # tries and seconds: one second for what takes a tenth of a millisecond

IGNORED = (13, 25)  # SIGPIPE, SIGXFSZ: Python ignores them, and a program would inherit that


class NamespaceError(Exception):
    """The namespace could not be made; the command was not started. Says what bubblewrap said."""


class Space(NamedTuple):
    """The namespaces of a command, each as (descriptor, kind), and where the placeholders of its masks lie. root: whether
    the effective user is 0."""

    descriptors: tuple[tuple[int, int], ...]
    place: Place
    root: bool


class Waiting:
    """A command that waits for its masks in a namespace that is being made; where this process ends, it ends unrun.

    words: the command, its program with its path. environment: of the command. root: whether the effective user is
    0. descriptors: what the command gets as its descriptor, by number: {1: pipe}. Raises NamespaceError.
    """

    def __init__(
        self,
        words: list[str],
        environment: dict[str, str],
        root: bool,
        descriptors: dict[int, int],
        program: str = PROGRAM,
    ) -> None:
        self.program = program
        self.root = root
        self.covered = os.path.realpath(words[0])
        self.child = self.worker = 0  # the command, once bubblewrap has said it, and what masks it
        self.info, told = telling()
        self.blocked, self.release = os.pipe()
        actions = [(os.POSIX_SPAWN_DUP2, source, target) for target, source in descriptors.items()]
        os.set_inheritable(told, True)
        os.set_inheritable(self.blocked, True)
        waits = ["--info-fd", str(told), "--block-fd", str(self.blocked)]
        command = [program, *options(COVER, self.covered, root), *waits, "--", *words]
        try:
            self.process = os.posix_spawnp(program, command, environment, file_actions=actions, setsigdef=IGNORED)
        except OSError as error:
            os.close(self.info)
            os.close(self.release)
            raise NamespaceError(f"cannot start `{program}`: {error.strerror}") from None
        finally:
            os.close(told)
            os.close(self.blocked)

    def go(self, binds: tuple[Bind, ...], place: Place, mounts: list[Mount]) -> tuple[int, Space]:
        """Masks and starts the command: (its process id, a child's; where it is).

        binds: what is put over the host, later ones over earlier ones. place: of the placeholders. mounts: of the host.
        Raises NamespaceError: then nothing was run, and what waited has ended.
        """
        spaces: list[tuple[int, int]] = []
        try:
            self.child = said(self.info)
            if not self.child or not _idle(self.process, self.blocked):
                raise NamespaceError(f"`{self.program}` made no namespace")
            calls = binding.calls(binds, place, mounts)
            kinds = () if self.root else (("user", libc.CLONE_NEWUSER),)
            for name, kind in (*kinds, ("mnt", libc.CLONE_NEWNS)):
                spaces.append((os.open(f"/proc/{self.child}/ns/{name}", os.O_RDONLY | os.O_CLOEXEC), kind))
            libc.adopt(True)
            os.kill(self.process, 9)  # it ends while the masks are put in place
            if self.root:
                with _kept():
                    self._mask(spaces, calls, place)
            else:  # who has joined a user namespace cannot leave it
                self._masked(spaces, calls, place)
            self._adopt()
            os.write(self.release, b".")
        except (OSError, NamespaceError) as error:
            for descriptor, _ in spaces:
                os.close(descriptor)
            self.end()
            raise NamespaceError(str(error)) from None
        self._close()
        return self.child, Space(tuple(spaces), place, self.root)

    def leave(self) -> None:
        """Takes leave of the process that put the masks in place, which ends while the command begins."""
        if self.worker:
            os.waitpid(self.worker, 0)
            self.worker = 0

    def end(self) -> None:
        """Ends what waits, unrun: bubblewrap and the process that it holds back. A second time it does nothing."""
        if self.info < 0:
            return
        self.leave()
        libc.adopt(False)
        child = self.child or said(self.info)
        for process in (child, self.process) if child else (self.process,):
            try:
                os.kill(process, 9)
                os.waitpid(process, 0)
            except OSError:  # it has ended by itself, or is no child of ours
                continue
        self._close()

    def _close(self) -> None:
        os.close(self.info)
        os.close(self.release)
        self.info = -1

    def _adopt(self) -> None:
        """Takes the command on as a child, in place of bubblewrap. Raises NamespaceError and OSError."""
        os.waitpid(self.process, 0)
        libc.adopt(False)
        try:
            os.waitid(os.P_PID, self.child, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:  # it ended before it was ours: what it stumbled over, it has said on standard error
            raise NamespaceError(f"`{self.program}` could not put the namespace together") from None

    def _masked(self, spaces: list[tuple[int, int]], calls: binding.Calls, place: Place) -> None:
        """`_mask` in a process of its own. Raises OSError and NamespaceError."""
        heard, told = os.pipe()
        self.worker = os.fork()
        if self.worker == 0:
            try:
                self._mask(spaces, calls, place)
                os.write(told, b".")
            finally:
                os._exit(0)
        os.close(told)
        done = os.read(heard, 1)
        os.close(heard)
        if not done:
            raise NamespaceError("not every restricted file could be masked")

    def _mask(self, spaces: list[tuple[int, int]], calls: binding.Calls, place: Place) -> None:
        """Joins the namespace and makes the binds in it. Raises OSError."""
        for space, kind in spaces:
            libc.enter(space, kind)
        for _ in range(PATIENCE):
            if _device(self.covered):  # the last thing that bubblewrap mounts, and seen from its last root
                break
            time.sleep(PAUSE)
            libc.enter(*spaces[-1])
        else:
            raise OSError(f"`{self.program}` did not finish")
        if place.tree >= 0:
            libc.move(place.tree, place.shown)
        binding.make(calls)
        libc.uncover(self.covered)


class _kept:
    """Brings this process back into the mount namespace, the root and the working folder that it was in."""

    def __enter__(self) -> None:
        flags = os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC
        self.held = [os.open("/proc/self/ns/mnt", os.O_RDONLY | os.O_CLOEXEC), os.open("/", flags), os.open(".", flags)]

    def __exit__(self, *_: object) -> None:
        space, root, folder = self.held
        libc.enter(space, libc.CLONE_NEWNS)
        os.fchdir(root)
        os.chroot(".")
        os.fchdir(folder)
        for descriptor in self.held:
            os.close(descriptor)


def _device(path: str) -> bool:
    try:
        return stat.S_ISCHR(os.stat(path).st_mode)
    except OSError:
        return False


def telling() -> tuple[int, int]:
    """A pipe for `--info-fd`: (its end to read, the other). That is open for reading too: bubblewrap would fail at a pipe
    that nobody reads any more, and leave what it has made waiting for ever."""
    info, told = os.pipe()
    try:
        return info, os.open(f"/proc/self/fd/{told}", os.O_RDWR | os.O_CLOEXEC)
    finally:
        os.close(told)


def said(info: int) -> int:
    """The process that bubblewrap says it has made (`--info-fd`), 0 where it ends without a word."""
    text = b""
    while not text.rstrip().endswith(b"}"):
        chunk = os.read(info, 4096)
        if not chunk:
            return 0
        text += chunk
    return int(text.partition(b'"child-pid":')[2].partition(b",")[0].strip(b" \n}"))


def _idle(monitor: int, descriptor: int) -> bool:
    """Whether bubblewrap's monitor has let its child go: the last thing before it waits is closing what it
    inherited, `descriptor` among it."""
    for _ in range(PATIENCE):
        try:
            os.readlink(f"/proc/{monitor}/fd/{descriptor}")
        except FileNotFoundError:
            return True
        except OSError:
            return False
        time.sleep(PAUSE)
    return False
