"""The file of compiled modules is never wrong and never in the way: whatever is on the disk, a process runs the sources."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from claude_guard import bundle, own
from claude_guard.confine.guarded import Guarded

PACKAGE = Path(own.PACKAGE)
TAG = sys.implementation.cache_tag
OURS, PYTHONS = "claude_guard.bundle", "_frozen_importlib_external"
LONG_AGO = 1_700_000_000_123_456_789

SOURCES = {
    "__init__.py": "",
    "start.py": """
import json, sys
from . import value
from . import inner
from .inner import deep
NAMES = "name package file path doc cached origin parent has_location submodule_search_locations loader_state".split()
OWN = ("claude_guard.bundle", "claude_guard.compiled")
def main(arguments):
    modules = {n: m for n, m in sys.modules.items() if n.startswith("claude_guard.") and n not in OWN}
    say = {"value": value.VALUE, "deep": deep.VALUE, "by": {n: type(m.__loader__).__module__ for n, m in modules.items()}}
    for argument in arguments:
        say[argument] = eval(argument, {**globals(), "modules": modules.values()})
    print(json.dumps(say))
""",
    "value.py": "VALUE = 1\n",
    "inner/__init__.py": "",
    "inner/deep.py": '''VALUE = 10


def fail():
    """Says where it failed."""
    raise ValueError("here")


def place():
    import traceback
    try:
        fail()
    except ValueError:
        return traceback.format_exc()
''',
    "cli/__init__.py": "",
}

OWN = {name: (PACKAGE / name).read_text() for name in ("bundle.py", "compiled.py")}
START = "import sys; sys.path.append({!r}); from claude_guard import bundle; bundle.main('start')(sys.argv[1:])"
PLAIN = "import sys; sys.path.append({!r}); from claude_guard.start import main; main(sys.argv[1:])"


def age(path: Path, time: int = LONG_AGO) -> None:
    os.utime(path, ns=(time, time))


class Package:
    """A small package with our bundle.py in it, and processes that start in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.place = root / "claude_guard"
        for name, text in {**SOURCES, **OWN}.items():
            self.write(name, text)

    @property
    def file(self) -> Path:
        return self.place / "__pycache__" / f"bundle.{TAG}.bin"

    def write(self, name: str, text: str, time: int = LONG_AGO) -> None:
        file = self.place / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        age(file, time)

    def command(self, *arguments: str, options: tuple[str, ...] = (), program: str = START) -> list[str]:
        return [sys.executable, "-IS", *options, "-c", program.format(str(self.root)), *arguments]

    def run(self, *arguments: str, **more: Any) -> dict[str, Any]:
        done = subprocess.run(self.command(*arguments, **more), capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        said: dict[str, Any] = json.loads(done.stdout)
        return said

    def by(self, **more: Any) -> set[str]:
        """What the modules of one process were loaded by."""
        return set(self.run(**more)["by"].values())

    def warm(self) -> bytes:
        """Starts processes until nothing changes; returns what the file holds then."""
        self.run()
        self.run()
        return self.file.read_bytes()


@pytest.fixture
def package(tmp_path: Path) -> Package:
    return Package(tmp_path)


def test_a_process_that_misses_what_python_has_compiled_writes_the_file(package: Package) -> None:
    assert package.by() == {PYTHONS}
    assert not package.file.exists()
    assert package.by() == {OURS}
    held = package.file.read_bytes()
    inode = package.file.stat().st_ino
    assert package.by() == {OURS}
    assert package.file.stat().st_ino == inode
    package.file.unlink()
    assert package.by() == {OURS}
    assert package.file.read_bytes() == held
    assert package.file.stat().st_mode & 0o022 == 0


def test_the_command_line_is_not_in_it(package: Package) -> None:
    package.warm()
    subprocess.run([sys.executable, "-m", "compileall", "-qf", package.place], check=True)
    package.file.unlink()
    package.run()
    rows = bundle.Finder(str(package.place), f".{TAG}.pyc").rows
    assert "claude_guard.inner.deep" in rows
    assert [name for name in rows if "cli" in name] == []


CHANGES: list[tuple[str, Callable[[Package], None], int]] = [
    ("a new text", lambda p: p.write("value.py", "VALUE = 2_2\n", LONG_AGO + 10**9), 22),
    ("a text of the same length", lambda p: p.write("value.py", "VALUE = 2\n", LONG_AGO + 10**9), 2),
    ("a text of the same time", lambda p: p.write("value.py", "VALUE = 333\n"), 333),
    ("an older text", lambda p: p.write("value.py", "VALUE = 4\n", LONG_AGO - 10**9), 4),
    ("a time within the second, the same text", lambda p: age(p.place / "value.py", LONG_AGO + 1), 1),
    ("a link to another", lambda p: linked(p), 5),
    ("a folder in place of a file", lambda p: foldered(p), 6),
]


def linked(package: Package) -> None:
    package.write("../other.py", "VALUE = 5\n", LONG_AGO + 10**9)
    (package.place / "value.py").unlink()
    (package.place / "value.py").symlink_to("../other.py")


def foldered(package: Package) -> None:
    (package.place / "value.py").unlink()
    package.write("value/__init__.py", "VALUE = 6\n")


@pytest.mark.parametrize(("change", "value"), [row[1:] for row in CHANGES], ids=[row[0] for row in CHANGES])
def test_a_changed_source_runs_as_it_is_now(package: Package, change: Callable[[Package], None], value: int) -> None:
    held = package.warm()
    change(package)
    assert package.run()["value"] == value
    package.run()
    said = package.run()
    assert said["value"] == value
    assert set(said["by"].values()) == {OURS}
    assert package.file.read_bytes() != held


def test_a_source_that_is_gone_is_missed(package: Package) -> None:
    package.warm()
    (package.place / "inner" / "deep.py").unlink()
    done = subprocess.run(package.command(), capture_output=True, text=True, check=False)
    assert "cannot import name 'deep' from 'claude_guard.inner'" in done.stderr


def test_a_source_that_changed_just_now_is_left_to_python(package: Package) -> None:
    package.warm()
    (package.place / "value.py").write_text("VALUE = 7\n")
    for _ in range(3):
        said = package.run()
        assert said["value"] == 7
    if said["by"]["claude_guard.value"] == PYTHONS:  # or this took two seconds
        assert said["by"]["claude_guard.inner.deep"] == OURS


def start(held: bytes) -> int:
    """Where the code begins in a file."""
    return 16 + int.from_bytes(held[12:16], "little")


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda held: b"",
    "too short for a head": lambda held: held[:9],
    "cut within the index": lambda held: held[:100],
    "cut within the code": lambda held: held[:-1],
    "longer": lambda held: held + b"\0",
    "of another interpreter": lambda held: b"\0" + held[1:],
    "another index": lambda held: held[:20] + bytes([held[20] ^ 1]) + held[21:],
    "an endless index": lambda held: held[:12] + b"\xff" * 4 + held[16:],
    "no code": lambda held: held[:-2000] + bytes(2000),
    "noise": lambda held: b"[\xff\xff\xff\x7f" * 3000,
    "noise for code": lambda held: held[: start(held)] + (b"[\xff\xff\xff\x7f" * 3000)[: len(held) - start(held)],
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_file_is_written_anew(package: Package, name: str) -> None:
    held = package.warm()
    package.file.write_bytes(DAMAGES[name](held))
    for _ in range(2):
        said = package.run()
        assert (said["value"], said["deep"]) == (1, 10)
    assert package.by() == {OURS}
    assert package.file.read_bytes() == held


def foreign(file: Path) -> None:
    os.chown(file, 54321, 54321)


as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(lambda file: file.chmod(0o664), id="the group may write it"),
        pytest.param(lambda file: file.chmod(0o646), id="others may write it"),
        pytest.param(foreign, id="somebody else's", marks=as_root),
    ],
)
def test_a_file_that_others_may_have_written_is_left_alone(package: Package, made: Callable[[Path], None]) -> None:
    package.warm()
    made(package.file)
    before = package.file.stat()
    assert package.by() == {PYTHONS}
    assert package.file.stat() == before


