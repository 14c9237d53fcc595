"""Starts a command behind a seatbelt profile (macOS), in one process: `sandbox-exec` becomes the command.

Whether the profile was put in force is told by the command's side: a shell behind the profile sends a byte and
becomes the command. Where none comes, nothing was run.
"""

from __future__ import annotations

import os

from . import client, seatbelt
from .namespace import IGNORED, NamespaceError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .broker import Broker
    from .profile import Profile

MOST = 400_000
"""Bytes of a profile that is given as an argument: the words and the environment of a program have 1 MB in all."""

TELL = 'echo >&{0}; exec {0}>&- "$@"'
"""What the shell behind the profile runs; `{{0}}` is one digit, because a shell need not know more."""


def spawn(
    words: list[str],
    environment: dict[str, str],
    profile: Profile,
    folder: str,
    descriptors: dict[int, int],
    broker: Broker | None = None,
    starter: tuple[str, ...] = (seatbelt.PROGRAM,),
) -> int:
    """Starts `words` (its program looked up on PATH) behind `profile`; its process id.

    environment: of the command. folder: of the guard's own, where a profile that is too long for an argument is kept
    while it is read. descriptors: what the command gets as its descriptor, by number: {1: pipe}. broker: its folder
    comes first on PATH. starter: what takes `-p PROFILE` or `-f FILE` and a command. Raises NamespaceError.
    """
    if broker is not None and broker.git:
        environment = {**environment, "PATH": f"{broker.folder}:{environment.get('PATH', os.defpath)}"}
        words = [*words[:-1], client.ahead(words[-1], broker.folder)]
    text = os.fsencode(seatbelt.text(real(profile)))
    file = f"{folder}/profile.{os.getpid()}" if len(text) > MOST else ""
    heard, told = os.pipe()
    try:
        number = _free(told)
        if file:
            _write(file, text)
        given = ["-f", file] if file else ["-p", os.fsdecode(text)]
        command = [*starter, *given, "/bin/sh", "-c", TELL.format(number), "sh", *words]
        actions = [(os.POSIX_SPAWN_DUP2, source, target) for target, source in descriptors.items()]
        actions.append((os.POSIX_SPAWN_DUP2, told, number))
        try:
            child = os.posix_spawnp(command[0], command, environment, file_actions=actions, setsigdef=IGNORED)
        except OSError as error:
            raise NamespaceError(f"cannot start `{command[0]}`: {error.strerror}") from None
        os.close(told)
        told = -1
        if not os.read(heard, 1):
            os.waitpid(child, 0)
            raise NamespaceError(f"`{command[0]}` put no profile in force")
        return child
    finally:
        os.close(heard)
        if told >= 0:
            os.close(told)
        if file and os.path.exists(file):
            os.unlink(file)


def real(profile: Profile) -> Profile:
    """The profile with the folders of its paths as the file system spells them: a file system that folds case knows
    one spelling, and the paths of a project may come in another."""
    known: dict[str, str] = {}

    def spelled(path: str) -> str:
        folder, _, name = path.rpartition("/")
        if folder not in known:
            known[folder] = os.path.realpath(_spelling(folder) or folder) if folder else ""
        return f"{known[folder]}/{name}"

    return profile._replace(
        files=tuple(map(spelled, profile.files)),
        folders=tuple(map(spelled, profile.folders)),
        hidden=tuple(map(spelled, profile.hidden)),
        sealed=tuple(map(spelled, profile.sealed)),
        readonly=tuple(map(spelled, profile.readonly)),
        uses=tuple(map(spelled, profile.uses)),
    )


def _spelling(folder: str) -> str:
    """How the file system spells a folder, "" where it does not say."""
    import fcntl

    ask = getattr(fcntl, "F_GETPATH", None)
    if ask is None:
        return ""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return ""
    try:
        return os.fsdecode(fcntl.fcntl(descriptor, ask, bytes(1024)).partition(b"\0")[0])
    except OSError:
        return ""
    finally:
        os.close(descriptor)


def _free(taken: int) -> int:
    """A number that no descriptor of the command has. Raises NamespaceError where all are in use."""
    for number in range(9, 2, -1):
        try:
            if number != taken and os.get_inheritable(number):
                continue
        except OSError:
            pass
        if number != taken:
            return number
    raise NamespaceError("no descriptor below 10 is free")


def _write(file: str, text: bytes) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        left = memoryview(text)
        while left:
            left = left[os.write(descriptor, left) :]
    finally:
        os.close(descriptor)
