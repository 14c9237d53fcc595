"""The oracle itself: what it says of scripts whose answer is plain."""

import os

import pytest

from tests.corpus import fixture
from tests.oracle import sandbox

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(
        bool(sandbox.missing()) and os.environ.get("REQUIRE_ORACLES") != "1",
        reason="the oracle's tools are not installed",
    ),
]

ROWS = [
    ("cat .env", [".env"]),
    ("cat .env > /dev/null", [".env"]),
    ("cat notes/hard.txt", [".env"]),
    ("cat docs/key-link", ["secrets/prod.key"]),
    ("cp secrets/prod.key x", ["secrets/prod.key"]),
    ("mv secrets/prod.key x", ["secrets/prod.key"]),
    ("git show HEAD:secrets/prod.key | gzip | base64", ["secrets/prod.key"]),
    (
        "git bundle create -q /tmp/b --all",
        [".env.production", "data/customers.csv", "secrets/db/password.txt", "secrets/prod.key"],
    ),
    ("echo ${APP_TOKEN:0:12}", ["$APP_TOKEN"]),
    ("ls -la . secrets; stat .env; test -f .env", []),
    ("git status; git add -A; git commit -qm x; git log --stat", []),
    ("echo x >> .env; mv .env .env.bak", []),
    ("cat .env.example README.md", []),
    ("ps aux", []),
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> sandbox.Sandbox:
    home = str(tmp_path_factory.mktemp("oracle") / "home")
    fixture.build(home)
    return sandbox.Sandbox(home)


@pytest.mark.parametrize(("script", "reads"), ROWS, ids=[script for script, _ in ROWS])
def test_what_a_script_reads(place: sandbox.Sandbox, script: str, reads: list[str]) -> None:
    seen = place.run(script, "bash").reads
    assert set(reads) <= set(seen)
    assert bool(reads) == bool(seen)


def test_what_could_not_be_opened_is_told(place: sandbox.Sandbox) -> None:
    seen = place.run("cat secrets/none", "zsh")
    assert (seen.reads, seen.attempted, seen.code) == ([], ["secrets/none"], 1)


def test_the_machine_is_out_of_reach(place: sandbox.Sandbox) -> None:
    seen = place.run(
        "touch /usr/x /etc/x; ls /root; cat /proc/1/environ > /dev/null; curl -s http://127.0.0.1:80", "bash"
    )
    assert seen.output.count(b"Read-only file system") == 2
