"""What a command's namespace consists of, and the part of it that bubblewrap makes.

The host stays as it is (`--dev-bind / /`); over it come (`namespace.py`) the parts that stay readable but not writable,
and the masks. A mask is a read-only bind of a placeholder that nobody may open:

* For an ordinary user it is a regular file of mode 000. Bubblewrap needs a user namespace and drops every
  capability in it, so nothing overrides the mode.
* Root keeps CAP_DAC_OVERRIDE, without which it could not work in another user's folders, and that overrides modes,
  but only of files whose owner its user namespace knows. Its placeholders are bound from a mount on which they have
  none (`idmap.py`). Where the kernel or the file system makes no such mount, the placeholder is a device node, which a
  `nodev` mount (which the placeholders' folder is) refuses to open for everyone, with the same "Permission
  denied". Root loses `ROOT_DROPS` instead: what undoes a mount or reaches another process or the disk below it.

The kernel does the rest: a mount point cannot be renamed or unlinked, mounts inherited by a nested user
namespace are locked, and bubblewrap always sets no_new_privs.
"""

from __future__ import annotations

from ..values import NamedTuple

ROOT_DROPS = (
    "CAP_SYS_ADMIN",  # mount, umount, setns
    "CAP_SYS_PTRACE",  # /proc/PID/root, environ, mem of processes outside
    "CAP_DAC_READ_SEARCH",  # open_by_handle_at
    "CAP_SYS_RAWIO",  # /dev/mem, /proc/kcore
    "CAP_SYS_MODULE",
    "CAP_MKNOD",  # a node for the disk itself
    "CAP_SYS_BOOT",  # kexec
    "CAP_BPF",
    "CAP_PERFMON",
    "CAP_CHECKPOINT_RESTORE",
    "CAP_MAC_ADMIN",
    "CAP_MAC_OVERRIDE",
    "CAP_LINUX_IMMUTABLE",
)
"""What root loses inside the mask. Everything else (chown, setuid, low ports, other users' files) stays."""

ROOT_READONLY = ("/proc/sys", "/proc/sysrq-trigger", "/sys")
"""Files through which uid 0 starts programs outside the namespace without any capability (`core_pattern`,
`modprobe`, `uevent_helper`, `release_agent`)."""


OWNERS = ("--unshare-user", "--uid", "1", "--gid", "1", "--dev-bind", "/", "/")
"""What makes a user namespace that takes files of user 1 for root's, and those of everybody else, root too, for
nobody's."""


class Bind(NamedTuple):
    """`source` is shown at `target`, both absolute and there. writable: as the host would let it be."""

    source: str
    target: str
    writable: bool = False


def options(cover: str, covered: str, root: bool) -> list[str]:
    """Bubblewrap's options, without its own name and without the command.

    cover: what is put over the file `covered`, which is uncovered once the masks are there. root: whether the effective
    user is 0.
    """
    words = ["--dev-bind", "/", "/", "--ro-bind", cover, covered]
    if root:
        for capability in ROOT_DROPS:
            words += ("--cap-drop", capability)
    return words
