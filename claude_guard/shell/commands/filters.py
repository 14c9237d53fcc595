"""What a text filter prints, where its input is known: so that `cat $(echo LmVudg== | base64 -d)` names its file.

Each takes the command line and the input text, and returns the output, or None where it does not compute it. An
input line that holds an undetermined part keeps it where the filter moves whole lines; else the answer is None.
"""

import base64
import binascii
import re
import string
from collections.abc import Callable

from ..context import HOLE, Context, Reader
from .options import Parsed, Row, follow

LIMIT = 200_000  # bytes of a file that are worth reading only to know what a command prints
Filter = Callable[[Parsed, str], "str | None"]


def reader(row: Row, output: Filter) -> Reader:
    """A reader for a row whose output is computed."""

    def read(argv: list[str], context: Context) -> str | None:
        parsed = follow(row, argv, context)
        if parsed.unclear:
            return None
        skipped = 0 if row.spared and parsed.given(row.spared) else len([role for role in row.lead if not role])
        text = source(parsed.operands[skipped:], context)
        return None if text is None else output(parsed, text)

    return read


def source(operands: list[str], context: Context) -> str | None:
    """The text of these files in a row, or of standard input where there are none."""
    texts: list[str] = []
    for word in operands or ["-"]:
        text = context.stdin if word == "-" else None
        if word != "-" and HOLE not in word:
            text = context.world.text(context.path(word), LIMIT)
        if text is None:
            return None
        texts.append(text)
    return "".join(texts)


def lines(text: str) -> list[str]:
    return text.split("\n")[:-1] if text.endswith("\n") else text.split("\n") if text else []


def joined(parts: list[str]) -> str:
    return "".join(part + "\n" for part in parts)


def cat(parsed: Parsed, text: str) -> str | None:
    return None if parsed.options else text


def tac(parsed: Parsed, text: str) -> str | None:
    return None if parsed.options else joined(lines(text)[::-1])


def rev(parsed: Parsed, text: str) -> str | None:
    return joined([line[::-1] for line in lines(text)])


def count(parsed: Parsed, text: str) -> tuple[str, int] | None:
    """The sign and number of `head` and `tail`; None for bytes and whatever else they know."""
    number = "10"
    for name, value in parsed.options:
        if name in ("-n", "--lines") and value:
            number = value
        elif name[1:].isdigit() and name.startswith("-"):
            digits = [other[1:] for other, _ in parsed.options if other[1:].isdigit()]
            number = "".join(digits)
        elif name not in ("-q", "--quiet", "--silent"):
            return None
    sign = number[0] if number[0] in "+-" else ""
    digits_only = number[len(sign) :]
    return (sign, int(digits_only)) if digits_only.isdigit() else None


def head(parsed: Parsed, text: str) -> str | None:
    amount = count(parsed, text)
    if amount is None or amount[0] == "+":
        return None
    every = lines(text)
    return joined(every[: len(every) - amount[1]] if amount[0] else every[: amount[1]])


def tail(parsed: Parsed, text: str) -> str | None:
    amount = count(parsed, text)
    if amount is None:
        return None
    every = lines(text)
    if amount[0] == "+":
        return joined(every[max(amount[1] - 1, 0) :])
    return joined(every[len(every) - amount[1] :] if amount[1] < len(every) else every)


def sort(parsed: Parsed, text: str) -> str | None:
    if any(name not in ("-u", "-r", "--unique", "--reverse") for name, _ in parsed.options):
        return None
    every = lines(text)
    every = list(dict.fromkeys(every)) if parsed.given("-u --unique") else every
    return joined(sorted(every, reverse=parsed.given("-r --reverse")))


def uniq(parsed: Parsed, text: str) -> str | None:
    if parsed.options:
        return None
    every = lines(text)
    return joined([line for at, line in enumerate(every) if at == 0 or line != every[at - 1]])


def decode(parsed: Parsed, text: str, scheme: Callable[[bytes], bytes], encode: Callable[[bytes], bytes]) -> str | None:
    if HOLE in text:
        return None
    if not parsed.given("-d -D --decode"):
        return encode(text.encode("utf-8", "surrogateescape")).decode("ascii") + "\n"
    try:
        return scheme("".join(text.split()).encode("ascii")).decode("utf-8")
    except (ValueError, binascii.Error):
        return None


def base64_(parsed: Parsed, text: str) -> str | None:
    return decode(parsed, text, base64.b64decode, base64.b64encode)


def base32(parsed: Parsed, text: str) -> str | None:
    return decode(parsed, text, base64.b32decode, base64.b32encode)


def xxd(parsed: Parsed, text: str) -> str | None:
    """`xxd -r -p`: the only form whose output names files."""
    flags = "".join(name for name, _ in parsed.options)
    if HOLE in text or "r" not in flags or "p" not in flags:
        return None
    digits = re.sub(r"[^0-9a-fA-F]", "", text)
    try:
        return bytes.fromhex(digits).decode("utf-8")
    except ValueError:
        return None


