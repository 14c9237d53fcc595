"""`python -m tests.confine.confined`: says what confines commands here; exits with 1 where nothing does."""

import sys

from claude_guard.confine import probe

found = probe.look()
print(f"{found.kind}: {found.program}" if found.works else f"nothing confines commands here: {found.reason}")
sys.exit(0 if found.works else 1)
