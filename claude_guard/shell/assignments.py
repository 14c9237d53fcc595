"""Assignments: `name=text`, `name+=text`, `name[key]=text`, `name=(...)`."""

import re

from .context import HOLE
from .state import Items, State, Variable
from .words import Expander

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .walk import Walk

SHAPE = re.compile(r"([A-Za-z_]\w*)(\[(?:[^\]\[]|\[[^\]]*\])*\])?(\+?)=", re.DOTALL)

RUNS = frozenset(
    (
        "PS4",
        "PROMPT_COMMAND",
        "PS0",
        "PS1",
        "PAGER",
        "GIT_PAGER",
        "MANPAGER",
        "EDITOR",
        "VISUAL",
        "GIT_EDITOR",
        "LESSOPEN",
    )
)
"""Variables whose text another program runs."""


def is_assignment(raw: str) -> bool:
    return SHAPE.match(raw) is not None


def assign(walk: "Walk", state: State, raw: str, exported: bool | None = None, local: bool = False) -> str:
    """Carries out an assignment as written; the name it sets."""
    found = SHAPE.match(raw)
    assert found
    name, key, plus = found.groups()
    expander = Expander(walk, state)
    rest = raw[found.end() :]
    if local:
        hide(state, name)
    if rest.startswith("(") and key is None:
        _array(walk, state, expander, name, rest[1:-1], bool(plus))
    else:
        text = expander.text(rest)
        if "RANDOM" in rest or "SECONDS" in rest:
            text = HOLE
        if key is not None:
            put(walk, state, name + key, text, frozenset(expander.shown), bool(plus))
        else:
            put(walk, state, name, text, frozenset(expander.shown), bool(plus))
        if name in RUNS:
            _later(walk, state, text)
    if exported is not None:
        state.variables[name] = state.variables[name]._replace(exported=exported)
    return name


def _later(walk: "Walk", state: State, text: str) -> None:
    if "$(" in text or "`" in text or " " in text:
        from .syntax import parse

        walk.inside(state.copy(), parse(text, walk.dialect == "zsh"))


def hide(state: State, name: str) -> None:
    """`local`: the variable as it is comes back when the function returns."""
    if state.frames and name not in state.frames[-1]:
        state.frames[-1][name] = state.variables.get(name, Variable(None, shape="absent"))


def put(
    walk: "Walk", state: State, name: str, text: str, taint: frozenset[str] = frozenset(), plus: bool = False
) -> None:
    """Sets a variable, or with `name[key]` an element of an array."""
    target, bracket, key = name.partition("[")
    for _ in range(8):
        known = state.variables.get(target)
        if known is None or not known.alias_of:
            break
        target = known.alias_of
    if known is None:
        known = walk.variable(state, target)
        known = known._replace(value=known.value) if known else Variable(None)
    if "r" in known.shape:
        text = HOLE  # an error, which may end the script or not
    value = known.value
    if plus or bracket:
        taint |= known.taint
    if bracket:
        expander = Expander(walk, state)
        index = expander.text(key[:-1]) if known.keyed else expander.arithmetic(key[:-1])
        items = dict(value) if isinstance(value, tuple) else {"0": value} if value else {}
        if HOLE in index:
            items = dict.fromkeys(items, HOLE) or {"0": HOLE}
        else:
            items[index] = items.get(index, "") + text if plus else text
        state.variables[target] = known._replace(value=_sorted(items, known.keyed), taint=taint)
        return
    if isinstance(value, tuple):
        items = dict(value)
        items["0"] = items.get("0", "") + text if plus else text
        state.variables[target] = known._replace(value=_sorted(items, known.keyed), taint=taint)
        return
    if "i" in known.shape:
        text = Expander(walk, state).arithmetic(text)
    elif plus:
        text = (value or "") + text
    if "l" in known.shape:
        text = text.lower() if HOLE not in text else HOLE
    if "u" in known.shape:
        text = text.upper() if HOLE not in text else HOLE
    if len(text) > 1_000_000:
        text = HOLE
    if target == "_":
        return
    exported = known.exported or "allexport" in state.options
    state.variables[target] = known._replace(value=text, taint=taint, exported=exported)


def _sorted(items: dict[str, str], keyed: bool) -> Items:
    if keyed:
        return tuple(items.items())
    return tuple(sorted(items.items(), key=lambda item: int(item[0]) if item[0].lstrip("-").isdigit() else 0))


def _array(walk: "Walk", state: State, expander: Expander, name: str, inside: str, plus: bool) -> None:
    from .quoting import Unclosed
    from .tokens import Scanner

    known = state.variables.get(name) or Variable(None)
    scanner = Scanner(inside)
    scanner.phase = "arguments"
    try:
        tokens = scanner.run()
    except Unclosed:
        walk.opaque(f"what `{name}` holds", name)
        tokens = []
    items: dict[str, str] = {}
    if plus and known.value is not None:
        items = dict(known.value) if isinstance(known.value, tuple) else {"0": known.value}
    following = max((int(k) for k in items if k.isdigit()), default=-1) + 1
    key: str | None = None
    for token in tokens:
        if token.kind != "word":
            scanner.phase = "arguments"
            continue
        keyed = re.match(r"\[((?:[^\]\[]|\[[^\]]*\])*)\](\+?)=", token.text)
        if keyed:
            index = expander.text(keyed.group(1)) if known.keyed else expander.arithmetic(keyed.group(1))
            text = expander.text(token.text[keyed.end() :])
            if HOLE in index:
                index = str(following)
                text = HOLE
            items[index] = items.get(index, "") + text if keyed.group(2) else text
            following = int(index) + 1 if index.isdigit() else following
            continue
        for field in expander.fields(token.text):
            if known.keyed:  # keys and values by turns
                if key is None:
                    key = field
                else:
                    items[key], key = field, None
                continue
            items[str(following)] = field
            following += 1
    taint = frozenset(expander.shown) | (known.taint if plus else frozenset())
    state.variables[name] = known._replace(value=_sorted(items, known.keyed), taint=taint)
