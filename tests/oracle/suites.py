"""Test suites of public packages, with the shell gate and without it: `python -m tests.oracle.suites` prints the table.

Each package is fetched once from its registry, at a fixed version, into a cache folder outside the clone, and copied into
a project that has restricted files; one of these its tests read, as a `[[commands]]` row of the policy lets them. The two
runs must end alike: the exit code, and what they say but for times and places.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from claude_guard import own
from claude_guard.confine import probe

SECONDS = 300
POLICY = """version = 1
[[rules]]
paths = ["secrets/", ".env*"]
class = "restricted"
category = "credentials"
[[commands]]
run = "{run}"
uses = [".env.test"]
"""
SECRET = "kestrel-plum-42-zq"
READS_PYTHON = """def test_settings():
    with open(".env.test") as file:
        assert file.read() == "MODE=test-mode-7\\n"


def test_a_secret_that_only_the_gate_keeps():
    try:
        open("secrets/prod.key").read()
    except PermissionError:
        pass
"""
READS_NODE = """var fs = require('fs');
require('tape')('settings', function (t) {
    t.equal(fs.readFileSync('.env.test', 'utf8'), 'MODE=test-mode-7\\n');
    t.end();
});
"""


class Suite(NamedTuple):
    """One row. fetch: the words that put the archive into the folder `{to}`. more: a second fetch into the unpacked
    package. needs: programs. command: what is run in the project. uses: what of the command's words `[[commands]]`
    names. adds: files that are put into the project. count: what says how many tests there were."""

    name: str
    fetch: tuple[str, ...]
    more: tuple[str, ...]
    needs: tuple[str, ...]
    command: str
    uses: str
    adds: tuple[tuple[str, str], ...]
    count: str


SDIST = (sys.executable, "-m", "pip", "download", "-q", "--no-binary", ":all:", "--no-deps", "-d", "{to}")
PACK = ("npm", "pack", "--silent", "--pack-destination", "{to}")
SUITES = (
    Suite(
        "pytest: more-itertools",
        (*SDIST, "more-itertools==10.5.0"),
        (),
        (),
        f"{sys.executable} -m pytest -q -p no:cacheprovider tests",
        f"{sys.executable} -m pytest",
        (("tests/test_settings.py", READS_PYTHON),),
        r"(\d+) passed",
    ),
    Suite(
        "make: more-itertools",
        (*SDIST, "more-itertools==10.5.0"),
        (),
        ("make", "python3"),
        "make test tests=tests.test_recipes",
        "make",
        (),
        r"Ran (\d+) tests",
    ),
    Suite(
        "npm test: color-convert",
        (*PACK, "color-convert@0.5.3"),
        (),
        ("npm", "node"),
        "npm test",
        "npm test",
        (),
        r"()test",
    ),
    Suite(
        "npm run: minimist",
        (*PACK, "minimist@1.2.8"),
        ("npm", "install", "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--omit=dev", "tape@5.9.0"),
        ("npm", "node"),
        "npm run suite",
        "npm run suite",
        (("test/settings.js", READS_NODE),),
        r"# pass +(\d+)",
    ),
)


class Outcome(NamedTuple):
    """One run: exit code, what it said, seconds."""

    code: int
    said: str
    seconds: float


def folder() -> Path:
    """Where packages are kept between runs."""
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path("~/.cache").expanduser())
    return Path(cache) / "claude-guard-tests" / "suites"


def missing(suite: Suite) -> str:
    """Why a suite cannot run here; "" where it can."""
    lacking = [program for program in suite.needs if shutil.which(program) is None]
    if lacking:
        return f"no {' '.join(lacking)}"
    return "" if probe.look().works else f"no gate: {probe.look().reason}"


def fetched(suite: Suite) -> Path | str:
    """The unpacked package, fetched where it is not yet; or why it cannot be."""
    place = folder() / re.sub(r"\W+", "-", f"{suite.fetch[-1]} {' '.join(suite.more[-1:])}")
    if place.exists():
        return place
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent) as made:
        why = _said([word.format(to=made) for word in suite.fetch], made)
        archives = sorted(Path(made).glob("*gz"))
        if not why and not archives:
            why = "nothing came"
        why = why or _said(["tar", "xzf", str(archives[0])], made)
        unpacked = next((path for path in Path(made).iterdir() if path.is_dir()), Path(made))
        if not why and suite.more:
            # its own scripts are for publishing, and need more than its tests do
            (unpacked / "package.json").write_text('{"scripts": {"suite": "tape \'test/*.js\'"}}\n')
            why = _said([word.format(to=made) for word in suite.more], str(unpacked))
        if why:
            return f"{suite.fetch[-1]} cannot be fetched: {why}"
        if not place.exists():
            unpacked.rename(place)
    return place


def _said(words: list[str], cwd: str) -> str:
    """ "" where a command succeeds, else the end of what it said."""
    try:
        done = subprocess.run(words, cwd=cwd, capture_output=True, text=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)[-300:]
    return done.stderr[-300:] or "it failed" if done.returncode else ""


def played(suite: Suite, package: Path, base: Path) -> tuple[Outcome, Outcome]:
    """The suite without the gate and with it, each in a project of the same name made anew in `base`."""
    without, gate = (_played(suite, package, base, side) for side in (False, True))
    return without, gate


def _played(suite: Suite, package: Path, base: Path, gate: bool) -> Outcome:
    project, home = base / "project", base / "home"
    shutil.rmtree(project, ignore_errors=True)
    shutil.copytree(package, project, symlinks=True)
    files = {
        ".claude/guard.toml": POLICY.format(run=suite.uses),
        ".env": f"KEY={SECRET}\n",
        ".env.test": "MODE=test-mode-7\n",
        "secrets/prod.key": f"{SECRET}\n",
        **dict(suite.adds),
    }
    for name, text in files.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text)
    home.mkdir(exist_ok=True)
    subprocess.run(["git", "init", "-q", "."], cwd=project, check=True, capture_output=True)
    environment = {
        "HOME": str(home),
        "PATH": os.environ["PATH"],
        "CLAUDE_PROJECT_DIR": str(project),
        "PYTHONDONTWRITEBYTECODE": "1",
        "npm_config_update_notifier": "false",
    }
    words = ["/bin/sh", "-c", suite.command]
    if gate:
        words = [sys.executable, "-IS", f"{own.PACKAGE}/__shell__.py", suite.command]
    start = time.monotonic()
    done = subprocess.run(
        words, cwd=project, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, timeout=SECONDS, check=False,
    )  # fmt: skip
    return Outcome(done.returncode, done.stdout.decode("utf-8", "replace"), time.monotonic() - start)


TIMES = re.compile(r"\d+(\.\d+)? ?(ms|s|seconds)\b|# time=.*|\bin \d+\.\d+")


def same(one: Outcome, other: Outcome) -> bool:
    """Whether two runs ended alike, but for times."""
    return one.code == other.code and TIMES.sub("T", one.said) == TIMES.sub("T", other.said)


def count(suite: Suite, outcome: Outcome) -> str:
    """How many tests a run says there were, "" where it does not say."""
    found = re.findall(suite.count, outcome.said)
    return str(found[-1]) if found else ""


def main() -> int:
    """Prints the table; 1 where a suite ends differently, or cannot run and REQUIRE_ORACLES is 1."""
    failed = False
    for suite in SUITES:
        why = missing(suite)
        package = why or fetched(suite)
        if isinstance(package, str):
            print(f"{suite.name:28} skipped: {package}")
            failed = failed or os.environ.get("REQUIRE_ORACLES") == "1"
            continue
        with tempfile.TemporaryDirectory() as base:
            without, gate = played(suite, package, Path(base))
        alike = same(without, gate) and not without.code
        failed = failed or not alike
        print(
            f"{suite.name:28} {'same' if alike else 'DIFFERS'}  exit {without.code} {gate.code}  "
            f"tests {count(suite, without) or '-'} {count(suite, gate) or '-'}  "
            f"{without.seconds:.1f} s {gate.seconds:.1f} s"
        )
        if not alike:
            print(without.said[-2000:], "---- with the gate:", gate.said[-2000:], sep="\n")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
