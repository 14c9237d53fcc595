"""Nothing else changes: the same command with the shell gate and without it, side by side."""

import fcntl
import os
import pty
import re
import resource
import select
import shlex
import signal
import socket
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from claude_guard.confine import probe

from .sides import PLAN, SECRET, Sides, heard

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(not probe.look().works, reason="nothing confines commands here"),
]

SOON = 20.0  # seconds in which something that takes milliseconds has happened, on the busiest machine


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> Sides:
    made = Sides(tmp_path_factory.mktemp("sides"))
    made.run("true", gate=True)
    return made


def until(true: Callable[[], object], seconds: float = SOON) -> bool:
    """Whether something comes true in time."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def ends(process: int) -> bool:
    return until(lambda: not os.path.exists(f"/proc/{process}") or "State:\tZ" in status(process))


def status(process: int) -> str:
    try:
        return Path(f"/proc/{process}/status").read_text()
    except OSError:
        return ""


SAME = {
    "folder": "pwd; pwd -P; cd secrets/..; pwd; ls -A",
    "umask": "umask",
    "limits": "ulimit -a; ulimit -H -a",
    "environment": "env | sort",
    "names of the locale": "locale; printf '\\303\\244' | wc -m",
    "group and session": "ps -o pgid=,sid=,tty=,ni=,cls= -p $$ | awk '{print ($1==$2), $3, $4, $5}'",
    "signals": "grep -E 'Sig(Blk|Cgt)|ShdPnd' /proc/self/status; grep SigIgn /proc/self/status | grep -o '.......$'",
    "scheduling": "cat /proc/self/oom_score_adj /proc/self/cgroup; taskset -p $$ | sed 's/.*mask//'; ionice",
    "user": "id; groups; cat /proc/self/uid_map | wc -l",
    "host": "hostname; uname -a; cat /proc/sys/kernel/random/boot_id; ls /dev | wc -l",
    "descriptors": "ls /proc/self/fd",
    "pipe that is closed early": "yes | head -1; echo ${PIPESTATUS[@]}",
    "pipe that is closed early, in bash": "bash -c 'yes | head -1; echo ${PIPESTATUS[@]}'",
    "time limit": "timeout 0.3 sleep 5; echo $?; timeout -s KILL 0.3 sleep 5; echo $?",
    "trap": "trap 'echo got it' TERM; kill -TERM $$; echo over",
    "trap at the end": "trap 'echo bye' EXIT; exit 7",
    "exec": "exec echo hello",
    "exec of a redirection": "exec >&2; echo hello",
    "jobs": "bash -c 'sleep 0.2 & sleep 0.1 & jobs | wc -l; wait; echo $?; set -m; sleep 0.1 & fg'",
    "coproc": "bash -c 'coproc cat; echo hello >&${COPROC[1]}; read -r x <&${COPROC[0]}; echo $x'",
    "wait for a process": "sleep 0.1 & wait $!; echo $?; (exit 9) & wait $!; echo $?",
    "stdin": "cat; echo end",
    "closed output": "bash -c 'echo x >&-; echo $?'",
    "both to one": "for i in 1 2 3; do echo out$i; echo err$i >&2; done",
    "many writers": "for i in $(seq 20); do (echo $i-$i) & done | sort; wait",
    "locks": "exec 9>lock; flock 9; flock -n lock true; echo $?",
    "named pipe": "rm -f pipe; mkfifo pipe; (echo through > pipe) & cat pipe; rm pipe",
    "server": "python3 -c \"import socket; s=socket.create_server(('127.0.0.1',0)); "
    "c=socket.create_connection(s.getsockname()); c.send(b'x'); print(s.accept()[0].recv(1))\"",
    "files": "echo a > f; mkdir -p d; mv f d/g; ln -sf d/g l; cat l; stat -c '%a %s %U' d/g; rm -r d l",
    "links": "readlink /proc/self/cwd; ls -l /proc/self/exe | wc -l",
    "process": "ps -o comm= -p $$; cat /proc/$$/comm",
    "parent": "ps -o pid= --ppid $$ | wc -l",
    "processes by name": "sleep 0.1; pgrep -s 0 -c python; pgrep -s 0 -c bwrap; pgrep -s 0 -c sh",
    "no newline": "printf 'no newline'",
    "nothing": "true",
    "every byte": "python3 -c 'import sys; sys.stdout.buffer.write(bytes(range(256)) * 50)'",
    "temporary folder": "t=$(mktemp -d); ls -ld $t | cut -c1-10; rmdir $t",
    "nice": "nice; nice -n 5 nice",
    "clock": "date +%Z; date +%Y",
    "terminal": "tty; [ -t 0 ] || echo none; tput cols 2>/dev/null; stty size 2>&1 | wc -l; echo ${COLUMNS-unset}",
    "git": "git rev-parse --show-toplevel; git status --short; git init -q sub; rm -rf sub; git log",
    "not found": "no-such-program; echo $?",
    "syntax": "if; then",
    "not allowed": "./lock",
}


@pytest.mark.parametrize("name", SAME)
def test_the_same(sides: Sides, name: str) -> None:
    without, gate = (sides.run(SAME[name], side, b"one\ntwo\n") for side in (False, True))
    assert gate == without


@pytest.mark.parametrize("code", [0, 1, 2, 77, 126, 127, 128, 130, 255])
def test_the_exit_code_is_the_commands(sides: Sides, code: int) -> None:
    assert sides.run(f"exit {code}", gate=True)[0] == code


@pytest.mark.parametrize("name", ["HUP", "INT", "QUIT", "KILL", "USR1", "ALRM", "TERM", "PIPE", "ABRT", "SEGV", "XFSZ"])
def test_death_by_a_signal_is_seen_by_the_caller(sides: Sides, name: str) -> None:
    assert sides.run(f"kill -{name} $$; echo alive", gate=True)[:2] == (-signal.Signals[f"SIG{name}"], b"")


def test_a_core_is_the_commands_own(sides: Sides) -> None:
    def dumps() -> None:
        resource.setrlimit(resource.RLIMIT_CORE, (1 << 30, resource.getrlimit(resource.RLIMIT_CORE)[1]))

    for gate in (False, True):
        assert sides.run("ulimit -c; kill -SEGV $$", gate, preexec_fn=dumps)[0] == -signal.SIGSEGV


LIMITS = {"NOFILE": 97, "CPU": 1000, "FSIZE": 1 << 26, "STACK": 1 << 22, "NPROC": 50_000}


@pytest.mark.parametrize("name", LIMITS)
def test_limits_of_the_caller_hold(sides: Sides, name: str) -> None:
    def limit() -> None:
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (LIMITS[name],) * 2)

    without, gate = (sides.run("bash -c 'ulimit -a'", side, preexec_fn=limit) for side in (False, True))
    assert gate == without


def test_what_the_caller_set_holds(sides: Sides) -> None:
    def change() -> None:
        os.umask(0o027)
        os.nice(3)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    text = "umask; nice; kill -HUP $$; kill -INT $$; echo alive"
    without, gate = (sides.run(text, side, preexec_fn=change) for side in (False, True))
    assert gate == without
    assert gate[1].endswith(b"alive\n")


def test_variables_are_kept_but_restricted_ones(sides: Sides) -> None:
    more = {"A": "1", "LC_ALL": "C", "LC_CTYPE": "C.UTF-8", "MY_TOKEN": "abcdefgh", "EMPTY": "", "B": "ä\n b"}
    without, gate = (sides.run("env -0 | sort -z", side, environment=more)[1].split(b"\0") for side in (False, True))
    assert set(without) - set(gate) == {b"MY_TOKEN=abcdefgh"}
    assert set(gate) <= set(without)


def test_open_descriptors_are_the_commands(sides: Sides) -> None:
    """Also when it closes one while it runs: the one at the other end sees it."""
    for gate in (False, True):
        source, end = os.pipe()
        text = f"exec bash -c 'echo hello >&{end}; exec {end}>&-; read -r line; echo over'"
        process = sides.start(text, gate, pass_fds=[end], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        os.close(end)
        said = b""
        while part := os.read(source, 100):
            said += part
        os.close(source)
        assert said == b"hello\n"
        assert process.poll() is None
        assert process.communicate(b"\n", timeout=SOON)[0] == b"over\n"


CLOSED = ["<&-", ">&-", "2>&-", "<&- >&-", ">&- 2>&-", "<&- >&- 2>&-"]


@pytest.mark.parametrize("which", CLOSED)
def test_closed_descriptors_stay_closed(sides: Sides, which: str) -> None:
    text = (
        "for n in 0 1 2; do [ -e /proc/$$/fd/$n ] && echo $n; done > seen; read x; echo $? >> seen; echo hello; ls /no"
    )
    seen = []
    for gate in (False, True):
        line = f"{shlex.join(sides.words(text, gate))} {which}"
        done = subprocess.run(
            ["/bin/sh", "-c", line], cwd=sides.project, env=sides.environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=60,
            check=False,
        )  # fmt: skip
        seen.append((done.returncode, done.stdout, done.stderr, (sides.project / "seen").read_bytes()))
    assert seen[0] == seen[1]


def test_output_may_be_a_file_a_socket_or_nothing(sides: Sides, tmp_path: Path) -> None:
    text = "echo out; echo err >&2; readlink /proc/$$/fd/1 | grep -c null"
    for gate in (False, True):
        with open(tmp_path / f"file{gate}", "w+b") as file:
            file.write(b"before\n")
            file.flush()
            assert sides.run(text, gate, stdout=file, stderr=file)[0] == 1
            file.seek(0)
            assert file.read() == b"before\nout\nerr\n0\n"
        one, other = socket.socketpair()
        with one, other:
            assert sides.run(text, gate, stdout=other, stderr=other)[0] == 1
            other.close()
            said = b""
            while part := one.recv(100):
                said += part
            assert said == b"out\nerr\n0\n"
        assert sides.run(text, gate, stdout=subprocess.DEVNULL)[0] == 0


def test_output_of_many_processes_keeps_its_order(sides: Sides) -> None:
    text = 'for i in $(seq 300); do echo out $i; sh -c "echo err $i >&2"; done'
    code, out, _ = sides.run(text, True, stderr=subprocess.STDOUT)
    assert code == 0
    assert out == b"".join(b"out %d\nerr %d\n" % (n, n) for n in range(1, 301))


def test_a_writer_learns_that_nobody_reads(sides: Sides) -> None:
    """At once, and when it has written for a while already, and when it only waits."""
    for text in ("yes", "sleep 0.3; yes", "tail -f /dev/null"):
        process = sides.start(text, gate=True, stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(SOON) in (-signal.SIGPIPE, 128 + signal.SIGPIPE, 1)


SIGNALS = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1]
TRAP = "trap 'echo got' {0}; echo ready; for i in 1 2 3 4 5 6 7 8 9 10; do sleep 0.1; done; echo over"


def meet(process: "subprocess.Popen[bytes]") -> None:
    """Waits until the command says that it is ready, and a moment longer."""
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    time.sleep(0.3)


@pytest.mark.parametrize("group", [False, True])
@pytest.mark.parametrize("number", SIGNALS)
def test_a_trap_runs_once(sides: Sides, number: signal.Signals, group: bool) -> None:
    process = sides.start(TRAP.format(number.name[3:]), gate=True, stdout=subprocess.PIPE)
    meet(process)
    (os.killpg if group else os.kill)(process.pid, number)
    out, _ = process.communicate(timeout=SOON)
    assert (process.returncode, out) == (0, b"got\nover\n")


@pytest.mark.parametrize("group", [False, True])
@pytest.mark.parametrize("number", [*SIGNALS, signal.SIGKILL])
def test_a_signal_ends_the_command_and_nothing_is_left(sides: Sides, number: signal.Signals, group: bool) -> None:
    before = set(processes(sides))
    process = sides.start("echo $$; echo ready; exec sleep 300", gate=True, stdout=subprocess.PIPE)
    assert process.stdout is not None
    child = int(process.stdout.readline())
    meet(process)
    (os.killpg if group else os.kill)(process.pid, number)
    assert process.wait(SOON) == -number
    process.stdout.close()
    assert ends(child)
    assert until(lambda: set(processes(sides)) <= before)
    sides.run("true", gate=True)
    assert until(lambda: not sides.calls())


def processes(sides: Sides) -> list[str]:
    """The guard's processes that serve this project, and commands in it."""
    found = []
    for name in os.listdir("/proc"):
        try:
            if name.isdigit() and os.readlink(f"/proc/{name}/cwd").startswith(str(sides.project)):
                found.append(name)
        except OSError:
            continue
    return found


