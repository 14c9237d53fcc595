"""What only macOS has to be asked in its own way."""

from __future__ import annotations

import errno
import os

from .seatbelt import HANDING

VNODE_PATHS = 9  # PROC_PIDVNODEPATHINFO of <sys/proc_info.h>
SIZE = 2352  # struct proc_vnodepathinfo: twice a vnode_info of 152 bytes and a path of 1024
START, LENGTH = 152, 1024


def folder(process: int) -> str:
    """The working folder of a process, "" where it cannot be told."""
    import ctypes  # 4 ms, and not needed where the client names the project

    buffer = ctypes.create_string_buffer(SIZE)
    try:
        held = ctypes.CDLL(None).proc_pidinfo(process, VNODE_PATHS, ctypes.c_uint64(0), buffer, SIZE)
    except (AttributeError, OSError):
        return ""
    path = os.fsdecode(buffer.raw[START : START + LENGTH].partition(b"\0")[0]) if held == SIZE else ""
    return path if path.startswith("/") and os.path.isdir(path) else ""


def sealed(place: str, program: str = HANDING[0]) -> bool:
    """Whether a profile of the guard's holds this process: it keeps a folder from being listed, and a program that
    hands work over from starting. Another's sandbox may do the former. A folder that is not there is made.

    Seatbelt refuses with EPERM, a file's mode with EACCES.
    """
    os.makedirs(place, 0o700, exist_ok=True)
    try:
        os.scandir(place).close()
    except OSError as error:
        return error.errno == errno.EPERM and _refused(program)
    return False


def _refused(program: str) -> bool:
    actions = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_RDWR, 0) for number in (0, 1, 2)]
    try:
        child = os.posix_spawn(program, [program, "help"], {}, file_actions=actions)
    except OSError as error:
        return error.errno == errno.EPERM
    os.waitpid(child, 0)
    return False
