"""Stands where `sandbox-exec` stands on macOS: takes its words, puts nothing in force, and becomes the command.

With `--refuse` first, it does what `sandbox-exec` does inside another sandbox.
"""

import os
import shutil
import sys

words = sys.argv[1:]
if words[:1] == ["--refuse"]:
    sys.stderr.write("sandbox-exec: sandbox_apply: Operation not permitted\n")
    sys.exit(71)
kind, given, *command = words
kept = os.environ.get("KEEP", "")
if kept and kind == "-f":
    shutil.copyfile(given, kept)
elif kept:
    with open(kept, "w", encoding="utf-8") as file:
        file.write(given)
os.execvp(command[0], command)
