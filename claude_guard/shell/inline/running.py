"""The context of a program that lies in a file of the project: what it computes is not the command's own doing.

An undetermined part of it is "what the program `build.py` reads", not an undetermined word of the command.
"""

from collections.abc import Callable, Iterable, Mapping

from ..context import HOLE, Context, Exclude, Exclusion, Words


class Running:
    """A `Context` that names the program in what it says to be opaque."""

    def __init__(self, context: Context, script: str) -> None:
        self.context = context
        self.script = script
        self.world = context.world
        self.cwd = context.cwd
        self.variables = context.variables
        self.stdin = context.stdin
        self.piped = context.piped
        self.seen: set[str] = context.seen if isinstance(context, Running) else set()

    def follow(self, path: str) -> str | None:
        """The text of a module that the program loads; None where it cannot be read, "" where it was read before."""
        if path in self.seen:
            return ""
        self.seen.add(path)
        return self.world.text(path, 200_000) if len(self.seen) <= 40 else None

    def path(self, word: str) -> str:
        return self.context.path(word)

    def known(self, words: Iterable[str]) -> Words:
        """The words that are determined; for the others, one opaque touch."""
        every = tuple(words)
        found = [word for word in every if HOLE not in word]
        if len(found) < len(every):
            self.opaque("")
        return found

    def read(self, *words: str) -> None:
        self.context.read(*self.known(words))

    def write(self, *words: str) -> None:
        self.context.write(*words)

    def list(self, *words: str) -> None:
        self.context.list(*words)

    def execute(self, *words: str) -> None:
        self.context.execute(*self.known(words))

    def read_tree(self, word: str, keep: Callable[[str], bool] | None = None, exclude: Exclude | None = None) -> None:
        for known in self.known([word]):
            self.context.read_tree(known, keep)

    def given(self, exclusions: Mapping[str, Exclusion]) -> None:
        self.context.given(exclusions)

    def read_object(self, *words: str, because: str = "", exclude: Exclude | None = None) -> None:
        self.context.read_object(*self.known(words), because=because)

    def read_objects(self, repository: str, keep: Callable[[str], bool] | None = None) -> None:
        for known in self.known([repository]):
            self.context.read_objects(known, keep)

    def variable(self, *names: str) -> None:
        self.context.variable(*names)

    def environment(self) -> None:
        self.context.environment()

    def opaque(self, what: str) -> None:
        self.context.opaque(f"what the program `{self.script}` reads")

    def run(self, script: str, arguments: Iterable[str] = (), name: str = "bash") -> str | None:
        if HOLE in script:
            self.opaque("")
            return None
        return self.context.run(script, arguments, name)

    def call(self, argv: Words, stdin: str | None = None) -> str | None:
        known = self.known(argv)
        if len(known) == len(argv):
            return self.context.call(argv, stdin)
        self.context.read(*[word for word in known[1:] if self.world.kind(self.path(word)) == "file"])
        return None

    def program(self, language: str, text: str, arguments: Iterable[str] = ()) -> None:
        from . import read

        read(language, text, arguments, self)