def test_a_link_in_its_place_is_not_followed(package: Package, tmp_path: Path) -> None:
    held = package.warm()
    package.file.rename(tmp_path / "elsewhere")
    package.file.symlink_to(tmp_path / "elsewhere")
    package.run()
    assert not package.file.is_symlink()
    assert package.file.read_bytes() == held


@pytest.mark.parametrize("move", [shutil.move, shutil.copytree])
def test_a_package_that_was_moved_names_its_new_place(
    package: Package, tmp_path: Path, move: Callable[[Path, Path], object]
) -> None:
    package.warm()
    other = Package(tmp_path / "other")
    shutil.rmtree(other.place)
    move(package.place, other.place)
    shutil.rmtree(package.place, ignore_errors=True)
    said = other.run("deep.place()", "deep.__file__")
    assert set(said["by"].values()) == {OURS}
    assert said["deep.__file__"] == str(other.place / "inner" / "deep.py")
    assert f'File "{other.place}/inner/deep.py", line 12, in place' in said["deep.place()"]
    assert f"{package.place}/inner" not in said["deep.place()"]


@pytest.fixture
def readable() -> Iterator[Path]:
    """A folder that everybody may look into."""
    with tempfile.TemporaryDirectory() as place:
        os.chmod(place, 0o755)
        yield Path(place)


