"""One simple command: assignments, redirections, words, and who is to read it."""

import re

from . import builtins, declarations, moves, unknown
from .assignments import assign, is_assignment
from .commands import lookup
from .context import HOLE
from .reading import Trace
from .redirects import Streams
from .state import State, Variable, merge
from .surroundings import Command
from .syntax import parse
from .tests import double_bracket
from .tokens import Token
from .tree import Simple
from .words import Expander

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .walk import Walk

PROGRAMS = re.compile(r"/(?:usr/|usr/local/|opt/homebrew/|run/current-system/sw/|snap/)?s?bin/[^/]+")
QUIET = frozenset(
    (
        "cd",
        "chdir",
        "pushd",
        "popd",
        "test",
        "[",
        "unset",
        "read",
        "shift",
        "return",
        "exit",
        "true",
        "false",
        ":",
        "wait",
        "umask",
        "ulimit",
        "hash",
        "let",
        "command_not",
    )
)
"""Commands that show nothing of their arguments."""


SURE = frozenset(("echo", "printf", "pwd", "basename", "dirname", "seq", "date", "git"))
"""Programs that have succeeded where what they print could be computed."""
SUBSCRIPTS = frozenset(("test", "[", "unset", "printf", "read", "let", "mapfile", "readarray", "wait", "getopts"))
"""Builtins that take names of variables, with subscripts that they expand."""


def simple(walk: "Walk", node: Simple, state: State) -> list[State]:
    """The states after a simple command."""
    tokens = node.tokens
    aliased = _alias(walk, tokens, state)
    if aliased is not None:
        return aliased
    walk.trace.append([])
    walk.touched.append({})
    argv: list[str] = []
    try:
        result = _simple(walk, tokens, state, argv)
    finally:
        inner = tuple(walk.trace.pop())
        touches = tuple(walk.touched.pop())
        text = " ".join(_written(token) for token in tokens)
        walk.trace[-1].append(Trace(text, tuple(argv), touches, inner))
    return result


def _written(token: Token) -> str:
    if token.kind == "redirect":
        return token.fd + token.op + token.text
    return f"[[{token.text}]]" if token.kind == "test" else f"(({token.text}))" if token.kind == "arith" else token.text


def _alias(walk: "Walk", tokens: tuple[Token, ...], state: State) -> list[State] | None:
    """An alias is read both ways: whether it is in force yet depends on how the shell was given the line."""
    first = next((token for token in tokens if token.kind != "redirect"), None)
    if not state.aliases or first is None or first.kind != "word":
        return None
    name = first.text
    everywhere = [t.text for t in tokens if t.kind == "word" and "-g " + t.text in state.aliases]
    if (name not in state.aliases and not everywhere) or name in walk.aliases:
        return None
    before = walk.aliases
    walk.aliases = before | {name, *everywhere}
    try:
        words: list[str] = []
        following = True
        for token in tokens:
            text = _written(token) if token.body is None else ""
            alias = state.aliases.get("-g " + token.text) if token.kind == "word" else None
            if following and token.kind == "word" and token.text in state.aliases:
                alias = state.aliases[token.text]
                following = alias.endswith((" ", "\t"))
            elif token.kind == "word":
                following = False
            words.append(text if alias is None else alias)
        walk.enter("an alias")
        other = state.copy()
        result = walk.run(parse(" ".join(words), walk.dialect == "zsh"), [state])
        result += simple(walk, Simple(tokens), other)
        walk.leave()
        return merge(result)
    finally:
        walk.aliases = before


def _simple(walk: "Walk", tokens: tuple[Token, ...], state: State, argv: list[str]) -> list[State]:
    expander = Expander(walk, state)
    redirects = [token for token in tokens if token.kind == "redirect"]
    words = [token for token in tokens if token.kind != "redirect"]
    if words and words[0].kind in ("test", "arith"):
        streams = Streams(walk, state, expander, redirects)
        saved = streams.begin()
        if words[0].kind == "test":
            state.status = double_bracket(walk, state, words[0].text)
        else:
            value = expander.arithmetic(words[0].text)
            state.status = None if value == HOLE else value != "0"
        streams.end(state, saved)
        argv.append("[[" if words[0].kind == "test" else "((")
        for token in words[1:]:
            unknown.words(Command(walk, state, [], {}), expander.fields(token.text))
        return [state]
    count = 0
    while count < len(words) and is_assignment(words[count].text):
        count += 1
    if count == len(words):
        return _assignments(walk, state, expander, words, redirects)
    kept: dict[str, Variable | None] = {}
    for token in words[:count]:
        name = re.split(r"[\[+=]", token.text, maxsplit=1)[0]
        kept.setdefault(name, state.variables.get(name))
        assign(walk, state, token.text, exported=True)
    result = _called(walk, state, expander, words[count:], redirects, argv)
    for one in result:
        for name, variable in kept.items():
            if variable is None:
                one.variables.pop(name, None)
            else:
                one.variables[name] = variable
    return result


