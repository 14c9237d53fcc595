"""What a script is made of, after parsing: the values that the walk goes over."""

from __future__ import annotations

from ..values import NamedTuple
from .tokens import Token


class Simple(NamedTuple):
    """A command with its assignments and redirections, as written."""

    tokens: tuple[Token, ...]


class Pipe(NamedTuple):
    parts: tuple[Node, ...]


class Either(NamedTuple):
    """`left && right`, `left || right`"""

    op: str
    left: Node
    right: Node


class Sequence(NamedTuple):
    items: tuple[Node, ...]


class Subshell(NamedTuple):
    """`( ... )`, or what runs in the background."""

    body: Node


class Negated(NamedTuple):
    body: Node


class Redirected(NamedTuple):
    body: Node
    redirects: tuple[Token, ...]


class If(NamedTuple):
    arms: tuple[tuple[Node, Node], ...]
    otherwise: Node


class While(NamedTuple):
    condition: Node
    body: Node


class For(NamedTuple):
    """words None: the positional parameters."""

    name: str
    words: tuple[Token, ...] | None
    body: Node
    menu: bool


class Count(NamedTuple):
    """`for ((start; test; step))`"""

    header: str
    body: Node


class Case(NamedTuple):
    word: Token
    arms: tuple[tuple[tuple[Token, ...], Node, str], ...]


class Function(NamedTuple):
    name: str
    body: Node


class Unreadable(NamedTuple):
    """Text that is not understood. `parts`: what could be made out in it all the same."""

    what: str
    parts: Node


TYPE_CHECKING = False
if TYPE_CHECKING:
    Node = (
        Simple
        | Pipe
        | Either
        | Sequence
        | Subshell
        | Negated
        | Redirected
        | If
        | While
        | For
        | Count
        | Case
        | Function
        | Unreadable
    )
else:
    Node = object

EMPTY = Sequence(())
