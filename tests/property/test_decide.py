"""The decision's theorems, on arbitrary touches and judgements."""

from hypothesis import given
from hypothesis import strategies as st

from claude_guard.decide import RUNNING, VERDICTS, applied, decide
from claude_guard.model import STRICTNESS, Judgement, Rule, Touch

ACTIONS = ["allow", "view", "ask", "deny"]
rules = st.builds(
    Rule,
    id=st.just("rules[0]"), file=st.just("guard.toml"), line=st.integers(0, 9), layer=st.just("project"),
    pattern=st.just("x"), programs=st.sampled_from(["none", "use"]), names=st.sampled_from(["shown", "hidden"]),
)  # fmt: skip
judgements = st.builds(
    Judgement,
    level=st.sampled_from(["public", "restricted"]), rank=st.integers(0, 3), action=st.sampled_from(ACTIONS),
    rule=st.none() | rules, writes=st.sampled_from(ACTIONS),
)  # fmt: skip
touches = st.builds(
    Touch,
    kind=st.sampled_from(["path", "object", "variable", "opaque"]),
    access=st.sampled_from(["read", "write", "list", "execute"]),
    name=st.text(max_size=8),
)
cases = st.lists(st.tuples(touches, judgements), max_size=8)
opaques = st.sampled_from(["pass", "ask", "deny"])


def said_of_opaque(touch: Touch, opaque: str) -> str:
    return RUNNING[opaque] if touch.access == "execute" else opaque  # type: ignore[index]


def verdict(case: list[tuple[Touch, Judgement]], opaque: str) -> str:
    waiting = [judgement for touch, judgement in case if touch.kind != "opaque"]
    return decide([touch for touch, _ in case], lambda _: waiting.pop(0), opaque).verdict


@given(cases, opaques)
def test_deny_trumps_everything(case: list[tuple[Touch, Judgement]], opaque: str) -> None:
    denied = any(
        (said_of_opaque(touch, opaque) if touch.kind == "opaque" else VERDICTS[applied(touch, judgement)]) == "deny"
        for touch, judgement in case
    )
    assert (verdict(case, opaque) == "deny") == denied


@given(cases, cases, opaques)
def test_more_touches_never_loosen(
    case: list[tuple[Touch, Judgement]], more: list[tuple[Touch, Judgement]], opaque: str
) -> None:
    assert STRICTNESS[verdict(case + more, opaque)] >= STRICTNESS[verdict(case, opaque)]


@given(cases, opaques, st.randoms(use_true_random=False))
def test_order_within_a_call_is_irrelevant(case: list[tuple[Touch, Judgement]], opaque: str, random: object) -> None:
    shuffled = list(case)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert verdict(shuffled, opaque) == verdict(case, opaque)


@given(touches, judgements)
def test_an_opaque_touch_is_never_taken_for_harmless(touch: Touch, judgement: Judgement) -> None:
    opaque = touch._replace(kind="opaque", access="read")
    decision = decide([opaque], lambda _: judgement, "ask")
    assert decision.verdict == "ask"
    assert decision.reasons[0].text.startswith("cannot tell ")


@given(touches, judgements)
def test_every_refusal_has_a_reason_of_one_line(touch: Touch, judgement: Judgement) -> None:
    decision = decide([touch], lambda _: judgement, "deny")
    assert (decision.verdict == "pass") == (decision.reasons == ())
    for reason in decision.reasons:
        assert reason.text
        assert reason.touch == touch
