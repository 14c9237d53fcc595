"""Where else a path is seen, by the kernel's table of mounts."""

import os
import subprocess
import sys
from pathlib import Path
from shutil import which

import pytest

from claude_guard.confine import mounts, probe

TABLE = r"""22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
23 22 254:0 /home/u/src /mnt/src rw - ext4 /dev/vda rw
24 22 254:0 /home/u/a\040b /mnt/c rw - ext4 /dev/vda rw
25 22 254:16 / /data rw - ext4 /dev/vdb rw
26 22 254:16 /deep /home/u/deep rw - ext4 /dev/vdb rw
27 22 0:20 / /proc rw - proc proc rw
28 22 254:0 /etc/hosts /etc/hosts rw - ext4 /dev/vda rw
"""

OTHERS = (
    ("/home/u/src/p/.env", ["/mnt/src/p/.env"]),
    ("/mnt/src/p/.env", ["/home/u/src/p/.env"]),
    ("/home/u/src", ["/mnt/src"]),
    ("/home/u/srcs/.env", []),
    ("/home/u/a b/x", ["/mnt/c/x"]),
    ("/data/deep/x", ["/home/u/deep/x"]),
    ("/data/x", []),
    ("/home/u/deep/x", ["/data/deep/x"]),
    ("/etc/passwd", []),
)


@pytest.mark.parametrize(("path", "expected"), OTHERS)
def test_a_path_is_seen_through_every_mount_of_its_folder(path: str, expected: list[str]) -> None:
    assert list(mounts.others(path, mounts.read(TABLE))) == expected


@pytest.mark.oracle
@pytest.mark.skipif(
    os.geteuid() != 0 or which("unshare") is None or not probe.look().works, reason="mounting is for root"
)
def test_a_second_mount_of_the_project_is_masked_too(tmp_path: Path) -> None:
    for name in ("home", "project", "second"):
        (tmp_path / name).mkdir()
    (tmp_path / "project/.env").write_text("KEY=kestrel-plum-42-zq\n")
    gate = Path(__file__).parents[2] / "claude_guard" / "__shell__.py"
    script = f"mount --bind {tmp_path}/project {tmp_path}/second && exec {sys.executable} -IS {gate} 'cat {tmp_path}/second/.e*'"
    ended = subprocess.run(
        ["unshare", "-m", "sh", "-c", script],
        cwd=tmp_path / "project",
        env={"HOME": str(tmp_path / "home"), "PATH": os.environ["PATH"], "CLAUDE_PROJECT_DIR": f"{tmp_path}/project"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Permission denied" in ended.stderr
    assert ended.stdout == ""