@pytest.mark.parametrize("end", ["&", "& disown"])
def test_a_background_process_outlives_the_call_and_its_output_is_filtered(
    sides: Sides, tmp_path: Path, end: str
) -> None:
    with open(tmp_path / "out", "w+b") as out:
        text = f"bash -c 'echo start; (sleep 1; cat nda/plan.txt; git --version; echo later) {end}'; echo done"
        start = time.monotonic()
        assert sides.start(text, gate=True, stdout=out, stderr=out).wait(SOON) == 0
        assert time.monotonic() - start < 0.9
        assert len(sides.calls()) == 1
        assert until(lambda: b"later" in (tmp_path / "out").read_bytes())
    said = (tmp_path / "out").read_text()
    assert PLAN not in said
    assert re.fullmatch(r"start\ndone\n\[restricted: nda/plan.txt\]\ngit version .*\nlater\n", said)
    assert until(lambda: not sides.calls() and not processes(sides))


@pytest.mark.parametrize("start", ["nohup", "setsid", "setsid nohup"])
def test_a_background_process_without_output_keeps_its_git(sides: Sides, start: str) -> None:
    made = sides.project / f"made-{start[-1]}{len(start)}"
    text = f"{start} sh -c 'sleep 0.5; git --version > {made}.new 2>&1; mv {made}.new {made}' > /dev/null 2>&1 &"
    assert sides.run(text, gate=True)[0] == 0
    assert until(made.exists)
    assert made.read_text().startswith("git version")
    made.unlink()
    assert until(lambda: not sides.calls() and not processes(sides))


