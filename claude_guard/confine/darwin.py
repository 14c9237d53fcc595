"""What macOS says of another process. `ctypes` costs 4 ms; nothing else there says it without starting a program."""

import ctypes
import os

VNODE_PATHS = 9  # PROC_PIDVNODEPATHINFO of <sys/proc_info.h>
SIZE = 2352  # struct proc_vnodepathinfo: twice a vnode_info of 152 bytes and a path of 1024
START, LENGTH = 152, 1024


def folder(process: int) -> str:
    """The working folder of a process, "" where it cannot be told."""
    buffer = ctypes.create_string_buffer(SIZE)
    try:
        held = ctypes.CDLL(None).proc_pidinfo(process, VNODE_PATHS, ctypes.c_uint64(0), buffer, SIZE)
    except (AttributeError, OSError):
        return ""
    path = os.fsdecode(buffer.raw[START : START + LENGTH].partition(b"\0")[0]) if held == SIZE else ""
    return path if path.startswith("/") and os.path.isdir(path) else ""
