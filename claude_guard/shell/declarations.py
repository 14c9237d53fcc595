"""`export`, `declare` and their relatives: assignments that are words of a command."""

from .assignments import assign, hide, is_assignment, put
from .state import State, Variable
from .surroundings import Command
from .words import Expander

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .walk import Walk

NAMES = frozenset(["export", "declare", "typeset", "local", "readonly", "integer", "float"])


def declare(walk: "Walk", state: State, head: str, words: list[str]) -> None:
    """Carries out one of NAMES; `words` as written."""
    expander = Expander(walk, state)
    flags = ""
    rest: list[str] = []
    for i, raw in enumerate(words):
        if raw == "--":
            rest = words[i + 1 :]
            break
        if raw[:1] in "-+" and len(raw) > 1 and not is_assignment(raw):
            flags += raw[1:] if raw[0] == "-" else ""
        else:
            rest = words[i:]
            break
    context = Command(walk, state, [head], {})
    state.status = None if "p" in flags else True
    if head == "local" and not walk.functions and walk.dialect == "bash":
        for raw in rest:  # an error: nothing is set
            expander.text(raw)
        state.status = False
        return
    if not rest and not set(flags) & set("fF"):
        context.environment()
        state.say(None)
        return
    local = bool(state.frames) and "g" not in flags and head not in ("export", "readonly")
    exported = True if head == "export" or "x" in flags else None
    for raw in rest:
        if is_assignment(raw):
            _set(walk, state, raw, flags, exported, local)
            if head == "readonly" or "r" in flags:
                _fix(state, raw.split("=", 1)[0].split("[", 1)[0].rstrip("+"))
            continue
        for field in expander.fields(raw):
            name, equals, text = field.partition("=")
            if not equals and (
                "p" in flags or (walk.dialect == "zsh" and head != "export" and not local and not flags)
            ):
                context.variable(name)
                state.say(None)
            elif set(flags) & set("fF"):
                state.shared |= {name} if exported else set()
            elif equals:
                _shape(state, name, flags, local)
                put(walk, state, name.rstrip("+"), text, frozenset(expander.shown), name.endswith("+"))
                _export(walk, state, name.rstrip("+"), exported)
            else:
                _shape(state, name, flags, local)
                _export(walk, state, name, exported)


def _set(walk: "Walk", state: State, raw: str, flags: str, exported: bool | None, local: bool) -> None:
    name = raw.split("=", 1)[0].split("[", 1)[0].rstrip("+")
    if "n" in flags and not raw.split("=", 1)[0].endswith("]"):
        target = Expander(walk, state).text(raw.split("=", 1)[1])
        if local:
            hide(state, name)
        if target != name:
            state.variables[name] = Variable("", alias_of=target)
        return
    _shape(state, name, flags, local)
    assign(walk, state, raw)
    _export(walk, state, name, exported)


def _shape(state: State, name: str, flags: str, local: bool) -> None:
    known = state.variables.get(name)
    if local:
        hide(state, name)
        known = None
    shape = "".join(flag for flag in flags if flag in "iul")
    if known is not None and "r" in known.shape:
        return
    if known is None:
        if shape or "A" in flags or "a" in flags or local:
            value = () if "A" in flags or "a" in flags else "" if local else None
            state.variables[name] = Variable(value, keyed="A" in flags, shape=shape)
    else:
        keyed = "A" in flags or known.keyed
        state.variables[name] = known._replace(keyed=keyed, shape=known.shape + shape)


def _fix(state: State, name: str) -> None:
    known = state.variables.get(name)
    if known is not None:
        state.variables[name] = known._replace(shape=known.shape + "r")


def _export(walk: "Walk", state: State, name: str, exported: bool | None) -> None:
    if exported is None:
        return
    known = state.variables.get(name) or walk.variable(state, name)
    if known is not None:
        state.variables[name] = known._replace(exported=exported)