def runs(user: int) -> bool:
    try:
        return subprocess.run([sys.executable, "-c", ""], user=user, check=False, capture_output=True).returncode == 0
    except PermissionError:
        return False


@pytest.mark.parametrize("held", [True, False])
def test_a_folder_that_cannot_be_written_is_no_error(readable: Path, held: bool) -> None:
    package = Package(readable)
    package.warm()
    before = package.file.stat()
    if held:
        package.write("value.py", "VALUE = 8\n", LONG_AGO + 10**9)
    else:
        package.file.unlink()
    folder = package.file.parent
    folder.chmod(0o555)
    user = 54321 if os.geteuid() == 0 else None
    if user and not runs(user):
        pytest.skip("nobody but root may start this interpreter")
    for _ in range(2):
        done = subprocess.run(package.command(), capture_output=True, text=True, check=False, user=user)
        assert (done.returncode, done.stderr) == (0, "")
        said = json.loads(done.stdout)
        assert said["value"] == (8 if held else 1)
    assert (package.file.stat() == before) if held else not package.file.exists()
    assert said["by"]["claude_guard.inner.deep"] == (OURS if held else PYTHONS)
    folder.chmod(0o755)


@pytest.mark.parametrize("options", [("-B",), ("-X", "pycache_prefix=/nowhere")])
def test_python_is_told_to_leave_no_files(package: Package, options: tuple[str, ...]) -> None:
    package.warm()
    package.file.unlink()
    assert package.by(options=options) == {PYTHONS}
    assert not package.file.exists()


def test_each_way_of_optimising_has_its_own(package: Package) -> None:
    held = package.warm()
    package.by(options=("-OO",))
    assert package.by(options=("-OO",)) == {OURS}
    assert package.run("deep.fail.__doc__", options=("-OO",))["deep.fail.__doc__"] is None
    assert package.run("deep.fail.__doc__")["deep.fail.__doc__"] == "Says where it failed."
    assert package.file.read_bytes() == held


def test_what_is_not_checked_against_its_source_is_not_taken(package: Package) -> None:
    mode = ["--invalidation-mode", "unchecked-hash"]
    subprocess.run([sys.executable, "-m", "compileall", "-qf", *mode, package.place], check=True)
    package.run()
    assert package.by() == {PYTHONS}
    assert not package.file.exists()


