"""The structure of a script: tree-sitter-bash behind one function. The only file that knows tree-sitter.

tree-sitter sees the script with a number in the place of each word (`w0 w1 | w2 && { w3 ; }`), so what it gets wrong
about words cannot happen. It also binds `&&`, `|`, `!` and redirections wrongly (`a && { b; } < f` redirects both,
`a |` and `b && c` on the next line pipe into both), so chains are taken flat and bound here. What it cannot parse is
`Unreadable`, never left out.
"""

import sys

from . import chains
from .quoting import Unclosed
from .tokens import Scanner, Token
from .tree import (
    EMPTY,
    Case,
    Count,
    For,
    Function,
    If,
    Negated,
    Node,
    Redirected,
    Sequence,
    Simple,
    Subshell,
    Unreadable,
    While,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from tree_sitter import Node as Raw
    from tree_sitter import Parser

LIMIT = 200_000  # characters; a longer script is not read
NESTING = 120  # constructs within constructs

_parser: "Parser | None" = None


def parse(text: str, zsh: bool = False) -> Node:
    """The structure of a script. zsh: a closing brace needs no `;` before it. Never raises: what is not understood is
    `Unreadable` in its place."""
    if len(text) > LIMIT:
        return Unreadable("what a command of this length does", EMPTY)
    scanner = Scanner(text)
    scanner.zsh = zsh
    try:
        tokens = scanner.run()
    except Unclosed:
        done = [token for token in scanner.tokens if not _waits(token)]
        cut = max((i for i, token in enumerate(done) if token.kind == "op" and token.text == "\n"), default=-1)
        first = _structure(done[: cut + 1]) if cut > 0 else EMPTY
        rest = tuple(token for token in done[cut + 1 :] if token.kind in ("word", "redirect"))
        parts = Sequence((first, Simple(rest))) if rest else first
        return Unreadable("what a command with an unclosed quote or parenthesis does", parts)
    return _structure(tokens)


def written(node: Node) -> "Iterator[Token]":
    """The words of a script's commands, as they stand in its text."""
    pending: list[object] = [node]
    while pending:
        one = pending.pop()
        if isinstance(one, Simple):
            yield from one.tokens
        elif isinstance(one, Node):
            pending += [getattr(one, name) for name in _parts(type(one))]
        elif isinstance(one, tuple) and not hasattr(one, "_fields"):
            pending += one


def _parts(kind: type[Node]) -> tuple[str, ...]:
    return tuple(kind.__slots__)


def _waits(token: Token) -> bool:
    return token.kind == "redirect" and token.op in ("<<", "<<-") and token.body is None


class _Masked:
    """The text that tree-sitter sees, and what it does not see: what comes before a command (`!`, `time`) and the
    redirections after a compound one, by position in that text."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.before: dict[int, list[str]] = {}
        self.after: dict[int, list[Token]] = {}
        pieces: list[str] = []
        self.words = 0  # how many stand in the text
        at = 0
        ahead: list[str] = []
        closed = False
        for index, token in enumerate(tokens):
            if token.kind == "reserved" and token.text in ("!", "time", "coproc"):
                ahead.append(token.text)
                continue
            if token.kind == "redirect" and closed:
                self.after.setdefault(at - 1, []).append(token)
                continue
            if token.kind in ("op", "reserved"):
                text = "|" if token.text == "|&" else "&" if token.text in ("&|", "&!") else token.text
                closed = token.text in (")", "}", "fi", "done", "esac")
            else:
                text = f"w{index}"
                self.words += 1
                closed = False
            if ahead:
                self.before[at] = ahead
                ahead = []
            pieces.append(text)
            at += len(text) + 1
        self.bytes = " ".join(pieces).encode() + b" \n"


def _structure(tokens: list[Token]) -> Node:
    simple = chains.simple(tokens)
    if simple is not None:
        return simple
    masked = _Masked(tokens)
    global _parser
    if _parser is None:
        _parser = _load()
    tree = _parser.parse(masked.bytes)
    lowering = _Lowering(masked)
    result = lowering.statements(tree.root_node.children, 0)
    if tree.root_node.has_error or len(lowering.used) != masked.words:
        return Unreadable("what a command of unknown syntax does", Sequence((result, chains.flat(tokens))))
    return result


class _Lowering:
    """tree-sitter's nodes as ours."""

    def __init__(self, masked: _Masked) -> None:
        self.masked = masked
        self.used: set[str] = set()  # the words met: all of them, or something was lost

    def statements(self, nodes: "list[Raw]", depth: int) -> Node:
        items: list[Node] = []
        for node in nodes:
            kind = node.type
            if kind == "&" and items:
                items[-1] = Subshell(items[-1])
            elif kind == "ERROR" or node.is_missing:
                items.append(self.unreadable(node, depth))
            elif node.is_named:
                items.append(self.statement(node, depth + 1))
        return items[0] if len(items) == 1 else Sequence(tuple(items))

    def unreadable(self, node: "Raw", depth: int) -> Node:
        parts: list[Node] = []
        words: list[Token] = []
        for child in node.children:
            if child.is_named and child.type not in ("word", "command_name", "variable_name", "extglob_pattern"):
                parts.append(self.statement(child, depth + 1))
            elif child.is_named:
                words += self.leaves(child)
            elif words:
                parts.append(Simple(tuple(words)))
                words = []
        if words:
            parts.append(Simple(tuple(words)))
        return Unreadable("what a command of unknown syntax does", Sequence(tuple(parts)))

    def statement(self, node: "Raw", depth: int) -> Node:
        if depth > NESTING:
            return Unreadable("what a command nested this deeply does", EMPTY)
        kind = node.type
        if kind in ("list", "pipeline", "negated_command"):
            chain: list[Node | str] = []
            self.flatten(node, chain, depth)
            return (
                chains.bind(chain)
                if chains.alternates(chain)
                else Unreadable("what a command of unknown syntax does", EMPTY)
            )
        if kind == "command":
            result: Node = Simple(tuple(self.leaves(node)))
        else:
            method = getattr(self, "_" + kind, None)
            result = method(node, depth) if method and not node.is_missing else self.unreadable(node, depth)
            redirects = self.masked.after.get(node.end_byte)
            if redirects and kind not in ("do_group", "function_definition"):
                result = Redirected(result, tuple(redirects))
        for word in reversed(self.masked.before.get(node.start_byte, [])):
            if word == "!":
                result = Negated(result)
            elif word == "coproc":
                result = Subshell(result)
        return result

    def flatten(self, node: "Raw", chain: "list[Node | str]", depth: int) -> None:
        for child in node.children:
            if child.type in ("list", "pipeline"):
                if depth > 4000:
                    chain.append(Unreadable("what a command of this length does", EMPTY))
                else:
                    self.flatten(child, chain, depth)
            elif child.type in ("&&", "||", "|"):
                chain.append(child.type)
            elif child.type == "ERROR":
                chain.append(self.unreadable(child, depth))
            elif child.is_named:
                chain.append(self.statement(child, depth + 1))

    def leaves(self, node: "Raw") -> list[Token]:
        text = node.text or b""
        return [
            self.token(word)
            for word in text.decode("ascii", "replace").split()
            if word[0] == "w" and word[1:].isdigit()
        ]

    def token(self, word: str) -> Token:
        self.used.add(word)
        return self.masked.tokens[int(word[1:])]

    def named(self, node: "Raw", field: str) -> Token | None:
        child = node.child_by_field_name(field)
        leaves = self.leaves(child) if child else []
        return leaves[0] if leaves else None

    def _compound_statement(self, node: "Raw", depth: int) -> Node:
        return self.statements(node.children, depth)

    _do_group = _compound_statement
    _program = _compound_statement

    def _subshell(self, node: "Raw", depth: int) -> Node:
        return Subshell(self.statements(node.children, depth))

    def _if_statement(self, node: "Raw", depth: int) -> If:
        arms: list[tuple[Node, Node]] = []
        otherwise: Node = EMPTY
        condition: list[Raw] = []
        body: list[Raw] = []
        current = condition
        for child in node.children:
            if child.type in ("if", "elif"):
                current = condition
            elif child.type == "then":
                current = body
            elif child.type == "elif_clause":
                arms += self._if_statement(child, depth).arms
            elif child.type == "else_clause":
                otherwise = self.statements(child.children, depth)
            elif child.type != "fi" or child.is_missing:
                current.append(child)
        arms.insert(0, (self.statements(condition, depth), self.statements(body, depth)))
        return If(tuple(arms), otherwise)

    def _while_statement(self, node: "Raw", depth: int) -> Node:
        body = node.child_by_field_name("body")
        condition = self.statements([child for child in node.children if child.type != "do_group"], depth)
        if node.children[0].type == "until":
            condition = Negated(condition)
        return While(condition, self.statement(body, depth) if body else EMPTY)

    def _for_statement(self, node: "Raw", depth: int) -> Node:
        body = node.child_by_field_name("body")
        variable = self.named(node, "variable")
        if body is None or variable is None or (node.has_error and any(c.type == "ERROR" for c in node.children)):
            return self.unreadable(node, depth)
        inner = self.statement(body, depth)
        if variable.kind == "arith":
            return Count(variable.text, inner)
        words = [self.leaves(child)[0] for child in node.children_by_field_name("value") if self.leaves(child)]
        listed = any(child.type == "in" for child in node.children)
        menu = node.children[0].type == "select"
        return For(variable.text, tuple(words) if listed else None, inner, menu)

    def _case_statement(self, node: "Raw", depth: int) -> Node:
        word = self.named(node, "value")
        if word is None or any(child.type == "ERROR" for child in node.children):
            return self.unreadable(node, depth)
        arms: list[tuple[tuple[Token, ...], Node, str]] = []
        for item in node.children:
            if item.type != "case_item":
                continue
            patterns: list[Token] = []
            body: list[Raw] = []
            end = ";;"
            closed = False
            for child in item.children:
                if child.type in (";;", ";&", ";;&"):
                    end = child.type
                elif closed:
                    body.append(child)
                elif child.type == ")":
                    closed = True
                elif child.is_named:
                    patterns += self.leaves(child)
            arms.append((tuple(patterns), self.statements(body, depth), end))
        return Case(word, tuple(arms))

    def _function_definition(self, node: "Raw", depth: int) -> Node:
        name = self.named(node, "name")
        body = node.child_by_field_name("body")
        if name is None or body is None:
            return self.unreadable(node, depth)
        return Function(name.text, self.statement(body, depth))


def _load() -> "Parser":
    """The parser. The packages' own `__init__` files import `importlib.resources` and `typing.Protocol`, which costs
    more than the parser itself, so their extension modules are loaded without them."""
    binding = _extension("tree_sitter")
    grammar = _extension("tree_sitter_bash")
    parser: Parser = binding.Parser(binding.Language(grammar.language()))
    return parser


def _extension(package: str) -> "Any":
    name = package + "._binding"
    if name in sys.modules:
        return sys.modules[name]
    from _frozen_importlib_external import PathFinder

    spec = PathFinder.find_spec(package)
    if spec is None:
        import site

        site.main()
        spec = PathFinder.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ImportError(f"no module named `{package}`")
    found = PathFinder.find_spec(name, list(spec.submodule_search_locations))
    if found is None or found.loader is None:
        raise ImportError(f"no module named `{name}`")
    module = found.loader.create_module(found)
    if module is None:
        raise ImportError(f"no extension module `{name}`")
    sys.modules[name] = module
    found.loader.exec_module(module)
    return module
