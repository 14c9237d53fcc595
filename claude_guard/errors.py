"""What can go wrong, with the way out. Every error says what it was, and what the person can do."""

EXIT_OK = 0
EXIT_DENIED = 1  # `check`: denied; `prove`: leaked
EXIT_USAGE = 2  # wrong usage, a broken policy or settings file
EXIT_ASK = 3  # `check`: the person would be asked


class GuardError(Exception):
    """An error with a way out.

    message: one line, lower case, the person's words in backticks. hint: what to do about it, "" where the
    message already says. code: the exit code of a command that ends with it.
    """

    def __init__(self, message: str, hint: str = "", code: int = EXIT_USAGE) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message


class PolicyError(GuardError):
    """A policy that cannot be used. It denies: a policy in doubt is not a policy that permits."""

    def __init__(self, file: str, message: str, hint: str = "", line: int = 0, column: int = 0) -> None:
        where = file + (f":{line}" if line else "") + (f":{column}" if line and column else "")
        super().__init__(f"{where}: {message}", hint)
        self.file = file
        self.line = line
        self.column = column


class DeadlineError(GuardError):
    """The guard's own time is up. It denies."""
