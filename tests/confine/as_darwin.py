"""The shell gate as macOS runs it, on another system: `python as_darwin.py COMMAND`, or with `--through`.

Nothing is there that only Linux has, the platform calls itself `darwin`, and `starter.py` stands for `sandbox-exec`, so
nothing is masked: what is left to see is everything else.
"""

import os
import sys
import sysconfig

sysconfig.get_config_vars()  # kept from now on: a build of this system's describes itself under this system's name
sys.platform = "darwin"
for name in ("pidfd_open", "memfd_create", "waitid", "setns", "unshare", "eventfd", "splice", "copy_file_range"):
    if hasattr(os, name):
        delattr(os, name)
before = os.open, os.readlink


def unknown(path: object) -> bool:
    return isinstance(path, str) and path.startswith("/proc/")


def opened(path: str, *more: int, **named: int) -> int:
    if unknown(path):
        raise FileNotFoundError(2, "there is no /proc", path)
    return before[0](path, *more, **named)


def led(path: str, **named: int) -> str:
    if unknown(path):
        raise FileNotFoundError(2, "there is no /proc", path)
    return before[1](path, **named)


os.open = opened
os.readlink = led
here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(os.path.dirname(here)))

from claude_guard import shell_hook  # noqa: E402 - it has to find the system as it is on macOS
from claude_guard.confine import darwin, launcher, standing  # noqa: E402

launcher.STARTER = (sys.executable, "-IS", os.path.join(here, "starter.py"))
standing.works = lambda cache: True
darwin.sealed = lambda place: False
if __name__ == "__main__":
    shell_hook.main(sys.argv[1:])
