"""Programs in other languages, given inline, on standard input or in a script file: which files would they read?

A reader is a function `(text, arguments, context)`. What it cannot follow it says is opaque; an empty program and a
pure computation touch nothing.
"""

from collections.abc import Callable, Iterable

from ..context import HOLE, Context

LANGUAGES: dict[str, str] = {
    "python": "python",
    "awk": "awk",
    "sed": "sed",
    "node": "tokens",
    "perl": "tokens",
    "ruby": "tokens",
    "php": "tokens",
    "lua": "tokens",
    "r": "tokens",
    "tcl": "tokens",
    "osascript": "tokens",
    "groovy": "tokens",
}

Program = Callable[[str, str, list[str], Context], None]


def read(language: str, text: str, arguments: Iterable[str], context: Context) -> None:
    """Touches what a program of this language would touch; an unknown language is opaque."""
    module = LANGUAGES.get(language)
    if module is None:
        context.opaque(f"what a program in {language} reads")
        return
    if text.strip() == HOLE:
        context.opaque(f"what the {language} text is")
        return
    program: Program = __import__(f"{__name__}.{module}", fromlist=["program"]).program
    program(language, text, list(arguments), context)
