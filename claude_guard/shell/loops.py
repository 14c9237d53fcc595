"""Loops and `case`: the statements that run a body as often as something says."""

from .context import HOLE
from .patterns import matches
from .state import State, Variable, merge
from .tree import Case, Count, For, Node, While
from .words import Expander

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .walk import Walk

ROUNDS = 300  # of a loop whose end cannot be told; then what it changes is unknown


def leaving(states: list[State]) -> tuple[list[State], list[State]]:
    """The states that go on with the loop, and those that leave it."""
    going: list[State] = []
    gone: list[State] = []
    for state in states:
        if state.flow in ("break", "continue"):
            if state.levels > 1:
                state.levels -= 1
                gone.append(state)
                continue
            stays = state.flow == "continue"
            state.flow = ""
            (going if stays else gone).append(state)
        elif state.flow:
            gone.append(state)
        else:
            going.append(state)
    return going, gone


def widen(states: list[State], before: list[State]) -> None:
    """Makes unknown what a loop changed."""
    for state in states:
        for old in before:
            for name, value in state.variables.items():
                if old.variables.get(name) != value:
                    state.variables[name] = Variable(HOLE, value.exported, value.taint)
            if old.cwd != state.cwd:
                state.cwd = HOLE
            if old.positional != state.positional:
                state.positional = (HOLE,)
            if old.stdin != state.stdin:
                state.stdin = None
        state.out = None


def _rounds(walk: "Walk", states: list[State], condition: Node | None, body: Node) -> list[State]:
    done: list[State] = []
    seen: list[State] = []
    start = [state.copy() for state in states]
    walk.loops += 1
    try:
        for turn in range(ROUNDS + 3):
            walk.step()
            entering: list[State] = []
            for state in walk.run(condition, states) if condition is not None else states:
                if state.flow:
                    entering.append(state)
                elif condition is None:
                    done.append(state.copy())
                    entering.append(state)
                else:
                    if state.status is not True:
                        done.append(state.copy())
                    if state.status is not False:
                        entering.append(state)
            done = merge(done)
            going, gone = leaving(walk.run(body, entering)) if entering else ([], [])
            done += gone
            states = [state for state in going if not any(state.same(known) for known in seen)]
            if not states:
                break
            if turn == ROUNDS:
                widen(states, start)
            if turn < 20 or turn >= ROUNDS:
                seen += [state.copy() for state in states]
        else:
            done += states
    finally:
        walk.loops -= 1
    for state in done:
        state.status = None
    return merge(done)


def endless(walk: "Walk", node: While, states: list[State]) -> list[State]:
    return _rounds(walk, states, node.condition, node.body)


def each(walk: "Walk", node: For, states: list[State]) -> list[State]:
    result: list[State] = []
    walk.loops += 1
    try:
        for state in states:
            words: list[str] = []
            expander = Expander(walk, state)
            if node.words is None:
                words = list(state.positional)
            else:
                for token in node.words:
                    words += expander.fields(token.text)
            words = [word for i, word in enumerate(words) if word != HOLE or HOLE not in words[:i]]
            taint = frozenset(expander.shown)
            here = [state]
            state.status = True
            for word in words:
                walk.step()
                for one in here:
                    one.variables[node.name] = Variable(word, False, taint)
                if node.menu:
                    for one in here:
                        one.variables["REPLY"] = Variable(HOLE)
                before = [one.copy() for one in here] if HOLE in word or node.menu else []
                here, gone = leaving(walk.run(node.body, here))
                if before and here:  # an unknown number of rounds: none, one, more
                    widen(here, before)
                    again, more = leaving(walk.run(node.body, [one.copy() for one in here]))
                    here = here + again + before
                    gone += more
                result += gone
                if len(here) > 1:
                    here = merge(here)
                if not here:
                    break
            result += here
    finally:
        walk.loops -= 1
    return merge(result)


def count(walk: "Walk", node: Count, states: list[State]) -> list[State]:
    parts = [*node.header.split(";"), "", ""]
    result: list[State] = []
    for state in states:
        expander = Expander(walk, state)
        expander.arithmetic(parts[0])
        here = [state]
        start = [state.copy()]
        walk.loops += 1
        try:
            for turn in range(5 * ROUNDS):
                walk.step()
                entering: list[State] = []
                for one in here:
                    value = Expander(walk, one).arithmetic(parts[1]) if parts[1].strip() else "1"
                    if value == HOLE:
                        result.append(one.copy())
                    (result if value == "0" else entering).append(one)
                if not entering:
                    break
                if turn >= ROUNDS:
                    widen(entering, start)
                here, gone = leaving(walk.run(node.body, entering))
                result += gone
                for one in here:
                    Expander(walk, one).arithmetic(parts[2])
                if turn > ROUNDS + 2 or not here:
                    result += here
                    break
        finally:
            walk.loops -= 1
    return merge(result)


def case(walk: "Walk", node: Case, states: list[State]) -> list[State]:
    result: list[State] = []
    for state in states:
        expander = Expander(walk, state)
        word = expander.text(node.word.text)
        sure = not expander.shown and word != ""
        falling: list[State] = []
        waiting = [state]
        for patterns, body, end in node.arms:
            entering = falling
            falling = []
            following: list[State] = []
            for one in waiting:
                found = _any(Expander(walk, one), patterns, word, "nocasematch" in one.options)
                if found is None or (found is False and not sure) or (found and not sure):
                    following.append(one.copy())
                    entering.append(one)
                else:
                    (entering if found else following).append(one)
            after = walk.run(body, entering) if entering else []
            waiting = following
            if end == ";&":
                falling = after
            elif end == ";;&":
                waiting = merge(waiting + after)
            else:
                result += after
        result += falling + waiting
    return merge(result)


def _any(expander: Expander, patterns: tuple, word: str, fold: bool) -> bool | None:  # type: ignore[type-arg]
    unknown = False
    for token in patterns:
        found = matches(expander.pieces_of(token.text), word, fold)
        if found:
            return True
        unknown = unknown or found is None
    return None if unknown else False
