"""The process of one shell command: `python -IS THIS-FILE COMMAND`; where it fails, the command is not run."""

import sys

try:
    sys.path.append(__file__.rpartition("/claude_guard/")[0])
    sys.path.append(f"{sys.executable.rpartition('/bin/')[0]}/lib/python3.{sys.version_info[1]}/site-packages")
    from claude_guard import bundle

    bundle.main("shell_hook")(sys.argv[1:])
except BaseException as error:  # its text may quote a file, so only an import's is shown
    what = error if isinstance(error, ImportError) else type(error).__name__
    sys.stderr.write(f"claude-guard: not run, because the guard failed ({what}); run `claude-guard doctor`\n")
sys.exit(126)
