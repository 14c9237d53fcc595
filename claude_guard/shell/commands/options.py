"""What the words of a program are, as rows of data, and the one reader that follows them.

A row says which options take a value and what that value is to the program, and what its operands are. Reading
is `getopt_long`'s: clusters (`-xvf FILE`), attached values (`-eTEXT`, `--opt=value`), unambiguous prefixes of long
options, `--`, and operands before options where the program permutes. What could be read in two ways is
touched in both.

Roles of a word:
    read, write, list, execute   a path, and what the program does to it
    tree                         a folder that is read with what lies in it, or a file
    names, names0                a file that lists further files to read, by line or by NUL
    run                          shell text that the program runs
    at                           a file to read where the word starts with `@`, else text
    ""                           no path: a number, a pattern, text
"""

from ...values import NamedTuple
from ..context import HOLE, Context, Reader

READING = frozenset(("read", "execute", "tree", "names", "names0", "run", "at"))


class Row(NamedTuple):
    """A program's command line."""

    options: str = (
        ""  # `-n` takes a value; `-f:read` takes one with a role; `-i?`, `--color?:role` only an attached one
    )
    operands: str = "read"
    lead: tuple[str, ...] = ()  # the roles of the first operands, before `operands` applies
    last: str | None = None  # the role of the last of several operands
    spared: str = ""  # options that stand in for the lead operands (`grep -e`)
    tree: str = ""  # options that make the program read folders with what lies in them
    permute: bool = True  # options may follow operands
    stops: str = ""  # options after which (and after their value) all is operands: `python -c`
    dashed: bool = False  # options are words with one dash (`-name VALUE`), never clusters


class Parsed(NamedTuple):
    """A command line taken apart. options: (name as the row spells it, value or None), in order."""

    options: list[tuple[str, str | None]]
    operands: list[str]
    unclear: bool  # an undetermined word may have been an option

    @property
    def first(self) -> str:
        """The first operand, "" where there is none."""
        return self.operands[0] if self.operands else ""

    def given(self, names: str) -> bool:
        wanted = names.split()
        return any(name in wanted for name, _ in self.options)

    def value(self, names: str, default: str | None = None) -> str | None:
        """The value of the last of these options."""
        wanted = names.split()
        return next((value for name, value in reversed(self.options) if name in wanted and value is not None), default)

    def values(self, names: str) -> list[str]:
        wanted = names.split()
        return [value for name, value in self.options if name in wanted and value is not None]


def specification(options: str) -> dict[str, tuple[str, bool]]:
    """Option -> (role of its value, whether the value may be the next word)."""
    table = {}
    for token in options.split():
        name, _, role = token.partition(":")
        table[name.rstrip("?")] = (role, not name.endswith("?"))
    return table


def parse(row: Row, argv: list[str]) -> Parsed:
    """Takes a command line apart by its row."""
    table = specification(row.options)
    options: list[tuple[str, str | None]] = []
    operands: list[str] = []
    unclear = False
    rest = iter(range(1, len(argv)))
    for at in rest:
        word = argv[at]
        if row.stops and options and options[-1][0] in row.stops.split():
            operands += argv[at:]
            break
        following = argv[at + 1] if at + 1 < len(argv) else None
        if word == "--":
            operands += argv[at + 1 :]
            break
        if word == "-" or not word.startswith("-"):
            unclear = unclear or word.startswith(HOLE)
            operands.append(word)
            if not row.permute:
                operands += argv[at + 1 :]
                break
        elif word.startswith("--") or row.dashed:
            name, equals, value = word.partition("=")
            unclear = unclear or HOLE in name
            if name in table:
                if not equals and table[name][1]:
                    options.append((name, following))
                    next(rest, None)
                else:
                    options.append((name, value if equals else None))
                continue
            meant = [] if row.dashed else [long for long in table if len(name) > 2 and long.startswith(name)]
            for long in meant:
                options.append((long, value if equals else following if table[long][1] else None))
            if not meant:
                options.append((name, value if equals else None))
        else:
            for index, letter in enumerate(word[1:], 2):
                unclear = unclear or letter == HOLE
                name = "-" + letter
                options.append((name, None))
                if name in table:
                    if index < len(word):
                        options[-1] = (name, word[index:])
                    elif table[name][1]:
                        options[-1] = (name, following)
                        next(rest, None)
                    break
    return Parsed(options, operands, unclear)


def touch(context: Context, role: str, *words: str) -> None:
    """Says what these words are to the program."""
    for word in words:
        if word == "-" or not word or not role:
            continue
        if role == "read":
            context.read(word)
        elif role == "write":
            context.write(word)
        elif role == "list":
            context.list(word)
        elif role == "execute":
            context.execute(word)
        elif role == "tree":
            context.read_tree(word)
        elif role == "run":
            context.run(word)
        elif role == "at":
            if word.startswith("@"):
                touch(context, "read", word[1:])
            elif word.startswith(HOLE):
                context.opaque("what an undetermined value names")
        else:
            listed(context, word, "\0" if role == "names0" else "\n")


def listed(context: Context, word: str, separator: str = "\n") -> None:
    """A file that lists files to read: it is read itself, and what it lists is."""
    context.read(word)
    text = None if HOLE in word else context.world.text(context.path(word))
    if text is None:
        context.opaque(f"which files `{word.replace(HOLE, '?')}` lists")
    else:
        context.read(*[name for name in text.split(separator) if name])


def follow(row: Row, argv: list[str], context: Context) -> Parsed:
    """Touches what a command line touches by its row, and returns it taken apart."""
    parsed = parse(row, argv)
    table = specification(row.options)
    for name, value in parsed.options:
        if value is None:
            continue
        if name in table:
            touch(context, table[name][0], value)
        elif HOLE not in value and context.world.kind(context.path(value)) is not None:
            context.read(value)  # an option that the row does not know, with something that exists
    operands = parsed.operands
    if not (row.spared and parsed.given(row.spared)):
        for role, word in zip(row.lead, operands, strict=False):
            touch(context, role, word)
        operands = operands[len(row.lead) :]
    if row.last is not None and len(operands) > 1:
        touch(context, row.last, operands[-1])
        operands = operands[:-1]
    tree = row.tree and parsed.given(row.tree)
    touch(context, "tree" if tree and row.operands == "read" else row.operands, *operands)
    if parsed.unclear and reads(row, table):
        context.opaque(f"which options `{argv[0]}` is given")
    return parsed


def reads(row: Row, table: dict[str, tuple[str, bool]]) -> bool:
    """Whether some command line of this row shows or consumes a file."""
    roles = {row.operands, row.last or "", *row.lead, *(role for role, _ in table.values())}
    return not READING.isdisjoint(roles)


def reader(row: Row) -> Reader:
    """The reader that a row is enough for."""

    def read(argv: list[str], context: Context) -> str | None:
        follow(row, argv, context)
        return None

    return read
