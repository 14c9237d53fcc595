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
from . import libc, mounts
from .bwrap import options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .bwrap import Bind
    from .idmap import Place

PROGRAM = "bwrap"

COVER = "/dev/null"

PATIENCE, PAUSE = 5000, 0.0002  # tries and seconds: one second for what takes a tenth of a millisecond

IGNORED = (13, 25)  # SIGPIPE, SIGXFSZ: Python ignores them, and a program would inherit that

TABLE = "/proc/self/mountinfo"


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
        self.child = 0  # the command, once bubblewrap has said it
        self.info, told = os.pipe()
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

    def go(self, binds: tuple[Bind, ...], place: Place) -> tuple[int, Space]:
        """Masks and starts the command: (its process id, a child's; where it is).

        binds: what is put over the host, later ones over earlier ones. place: of the placeholders. Raises
        NamespaceError: then nothing was run, and what waited has ended.
        """
        spaces: list[tuple[int, int]] = []
        try:
            self._adopt()
            kinds = () if self.root else (("user", libc.CLONE_NEWUSER),)
            for name, kind in (*kinds, ("mnt", libc.CLONE_NEWNS)):
                spaces.append((os.open(f"/proc/{self.child}/ns/{name}", os.O_RDONLY | os.O_CLOEXEC), kind))
            if self.root:
                with _kept():
                    self._mask(spaces, binds, place)
            else:  # who has joined a user namespace cannot leave it
                self._masked(spaces, binds, place)
        except (OSError, NamespaceError) as error:
            for descriptor, _ in spaces:
                os.close(descriptor)
            self.end()
            raise NamespaceError(str(error)) from None
        os.close(self.info)
        os.close(self.release)
        return self.child, Space(tuple(spaces), place, self.root)

    def end(self) -> None:
        """Ends what waits, unrun: bubblewrap and the process that it holds back."""
        child = self.child or _child(self.info)
        for process in (child, self.process) if child else (self.process,):
            try:
                os.kill(process, 9)
                os.waitpid(process, 0)
            except OSError:  # it has ended by itself, or is no child of ours
                continue
        os.close(self.info)
        os.close(self.release)

    def _adopt(self) -> None:
        """Makes the command a child of this process, in place of bubblewrap. Raises NamespaceError and OSError."""
        self.child = _child(self.info)
        if not self.child or not _idle(self.process, self.blocked):
            raise NamespaceError(f"`{self.program}` made no namespace")
        libc.adopt(True)
        os.kill(self.process, 9)
        os.waitpid(self.process, 0)
        libc.adopt(False)
        try:
            os.waitid(os.P_PID, self.child, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:  # it ended before it was ours: what it stumbled over, it has said on standard error
            raise NamespaceError(f"`{self.program}` could not put the namespace together") from None

    def _masked(self, spaces: list[tuple[int, int]], binds: tuple[Bind, ...], place: Place) -> None:
        """`_mask` in a process of its own. Raises OSError and NamespaceError."""
        worker = os.fork()
        if worker == 0:
            try:
                self._mask(spaces, binds, place)
                os._exit(0)
            finally:
                os._exit(1)
        if os.waitpid(worker, 0)[1]:
            raise NamespaceError("not every restricted file could be masked")

    def _mask(self, spaces: list[tuple[int, int]], binds: tuple[Bind, ...], place: Place) -> None:
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
        put(binds, place)
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


def put(binds: tuple[Bind, ...], place: Place) -> None:
    """Makes binds in the mount namespace of this process. What a bind shows is what was there before all of them,
    except for placeholders; what is not there (any more) is left out. Raises OSError."""
    own = (f"{place.folder}/", f"{place.shown}/")
    if place.tree >= 0:
        libc.move(place.tree, place.shown)
    sources = [-1 if bind.source.startswith(own) else _held(bind.source) for bind in binds]
    with open(TABLE, "rb", 0) as file:
        table = file.read()
    for bind, source in zip(binds, sources, strict=True):
        try:
            if bind.source.startswith(own):
                libc.bind(bind.source, bind.target)
            elif source >= 0:
                libc.bind(f"/proc/self/fd/{source}", bind.target)
        except OSError:
            if os.path.lexists(bind.target):
                raise
            continue
        if source >= 0 and not bind.writable:
            libc.protect(bind.target, os.fstatvfs(source).f_flag & libc.MS_NOEXEC)
            for mount, options in _below(bind.target, table):
                libc.protect(mount, libc.MS_NOEXEC if "noexec" in options else 0)
        if source >= 0:
            os.close(source)


def _below(folder: str, table: bytes) -> list[tuple[str, str]]:
    """The mounts below a folder that can be seen, with their options."""
    above = os.fsencode(mounts.escaped(folder)) + b"/"
    found: dict[bytes, str] = {}
    for line in table.splitlines() if b" " + above in table else ():
        place, options = line.split(b" ", 6)[4:6]
        found = {path: held for path, held in found.items() if not path.startswith(place + b"/")}
        if place.startswith(above):
            found[place] = options.decode()
    return [(mounts.plain(os.fsdecode(path)), held) for path, held in found.items()]


def _held(path: str) -> int:
    try:
        return os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return -1


def _device(path: str) -> bool:
    try:
        return stat.S_ISCHR(os.stat(path).st_mode)
    except OSError:
        return False


def _child(info: int) -> int:
    """The process that bubblewrap says it has made, 0 where it ends without a word."""
    said = b""
    while not said.rstrip().endswith(b"}"):
        chunk = os.read(info, 4096)
        if not chunk:
            return 0
        said += chunk
    return int(said.partition(b'"child-pid":')[2].partition(b",")[0].strip(b" \n}"))


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
