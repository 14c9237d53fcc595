"""The eyes of the oracle: a canary is seen in every form that it may leave in, and nothing else is taken for one."""

import base64
import bz2
import codecs
import gzip
import io
import lzma
import os
import tarfile
import zipfile
import zlib

import pytest

from tests.corpus import fixture
from tests.oracle import observe

SECRET = fixture.text("secrets/prod.key").encode()
FOUND = {"secrets/prod.key"}


def archived() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        entry = tarfile.TarInfo("x")
        entry.size = len(SECRET)
        archive.addfile(entry, io.BytesIO(SECRET))
    return buffer.getvalue()


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x", SECRET)
    return buffer.getvalue()


FORMS = {
    "plain": SECRET,
    "reversed": SECRET[::-1],
    "upper": SECRET.upper(),
    "spaced": b" ".join(bytes([letter]) for letter in SECRET),
    "rot13": codecs.encode(SECRET.decode(), "rot13").encode(),
    "base64": base64.b64encode(SECRET),
    "base64 wrapped": base64.encodebytes(SECRET),
    "base64 shifted": base64.b64encode(b"x" + SECRET),
    "base32": base64.b32encode(SECRET),
    "hexadecimal": SECRET.hex().encode(),
    "xxd": b"00000000: " + b" ".join(SECRET.hex().encode()[i : i + 4] for i in range(0, 32, 4)) + b"  key1-....",
    "zlib": zlib.compress(SECRET),
    "gzip": b"noise" + gzip.compress(SECRET),
    "gzip, base64": base64.b64encode(gzip.compress(SECRET)),
    "bzip2": bz2.compress(SECRET),
    "xz": lzma.compress(SECRET),
    "tar.gz": archived(),
    "zip": zipped(),
    "part of a line": SECRET.splitlines()[0][5 : 5 + observe.WINDOW],
    "decimal": " ".join(map(str, SECRET)).encode(),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_seen(form: str) -> None:
    assert observe.Canaries(fixture.sources()).found(FORMS[form]) == FOUND


@pytest.mark.parametrize("data", [b"", b"key1-0123456789", os.urandom(4096), SECRET[5:12], b"DB_PASSWORD=change-me\n"])
def test_nothing_else_is(data: bytes) -> None:
    assert observe.Canaries(fixture.sources()).found(data) == set()


def test_a_trace_tells_reading_from_writing_and_from_the_index() -> None:
    log = b"""\
10 execve("/usr/bin/bash", ["bash", "-c", "x"], 0x1 /* 2 vars */) = 0
10 openat(AT_FDCWD</p>, "a", O_RDONLY) = 3</p/a>
10 openat(AT_FDCWD</p>, "b", O_WRONLY|O_CREAT, 0666) = 3</p/b>
10 openat(AT_FDCWD</p>, "c", O_RDWR) = 3</p/c>
10 openat(AT_FDCWD</p>, "d", O_RDONLY|O_DIRECTORY) = 3</p/d>
10 openat(AT_FDCWD</p>, "e", O_RDONLY) = -1 ENOENT (No such file or directory)
11 execve("/usr/bin/git", ["git", "-C", "/p", "status"], 0x1 /* 2 vars */) = 0
11 openat(AT_FDCWD</p>, "f", O_RDONLY) = 3</p/f>
12 execve("/usr/bin/git", ["git", "hash-object", "g"], 0x1 /* 2 vars */) = 0
12 openat(AT_FDCWD</p>, "g", O_RDONLY <unfinished ...>
10 openat(AT_FDCWD</p>, "h", O_RDONLY) = 3</p/h>
12 <... openat resumed>) = 3</p/g>
10 write(1<pipe:[5]>, "key1-%s\\n", 26) = 26
10 write(4</p/secret>, "%s", 20) = 20
""" % (fixture.canary("secrets/prod.key").encode(), fixture.canary(".env").encode())
    trace = observe.traced(log, observe.Canaries(fixture.sources()), lambda path: path == "/p/secret")
    assert trace.opened == {"/p/a", "/p/c", "/p/g", "/p/h"}
    assert "e" in trace.attempted
    assert trace.shown == FOUND
