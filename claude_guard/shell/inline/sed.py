"""sed scripts: the commands that read (`r`, `R`), write (`w`, `W`, `s///w`) or run (`e`, `s///e`)."""

import re

from ..context import HOLE, Context

ADDRESS = re.compile(r"(?:\d+(?:~\d+)?|\$|\+\d+|~\d+)")
PLAIN = re.compile(r"(?:[\w ./^$*@:,=-]|\\\.)*")


class Unclear(Exception):
    """The script is not one that can be followed."""


def delimited(text: str, at: int, mark: str) -> tuple[str, int]:
    """The part from `at` to an unescaped `mark`, and the place behind it; brackets hide the mark."""
    start, bracket = at, False
    while at < len(text):
        letter = text[at]
        if letter == "\\":
            at += 1
        elif bracket:
            bracket = letter != "]" or text[at - 1] == "[" or text[at - 2 : at] == "[^"
        elif letter == mark:
            return text[start:at], at + 1
        elif letter == "[" and mark != "[" and "]" in text[at:].split("\n", 1)[0]:
            bracket = True
        at += 1
    raise Unclear


def address(text: str, at: int) -> int:
    """Behind an address, where one stands here."""
    while at < len(text) and text[at] in " \t,!;\n{}":
        at += 1
    if text[at : at + 1] == "/":
        at = delimited(text, at + 1, "/")[1]
    elif text[at : at + 1] == "\\" and at + 1 < len(text):
        at = delimited(text, at + 2, text[at + 1])[1]
    else:
        found = ADDRESS.match(text, at)
        if found is None:
            return at
        at = found.end()
    while text[at : at + 1] in ("I", "M") and text[at : at + 1]:
        at += 1
    return address(text, at)


def line(text: str, at: int) -> tuple[str, int]:
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    return text[at:end].strip(), end + 1


def program(language: str, text: str, arguments: list[str], context: Context) -> None:
    """Touches what a script reads, writes and runs besides its input."""
    try:
        script(text, context)
    except Unclear:
        context.opaque("what the sed script reads")


def script(text: str, context: Context) -> None:
    at = 0
    while True:
        at = address(text, at)
        if at >= len(text):
            return
        command = text[at]
        at += 1
        if command in "rRwW":
            name, at = line(text, at)
            (context.read if command in "rR" else context.write)(name)
        elif command == "e":
            name, at = line(text, at)
            if not name:
                context.opaque("what sed's `e` runs")
            else:
                context.run(name)
        elif command in "aic":
            while True:
                name, at = line(text, at)
                if not name.endswith("\\") or at >= len(text):
                    break
        elif command in "btT:#":
            end = re.search(r"\n" if command in ":#" else r"[\n;}]", text[at:])
            at = at + end.start() if end else len(text)
        elif command in "sy":
            mark = text[at : at + 1]
            if not mark or mark in "\n\\":
                raise Unclear
            _, at = delimited(text, at + 1, mark)
            _, at = delimited_plain(text, at, mark)
            at = flags(text, at, context) if command == "s" else at
        elif command in "dDgGhHnNpPxzF=":
            pass
        elif command in "lLqQ":
            found = re.compile(r"\s*\d*").match(text, at)
            at = found.end() if found else at
        else:
            raise Unclear


def delimited_plain(text: str, at: int, mark: str) -> tuple[str, int]:
    """A replacement: brackets mean nothing in it."""
    start = at
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif text[at] == mark:
            return text[start:at], at + 1
        at += 1
    raise Unclear


def flags(text: str, at: int, context: Context) -> int:
    """The flags of `s`: `e` runs the line that was made, `w` writes to a file."""
    while at < len(text) and text[at] not in "\n;}# ":
        if text[at] == "e":
            context.opaque("what sed's `s///e` runs")
        if text[at] == "w":
            name, at = line(text, at + 1)
            context.write(name)
            return at
        if text[at] == HOLE:
            raise Unclear
        at += 1
    return at


def substituted(text: str, source: str) -> str | None:
    """What a single plain `s/a/b/` makes of a text; None where the script is anything else."""
    found = re.fullmatch(r"s([/|#,:@])((?:(?!\1)[^\\]|\\.)*)\1((?:(?!\1)[^\\&])*)\1(g?)", text)
    if found is None or not PLAIN.fullmatch(found[2]) or HOLE in text + source:
        return None
    try:
        pattern = re.compile(found[2])
    except re.error:
        return None
    made = [pattern.sub(lambda _: found[3], row, 0 if found[4] else 1) for row in source.splitlines()]
    return "".join(row + "\n" for row in made)
