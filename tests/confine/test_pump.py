"""The loop that carries output: what comes, when it comes, and how much memory that takes."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from claude_guard.confine import probe
from claude_guard.confine.pump import HOLD, Channel, Pump

from .behind import Plain
from .sides import PLAN, Sides

confined = pytest.mark.skipif(not probe.look().works, reason="nothing confines commands here")


class Lines(Plain):
    """A filter that keeps what is not a whole line."""

    def __init__(self) -> None:
        self.kept = b""

    @property
    def held(self) -> bool:  # type: ignore[override]
        return bool(self.kept)

    def feed(self, data: bytes) -> bytes:
        whole, mark, self.kept = (self.kept + data).rpartition(b"\n")
        return whole + mark

    def flush(self) -> bytes:
        done, self.kept = self.kept, b""
        return done


def carried(script: str, target: int, filter_: Plain) -> tuple[int, Pump]:
    """Runs a Python script with its output carried to `target`; its wait status."""
    source, end = os.pipe()
    process = os.posix_spawn(sys.executable, [sys.executable, "-ISc", script], os.environ,
                             file_actions=[(os.POSIX_SPAWN_DUP2, end, 1)])  # fmt: skip
    os.close(end)
    pump = Pump([Channel(source, target, filter_)])
    return pump.until(process), pump


def test_what_comes_goes_on_in_order(tmp_path: Path) -> None:
    with open(tmp_path / "out", "wb") as file:
        script = "import os\nfor n in range(5000): os.write(1, b'%d ' % n)"
        assert carried(script, file.fileno(), Plain())[0] == 0
    assert (tmp_path / "out").read_bytes() == b"".join(b"%d " % n for n in range(5000))


def test_a_slow_reader_loses_nothing() -> None:
    """Also where the caller's descriptor does not block."""
    source, target = os.pipe()
    os.set_blocking(target, False)
    reader = subprocess.Popen(
        [sys.executable, "-ISc", "import sys, time; time.sleep(0.3); print(len(sys.stdin.buffer.read()))"],
        stdin=source, stdout=subprocess.PIPE,
    )  # fmt: skip
    os.close(source)
    assert carried("import os; os.write(1, b'x' * 3_000_000)", target, Plain())[0] == 0
    os.close(target)
    assert reader.communicate(timeout=20)[0] == b"3000000\n"


def test_a_reader_that_goes_away_is_noticed() -> None:
    source, target = os.pipe()
    os.close(source)
    status, pump = carried(
        "import time, os, signal\nsignal.signal(13, 0)\nwhile 1: os.write(1, b'x' * 999)", target, Plain()
    )
    os.close(target)
    assert os.WTERMSIG(status) == 13
    assert not pump.open


def test_part_of_a_line_is_held_no_longer_than_agreed() -> None:
    source, target = os.pipe()
    script = "import os, time\nos.write(1, b'a line\\nname? ')\ntime.sleep(20)"
    start = time.monotonic()
    runner = os.fork()
    if runner == 0:
        try:
            carried(script, target, Lines())
        finally:
            os._exit(0)
    os.close(target)
    said = b""
    while not said.endswith(b"name? "):
        said += os.read(source, 100)
    taken = time.monotonic() - start
    os.kill(runner, 9)
    os.waitpid(runner, 0)
    os.close(source)
    assert said == b"a line\nname? "
    assert taken < 10
    assert HOLD < 0.1


def peak(process: int) -> int:
    """The most memory that a process has had, in kilobytes; 0 where it has ended."""
    try:
        text = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    return int(text.partition("VmHWM:")[2].split()[0]) if "VmHWM:" in text else 0


@confined
@pytest.mark.oracle
class TestGate:
    """The same through the whole gate."""

    @pytest.fixture(scope="class")
    @staticmethod
    def sides(tmp_path_factory: pytest.TempPathFactory) -> Sides:
        return Sides(tmp_path_factory.mktemp("sides"))

    def test_a_question_is_seen_before_it_is_answered(self, sides: Sides) -> None:
        text = "cat nda/plan.txt; printf 'name? '; read -r name; echo hello $name"
        process = sides.start(text, gate=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert process.stdout is not None
        said = b""
        while not said.endswith(b"name? "):
            part = os.read(process.stdout.fileno(), 100)
            assert part
            said += part
        assert said == b"[restricted: nda/plan.txt]\nname? "
        assert process.communicate(b"ann\n", timeout=20)[0] == b"hello ann\n"

    def test_the_longest_delay_is_of_the_order_of_a_tenth_of_a_second(self, sides: Sides) -> None:
        """Each piece carries the time at which it was written; the median, so that one late wake-up says nothing."""
        script = "import os, time\nfor n in range(15): os.write(1, b'%f ' % time.monotonic()); time.sleep(0.15)"
        process = sides.start(f'exec {sys.executable} -ISc "{script}"', gate=True, stdout=subprocess.PIPE)
        assert process.stdout is not None
        delays = []
        while part := os.read(process.stdout.fileno(), 1000):
            delays.append(time.monotonic() - float(part.split()[-1]))
        process.stdout.close()
        assert process.wait(20) == 0
        assert sorted(delays)[len(delays) // 2] < 0.3

    @pytest.mark.parametrize("kind", ["text", "bytes", "one line"])
    def test_much_output_is_passed_on_in_little_memory(self, sides: Sides, kind: str, tmp_path: Path) -> None:
        source = random.Random(7)
        words = [b"w%d" % source.randrange(50_000) for _ in range(100_000)]
        made = {
            "text": lambda: b"".join(b" ".join(words[n : n + 10]) + b"\n" for n in range(0, 100_000, 10)) * 40,
            "bytes": lambda: source.randbytes(6_000_000),
            "one line": lambda: b" ".join(words) * 20,
        }[kind]()
        (tmp_path / "big").write_bytes(made)
        with open(tmp_path / "out", "wb") as out:
            process = sides.start(f"cat {tmp_path}/big", gate=True, stdout=out)
            most = 0
            while process.poll() is None:
                most = max(most, peak(process.pid))
                time.sleep(0.005)
        assert process.returncode == 0
        assert (tmp_path / "out").read_bytes() == made
        assert 1_000 < most < 100_000

    def test_a_secret_between_much_output_is_found(self, sides: Sides) -> None:
        text = "seq 1 200000; printf 'x %s ' $(cat nda/plan.txt); seq 1 100000; cat nda/plan.txt >&2; exit 9"
        code, out, err = sides.run(text, gate=True)
        first, last = (b"".join(b"%d\n" % n for n in range(1, end)) for end in (200_001, 100_001))
        assert code == 9
        assert out == first + b"x [restricted: nda/plan.txt] " + last
        assert err == b"[restricted: nda/plan.txt]\n"

    @pytest.mark.parametrize("pause", ["0", "0.02"])
    def test_a_secret_in_many_writes_is_found(self, sides: Sides, pause: str) -> None:
        text = f"for part in $(sed 's/./& /g' nda/plan.txt); do printf $part; sleep {pause}; done; echo"
        assert PLAN.encode() not in sides.run(text, gate=True)[1]

    def test_a_credential_in_no_restricted_file_is_found(self, sides: Sides) -> None:
        token = "ghp_" + "a1B2" * 9
        out = sides.run(f"echo token {token[:10]}{token[10:]}; echo {token} >&2; false", gate=True)
        assert out == (1, b"token [restricted: github token]\n", b"[restricted: github token]\n")
