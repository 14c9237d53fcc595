"""Starts a command behind masks: bubblewrap makes the namespace, and leaves the command as our own child.

Bubblewrap stays between a command and whoever started it, as a monitor that turns death by a signal into an exit
code and dies of a signal to the group before the command can react. So it is told to hold the command back
(`--block-fd`) until it has said which process that is (`--info-fd`); then the monitor is ended, the command becomes
this process's child (a subreaper adopts orphans), and is let go. The same pause is used for many masks.
"""

import os
import time

from . import libc
from .bwrap import FEW, Bind, options

PROGRAM = "bwrap"

PATIENCE, PAUSE = 5000, 0.0002  # tries and seconds: one second for what takes a tenth of a millisecond

IGNORED = (13, 25)  # SIGPIPE, SIGXFSZ: Python ignores them, and a program would inherit that


class NamespaceError(Exception):
    """The namespace could not be made; the command was not started. Says what bubblewrap said."""


def spawn(
    words: list[str],
    environment: dict[str, str],
    binds: tuple[Bind, ...],
    masks: str,
    root: bool,
    descriptors: dict[int, int],
    program: str = PROGRAM,
) -> int:
    """Starts `words` (its program looked up on PATH) behind `binds`; the process id of the command itself, a child.

    environment: of the command. masks: the folder that placeholders lie in. descriptors: what the command gets as
    its descriptor, by number: {1: pipe}. Raises NamespaceError.
    """
    info, told = os.pipe()
    blocked, release = os.pipe()
    listing = -1
    few = binds if len(binds) <= FEW else (Bind(masks, masks), *(b for b in binds if not b.source.startswith(masks)))
    arguments = options(few, root)
    actions = [(os.POSIX_SPAWN_DUP2, source, target) for target, source in descriptors.items()]
    if sum(map(len, arguments)) > 60_000:
        listing = os.memfd_create("arguments", 0)
        os.write(listing, b"".join(os.fsencode(word) + b"\0" for word in arguments))
        os.lseek(listing, 0, os.SEEK_SET)
        arguments = ["--args", str(listing)]
    os.set_inheritable(told, True)
    os.set_inheritable(blocked, True)
    command = [program, *arguments, "--info-fd", str(told), "--block-fd", str(blocked), "--", *words]
    libc.adopt(True)
    try:
        monitor = os.posix_spawnp(program, command, environment, file_actions=actions, setsigdef=IGNORED)
    except OSError as error:
        raise NamespaceError(f"cannot start `{program}`: {error.strerror}") from None
    finally:
        os.close(told)
        os.close(blocked)
        if listing >= 0:
            os.close(listing)
    child = _child(info)
    os.close(info)
    if child is None or not _idle(monitor, blocked):
        os.close(release)
        os.kill(monitor, 9)
        os.waitpid(monitor, 0)
        raise NamespaceError(f"`{program}` made no namespace")
    os.kill(monitor, 9)
    os.waitpid(monitor, 0)
    libc.adopt(False)
    try:
        os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:  # it ended before it was ours: what it stumbled over, it has said on standard error
        os.close(release)
        raise NamespaceError(f"`{program}` could not put the masks in place") from None
    try:
        if few is not binds:
            if not _ready(child, blocked):
                raise OSError(f"`{program}` did not finish")
            _cover(child, tuple(b for b in binds if b.source.startswith(masks)), root)
    except OSError as error:
        os.kill(child, 9)
        os.waitpid(child, 0)
        raise NamespaceError(str(error)) from None
    finally:
        os.close(release)
    return child


def _child(info: int) -> int | None:
    said = b""
    while not said.rstrip().endswith(b"}"):
        chunk = os.read(info, 4096)
        if not chunk:
            return None
        said += chunk
    for part in said.replace(b"{", b",").replace(b"}", b",").split(b","):
        name, _, value = part.partition(b":")
        if name.strip() == b'"child-pid"':
            return int(value)
    return None


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


def _ready(child: int, descriptor: int) -> bool:
    """Whether the command's process has put its file system together: then it reads `descriptor`, and waits."""
    expected = f"{descriptor:#x}"
    for _ in range(PATIENCE):
        with open(f"/proc/{child}/syscall", encoding="ascii") as file:
            if file.read().split()[1:2] == [expected]:
                return True
        time.sleep(PAUSE)
    return False


def _cover(child: int, binds: tuple[Bind, ...], root: bool) -> None:
    """Makes the binds in the namespace of the waiting command, from a process of its own. Raises OSError."""
    worker = os.fork()
    if worker == 0:
        try:
            spaces = [] if root else [(os.open(f"/proc/{child}/ns/user", os.O_RDONLY), libc.CLONE_NEWUSER)]
            spaces.append((os.open(f"/proc/{child}/ns/mnt", os.O_RDONLY), libc.CLONE_NEWNS))
            for space, kind in spaces:
                libc.enter(space, kind)
            for bind in binds:
                libc.bind(bind.source, bind.target)
            os._exit(0)
        except BaseException:
            os._exit(1)
    _, status = os.waitpid(worker, 0)
    if status:
        raise OSError("cannot mask every restricted file")
