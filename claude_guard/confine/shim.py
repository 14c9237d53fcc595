"""What stands in for git behind the masks: asks the broker outside to run it, and ends as it ended.

Its own text is written to the cache as an executable and shown in place of git's. It knows three places: the broker's
socket, the real git for what belongs behind the masks, and the interpreter.
"""

TEXT = """#!{python} -IS
import _socket, os, sys
given, name = sys.argv[1:], sys.argv[0].rpartition("/")[2]
if name.startswith("git-"):
    given.insert(0, name[4:])
def alone():
    os.execv({real!r}, ["git", *given])
where = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
try:
    where.connect({socket!r})
except OSError as error:
    sys.stderr.write("claude-guard: git is not run: the call that it belongs to has ended\\n")
    sys.exit(128)
descriptors = b""
for number in range(3):
    try:
        os.fstat(number)
    except OSError:
        os.open("/dev/null", os.O_RDWR)
    descriptors += number.to_bytes(4, sys.byteorder)
def words(*parts):
    return b"\\0".join(os.fsencode(part) for part in parts) + b"\\0"
try:
    cwd = os.getcwd()
except OSError:
    cwd = "/"
environment = [name + b"=" + value for name, value in os.environb.items()]
text = words(cwd, str(len(given)), *given, *environment)
where.sendmsg([len(text).to_bytes(8, "little")], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, descriptors)])
where.sendall(text)
answer = b""
while len(answer) < 4:
    part = where.recv(4 - len(answer))
    if not part:
        sys.exit(128)
    answer += part
status = int.from_bytes(answer, "little")
if status == 0xFFFFFFFF:
    alone()
if status & 0x7F:
    os.kill(os.getpid(), status & 0x7F)
sys.exit(status >> 8 & 0xFF)
"""


def text(python: str, socket: str, real: str) -> str:
    """The executable's text. python: the interpreter; socket: the broker's; real: git's own program, unmasked."""
    return TEXT.format(python=python, socket=socket, real=real)