def cut(parsed: Parsed, text: str) -> str | None:
    fields = parsed.value("-f --fields")
    characters = parsed.value("-c -b --characters --bytes")
    delimiter = parsed.value("-d --delimiter", "\t")
    wanted = fields or characters
    if wanted is None or delimiter is None or HOLE in text or parsed.given("--complement --output-delimiter -s"):
        return None
    ranges = [re.fullmatch(r"(\d*)(-?)(\d*)", part) for part in wanted.split(",")]
    spans: list[tuple[int, float]] = []
    for found in ranges:
        if found is None or not (found[1] or found[3]):
            return None
        first = int(found[1] or 1)
        spans.append((first, float(found[3] or "inf") if found[2] else first))

    def kept(parts: list[str]) -> list[str]:
        return [part for at, part in enumerate(parts, 1) if any(low <= at <= high for low, high in spans)]

    if fields:
        return joined(
            [delimiter.join(kept(line.split(delimiter))) if delimiter in line else line for line in lines(text)]
        )
    return joined(["".join(kept(list(line))) for line in lines(text)])


CLASSES = {
    "[:lower:]": string.ascii_lowercase,
    "[:upper:]": string.ascii_uppercase,
    "[:digit:]": string.digits,
    "[:alpha:]": string.ascii_uppercase + string.ascii_lowercase,
    "[:alnum:]": string.digits + string.ascii_uppercase + string.ascii_lowercase,
    "[:space:]": "\t\n\v\f\r ",
    "[:blank:]": "\t ",
    "[:punct:]": string.punctuation,
}


def characters(text: str) -> str:
    """A set of `tr`, written out."""
    for name, members in CLASSES.items():
        text = text.replace(name, members)
    for escape, meant in (("\\n", "\n"), ("\\t", "\t"), ("\\0", "\0"), ("\\r", "\r"), ("\\\\", "\\")):
        text = text.replace(escape, meant)
    return re.sub(r"(.)-(.)", lambda span: "".join(map(chr, range(ord(span[1]), ord(span[2]) + 1))), text, flags=re.S)


def tr(parsed: Parsed, text: str) -> str | None:
    sets = [characters(word) for word in parsed.operands]
    flags = {name for name, _ in parsed.options}
    if HOLE in text or HOLE in "".join(sets) or not sets or not flags <= {"-d", "--delete"}:
        return None
    if flags:
        return text.translate(dict.fromkeys(map(ord, sets[0])))
    if len(sets) != 2 or not sets[1]:
        return None
    padded = sets[1] + sets[1][-1] * (len(sets[0]) - len(sets[1]))
    return text.translate({ord(one): other for one, other in zip(sets[0], padded, strict=False)})


def plain(pattern: str, basic: bool) -> str | None:
    """A regular expression of grep as one of Python, where both mean the same by it."""
    if basic:
        if re.search(r"\\[^.*/$^\[\]-]", pattern):
            return None
        pattern = re.sub(r"([+?|(){}])", r"\\\1", pattern)
    return None if "[[:" in pattern or "\\<" in pattern else pattern


def grep(parsed: Parsed, text: str, basic: bool) -> str | None:
    """The lines that match; None for every option that shows more or less than lines."""
    flags = {name for name, _ in parsed.options}
    if not flags <= set(
        "-i -v -x -F -E -e -w -h -n --line-number --regexp --ignore-case --invert-match --line-regexp".split()
    ):
        return None
    patterns = parsed.values("-e --regexp") or parsed.operands[:1]
    made = [
        re.escape(pattern) if "-F" in flags else plain(pattern, basic and "-E" not in flags) for pattern in patterns
    ]
    if not made or HOLE in "".join(patterns) + text or None in made:
        return None
    body = "|".join(f"(?:{one})" for one in made)
    if "-w" in flags:
        body = rf"(?<!\w)(?:{body})(?!\w)"
    try:
        found = re.compile(body, re.I if flags & {"-i", "--ignore-case"} else 0)
    except re.error:
        return None
    search = found.fullmatch if flags & {"-x", "--line-regexp"} else found.search
    unwanted = bool(flags & {"-v", "--invert-match"})
    numbered = bool(flags & {"-n", "--line-number"})
    matched = [(at, line) for at, line in enumerate(lines(text), 1) if bool(search(line)) != unwanted]
    return joined([f"{at}:{line}" if numbered else line for at, line in matched])


def awk(program: str, separator: str | None, text: str) -> str | None:
    """`{print $1}`, `{print $2, $NF}` and `{print $1 "x" $2}`: fields and constants; None for any other program."""
    found = re.fullmatch(r"\s*(?:NR\s*>\s*(\d+)\s*)?\{\s*print\s*([^;{}()|<>]*?)\s*;?\s*\}\s*", program)
    if found is None or HOLE in program + text or (separator is not None and len(separator) != 1):
        return None
    parts = re.findall(r"\$(\d+|NF)|\"([^\"\\]*)\"|(,)|(\S)", found[2])
    if any(rest for *_, rest in parts):
        return None
    made = []
    for line in lines(text)[int(found[1] or 0) :]:
        fields = line.split(separator if separator not in (None, " ") else None)
        row = line if not parts else ""
        for field, constant, comma, _ in parts:
            if field:
                at = len(fields) if field == "NF" else int(field)
                row += line if at == 0 else fields[at - 1] if at <= len(fields) else ""
            else:
                row += " " if comma else constant
        made.append(row)
    return joined(made)
