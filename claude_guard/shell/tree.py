"""What a script is made of, after parsing: the values that the walk goes over.

Plain classes with slots: a named tuple of each would cost more to make than most scripts take to read.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .tokens import Token


class Node:
    """A statement."""

    __slots__ = ()


class Simple(Node):
    """A command with its assignments and redirections, as written."""

    __slots__ = ("tokens",)

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self.tokens = tokens


class Pipe(Node):
    """`a | b`"""

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[Node, ...]) -> None:
        self.parts = parts


class Either(Node):
    """`left && right`, `left || right`"""

    __slots__ = ("left", "op", "right")

    def __init__(self, op: str, left: Node, right: Node) -> None:
        self.op = op
        self.left = left
        self.right = right


class Sequence(Node):
    """Statements one after the other."""

    __slots__ = ("items",)

    def __init__(self, items: tuple[Node, ...]) -> None:
        self.items = items


class Subshell(Node):
    """`( ... )`, or what runs in the background."""

    __slots__ = ("body",)

    def __init__(self, body: Node) -> None:
        self.body = body


class Negated(Node):
    """`! a`"""

    __slots__ = ("body",)

    def __init__(self, body: Node) -> None:
        self.body = body


class Redirected(Node):
    """A compound statement with redirections."""

    __slots__ = ("body", "redirects")

    def __init__(self, body: Node, redirects: tuple[Token, ...]) -> None:
        self.body = body
        self.redirects = redirects


class If(Node):
    """arms: condition and body of `if` and each `elif`."""

    __slots__ = ("arms", "otherwise")

    def __init__(self, arms: tuple[tuple[Node, Node], ...], otherwise: Node) -> None:
        self.arms = arms
        self.otherwise = otherwise


class While(Node):
    """`while`; `until` has its condition negated."""

    __slots__ = ("body", "condition")

    def __init__(self, condition: Node, body: Node) -> None:
        self.condition = condition
        self.body = body


class For(Node):
    """words None: the positional parameters. menu: `select`."""

    __slots__ = ("body", "menu", "name", "words")

    def __init__(self, name: str, words: tuple[Token, ...] | None, body: Node, menu: bool) -> None:
        self.name = name
        self.words = words
        self.body = body
        self.menu = menu


class Count(Node):
    """`for ((start; test; step))`"""

    __slots__ = ("body", "header")

    def __init__(self, header: str, body: Node) -> None:
        self.header = header
        self.body = body


class Case(Node):
    """arms: patterns, body, and what ends it (`;;`, `;&`, `;;&`)."""

    __slots__ = ("arms", "word")

    def __init__(self, word: Token, arms: tuple[tuple[tuple[Token, ...], Node, str], ...]) -> None:
        self.word = word
        self.arms = arms


class Function(Node):
    """A function's definition."""

    __slots__ = ("body", "name")

    def __init__(self, name: str, body: Node) -> None:
        self.name = name
        self.body = body


class Unreadable(Node):
    """Text that is not understood. `parts`: what could be made out in it all the same."""

    __slots__ = ("parts", "what")

    def __init__(self, what: str, parts: Node) -> None:
        self.what = what
        self.parts = parts


EMPTY = Sequence(())
