"""`python -m claude_guard` is the command line."""

from .cli.main import main

main()
