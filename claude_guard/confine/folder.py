"""Folders of this user's alone; among them that of one call: named by the process that it belongs to, and removed by
whoever comes later where that process was killed."""

from __future__ import annotations

import os

OWNER = "owner"  # a file that names the process which the folder was handed over to


def runtime(cache: str) -> str:
    """The folder for what belongs to single calls: in memory, and out of the trees whose changes are watched. cache: the
    guard's own, which it lies in where there is no other."""
    for base in (os.environ.get("XDG_RUNTIME_DIR", ""), "/tmp"):
        found = private(base) if base.startswith("/") else ""
        if found:
            return found
    return cache + "/run"


def private(base: str, name: str = "") -> str:
    """A folder of this user's alone in one that is everybody's, made where it is missing; "" where there is none.
    name: of a folder in it, to be returned instead."""
    folder = f"{base}/claude-guard-{os.geteuid()}"
    try:
        try:
            os.mkdir(folder, 0o700)
        except FileExistsError:
            pass
        status = os.lstat(folder)
        if status.st_uid != os.geteuid() or status.st_mode & 0o170077 != 0o040000:
            return ""
        if name:
            folder += "/" + name
            os.makedirs(folder, 0o700, exist_ok=True)
    except OSError:
        return ""
    return folder


def make(runtime: str) -> str:
    """A folder for this process below `runtime`, which only this user may enter; another where one is there, because
    numbers of processes come again. Raises OSError."""
    place = f"{runtime}/{os.getpid()}"
    try:
        os.makedirs(place, 0o700)
    except FileExistsError:
        place = f"{place}.{os.urandom(8).hex()}"
        os.makedirs(place, 0o700)
    return place


def hand_over(place: str, process: int) -> None:
    """Lets a folder belong to another process, where that has not removed it yet."""
    try:
        with open(f"{place}/{OWNER}", "w", encoding="utf-8") as file:
            file.write(str(process))
    except FileNotFoundError:
        return


def sweep(runtime: str) -> None:
    """Removes the folders whose process is gone."""
    try:
        names = os.listdir(runtime)
    except OSError:
        return
    for name in names:
        number = name.partition(".")[0]
        if number.isdigit() and not _runs(f"{runtime}/{name}", int(number)):
            remove(f"{runtime}/{name}")


def remove(place: str) -> None:
    """Removes a folder and what is in it; somebody else may do so at the same time."""
    try:
        with os.scandir(place) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    remove(entry.path)
                else:
                    _unlink(entry.path)
        os.rmdir(place)
    except OSError:
        return


def _unlink(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        return


def _runs(place: str, process: int) -> bool:
    try:
        with open(f"{place}/{OWNER}", encoding="utf-8") as file:
            process = int(file.read())
    except (OSError, ValueError):
        pass
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