def test_a_server_does_not_hang_the_call(sides: Sides) -> None:
    text = "python3 -u -m http.server 0 --bind 127.0.0.1 & echo pid $!; sleep 0.1; echo over"
    process = sides.start(text, gate=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert process.wait(SOON) == 0
    assert process.stdout is not None
    said = b""
    while (found := re.search(rb"http://127\.0\.0\.1:(\d+)/", said)) is None:
        said += os.read(process.stdout.fileno(), 1000)
    server = int(re.findall(rb"pid (\d+)", said)[0])
    with socket.create_connection(("127.0.0.1", int(found[1])), SOON) as client:
        client.sendall(f"GET /{SECRET} HTTP/1.0\r\n\r\n".encode())
        assert client.recv(100).startswith(b"HTTP/1.0 404")
    while b"404" not in said:
        said += os.read(process.stdout.fileno(), 1000)
    assert SECRET.encode() not in said
    os.kill(server, signal.SIGTERM)
    process.stdout.read()
    process.stdout.close()
    assert until(lambda: not sides.calls() and not processes(sides))


def test_a_process_in_another_session_outlives_a_kill_of_the_group(sides: Sides, tmp_path: Path) -> None:
    with open(tmp_path / "out", "w+b") as out:
        text = "setsid sh -c 'sleep 1; echo survived' & echo ready; sleep 100"
        process = sides.start(text, gate=True, stdout=out, stderr=out)
        assert until(lambda: b"ready" in (tmp_path / "out").read_bytes())
        time.sleep(0.3)
        os.killpg(process.pid, signal.SIGKILL)
        assert process.wait(SOON) == -signal.SIGKILL
        assert until(lambda: b"survived" in (tmp_path / "out").read_bytes())
    assert until(lambda: not sides.calls() and not processes(sides))


CROWDED = """
import os, sys
sys.path.insert(0, sys.argv[1])
from claude_guard.confine import launcher
from claude_guard.confine.profile import Profile
from tests.confine.behind import Plain

def full():
    raise BlockingIOError(11, "no room")

os.fork = full
words = ["/bin/sh", "-c", "echo start; sleep 0.2; (sleep 0.3; echo later) & exit 3"]
launcher.leave(launcher.run(words, (), lambda: launcher.Plan(Profile(), Plain), sys.argv[2], confined=False))
"""


def test_where_there_is_no_room_for_more_processes_the_command_runs_all_the_same(tmp_path: Path) -> None:
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", CROWDED, root, str(tmp_path)], capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (3, b"start\nlater\n", b"")


class Terminal:
    """One side of a command at a terminal of 43 lines and 117 columns."""

    def __init__(self, sides: Sides, command: str, gate: bool) -> None:
        pid, self.master = pty.fork()
        if pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 43, 117, 0, 0))
            heard()
            os.chdir(sides.project)
            words = sides.words(command, gate)
            os.execve(words[0], words, {**sides.environment, "TERM": "xterm"})
        self.pid = pid
        self.said = b""

    def reads(self, text: bytes) -> bool:
        """Whether the command says this in time."""
        end = time.monotonic() + SOON
        while text not in self.said and time.monotonic() < end:
            if select.select([self.master], [], [], 0.1)[0]:
                try:
                    part = os.read(self.master, 1000)
                except OSError:
                    break
                if not part:
                    break
                self.said += part
        return text in self.said

    def ends(self) -> int:
        self.reads(b"\0")
        os.close(self.master)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


