"""Edits keep every other byte, and taking out what was added gives the text back."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claude_guard.client.document import Document
from claude_guard.errors import GuardError

GROUP = {"matcher": "*", "hooks": [{"type": "command", "command": "x"}]}

STYLES = {
    "empty": "{}\n",
    "two blanks": '{\n  "model": "opus",\n  "env": {"A": "1"}\n}\n',
    "four blanks": '{\n    "model": "opus"\n}',
    "tabs": '{\n\t"b": [1, 2],\n\t"a": {\n\t\t"c": null\n\t}\n}\n\n',
    "one line": '{"model": "opus", "n": 1.50, "big": 123456789012345678901234567890}',
    "windows": '{\r\n  "model": "opus"\r\n}\r\n',
    "unicode": '{\n  "name": "Zoë \\u00eb \\ud83d\\ude00 {[,]}"\n}\n',
    "brackets in text": '{ "a" : "}],{[\\"" , "b" : [ ] }\n',
}


@pytest.mark.parametrize("text", STYLES.values(), ids=STYLES)
@pytest.mark.parametrize(("path", "value"), [(("hooks", "PreToolUse"), GROUP), (("permissions", "deny"), "Read(./x)")])
def test_what_is_added_can_be_taken_out_again(text: str, path: tuple[str, str], value: Any) -> None:
    document = Document(text, "settings.json")
    document.append(path, value)
    assert document.value == {**json.loads(text), path[0]: {path[1]: [value]}}
    document.remove((*path, 0))
    assert document.text == text


KEPT = """{
  "permissions": {
    "deny": ["Read(./a)", "Bash(rm:*)"],
    "allow": []
  },
  "hooks": {
    "PreToolUse": [
      { "matcher": "Bash", "hooks": [ {"type": "command", "command": "mine"} ] }
    ]
  }
}
"""
ADDED = """{
  "permissions": {
    "deny": ["Read(./a)", "Bash(rm:*)", "Read(./b)"],
    "allow": []
  },
  "hooks": {
    "PreToolUse": [
      { "matcher": "Bash", "hooks": [ {"type": "command", "command": "mine"} ] },
      {
        "matcher": "*",
        "hooks": [
          {
            "type": "command",
            "command": "x"
          }
        ]
      }
    ],
    "SessionStart": [
      {
        "hooks": []
      }
    ]
  }
}
"""


def test_an_addition_takes_the_style_of_its_neighbours() -> None:
    document = Document(KEPT, "settings.json")
    document.append(("permissions", "deny"), "Read(./b)")
    document.append(("hooks", "PreToolUse"), GROUP)
    document.append(("hooks", "SessionStart"), {"hooks": []})
    assert document.text == ADDED
    document.remove(("hooks", "SessionStart", 0))
    document.remove(("hooks", "PreToolUse", 1))
    document.remove(("permissions", "deny", 2))
    assert document.text == KEPT


def test_one_line_stays_one_line() -> None:
    document = Document('{"model": "opus"}', "settings.json")
    document.append(("permissions", "deny"), "Read(./b)")
    assert document.text == '{"model": "opus", "permissions": {"deny": ["Read(./b)"]}}'


@pytest.mark.parametrize(("index", "left"), [(0, "[2, 3]"), (1, "[1, 3]"), (2, "[1, 2]")])
def test_an_element_goes_with_its_comma(index: int, left: str) -> None:
    document = Document('{"a": [1, 2, 3]}', "settings.json")
    document.remove(("a", index))
    assert document.text == f'{{"a": {left}}}'


BROKEN = [
    ('{"a": 1,}', "line 1, column 9", "take out the comma before the closing bracket"),
    ('{\n  "a": 1,\n}', "line 3, column 1", "take out the comma before the closing bracket"),
    ('{\n  // mine\n  "a": 1\n}', "line 2, column 3", "take the comments out"),
    ('{\n<<<<<<< HEAD\n  "a": 1\n}', "line 2, column 1", "resolve the merge conflict"),
    ('{"a" 1}', "line 1, column 6", "mend it there"),
    ('{"a": 1} x', "line 1, column 10", "mend it there"),
    ("[1]", "holds no JSON object", "must begin with `{`"),
    ('{"a": 1, "a": 2}', "`a` stands twice", "mend it"),
    ("[" * 100_000, "cannot be changed", "mend it"),
]


@pytest.mark.parametrize(("text", "where", "mend"), BROKEN)
def test_a_broken_file_is_named_with_place_and_mend(text: str, where: str, mend: str) -> None:
    with pytest.raises(GuardError) as raised:
        Document(text, "/p/.claude/settings.json")
    assert "`/p/.claude/settings.json`" in raised.value.message
    assert where in str(raised.value)
    assert mend in str(raised.value)
    assert "\n" not in str(raised.value)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=5), values, max_size=4), st.sampled_from([None, 1, 2, "\t"]), values)
def test_any_object_survives_an_edit_and_its_undoing(held: dict[str, Any], indent: int | str | None, new: Any) -> None:
    held.pop("hooks", None)
    text = json.dumps(held, indent=indent, ensure_ascii=False)
    document = Document(text, "settings.json")
    document.append(("hooks", "E"), new)
    document.append(("hooks", "E"), new)
    assert document.value == {**held, "hooks": {"E": [new, new]}}
    document.remove(("hooks", "E", 0))
    document.remove(("hooks", "E", 0))
    assert document.text == text
