"""The lean JSON reader and writer say what `json.loads` says."""

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from claude_guard.parse import dumps, loads

ROOT = Path(__file__).resolve().parents[1]
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def outcome(parse: object, text: str) -> str:
    try:
        return repr(parse(text))  # type: ignore[operator]
    except (ValueError, RecursionError) as error:
        return type(error).__name__


@given(values, st.sampled_from(["", " ", "\n\t\r "]))
def test_json_is_read_as_json_reads_it(value: object, blank: str) -> None:
    text = blank + json.dumps(value) + blank
    assert outcome(loads, text) == outcome(json.loads, text)


@given(values)
def test_json_is_written_as_json_writes_it(value: object) -> None:
    assert dumps(value) == json.dumps(value, separators=(",", ":"))


def test_what_is_no_json_is_not_written() -> None:
    with pytest.raises(TypeError, match="set"):
        dumps({"a": {1}})


@given(st.text(alphabet='{}[]",:0123456789.eE+-nulltrefas\\ \n\t"', max_size=20))
@example("")
@example("{")
@example("1 2")
@example("[" * 100_000)
@example('"\n"')
def test_errors_are_the_same(text: str) -> None:
    assert outcome(loads, text) == outcome(json.loads, text)


def test_constants() -> None:
    assert math.isnan(loads("NaN"))
    assert loads("[-Infinity]") == [-math.inf]


def test_errors_do_not_need_json_to_be_imported_before() -> None:
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from claude_guard.parse import dumps, loads; loads('{{')"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=False)
    assert "JSONDecodeError" in done.stderr
