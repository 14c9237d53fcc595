"""Programs that run another command: the command is read as if it stood alone."""

import os
import re
import shlex
from collections.abc import Callable

from ...values import NamedTuple
from ..context import HOLE, Context, Reader
from . import options
from .options import Row


class Wrapper(NamedTuple):
    """A wrapper's own options, and how many of its operands come before the command."""

    options: str = ""
    skipped: int = 0
    shell: bool = False  # the words are joined and given to a shell


RUNS = 200  # how often `xargs` and `parallel` are taken to run their command one by one

WRAPPERS: dict[str, Wrapper] = {
    "nice": Wrapper("-n --adjustment"),
    "ionice": Wrapper("-c -n -p -P -u --class --classdata --pid --pgid --uid"),
    "chrt": Wrapper("-T -P -D --sched-runtime --sched-period --sched-deadline", 1),
    "taskset": Wrapper("", 1),
    "numactl": Wrapper("-i -p -C -N -m --interleave --preferred --physcpubind --cpunodebind --membind"),
    "nohup": Wrapper(),
    "setsid": Wrapper(),
    "timeout": Wrapper("-k -s --kill-after --signal", 1),
    "gtimeout": Wrapper("-k -s --kill-after --signal", 1),
    "stdbuf": Wrapper("-i -o -e --input --output --error"),
    "unbuffer": Wrapper(),
    "time": Wrapper("-f -o:write --format --output:write"),
    "gtime": Wrapper("-f -o:write --format --output:write"),
    "strace": Wrapper(
        "-a -b -e -E -I -o:write -O -p -P -s -S -u -U -X --attach --trace-path --output:write --expr --trace"
        " --abbrev --verbose"
        " --raw --signal --status --read --write --inject --kvm --env --string-limit --summary-sort-by --user --columns"
    ),
    "ltrace": Wrapper("-a -A -D -e -F:read -l -n -o:write -p -s -u -w -x --output:write"),
    "dtruss": Wrapper("-p -n -t"),
    "perf": Wrapper("-e -o:write -p -t -C -F -c -g? --event --output:write", 1),
    "valgrind": Wrapper("--tool --log-file:write --suppressions:read --leak-check"),
    "rr": Wrapper("-o:write", 1),
    "catchsegv": Wrapper(),
    "chronic": Wrapper(),
    "ifne": Wrapper(),
    "faketime": Wrapper("-f -m", 1),
    "eatmydata": Wrapper(),
    "fakeroot": Wrapper("-l -s:write -i:read -b --lib --faked"),
    "proxychains": Wrapper("-f:read"),
    "proxychains4": Wrapper("-f:read"),
    "torsocks": Wrapper("-a -P -u -p"),
    "dbus-run-session": Wrapper("--config-file:read --dbus-daemon"),
    "xvfb-run": Wrapper("-e:write -f -n -p -s --error-file:write --auth-file --server-num --server-args"),
    "sudo": Wrapper(
        "-a -C -c -D -g -h -p -R -r -t -T -U -u --close-from --chdir --group --host --prompt --chroot --role --type"
        " --command-timeout --other-user --user --preserve-env?"
    ),
    "doas": Wrapper("-a -C:read -u"),
    "pkexec": Wrapper("--user"),
    "run0": Wrapper("-u -g -D --user --group --chdir --setenv --unit --property"),
    "gosu": Wrapper("", 1),
    "su-exec": Wrapper("", 1),
    "setpriv": Wrapper("--reuid --regid --groups --inh-caps --ambient-caps --bounding-set --pdeathsig --securebits"),
    "runuser": Wrapper("-u -g -G -c:run -s -w --user --group --command:run --shell"),
    "chroot": Wrapper("--groups --userspec", 1),
    "unshare": Wrapper(
        "-R -w -S -G --root --wd --setuid --setgid --map-user --map-group --propagation --kill-child? --mount?"
    ),
    "nsenter": Wrapper(
        "-t -S -G -r? -w? -W --target --setuid --setgid --root? --wd? --mount? --uts? --ipc? --net? --pid? --user?"
    ),
    "bwrap": Wrapper(
        "--bind --args --chdir --setenv --unsetenv --ro-bind --dev --proc --tmpfs --dir --symlink --dev-bind"
        " --uid --gid --hostname"
    ),
    "firejail": Wrapper("--profile:read"),
    "systemd-run": Wrapper(
        "-u -p -E -H -M --unit --property --description --slice --uid --gid --nice --setenv --working-directory"
    ),
    "systemd-inhibit": Wrapper("--what --who --why --mode --list"),
    "caffeinate": Wrapper("-t -w"),
    "arch": Wrapper("-arch -e"),
    "watch": Wrapper("-n -q -s --interval --equexit --shotsdir", shell=True),
    "entr": Wrapper(),
    "hyperfine": Wrapper(
        "-w -m -M -r -s:run -p:run -c:run -P -D -L -S -N -i -u -n --warmup --min-runs --max-runs --runs"
        " --setup:run --prepare:run"
        " --cleanup:run --shell --style --sort --time-unit --export-json:write --export-csv:write"
        " --export-markdown:write"
        " --show-output --output --input:read --command-name --parameter-list --conclude:run --export-asciidoc:write"
    ),
    "busybox": Wrapper(),
    "toybox": Wrapper(),
    "dotenv": Wrapper("-f:execute -e:execute --file:execute -v -c", 0),
    "dotenvx": Wrapper("-f:execute -e -fk:execute --env-file:execute", 1),
    "env-cmd": Wrapper("-f:execute -e -r:execute --file:execute --environments"),
    "cross-env": Wrapper(),
    "chpst": Wrapper("-u -U -e:tree -/ -n -l -L -m -d -o -p -f -c"),
    "envdir": Wrapper("", 1),
    "softlimit": Wrapper("-a -c -d -f -l -m -o -p -r -s -t"),
    "winpty": Wrapper(),
    "rlwrap": Wrapper("-f:read -H:read -C -l:write -s"),
}


