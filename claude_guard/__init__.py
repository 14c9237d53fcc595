"""claude_guard: what a project's policy restricts does not leave the machine through Claude Code."""

__version__ = "0.1.0"
