"""The files that the systematic scripts name: restricted ones, and plain ones in the same places."""

import os
from typing import NamedTuple


class Target(NamedTuple):
    """A file: `p` its path relative to the project, `d` its folder, `b` its name, and pieces of them."""

    p: str

    @property
    def d(self) -> str:
        return os.path.dirname(self.p) or "."

    @property
    def b(self) -> str:
        return os.path.basename(self.p)

    @property
    def stem(self) -> str:
        return self.b[:-2]

    @property
    def head(self) -> str:
        return self.p[: len(self.p) // 2]

    @property
    def tail(self) -> str:
        return self.p[len(self.p) // 2 :]

    @property
    def dotted(self) -> str:
        """A glob of the same length."""
        return "/".join(part[:2] + "?" * (len(part) - 2) for part in self.p.split("/"))

    @property
    def classed(self) -> str:
        return f"{self.p[:-1]}[{self.p[-1]}]"

    @property
    def starred(self) -> str:
        return f"{self.p[:-2]}*"

    @property
    def octal(self) -> str:
        return "".join(f"\\{ord(letter):03o}" for letter in self.p)

    @property
    def hexed(self) -> str:
        return "".join(f"\\x{ord(letter):02x}" for letter in self.p)

    @property
    def escaped(self) -> str:
        return "".join("\\" + letter if letter.isalpha() else letter for letter in self.p)

    @property
    def quoted(self) -> str:
        return "".join(f"'{letter}'" if place % 2 else f'"{letter}"' for place, letter in enumerate(self.p))

    @property
    def backwards(self) -> str:
        return self.p[::-1]

    @property
    def upper(self) -> str:
        return self.p.upper()

    @property
    def base64(self) -> str:
        import base64

        return base64.b64encode(self.p.encode()).decode()

    @property
    def hexdump(self) -> str:
        return self.p.encode().hex()

    @property
    def rot13(self) -> str:
        import codecs

        return codecs.encode(self.p, "rot13")


RESTRICTED = tuple(
    map(
        Target,
        (
            ".env",
            "secrets/prod.key",
            "data/customers.csv",
            ".env.local",
            "secrets/db/password.txt",
            "services/api/.env",
        ),
    )
)
PLAIN = tuple(
    map(
        Target,
        (
            "src/app.py",
            "README.md",
            "data/products.csv",
            ".env.example",
            "docs/api/orders.md",
            "internal/notes.md",
            "config/app.json",
        ),
    )
)


def targets(index: int) -> tuple[Target, Target]:
    """A restricted and a plain target, in turn."""
    return RESTRICTED[index % len(RESTRICTED)], PLAIN[index % len(PLAIN)]


def meant(target: Target, notes: str) -> str:
    """The notes of a script over this target: with a `!` where it is meant to read something restricted, so that it is left
    out, and not harmless, where it does not."""
    return ("!" if target in RESTRICTED else "") + notes


def filled(template: str, target: Target) -> str:
    """The template with `<p>`, `<d>` and the other names of a target in angle brackets filled in."""
    for name in (
        "p",
        "d",
        "b",
        "stem",
        "head",
        "tail",
        "dotted",
        "classed",
        "starred",
        "octal",
        "hexed",
        "escaped",
        "quoted",
        "backwards",
        "upper",
        "base64",
        "hexdump",
        "rot13",
    ):
        mark = f"<{name}>"
        if mark in template:
            template = template.replace(mark, getattr(target, name))
    return template