def _assignments(
    walk: "Walk", state: State, expander: Expander, words: list[Token], redirects: list[Token]
) -> list[State]:
    """Assignments alone, redirections alone, or both."""
    streams = Streams(walk, state, expander, redirects)
    saved = streams.begin()
    shown = set(expander.shown)
    if not words and walk.dialect == "zsh" and redirects and redirects[-1].op in ("<", "<<", "<<-", "<<<"):
        state.say(state.stdin)
    streams.end(state, saved)
    state.status = True
    for token in words:
        if "$(" in token.text or "`" in token.text:
            state.status = None
        assign(walk, state, token.text)
    walk.reveal(shown)
    return [state]


def _called(
    walk: "Walk",
    state: State,
    expander: Expander,
    words: list[Token],
    redirects: list[Token],
    argv: list[str],
) -> list[State]:
    raw: dict[str, str] = {}
    head = words[0].text
    shown: set[str] = set()
    if head in declarations.NAMES and head not in state.functions:
        argv += [head]
        streams = Streams(walk, state, expander, redirects)
        saved = streams.begin()
        declarations.declare(walk, state, head, [token.text for token in words[1:]])
        streams.end(state, saved)
        argv += [token.text for token in words[1:]]
        return [state]
    places: list[Token] = []
    for token in words:
        for field in expander.fields(token.text):
            argv.append(field)
            places.append(token)
            raw.setdefault(field, token.text)
    walk.step(len(argv))
    for field in argv[1:]:
        if "[" in field and ("$(" in field or "`" in field) and argv[0] in SUBSCRIPTS:
            expander.expand(field, quoted=True)  # the shell expands a subscript once more
    quiet = bool(argv) and argv[0] in QUIET and argv[0] not in state.functions
    if quiet and argv[0] in ("cd", "pushd", "chdir") and expander.shown:
        where = Command(walk, state, argv, raw)
        quiet = where.world.kind(where.path(argv[-1])) == "dir"  # else the error message shows the word
    if not quiet or "xtrace" in state.options:
        shown |= expander.shown
    expander.shown = set()
    streams = Streams(walk, state, expander, redirects)
    saved = streams.begin()
    walk.reveal(shown | expander.shown)
    if not argv:
        streams.end(state, saved)
        state.status = None
        return [state]
    if argv[0] == "exec" and len(argv) == 1 and "exec" not in state.functions:
        state.out = None if streams.away else state.out
        state.status = True
        return [state]
    before, walk.place = walk.place, (list(argv), places)
    try:
        result = dispatch(walk, state, list(argv), raw)
    finally:
        walk.place = before
    for one in result:
        if streams.mixed and argv[0] not in ("echo", "printf", "pwd", "basename", "dirname") and not one.flow:
            one.out = None
        streams.end(one, saved)
        one.last = argv[-1] if not one.flow else one.last
    return result


def dispatch(
    walk: "Walk", state: State, argv: list[str], raw: dict[str, str], external: bool = False, plain: bool = False
) -> list[State]:
    """The states after a command whose words are known. external: another program starts it, so it is neither a
    function nor a builtin. plain: not a function (`command`, `builtin`)."""
    name = argv[0]
    context = Command(walk, state, argv, raw)
    if HOLE in name:
        walk.opaque("which program is run")
        unknown.words(context, argv[1:])
        return _done(walk, state, None, "")
    if not external and not plain and name in state.functions:
        return _function(walk, state, argv)
    if "/" in name:
        path = context.path(name)
        if not PROGRAMS.fullmatch(path):
            return _done(walk, state, unknown.program(path, argv, context), name)
        name = path.rsplit("/", 1)[1]
        argv = [name, *argv[1:]]
        external = True
    if not external:
        builtin = builtins.lookup(name)
        if builtin is not None:
            return builtin(walk, state, argv, context)
    reader = lookup(name)
    if reader is not None:
        text = reader(argv, context)
    else:
        path = unknown.on_path(name, context)
        text = unknown.program(path, argv, context) if path else unknown.read(argv, context)
    moves.follow(argv, context)
    return _done(walk, state, text, name)


def _done(walk: "Walk", state: State, text: str | None, name: str) -> list[State]:
    state.say(text)
    state.status = True if text and name in SURE else None
    if name in moves.UNSETTLING:
        state.unsettled = True
    return [state]


def _function(walk: "Walk", state: State, argv: list[str]) -> list[State]:
    body = state.functions[argv[0]]
    before = state.positional
    state.positional = tuple(argv[1:])
    state.frames = (*state.frames, {})
    walk.enter(f"the function `{argv[0]}`")
    walk.functions += 1
    loops, walk.loops = walk.loops, 0
    try:
        result = walk.run(body, [state])
    finally:
        walk.leave()
        walk.functions -= 1
        walk.loops = loops
    for one in result:
        if one.flow == "return":
            one.flow = ""
        one.positional = before
        for name, variable in one.frames[-1].items():
            if variable.shape == "absent":
                one.variables.pop(name, None)
            else:
                one.variables[name] = variable
        one.frames = one.frames[:-1]
    return result


def contents(walk: "Walk", state: State, token: Token) -> str | None:
    """`$(<file)`: the file's text where it is known."""
    expander = Expander(walk, state)
    texts: list[str | None] = []
    for name in expander.fields(token.text):
        context = Command(walk, state, ["<"], {name: token.text})
        context.read(name)
        texts.append(context.world.text(context.path(name)) if HOLE not in name else None)
    return None if None in texts else "".join(text for text in texts if text)
