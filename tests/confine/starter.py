"""Stands where `sandbox-exec` stands on macOS: takes its words, puts nothing in force, and becomes the command.

With `--refuse` first, it does what `sandbox-exec` does inside another sandbox.
"""

import os
import sys

words = sys.argv[1:]
if words[:1] == ["--refuse"]:
    sys.stderr.write("sandbox-exec: sandbox_apply: Operation not permitted\n")
    sys.exit(71)
kind, given, *command = words
if os.environ.get("KEEP"):
    with open(os.environ["KEEP"], "w", encoding="utf-8") as kept:
        kept.write(open(given, encoding="utf-8").read() if kind == "-f" else given)
os.execvp(command[0], command)
