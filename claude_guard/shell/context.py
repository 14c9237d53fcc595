"""What a command's reader may ask and say: the one interface between the walk and the command families.

A command reader is a function `(argv, context) -> str | None`. It gets the words after expansion, says through the
context what the command would touch, and returns what the command prints on standard output where that can
be computed (`echo`, `basename`), else None.
"""

from __future__ import annotations

from ..values import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Protocol

    from ..world import World

    Words = list[str]
    Exclude = Callable[[str], "Exclusion"]
    Reader = Callable[[Words, "Context"], "str | None"]
else:
    Protocol = object
    Exclude = Reader = Words = object

HOLE = "\ue000"
"""Stands in a word for a part that could not be determined: `"$X/.env"` is HOLE + "/.env" where X is unknown."""

PROGRAM = "what the program "
"""How the phrase of an opaque touch begins that is about what running code does, not about an undetermined word."""


NOWHERE = -2


class Exclusion(NamedTuple):
    """How a command would leave one restricted path out.

    words: shell text to add to it: `--exclude-dir=secrets`; "" where there is none. after: the index of the command's
    word after which it goes, -1 for the last one; NOWHERE: the words are right, but would leave out more than that
    path, so that they are a proposal only.
    """

    words: str = ""
    after: int = NOWHERE


def known(word: str) -> bool:
    """Whether the whole word was determined."""
    return HOLE not in word


class Context(Protocol):
    """One command's surroundings. Paths may be relative (to `cwd`), `~` is already expanded, and may hold HOLEs:
    then the touch is opaque."""

    @property
    def world(self) -> World:
        """The machine, as the script has changed it so far."""

    @property
    def cwd(self) -> str:
        """The working folder of this command."""

    @property
    def variables(self) -> Mapping[str, str]:
        """Shell and environment variables that are known, by name."""

    @property
    def stdin(self) -> str | None:
        """The text on standard input where it is known; None: unknown or none."""

    @property
    def piped(self) -> bool:
        """Whether standard input comes from a pipe, here-document or file of this script."""

    def path(self, word: str) -> str:
        """The absolute path that a word names, `..` kept as the kernel would see it."""

    def read(self, *words: str) -> None:
        """These files are opened for reading. A folder among them is not its tree: see `read_tree`."""

    def write(self, *words: str) -> None:
        """These files are written without being read."""

    def list(self, *words: str) -> None:
        """Names, sizes, times or existence of these are shown."""

    def execute(self, *words: str) -> None:
        """A program consumes these without showing them: compiles, imports, runs them."""

    def read_tree(self, word: str, keep: Callable[[str], bool] | None = None, exclude: Exclude | None = None) -> None:
        """Everything below this folder is read, or where `keep` is given only the paths (absolute) it accepts.
        A plain file is read as itself. Only what the policy does not let out is asked about. `exclude` tells how the
        command would leave one such path (absolute) out."""

    def given(self, exclusions: Mapping[str, Exclusion]) -> None:
        """This command lists files in an order of its own, these restricted paths (as it spells them) among them; how
        it would leave each of them out."""

    def read_object(self, *words: str, because: str = "", exclude: Exclude | None = None) -> None:
        """These paths (absolute, or relative to `cwd`) are read out of a repository's object store; `because` tells
        how it comes to that, `exclude` how the command would leave one of them out."""

    def read_objects(self, repository: str, keep: Callable[[str], bool] | None = None) -> None:
        """What `keep` accepts of the repository's content in any revision is read out of the object store."""

    def variable(self, *names: str) -> None:
        """These environment variables are shown."""

    def environment(self) -> None:
        """The whole environment is shown."""

    def opaque(self, what: str) -> None:
        """What this command touches could not be determined; `what` completes "cannot tell ..."."""

    def run(self, script: str, arguments: Iterable[str] = (), name: str = "bash") -> str | None:
        """Reads shell text that this command runs in a child shell (`bash -c`); its output where known."""

    def call(self, argv: Words, stdin: str | None = None) -> str | None:
        """Reads another command that this command runs (`env`, `nice`, `xargs`); its output where known."""

    def program(self, language: str, text: str, arguments: Iterable[str] = ()) -> None:
        """Reads a program given inline or on standard input (`python`, `node`, `perl`, `ruby`, `php`, `awk` ...)."""