def call(argv: list[str], context: Context) -> str | None:
    """Runs the rest of a command line; environment assignments before it are kept."""
    count = settings(argv)
    if not argv[count:]:
        return None
    if count and not any(HOLE in word for word in argv):
        return context.run(assigned(argv))
    return context.call(argv[count:], context.stdin)


def settings(argv: list[str]) -> int:
    """How many words in front assign a variable."""
    count = 0
    while count < len(argv) and "=" in argv[count] and argv[count].split("=")[0].isidentifier():
        count += 1
    return count


def assigned(argv: list[str]) -> str:
    """A command line with its assignments, as shell text."""
    pairs = [word.partition("=") for word in argv[: settings(argv)]]
    return " ".join([*(f"{name}={shlex.quote(value)}" for name, _, value in pairs), shlex.join(argv[len(pairs) :])])


def wrapped(argv: list[str], context: Context) -> str | None:
    wrapper = WRAPPERS[argv[0].rpartition("/")[2]]
    parsed = options.follow(Row(wrapper.options, "", permute=False), argv, context)
    words = parsed.operands[wrapper.skipped :]
    if wrapper.shell and words:
        return context.run(" ".join(words))
    return call(words, context)


def hyperfine(argv: list[str], context: Context) -> str | None:
    for script in options.follow(Row(WRAPPERS["hyperfine"].options, ""), argv, context).operands:
        context.run(script)
    return None


