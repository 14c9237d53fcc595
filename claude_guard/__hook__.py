"""The process of one hook call: `python -I -S THIS-FILE ARGUMENTS`, with a denial where `hook.py` gives no answer."""

import sys

try:
    sys.path.append(__file__.rpartition("/claude_guard/")[0])
    sys.path.append(f"{sys.executable.rpartition('/bin/')[0]}/lib/python3.{sys.version_info[1]}/site-packages")
    from claude_guard import bundle

    raise RuntimeError(bundle.main("hook")(sys.argv[1:]))
except BaseException as error:  # its text may quote a file, so only an import's is shown
    what = error if isinstance(error, ImportError) else type(error).__name__
    sys.stderr.write(f"claude-guard: denied, because the guard failed ({what}); run `claude-guard status`\n")
sys.exit(2)
