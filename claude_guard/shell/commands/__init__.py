"""The programs whose arguments the guard understands: a literal table, name -> module, imported on use.

A module holds `READERS`, name -> reader (see `context.py`). A program that no row names is read by `unknown.py`.
"""

from ..context import Reader
from .table import TABLE


def lookup(name: str) -> Reader | None:
    """The reader of a program, by its name without folders; None where no family knows it."""
    family = TABLE.get(name)
    if family is None:
        return None
    reader: Reader = __import__(f"{__name__}.{family}", fromlist=["READERS"]).READERS[name]
    return reader
