"""The output filter: what is restricted is replaced in place, and everything else is passed on byte for byte."""

import base64
import os
import time
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_guard.content import fingerprint
from claude_guard.content.rewrite import LIMIT, Rewriter
from claude_guard.content.scan import credentials

DOTENV = b'API_KEY="kestrel-plum-42-zq"\nDATABASE=postgres://app:hunter2x9@db/prod\nDEBUG=true\nPASS=p@ss:w0rd!x\n'
SOURCE = b"def price(order):\n    return order.total * 0.8731 + surcharge\n"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> fingerprint.Index:
    folder = tmp_path_factory.mktemp("files")
    (folder / ".env").write_bytes(DOTENV)
    (folder / "price.py").write_bytes(SOURCE)
    (folder / "open.py").write_bytes(b"def price(order):\n")
    pairs = [(str(folder / ".env"), ".env"), (str(folder / "price.py"), "price.py")]
    return fingerprint.build(pairs, [str(folder / "open.py")], b"k" * 32)


def through(index: fingerprint.Index, data: bytes, cut: int = 0) -> bytes:
    filter_ = Rewriter(index, [(b"s3cr3t-value", "$TOKEN")], [], credentials)
    parts = [data] if not cut else [data[at : at + cut] for at in range(0, len(data), cut)]
    return b"".join(filter_.feed(part) for part in parts) + filter_.flush()


HITS = (
    ("plain", DOTENV),
    ("a value alone", b"kestrel-plum-42-zq\n"),
    ("in JSON", b'{"key": "kestrel-plum-42-zq", "n": 1}\n'),
    ("in a sentence", b"login as app with hunter2x9.\n"),
    ("a value with signs", b"password: p@ss:w0rd!x\n"),
    ("line of grep", b'.env:1:API_KEY="kestrel-plum-42-zq"\n'),
    ("line of diff", b"+    return order.total * 0.8731 + surcharge\n"),
    ("line of grep -rn", b"src/price.py:2:    return order.total * 0.8731 + surcharge\n"),
    ("numbered", b"     2\t    return order.total * 0.8731 + surcharge\n"),
    ("quoted", b"> return order.total * 0.8731 + surcharge\n"),
    ("reversed", b"".join(line[::-1] + b"\n" for line in DOTENV.split(b"\n"))),
    ("base64", base64.encodebytes(DOTENV)),
    ("base64, one byte later", base64.b64encode(b"x" + DOTENV) + b"\n"),
    ("base64, two bytes later", base64.b64encode(b"xx" + DOTENV) + b"\n"),
    ("base64 for URLs", base64.urlsafe_b64encode(DOTENV) + b"\n"),
    ("base64 of a value", base64.b64encode(b"kestrel-plum-42-zq") + b"\n"),
    ("hex", DOTENV.hex().encode() + b"\n"),
    ("upper hex", DOTENV.hex().upper().encode() + b"\n"),
    (
        "hex dump",
        b"".join(
            b"%08x: %s  %s\n" % (at, DOTENV[at : at + 16].hex(" ", 2).encode(), b"." * 16)
            for at in range(0, len(DOTENV), 16)
        ),
    ),
    ("octet dump", b"".join(b" %s\n" % DOTENV[at : at + 16].hex(" ").encode() for at in range(0, len(DOTENV), 16))),
    ("URL", quote(DOTENV.decode()).encode() + b"\n"),
    ("no newline", b"key kestrel-plum-42-zq"),
    ("binary", b"\x00\x01\xff kestrel-plum-42-zq \x00\xfe"),
    ("variable", b"token=s3cr3t-value\n"),
)
SECRETS = (b"kestrel-plum", b"hunter2x9", b"w0rd!x", b"0.8731", b"s3cr3t-value", b"qz-24-mulp")


