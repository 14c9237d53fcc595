"""The systematic part of the corpus: constructs x programs x spellings, over restricted and over plain files alike.

Each module has `scripts()`, which yields (family, script, dialect, notes); notes that begin with `!` are of scripts
that are meant to read something restricted.
"""

from collections.abc import Iterator

from . import environment, history, launder, programs, walks, words


def every() -> Iterator[tuple[str, str, str, str]]:
    for module in (words, programs, walks, launder, environment, history):
        yield from module.scripts()