def env(argv: list[str], context: Context) -> str | None:
    """`env` alone shows the environment; with a command it runs it. `-S` splits its value into words."""
    row = Row(
        "-u -C -S --unset --chdir --split-string --block-signal? --default-signal? --ignore-signal?", "", permute=False
    )
    parsed = options.parse(row, argv)
    words = [*shlex.split(parsed.value("-S --split-string") or ""), *parsed.operands]
    if parsed.unclear and words[:1] and words[0].startswith(HOLE):
        context.opaque("what `env` runs")
        return None
    if not [word for word in words if not ("=" in word and not word.startswith(("/", ".")))]:
        if not parsed.given("-i --ignore-environment") and "-" not in parsed.operands:
            context.environment()
        return None
    cleared = parsed.given("-i --ignore-environment") or "-" in parsed.operands
    unset = list(context.world.environment) if cleared else parsed.values("-u --unset")
    if unset and words[-1].rpartition("/")[2] in ("env", "printenv") and not any(HOLE in word for word in words):
        names = [name for name in unset if re.fullmatch(r"[A-Za-z]\w*", name) and name not in ("PATH", "PWD", "HOME")]
        inner = assigned([word for word in words if word != "-"])
        return context.run(f"unset {' '.join(names)}; {inner}" if names else inner)
    folder = parsed.value("-C --chdir")
    if folder is not None:
        return context.run(f"cd {shlex.quote(folder)} && {shlex.join([argv[0], *words])}")
    return call([word for word in words if word != "-"], context)


def su(argv: list[str], context: Context) -> str | None:
    """`su USER -c TEXT`; what follows are the shell's arguments."""
    row = Row("-c -C -g -G -s -w --command --session-command --group --shell --whitelist-environment", "")
    parsed = options.parse(row, argv)
    text = parsed.value("-c --command --session-command -C")
    if text is not None:
        return context.run(text)
    if context.stdin is not None:
        return context.run(context.stdin)
    if context.piped or parsed.unclear:
        context.opaque(f"what `{argv[0]}` runs")
    return None


def script(argv: list[str], context: Context) -> str | None:
    """`script -c TEXT` records what a command prints; on macOS the command follows the file."""
    row = Row(
        "-c:run -E -I:write -O:write -B:write -T:write -o -m --command:run --echo --log-in:write --log-out:write"
        " --log-io:write --log-timing:write --timing? --output-limit",
        "",
    )
    parsed = options.follow(row, argv, context)
    options.touch(context, "write", *parsed.operands[:1])
    if len(parsed.operands) > 1:
        return context.call(parsed.operands[1:], context.stdin)
    return None


def flock(argv: list[str], context: Context) -> str | None:
    parsed = options.follow(
        Row("-c -w -E --command --timeout --wait --conflict-exit-code", "", permute=False), argv, context
    )
    words = parsed.operands
    if len(words) > 2 and words[1] in ("-c", "--command"):
        return context.run(words[2])
    return call(words[1:], context)


def xargs(argv: list[str], context: Context) -> str | None:
    """The command gets what standard input lists; where that is not known, an undetermined word."""
    row = Row(
        "-a:read -d -E -e? -I -i? -L -l? -n -P -s -J -R -S --arg-file:read --delimiter --eof? --replace?"
        " --max-lines? --max-args"
        " --max-procs --max-chars --process-slot-var",
        "",
        permute=False,
    )
    parsed = options.follow(row, argv, context)
    command = parsed.operands or ["echo"]
    text = context.stdin
    file = parsed.value("-a --arg-file")
    if file is not None:
        text = "" if file == "/dev/null" else None if HOLE in file else context.world.text(context.path(file))
    items = split(text, parsed)
    mark = parsed.value("-I --replace -i -J", "{}" if parsed.given("-i --replace") else None)
    if parsed.unclear:
        context.opaque("what `xargs` runs")
    if items is None:
        items = [HOLE] if mark is not None else [HOLE] * 3  # a script that gets them may show any but the first
    if mark is not None:
        outputs = [context.call([word.replace(mark, item) for word in command]) for item in items[:RUNS]]
        if len(items) > RUNS:
            context.call([word.replace(mark, HOLE) for word in command])
            return None
        return "".join(part for part in outputs if part) if None not in outputs else None
    if not items and (parsed.given("-r --no-run-if-empty") or text is None):
        return None
    size = parsed.value("-n --max-args -L --max-lines -l")
    if size is None or not size.isdigit() or len(items) > int(size) * RUNS or int(size) < 1:
        output = context.call([*command, *items])
        return output if size is None else None
    groups = [items[at : at + int(size)] for at in range(0, len(items), int(size))] or [[]]
    printed = [context.call([*command, *group]) for group in groups]
    return "".join(part for part in printed if part) if None not in printed else None


