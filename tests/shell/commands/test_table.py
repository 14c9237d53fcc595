"""The table of programs and the families' own tables say the same."""

from importlib import import_module

import pytest

from claude_guard.shell.commands.table import FAMILIES


@pytest.mark.parametrize("family", FAMILIES)
def test_the_table_names_what_a_family_reads(family: str) -> None:
    readers = import_module(f"claude_guard.shell.commands.{family}").READERS
    elsewhere = {name for other, names in FAMILIES.items() if other != family for name in names.split()}
    assert set(FAMILIES[family].split()) <= set(readers)
    assert set(readers) <= set(FAMILIES[family].split()) | elsewhere


def test_no_program_has_two_families() -> None:
    names = [name for words in FAMILIES.values() for name in words.split()]
    assert len(names) == len(set(names))