AT_TERMINAL = [
    "stty size; tput cols; tput lines; stty size < /dev/tty",
    "for n in 0 1 2; do [ -t $n ] && echo $n; done",
    "stty size <&1; stty size <&2; stty -a <&1 | grep -o '.icanon'",
    "printf 'a\\nb\\n\\ttab\\n'; ls --color=auto / | head -3",
    "ps -o tty= -p $$ | wc -w; ps -o tpgid=,pgid= -p $$ | awk '{print $1 == $2}'",
    "echo out; echo err >&2; false",
    "bash -c 'set -m; sleep 0.1 & fg; echo $?'",
    "python3 -c 'import os; print(os.get_terminal_size())'",
]


@pytest.mark.parametrize("text", AT_TERMINAL)
def test_the_same_at_a_terminal(sides: Sides, text: str) -> None:
    seen = []
    for gate in (False, True):
        terminal = Terminal(sides, text, gate)
        seen.append((terminal.ends(), terminal.said))
    assert seen[0] == seen[1]


def test_a_program_asks_at_a_terminal(sides: Sides) -> None:
    terminal = Terminal(sides, "printf 'name? '; read -r name; echo hello $name; read -r x; echo bye", gate=True)
    assert terminal.reads(b"name? ")
    os.write(terminal.master, b"ann\n")
    assert terminal.reads(b"hello ann\r\n")
    fcntl.ioctl(terminal.master, termios.TIOCSWINSZ, struct.pack("HHHH", 20, 60, 0, 0))
    os.write(terminal.master, b"\n")
    assert terminal.reads(b"bye")
    assert terminal.ends() == 0


