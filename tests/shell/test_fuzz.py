"""Whatever the text, a reading: no exception, no endless loop."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claude_guard.shell import Limits, Reading, read
from claude_guard.shell.commands.table import TABLE

from .fixture import Fixture, build
from .scripts import load

PIECES = (
    "cat", ".env", "$", "{", "}", "(", ")", "((", "))", "[[", "]]", "`", '"', "'", "\\", "\n", ";", "&", "|", "<", ">",
    "<<E\n", "E\n", "<<<", "$(", "${", "$((", "x", "=", "if ", "then ", "fi ", "for ", "in ", "do ", "done ", "case ",
    "esac ", ";;", "while ", "*", "?", "[", "]", "~", "#", "!", "@", "%", "/", ",", "..", ":-", "function ", "f() ",
    "eval ", "alias a=", "a ", "set -- ", "read ", "declare ", "x=(", "[@]", "$'", "\x00", "\u00e9", "\ue000", "time ",
    "coproc ", "trap ", "cd ", "exec ", "&&", "||", " ", " ", " ",
)  # fmt: skip


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Fixture:
    return Fixture(build(tmp_path_factory.mktemp("fuzz")))


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.one_of(st.text(), st.lists(st.sampled_from(PIECES)).map("".join)))
@pytest.mark.parametrize("dialect", ["bash", "zsh"])
def test_any_text_gives_a_reading(world: Fixture, dialect: str, text: str) -> None:
    assert isinstance(read(text, world, dialect, Limits(steps=3000)), Reading)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(base=st.sampled_from(load("bash") + load("zsh")), data=st.data())
def test_a_script_with_something_cut_out_or_put_in_gives_a_reading(
    world: Fixture, base: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(base)))
    end = data.draw(st.integers(start, min(len(base), start + 5)))
    text = base[:start] + data.draw(st.sampled_from(("", *PIECES))) + base[end:]
    assert isinstance(read(text, world, "both", Limits(steps=3000)), Reading)


UNSAID = (
    "",
    "-",
    "--",
    "-e",
    "-c",
    "-f",
    "-$(x)",
    "--$(x)",
    "-x$(x)",
    "-e -$(x)",
    "run -$(x)",
    "exec -$(x)",
    "$(x)",
    "-$(x) y",
)
"""Arguments that do not say all that the program does."""


@pytest.mark.parametrize("name", sorted(TABLE))
def test_any_program_is_read_whatever_is_said_of_its_arguments(world: Fixture, name: str) -> None:
    for arguments in UNSAID:
        assert isinstance(read(f"{name} {arguments}", world, "both", Limits(steps=3000)), Reading)