@pytest.mark.parametrize(("name", "data"), HITS, ids=[row[0] for row in HITS])
@pytest.mark.parametrize("cut", [0, 7])
def test_restricted_is_replaced(index: fingerprint.Index, name: str, data: bytes, cut: int) -> None:
    if cut and name in ("hex dump", "octet dump", "base64"):
        cut = 4096  # what is wrapped over lines is found where its lines come together
    shown = through(index, data, cut)
    assert b"[restricted: " in shown
    assert shown.count(b"\n") == data.count(b"\n")
    assert not any(secret in shown for secret in SECRETS)


MISSES = (
    b"DEBUG=true\n",
    b"def price(order):\n",
    b"hello\n",
    b"\x00\xff" * 100,
    b"a" * 200_000,
    b"\n\n\n",
    b"return order\n",
    b"internationalization and the quick brown fox\n",
    b"deadbeefdeadbeefdeadbeef\n",
    b"100%20of it\n",
    b"localhost postgres\n",
    b"postgres://postgres:postgres@localhost/test\n",
)


@pytest.mark.parametrize("data", MISSES)
def test_open_text_is_passed_on(index: fingerprint.Index, data: bytes) -> None:
    assert through(index, data) == data
    assert through(index, data, 3 if len(data) < 1000 else 70_000) == data


@given(st.binary(max_size=3000), st.integers(1, 500))
def test_bytes_without_a_hit_are_passed_on(data: bytes, cut: int) -> None:
    assert through(fingerprint.nothing(), data, cut) == data


def test_an_unfinished_line_is_let_go_and_its_rest_is_judged(index: fingerprint.Index) -> None:
    filter_ = Rewriter(index)
    assert filter_.feed(b"Continue? ") == b""
    assert filter_.held
    assert filter_.flush() == b"Continue? "
    assert not filter_.held
    assert b"kestrel" not in filter_.feed(b"kestrel-plum-42-zq\n")


def test_what_is_held_is_bounded(index: fingerprint.Index) -> None:
    filter_ = Rewriter(index)
    for _ in range(100):
        filter_.feed(b"x" * 10_000)
        assert len(filter_.tail) + len(filter_.gone) <= 2 * LIMIT + 10_000


def test_a_private_key_is_replaced_to_its_end(index: fingerprint.Index) -> None:
    data = b"a\n-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----\nb\n"
    assert through(index, data) == b"a\n" + b"[restricted: private key]\n" * 3 + b"b\n"


CREDENTIALS = (
    (b"x = ghp_" + b"a1B2" * 9, b"ghp_"),
    (b"AKIAIOSFODNN7EXAMPLQ  # pragma: allowlist secret", b"AKIA"),
    (b"postgres://app:hunter2x8@db", b"hunter2x8"),
    (b"https://hooks.slack.com/services/T012345/B01234/abcDEF", b"hooks.slack"),
)


@pytest.mark.parametrize(("text", "secret"), CREDENTIALS)
def test_a_known_credential_is_replaced(text: bytes, secret: bytes) -> None:
    shown = through(fingerprint.nothing(), text + b"\n")
    assert b"[restricted: " in shown
    assert secret not in shown


def test_an_index_is_kept_and_made_again(tmp_path: "os.PathLike[str]") -> None:
    cache, file = f"{tmp_path}/cache", f"{tmp_path}/.env"
    with open(file, "wb") as opened:
        opened.write(b"KEY=first-value-91\n")
    first = fingerprint.refresh(cache, [(file, ".env")], [])
    assert fingerprint.refresh(cache, [(file, ".env")], []) == first
    assert os.stat(f"{cache}/private/fingerprints").st_mode & 0o777 == 0o600
    assert os.stat(f"{cache}/private/key").st_mode & 0o777 == 0o600
    with open(f"{cache}/private/fingerprints", "rb") as opened:
        assert b"first-value" not in opened.read()
    time.sleep(0.02)
    with open(file, "wb") as opened:
        opened.write(b"KEY=second-value-92\n")
    second = fingerprint.refresh(cache, [(file, ".env")], [])
    assert second.owner(b"second-value-92") == ".env"
    assert second.owner(b"first-value-91") is None