def test_a_new_size_reaches_the_command(sides: Sides) -> None:
    terminal = Terminal(sides, "echo ready; read -r x; stty size <&1", gate=True)
    assert terminal.reads(b"ready")
    time.sleep(0.2)
    fcntl.ioctl(terminal.master, termios.TIOCSWINSZ, struct.pack("HHHH", 20, 60, 0, 0))
    time.sleep(0.3)
    os.write(terminal.master, b"\n")
    assert terminal.reads(b"20 60")
    assert terminal.ends() == 0


def test_an_interrupt_from_the_keyboard_reaches_the_command_once(sides: Sides) -> None:
    text = "trap 'echo caught' INT; echo ready; for i in 1 2 3 4 5; do sleep 0.2; done; echo over"
    terminal = Terminal(sides, text, gate=True)
    assert terminal.reads(b"ready")
    time.sleep(0.3)
    os.write(terminal.master, b"\x03")
    assert terminal.ends() == 0
    assert terminal.said.count(b"caught") == 1
    assert b"over" in terminal.said


def test_what_a_terminal_shows_is_filtered(sides: Sides) -> None:
    terminal = Terminal(sides, "cat nda/plan.txt", gate=True)
    assert terminal.ends() == 0
    assert terminal.said == b"[restricted: nda/plan.txt]\r\n"


def test_folders_of_calls_whose_process_was_killed_are_swept(sides: Sides) -> None:
    left = sides.runtime / "4194304"
    left.mkdir(parents=True)
    (left / "git").write_text("")
    assert sides.run("true", gate=True)[0] == 0
    assert not left.exists()
