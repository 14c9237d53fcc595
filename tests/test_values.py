"""The named tuples of the hot path do what `typing.NamedTuple` does."""

import copy
import pickle
import typing

import pytest

from claude_guard import values


class Ours(values.NamedTuple):
    """A path and where it was found."""

    path: str
    line: int = 0
    tags: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        return f"{self.path}:{self.line}"


class Theirs(typing.NamedTuple):
    path: str
    line: int = 0
    tags: tuple[str, ...] = ()


class Nothing(values.NamedTuple):
    pass


@pytest.mark.parametrize("given", [(), ("a",), ("a", 1), ("a", 1, ("x",)), ("a", 1, (), 2)])
@pytest.mark.parametrize("named", [{}, {"line": 3}, {"path": "b"}, {"colour": "red"}, {"line": 1, "tags": ("y",)}])
def test_it_is_made_as_the_standard_one_is(given: tuple[typing.Any, ...], named: dict[str, typing.Any]) -> None:
    try:
        expected = tuple(Theirs(*given, **named))
    except TypeError:
        with pytest.raises(TypeError):
            Ours(*given, **named)
    else:
        assert tuple(Ours(*given, **named)) == expected


def test_it_has_what_the_standard_one_has() -> None:
    ours, theirs = Ours("a", tags=("x",)), Theirs("a", tags=("x",))
    assert repr(ours) == repr(theirs).replace("Theirs", "Ours")
    assert ours._asdict() == theirs._asdict()
    assert Ours._fields == Theirs._fields
    assert Ours.__match_args__ == Theirs.__match_args__
    assert ours == theirs
    assert hash(ours) == hash(theirs)
    assert (ours.path, ours.line, ours.tags, ours.where) == ("a", 0, ("x",), "a:0")
    assert ours._replace(line=7) == ("a", 7, ("x",))
    assert type(ours._replace(line=7)) is Ours
    assert Ours._make(["b", 2, ()]) == Ours("b", 2)
    assert copy.copy(ours) == ours
    assert pickle.loads(pickle.dumps(ours)) == ours
    assert not hasattr(ours, "__dict__")
    assert Nothing() == ()
    match ours:
        case Ours(path, line):
            assert (path, line) == ("a", 0)


def test_a_field_that_is_not_there_cannot_be_replaced() -> None:
    with pytest.raises(ValueError, match="colour"):
        Ours("a")._replace(colour="red")  # type: ignore[call-arg]


def test_a_field_cannot_be_set() -> None:
    with pytest.raises(AttributeError):
        Ours("a").path = "b"  # type: ignore[misc]


def test_defaults_come_last() -> None:
    with pytest.raises(TypeError, match="default"):
        type(values.NamedTuple)("Wrong", (values.NamedTuple,), {"__annotations__": {"a": int, "b": int}, "a": 1})
