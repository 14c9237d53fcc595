"""Statements joined by operators: bound as the shell binds them."""

from .tokens import Token
from .tree import EMPTY, Either, Negated, Node, Pipe, Sequence, Simple


def flat(tokens: list[Token]) -> Node:
    """The simple commands alone, for a script whose structure is not understood."""
    items: list[Node] = []
    words: list[Token] = []
    for token in tokens:
        if token.kind in ("op", "reserved"):
            if words:
                items.append(Simple(tuple(words)))
            words = []
        else:
            words.append(token)
    if words:
        items.append(Simple(tuple(words)))
    return Sequence(tuple(items))


def simple(tokens: list[Token]) -> Node | None:
    """Commands joined by `;`, newlines, `&&`, `||` and `|` alone: most calls, and no grammar is needed for them."""
    chain: list[Node | str] = []
    words: list[Token] = []
    for token in tokens:
        if token.kind in ("word", "redirect", "test"):
            words.append(token)
        elif token.kind == "op" and token.text in ("&&", "||", "|", "|&", ";", "\n"):
            if not words:
                if token.text == "\n" and (not chain or isinstance(chain[-1], str)):
                    continue
                return None
            chain += [Simple(tuple(words)), token.text]
            words = []
        else:
            return None
    if words:
        chain.append(Simple(tuple(words)))
    while chain and chain[-1] in (";", "\n"):
        chain.pop()
    if chain and isinstance(chain[-1], str):
        return None
    items: list[Node] = []
    start = 0
    for i in range(len(chain) + 1):
        if i == len(chain) or chain[i] in (";", "\n"):
            if i > start:
                items.append(bind(chain[start:i]))
            start = i + 1
    return items[0] if len(items) == 1 else Sequence(tuple(items))


def bind(chain: list[Node | str]) -> Node:
    """Nodes and the operators between them, bound as the shell does: `|` first, then `&&` and `||` from the left."""
    result: Node | None = None
    op = ""
    parts: list[Node] = []
    for i, item in enumerate([*chain, "&&"]):
        if not isinstance(item, str):
            parts.append(item)
            continue
        if item in ("|", "|&"):
            continue
        negated = isinstance(parts[0], Negated) and len(parts) > 1
        first = [parts[0].body if isinstance(parts[0], Negated) and negated else parts[0], *parts[1:]]
        pipe: Node = Pipe(tuple(first)) if len(first) > 1 else first[0]
        if negated:
            pipe = Negated(pipe)
        result = pipe if result is None else Either(op, result, pipe)
        op = item
        parts = []
        if i == len(chain):
            break
    return result or EMPTY


def alternates(chain: "list[Node | str]") -> bool:
    """Whether a chain has a statement on both sides of every operator."""
    return len(chain) % 2 == 1 and all(isinstance(item, str) == bool(i % 2) for i, item in enumerate(chain))