def test_a_process_without_standard_input_does_without(package: Package) -> None:
    package.warm()
    words = ["/bin/sh", "-c", 'exec "$@" <&-', "sh", *package.command()]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    assert set(json.loads(done.stdout)["by"].values()) == {PYTHONS}


def test_processes_that_write_it_at_once_do_no_harm(package: Package) -> None:
    held = package.warm()
    for _ in range(3):
        package.file.unlink(missing_ok=True)
        running = [
            subprocess.Popen(package.command(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT) for _ in range(8)
        ]
        for process in running:
            said, _ = process.communicate()
            assert json.loads(said)["deep"] == 10
        assert package.file.read_bytes() == held
    assert {path.suffix for path in package.file.parent.iterdir()} == {".pyc", ".bin"}


SAME = (
    "[[repr(vars(m).get(f'__{k}__')) for k in NAMES] for m in modules]",
    "[[repr(getattr(m.__spec__, k)) for k in NAMES if hasattr(m.__spec__, k)] for m in modules]",
    "deep.place().replace('^', '').split()",
    "__import__('inspect').getsource(deep.fail)",
    "__import__('importlib').reload(value).VALUE",
    "__import__('pickle').loads(__import__('pickle').dumps(deep.fail)) is deep.fail",
    "__import__('importlib.resources').resources.files('claude_guard.inner').joinpath('deep.py').read_text()",
    "__import__('pkgutil').get_data('claude_guard.inner', 'deep.py').decode()",
    "[m.name for m in __import__('pkgutil').iter_modules(inner.__path__)]",
    "value.__loader__.get_code('claude_guard.value').co_filename",
    "inner.__loader__.is_package('claude_guard.inner')",
)


@pytest.mark.parametrize("what", SAME)
def test_a_module_is_what_python_itself_makes_of_it(package: Package, what: str) -> None:
    package.warm()
    ours, theirs = package.run(what), package.run(what, program=PLAIN)
    assert set(ours["by"].values()) == {OURS}
    assert set(theirs["by"].values()) == {PYTHONS}
    assert ours[what] == theirs[what]


@pytest.fixture(scope="module")
def guard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The guard itself at another place, with nothing compiled."""
    place = tmp_path_factory.mktemp("guard") / "claude_guard"
    shutil.copytree(PACKAGE, place, ignore=shutil.ignore_patterns("__pycache__"))
    for file in place.rglob("*.py"):
        age(file)
    return place


@pytest.mark.parametrize(("entry", "argument"), [("__hook__.py", "--launched"), ("__shell__.py", "true")])
def test_the_guards_own_processes_read_it(guard: Path, tmp_path: Path, entry: str, argument: str) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "a.py").write_text("x = 1\n")
    call = {"hook_event_name": "PreToolUse", "session_id": "s", "cwd": str(project), "tool_name": "Read"}
    data = json.dumps({**call, "tool_input": {"file_path": str(project / "a.py")}})
    env = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "CLAUDE_PROJECT_DIR": str(project)}
    for _ in range(3):
        done = subprocess.run(
            [sys.executable, "-v", "-IS", guard / entry, argument],
            input=data, capture_output=True, text=True, env=env, cwd=project, check=False,
        )  # fmt: skip
        assert done.returncode in (0, 97), done.stderr[-2000:]
    lines = [line for line in done.stderr.splitlines() if line.startswith("import 'claude_guard")]
    assert len(lines) > 20
    assert {line.split("'")[1] for line in lines if f"<{OURS}.Loader" not in line} == {
        "claude_guard",
        "claude_guard.bundle",
    }


def test_no_command_writes_it_unasked(tmp_path: Path) -> None:
    file = bundle.Finder(own.PACKAGE, f".{TAG}.pyc").file
    home, project = str(tmp_path / "home"), str(tmp_path / "project")
    judged = own.judge(file, home)
    assert judged is not None
    assert (judged.action, judged.writes) == ("allow", "ask")
    readonly = Guarded(home, project, home + "/.cache", home + "/run", "true").readonly(())
    assert any(file.startswith(place + "/") for place in readonly)
