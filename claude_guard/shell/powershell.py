"""What does this PowerShell command mean? A small reader for common cmdlets; what it does not follow is opaque.

Strategy: one pass over the text. Words are put together as PowerShell does (quotes, backticks, `$name`, `$env:NAME`,
`$(...)`), a command ends at `;`, a line end, `|` or a closing bracket, and is read by its row in `cmdlets.py`. A
program that is no cmdlet is read as a shell would run it.
"""

import re
import shlex
from fnmatch import fnmatchcase

from ..model import Access, Touch
from ..world import World
from .cmdlets import ALIASES, CMDLETS, Cmdlet
from .context import HOLE
from .reading import Reading

LISTED = "\ue001"
"""A path below the folder that a listing in front of the pipe named."""

KEYWORDS = frozenset(
    """
        if else elseif foreach for while do until switch function filter try catch finally param begin process
        end return throw in
        """.split()
)
READERS = re.compile(
    r"(?i)(?:readall(?:text|lines|bytes)|readlines|open(?:read|text)?|openwithreaderstreamreader|streamreader"
    r"|copy|move|replace|new)$"
)
STATIC = re.compile(r"\[([\w.\[\]]+)\]::(\w+)")
MANY = 2_000  # files that a wildcard names; beyond, opaque


class Script:
    """A script while it is read."""

    def __init__(self, text: str, world: World, depth: int = 0) -> None:
        self.text = text
        self.world = world
        self.depth = depth
        self.cwd = world.cwd
        self.at = 0
        self.touches: list[Touch] = []
        self.variables: dict[str, str] = {
            "pwd": world.cwd,
            "home": world.home,
            "true": "True",
            "false": "False",
            "null": "",
        }
        self.given = ""  # what the pipe brings to the command, HOLE where not known

    def say(self, kind: str, access: Access, name: str, source: str, tree: bool = False) -> None:
        self.touches.append(Touch(kind, access, name, source, tree))  # type: ignore[arg-type]

    def opaque(self, what: str) -> None:
        self.say("opaque", "read", what.replace(HOLE, "...").replace(LISTED, "..."), "")

    # words

    def blank(self) -> None:
        while self.at < len(self.text):
            rest = self.text[self.at :]
            found = re.match(r"[ \t\r]+|`\r?\n|<#.*?#>|#[^\n]*", rest, re.S)
            if not found:
                return
            self.at += found.end()

    def word(self) -> tuple[str, bool] | None:
        """The next word and whether it was quoted; None at the end of a command."""
        self.blank()
        if self.at >= len(self.text) or (
            self.text[self.at] in ";\n|&)}>" and not self.text.startswith(("&&", "& "), self.at)
        ):
            return None
        value, quoted, start = "", False, self.at
        while self.at < len(self.text):
            letter = self.text[self.at]
            if letter == "'":
                end = re.compile(r"'((?:[^']|'')*)'?", re.S).match(self.text, self.at)
                assert end is not None
                value += end[1].replace("''", "'")
                self.at, quoted = end.end(), True
            elif letter == '"':
                value += self.double()
                quoted = True
            elif letter == "`" and self.at + 1 < len(self.text):
                value += {"n": "\n", "t": "\t", "0": "\0"}.get(self.text[self.at + 1], self.text[self.at + 1])
                self.at += 2
            elif letter == "@" and self.text[self.at + 1 : self.at + 2] in ("'", '"'):
                value += self.here()
                quoted = True
            elif letter == "$":
                value += self.dollar()
            elif letter == "[" and (found := STATIC.match(self.text, self.at)):
                self.at = found.end()
                value += self.static(found[1], found[2])
            elif letter == "(" or (letter == "@" and self.text[self.at + 1 : self.at + 2] == "("):
                self.at += 1 + (letter == "@")
                value += self.inner(")")
                value += self.member()
            elif letter == "{":
                value += self.block()
            elif letter in " \t\r\n;|)}" or (letter == "," and not value) or letter in "<>":
                break
            elif letter == ",":
                value += "\0"
                self.at += 1
                self.blank()
            else:
                value += letter
                self.at += 1
        if self.at == start:
            self.at += 1
        return value, quoted

    def double(self) -> str:
        self.at += 1
        value = ""
        while self.at < len(self.text) and self.text[self.at] != '"':
            letter = self.text[self.at]
            if letter == "`" and self.at + 1 < len(self.text):
                value += {"n": "\n", "t": "\t", "0": "\0"}.get(self.text[self.at + 1], self.text[self.at + 1])
                self.at += 2
            elif letter == "$":
                value += self.dollar()
            else:
                value += letter
                self.at += 1
        self.at += 1
        return value

    def here(self) -> str:
        mark = self.text[self.at + 1]
        end = self.text.find(f"\n{mark}@", self.at)
        body = self.text[self.at + 2 : end if end >= 0 else len(self.text)].lstrip("\r\n")
        self.at = end + 3 if end >= 0 else len(self.text)
        return re.sub(r"\$[\w({]\S*", HOLE, body) if mark == '"' else body

    def dollar(self) -> str:
        """`$name`, `${name}`, `$env:NAME`, `$(...)`, with the properties and indexes that follow."""
        found = re.compile(r"\$(?:\{([^}]*)\}|((?:\w+:)?\w+|[_?$^]))").match(self.text, self.at)
        if self.text.startswith("$(", self.at):
            self.at += 2
            return self.inner(")") + self.member()
        if found is None:
            self.at += 1
            return "$"
        self.at = found.end()
        name = (found[1] or found[2]).lower()
        scope, colon, bare = name.rpartition(":")
        if colon and scope == "env":
            spelled = (found[1] or found[2]).rpartition(":")[2]
            if not re.match(r"\s*=", self.text[self.at :]):
                self.say("variable", "read", spelled, found[0])
            value = self.world.environment.get(spelled, HOLE)
        elif bare in ("_", "psitem"):
            value = self.given or HOLE
        else:
            value = self.variables.get(bare, HOLE)
        return value if self.member() == "" else HOLE if LISTED not in value else value

    def member(self) -> str:
        """`.Property`, `[0]`, `.Method(...)` behind a value: HOLE where any stands, "" where none."""
        begun = self.at
        while self.at < len(self.text) and re.match(r"\.[A-Za-z_]\w*\(?|\[", self.text[self.at :]):
            found = re.match(r"\.[A-Za-z_]\w*(\(?)|(\[)", self.text[self.at :])
            assert found is not None
            self.at += found.end()
            if found[1]:
                self.inner(")")
            elif found[2]:
                self.inner("]")
        return HOLE if self.at > begun else ""

    def inner(self, close: str) -> str:
        """What stands in brackets, as commands; its output."""
        given = self.given
        output = self.statements(close)
        self.given = given
        self.at += 1
        return output

    def block(self) -> str:
        """`{ ... }` as a word: its commands are read where they stand."""
        self.at += 1
        self.inner("}")
        return HOLE

    def static(self, kind: str, method: str) -> str:
        """`[IO.File]::ReadAllText("x")` and the like."""
        if not self.text.startswith("(", self.at):
            return HOLE
        self.at += 1
        words: list[str] = []
        while (found := self.word()) is not None or self.text[self.at : self.at + 1] == ",":
            if found is None:
                self.at += 1
            else:
                words += found[0].split("\0")
        self.at += 1
        name = f"{kind}::{method}".lower()
        if name.endswith(("path::combine", "path]::combine")):
            return "/".join(word.strip("/\\") if at else word for at, word in enumerate(words))
        if "environment" in kind.lower():
            if method.lower() == "getenvironmentvariable" and words and HOLE not in words[0]:
                self.say("variable", "read", words[0], words[0])
            else:
                self.environment()
        elif re.search(r"(?i)file|stream|xml|json|zip|directory", kind) and READERS.search(method):
            for word in words[:1]:
                self.path("read", word)
        elif re.search(r"(?i)file|directory|path", kind) or re.search(r"(?i)convert|encoding|text", kind) or not words:
            return HOLE
        else:
            for word in words:
                if HOLE not in word and self.world.kind(self.absolute(word)) == "file":
                    self.path("read", word)
        return HOLE

    # commands

    def statements(self, close: str = "") -> str:
        """Commands up to a closing bracket; the output of the last one."""
        output = ""
        while self.at < len(self.text):
            self.blank()
            rest = self.text[self.at :]
            if close and rest.startswith(close):
                return output
            if rest[:1] in (";", "\n", ")", "}", "]", ","):
                self.at += 1
                self.given = ""
            elif rest.startswith(("&&", "||")):
                self.at += 2
                self.given = ""
            elif rest.startswith("|"):
                self.at += 1
                self.given = output or HOLE
            elif rest[:1] in (">", "<") or re.match(r"[\d*]>", rest):
                self.redirect()
            else:
                output = self.command(close)
        return output

    def redirect(self) -> None:
        found = re.compile(r"[\d*]?>>?(&\d)?|<").match(self.text, self.at)
        assert found is not None
        self.at = found.end()
        if not found[1] and (word := self.word()) is not None and word[0].lower() not in ("$null", ""):
            self.path("write", word[0])

    def command(self, close: str) -> str:
        begun = self.at
        assigned = re.compile(r"(?:\[[\w.\[\]]+\]\s*)?\$(?:\w+:)?(\w+)\s*(\+?=)(?!=)").match(self.text, self.at)
        if assigned:
            self.at = assigned.end()
            value = self.command(close)
            self.variables[assigned[1].lower()] = value if assigned[2] == "=" else HOLE
            return ""
        called = re.compile(r"[&.]\s+").match(self.text, self.at)
        if called:
            self.at = called.end()
        words: list[tuple[str, bool]] = []
        while (word := self.word()) is not None:
            words.append(word)
            self.blank()
            if re.match(r"[\d*]?>", self.text[self.at :]):
                self.redirect()
        if not words:
            self.at += self.at == begun
            return ""
        name, quoted = words[0]
        if quoted and not called:
            return name if len(words) == 1 else HOLE
        if not called and re.match(r"[\d($[]", self.text[begun : begun + 1]):
            return name if len(words) == 1 else HOLE
        lower = name.lower().removesuffix(".exe")
        if lower in KEYWORDS:
            return ""
        return self.named(ALIASES.get(lower, lower), name, [word for word, _ in words[1:]])

    def named(self, lower: str, name: str, words: list[str]) -> str:
        cmdlet = CMDLETS.get(lower)
        if cmdlet is None:
            return self.program(name, words)
        if lower == "join-path":
            plain = [word for word in words if not word.startswith("-")]
            return "/".join(word.rstrip("/\\") if not at else word.strip("/\\") for at, word in enumerate(plain))
        if lower in ("write-output", "foreach-object", "where-object", "sort-object", "select-object"):
            return "\0".join(words) if lower == "write-output" else self.given or HOLE
        if cmdlet.role == "environment":
            self.environment()
        given = self.arguments(cmdlet, words)
        if cmdlet.role in ("read", "run") and not given and cmdlet.operands[:1] != ("address",) and self.given:
            for word in self.given.split("\0"):
                self.touch(cmdlet.role, word)
        if lower in ("get-childitem", "get-item", "resolve-path", "convert-path"):
            folder = next((word for role, word in given if role == "list"), ".")
            return folder if lower != "get-childitem" or "*" in folder else f"{folder}/{LISTED}"
        return HOLE

    def arguments(self, cmdlet: Cmdlet, words: list[str]) -> list[tuple[str, str]]:
        """The words with their roles, each touched."""
        found: list[tuple[str, str]] = []
        position = 0
        waiting = iter(words)
        for word in waiting:
            option = re.fullmatch(r"-([A-Za-z]\w*)(?::(.*))?", word, re.S)
            if option:
                name = option[1].lower()
                if any(switch.startswith(name) for switch in cmdlet.switches.split()):
                    continue
                value = option[2] if option[2] is not None else next(waiting, "")
                path = any(parameter.startswith(name) for parameter in cmdlet.paths.split())
                role = cmdlet.role if path else "write" if name.startswith(("dest", "outf")) else ""
                found += [(role, part) for part in value.split("\0")]
                continue
            role = cmdlet.operands[min(position, len(cmdlet.operands) - 1)] if cmdlet.operands else ""
            position += 1
            found += [(role, part) for part in word.split("\0")]
        for role, word in found:
            self.touch(role, word)
        return [(role, word) for role, word in found if role and role != "write"]

    def touch(self, role: str, word: str) -> None:
        if role == "run":
            if HOLE in word or self.depth > 5:
                self.opaque("what `Invoke-Expression` runs")
            else:
                self.nested(word)
        elif role == "cd":
            self.cwd = HOLE if HOLE in word else self.absolute(word)
        elif role == "address":
            if word.lower().startswith("file:"):
                self.path("read", re.sub(r"^file:/*", "/", word))
        elif role and role != "block" and word:
            self.path(role, word)

    def nested(self, text: str) -> None:
        child = Script(text, self.world, self.depth + 1)
        child.cwd, child.variables = self.cwd, self.variables
        child.statements()
        self.touches += child.touches

    def absolute(self, word: str) -> str:
        path = word.replace("\\", "/")
        path = self.world.home + path[1:] if path == "~" or path.startswith("~/") else path
        path = re.sub(r"(?i)^(?:microsoft\.powershell\.core\\?/?)?filesystem::", "", path)
        if not path.startswith("/") and not re.match(r"[A-Za-z]:", path):
            path = f"{self.cwd}/{path}"
        parts: list[str] = []
        for part in path.split("/"):
            if part == ".." and parts:
                parts.pop()
            elif part not in ("", ".", ".."):
                parts.append(part)
        return ("" if re.match(r"[A-Za-z]:", path) else "/") + "/".join(parts)

    def path(self, role: str, word: str) -> None:
        """A path with its wildcards, or what a listing gave."""
        access: Access = role if role in ("read", "write", "list", "execute") else "read"  # type: ignore[assignment]
        if re.match(r"(?i)env:", word):
            self.environment() if word[4:] in ("", "*", "/", "\\") or HOLE in word else self.say(
                "variable", "read", word[4:].strip("/\\"), word
            )
            return
        path = self.absolute(word)
        if LISTED in path and HOLE not in path:
            self.say("path", access, path.partition(LISTED)[0].rstrip("/"), word.partition(LISTED)[0], access == "read")
        elif HOLE in path:
            if access in ("read", "execute"):
                self.opaque(f"which file `{word}` is")
        elif re.search(r"[*?\[]", path):
            for name in self.expanded(path):
                self.say("path", access, name, word)
        else:
            self.say("path", access, path, word)

    def expanded(self, path: str) -> list[str]:
        found = ["/"]
        for part in path.strip("/").split("/"):
            if re.search(r"[*?\[]", part):
                glob = part.lower()
                found = [
                    f"{folder.rstrip('/')}/{name}"
                    for folder in found
                    for name in self.world.listdir(folder) or ()
                    if fnmatchcase(name.lower(), glob)
                ]
            else:
                found = [f"{folder.rstrip('/')}/{part}" for folder in found]
            if len(found) > MANY:
                self.opaque(f"which files `{path}` names")
                return []
        return found

    def environment(self) -> None:
        for name in self.world.environment:
            self.say("variable", "read", name, "env:")

    def program(self, name: str, words: list[str]) -> str:
        """A program that is no cmdlet, with its words as a shell would give them."""
        from . import read as shell

        lower = name.lower().rpartition("\\")[2].rpartition("/")[2].removesuffix(".exe")
        if HOLE in name or LISTED in name:
            self.opaque("which program is run")
            return HOLE
        if lower in ("powershell", "pwsh", "cmd"):
            text = " ".join(
                words[
                    next((at for at, word in enumerate(words) if word.lower() in ("-c", "-command", "/c", "/k")), -1)
                    + 1 :
                ]
            )
            if HOLE in text or any(word.lower().startswith(("-e", "-enc")) for word in words) or self.depth > 5:
                self.opaque(f"what `{name}` runs")
            else:
                self.nested(text)
        elif lower == "findstr" or name.lower().endswith((".ps1", ".psm1", ".bat", ".cmd")):
            for word in (
                [name, *words] if lower != "findstr" else [word for word in words if not word.startswith("/")][1:]
            ):
                self.path("read", word)
            if lower != "findstr":
                self.opaque(f"what the program `{name}` reads")
        elif name.startswith("-") or re.fullmatch(r"[-+*/%=!]+|\d\S*", name):
            return HOLE
        elif HOLE in "".join(words) or LISTED in "".join(words):
            for word in words:
                self.path("read", word)
        else:
            line = shlex.join([lower, *[part for word in words for part in word.split("\0")]])
            piped = (
                f"printf '%s\\n' {shlex.join(self.given.split(chr(0)))} | "
                if self.given and HOLE not in self.given + LISTED
                else ""
            )
            self.touches += shell(f"cd {shlex.quote(self.cwd)} && {piped}{line}", self.world, "bash").touches
        return HOLE


def read(script: str, world: World) -> Reading:
    """What a PowerShell script would touch. What is not understood is opaque: nothing in it raises."""
    reader = Script(script, world)
    if len(script) > 100_000:
        reader.opaque("what a command of this length does")
    else:
        try:
            while reader.at < len(script):
                reader.statements()
        except RecursionError:
            reader.opaque("what a command nested this deep does")
    return Reading(tuple(dict.fromkeys(reader.touches)), (), None)
