"""Whether a seatbelt profile keeps what it says on this machine: a trial in a folder made for it. Cold.

What runs behind the profile tries to get at masked things in every way that the profile closes, and to do what it
leaves open. Only where each attempt fails and everything else works do commands count as confined.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile

from . import seatbelt
from .profile import Profile

SECRET = "kestrel"
KEPT = (
    "read a file",
    "read it by a link",
    "read it on its volume",
    "read it by a hard link",
    "read it by a clone",
    "read it by another name",
    "read in a folder",
    "read it where its folder was moved",
    "read it where its folder was cloned",
    "write to a file",
    "remove a file",
    "put another in its place",
    "write to what is read-only",
    "connect to a socket",
    "start a hand-off",
)
"""What has to fail."""
OPEN = ("read", "write", "list a folder", "see a masked file", "read what is used", "start a program")
"""What has to work."""

PROGRAM = """
import ctypes, errno, os, socket, subprocess, sys
base, hander = sys.argv[1:3]
os.chdir(base)
def said(name, what):
    print(name, what, sep="\\t", flush=True)
def read(*names):
    for name in names:
        with open(name, encoding="utf-8") as file:
            if "kestrel" in file.read():
                return True
    return False
def clone(one, other):
    call = getattr(ctypes.CDLL(None, use_errno=True), "clonefile", None)
    if call is None:
        raise PermissionError("no clones here")
    if call(os.fsencode(one), os.fsencode(other), 0):
        raise OSError(ctypes.get_errno(), "clonefile")
def kept(name, *steps):
    try:
        for step in steps:
            step()
    except OSError as error:
        said(name, "not there" if error.errno == errno.ENOENT else "kept")
    else:
        said(name, "open")
def works(name, step):
    try:
        said(name, "works" if step() else "another answer")
    except OSError as error:
        said(name, "fails " + errno.errorcode.get(error.errno, "?"))
def connect():
    socket.socket(socket.AF_UNIX).connect("sealed")
def write(name, mode="a"):
    with open(name, mode, encoding="utf-8") as file:
        file.write("changed")
def hand():
    if not os.path.exists(hander):
        raise PermissionError("not here")
    subprocess.run([hander], stdin=subprocess.DEVNULL, capture_output=True)
works("read", lambda: not read("plain"))
works("write", lambda: write("new") is None and os.path.getsize("new") == 7)
works("list a folder", lambda: sorted(os.listdir("in/masked")) == ["secret", "used"])
works("see a masked file", lambda: os.stat("file").st_size > 0)
works("read what is used", lambda: not read("in/masked/used"))
works("start a program", lambda: subprocess.run(["/bin/sh", "-c", "exit 7"]).returncode == 7)
kept("read a file", lambda: read("file"))
kept("read it by a link", lambda: os.symlink("file", "link"), lambda: read("link"))
volume = "/System/Volumes/Data" + os.path.realpath("file")
kept("read it on its volume", lambda: read(volume if os.path.lexists(volume) else "file"))
kept("read it by a hard link", lambda: os.link("file", "hard"), lambda: read("hard"))
kept("read it by a clone", lambda: clone("file", "copy"), lambda: read("copy"))
kept("read it by another name", lambda: os.rename("file", "name"), lambda: read("name"))
kept("read in a folder", lambda: read("in/masked/secret"))
def moved():
    try:
        os.rename("in", "out")
    except OSError:
        return read("in/masked/secret")
    return read("out/masked/secret")
kept("read it where its folder was moved", moved)
kept("read it where its folder was cloned", lambda: clone("in", "two"), lambda: read("two/masked/secret"))
kept("write to a file", lambda: write("file"))
kept("remove a file", lambda: os.unlink("file"))
kept("put another in its place", lambda: os.rename("new", "file"))
kept("write to what is read-only", lambda: write("settled"))
kept("connect to a socket", connect)
kept("start a hand-off", hand)
"""


def prepare(folder: str) -> Profile:
    """Fills an empty folder; the profile that the trial runs behind. Raises OSError."""
    folder = os.path.realpath(folder)
    os.makedirs(f"{folder}/in/masked")
    for name, text in (("plain", "open\n"), ("file", SECRET), ("in/masked/secret", SECRET), ("in/masked/used", "open")):
        with open(f"{folder}/{name}", "w", encoding="utf-8") as file:
            file.write(text)
    with open(f"{folder}/settled", "w", encoding="utf-8") as file:
        file.write("settled\n")
    return Profile(
        files=(f"{folder}/file",),
        folders=(f"{folder}/in/masked",),
        sealed=(f"{folder}/sealed",),
        readonly=(f"{folder}/settled",),
        uses=(f"{folder}/in/masked/used",),
    )


def words(folder: str) -> list[str]:
    """The words that try everything in a prepared folder."""
    return [sys.executable, "-IS", "-c", PROGRAM, os.path.realpath(folder), seatbelt.HANDING[0]]


def run(seconds: float) -> str:
    """Why commands are not confined by a profile here, "" where they are. Raises OSError and SubprocessError."""
    with tempfile.TemporaryDirectory(prefix="claude-guard-") as folder, socket.socket(socket.AF_UNIX) as server:
        profile = prepare(folder)
        server.bind(f"{folder}/sealed")
        server.listen(1)
        ended = subprocess.run(
            [seatbelt.PROGRAM, "-p", seatbelt.text(profile), *words(folder)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=seconds,
        )
    return concluded(ended.returncode, ended.stdout, ended.stderr)


def concluded(code: int, said: str, errors: str) -> str:
    """What a trial that ended so says: why commands are not confined, "" where they are. Pure."""
    last = errors.strip().rpartition("\n")[2][:200]
    if "sandbox_apply" in errors:
        return f"another sandbox holds this process, and macOS puts none inside another (`{last}`)"
    answers = dict(line.split("\t", 1) for line in said.splitlines() if "\t" in line)
    if not answers:
        return f"`sandbox-exec` started nothing and ended with {code}" + (f" (`{last}`)" if last else "")
    for name in KEPT:
        if answers.get(name) != "kept":
            return f"the profile did not hold in a trial: `{name}` was {answers.get(name, 'not tried')}"
    for name in OPEN:
        if answers.get(name) != "works":
            return f"the profile takes too much in a trial: `{name}` was {answers.get(name, 'not tried')}"
    return "" if code == 0 else f"the trial of the profile ended with {code}"