def split(text: str | None, parsed: options.Parsed) -> list[str] | None:
    """The items of `xargs` input; None where they are not known."""
    if text is None:
        return None
    if parsed.given("-0 --null"):
        return [item for item in text.split("\0") if item]
    delimiter = parsed.value("-d --delimiter")
    if delimiter is not None:
        meant = {"\\n": "\n", "\\t": "\t", "\\0": "\0"}.get(delimiter, delimiter)
        return [item for item in text.removesuffix(meant).split(meant) if item]
    if parsed.given("-I -i --replace"):
        return [line.strip() for line in text.splitlines() if line.strip()]
    try:
        return shlex.split(text)
    except ValueError:
        return None


MARKS: dict[str, Callable[[str], str]] = {
    "{}": lambda item: item,
    "{.}": lambda item: os.path.splitext(item)[0],
    "{/}": lambda item: os.path.basename(item),
    "{//}": lambda item: os.path.dirname(item) or ".",
    "{/.}": lambda item: os.path.splitext(os.path.basename(item))[0],
    "{1}": lambda item: item,
    "{2}": lambda item: item,
}
"""What `parallel` puts in place of an input."""


def parallel(argv: list[str], context: Context) -> str | None:
    """GNU parallel: the command is shell text in which `{}` and its relatives stand for each input."""
    row = Row(
        "-a:names -j -n -N -L -I -S -d -C -s -E --arg-file:names --jobs --max-args --max-replace-args"
        " --sshlogin --sshloginfile:read"
        " --delimiter --colsep --joblog:write --results:write --tmpdir --timeout --retries --delay --load"
        " --nice --halt --workdir"
        " --wd --basefile:read --bf:read --transferfile:read --tf:read --return --profile --env --arg-sep"
        " --block --recstart"
        " --recend --pipepart? --tagstring --rpl --shellquote --progress? -U --plus? --memfree",
        "",
        permute=False,
    )
    parsed = options.follow(row, argv, context)
    words = parsed.operands
    at = next((at for at, word in enumerate(words) if word in (":::", "::::", ":::+", "::::+")), len(words))
    command, items = words[:at], [word for word in words[at:] if word not in (":::", ":::+")]
    if "::::" in items or "::::+" in items:
        files = [word for word in items if word not in ("::::", "::::+")]
        context.read(*files)
        items = [line for word in files for line in (context.world.text(context.path(word)) or HOLE).splitlines()]
    if not items:
        for word in parsed.values("-a --arg-file"):
            items += (context.world.text(context.path(word)) or HOLE).splitlines()
        if not items:
            items = [HOLE] if context.stdin is None else context.stdin.splitlines()
    if not command:
        for item in items:
            context.run(item)
        return None
    several = sum(word in (":::", "::::", ":::+", "::::+") for word in words) > 1
    for item in [HOLE] if several else items[:RUNS]:
        text = " ".join(command)
        text = text if any(mark in text for mark in MARKS) else text + " {}"
        for mark, form in MARKS.items():
            text = text.replace(mark, item if HOLE in item else shlex.quote(form(item)))
        context.run(text)
    if len(items) > RUNS:
        context.opaque("what `parallel` runs")
    return None


READERS: dict[str, Reader] = {
    **dict.fromkeys(WRAPPERS, wrapped),
    "hyperfine": hyperfine,
    "env": env,
    "genv": env,
    "su": su,
    "script": script,
    "flock": flock,
    "xargs": xargs,
    "gxargs": xargs,
    "parallel": parallel,
}
