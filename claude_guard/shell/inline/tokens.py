"""Programs in languages other than Python: a light reading of their tokens.

Strategy: string constants that name an existing file, or are spelled like a path, are read; a call of a reading
function with a computed name is opaque; what is run with a constant is read as a command; mentions of the
environment are variables. A program of constants and arithmetic touches nothing.
"""

import re

from ...values import NamedTuple
from ..context import HOLE, Context
from .languages import LANGUAGES, Language
from .running import Running

HEXED = re.compile(r"\\x([0-9a-fA-F]{2})|\\u\{?([0-9a-fA-F]{2,6})\}?|\\([0-7]{3})|\\(.)", re.S)
QUOTED = re.compile(
    r"(qx|qq|qw|q|%x|%q|%Q|%w)\s*(?:\{([^{}]*)\}|\(([^()]*)\)|\[([^\[\]]*)\]|/([^/\n]*)/|\|([^|\n]*)\||!([^!\n]*)!)"
)
TOKEN = re.compile(
    r"""(?P<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?P<tick>`(?:[^`\\]|\\.)*`)|(?P<name>[$@%&]{0,2}[A-Za-z_]\w*(?:(?:\?\.|\.|::|->)[A-Za-z_]\w*)*[?!]?|\$|\d[\w.]*)|(?P<sign>.)""",
    re.S,
)
REGEX = re.compile(r"/(?![/*])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
PATHLIKE = re.compile(
    r"(?:~|\.{0,2}/|[\w.@-]+/)[^\s:<>|]*|\.[A-Za-z][\w.-]+|[\w-]+\.(?:env|pem|key|p12|pfx|jks|kdbx|tfstate|tfvars)"
)
METADATA = re.compile(
    r"(?:^|[.:>])(?:exists(?:Sync)?|stat(?:Sync)?|lstat(?:Sync)?|access(?:Sync)?|exist\?|file\?|directory\?"
    r"|size|mtime|file_exists|is_file|is_dir"
    r"|filesize|filemtime|file\.exists|file\.info|unlink(?:Sync)?|rm(?:Sync)?|delete|mkdir(?:Sync)?|mkdir_p"
    r"|rm_f|rm_rf|chmod(?:Sync)?|existsSync"
    r"|endsWith|startsWith|end_with\?|start_with\?|includes|include\?|basename|extname|test|match|indexOf"
    r"|str_ends_with|str_contains)$"
)
WRITES = re.compile(
    r"(?:^|[.:>])(?:writeFile(?:Sync)?|appendFile(?:Sync)?|createWriteStream|write|binwrite|file_put_contents"
    r"|writeLines|truncate)$"
)
NEUTRAL = re.compile(
    r"(?:my|our|let|const|var|local|in|of|each|do|end|as|and|or|not|new|die|true|false|null|nil|undef|utf8"
    r"|__dirname|__dir__|__DIR__|\d[\w.]*"
    r"|(?:\w+(?:\.|::))+(?:join|resolve|normalize)|(?:\w+(?:\.|::))*(?:cwd|pwd|dirname|filter|map|sort|slice"
    r"|flat|concat|forEach"
    r"|keys|values|expand_path|homedir|home"
    r"|toString|Path|Pathname|path|fs|promises|URL|import\.meta\.\w+|file\.path|trim|strip|chomp|STDIN"
    r"|STDOUT|STDERR|stdin|fd))"
)
OPENERS = {"(": ")", "[": "]", "{": "}"}


class Token(NamedTuple):
    """kind: string, tick (runs a command), name, regex, sign."""

    kind: str
    text: str


def unquote(literal: str) -> str:
    """The value of a string literal; interpolated parts are holes."""
    text = literal[1:-1]
    if literal[0] != "'":
        text = re.sub(r"(?:#|\$)\{[^}]*\}|(?<!\\)[$@][A-Za-z_]\w*(?:\[[^\]]*\]|->\w+)?", HOLE, text)
    plain = {"n": "\n", "t": "\t", "r": "\r", "e": "\x1b", "0": "\0"}

    def meant(found: re.Match[str]) -> str:
        if found[1] or found[2]:
            return chr(int(found[1] or found[2], 16) % 0x110000)
        return chr(int(found[3], 8)) if found[3] else plain.get(found[4], found[4])

    return HEXED.sub(meant, text)


def tokenize(text: str, language: Language) -> tuple[list[Token], str]:
    """The tokens, and the text without its comments."""
    comment = re.compile(language.comment, re.S)
    quoted = (language.ticks and language.joined != ".") or language.variable.startswith(r"\$ENV")
    found: list[Token] = []
    bare: list[str] = []
    at = 0
    while at < len(text):
        if text[at].isspace() and text[at] != "\n":
            bare.append(text[at])
            at += 1
            continue
        match = comment.match(text, at)
        if match and match.end() > at:
            at = match.end()
            continue
        before = found[-1] if found else Token("sign", ";")
        match = REGEX.match(text, at) if text[at] == "/" else None
        operand = before.kind in ("string", "regex", "tick") or (
            before.kind == "name"
            and before.text
            not in ("return", "if", "unless", "split", "grep", "map", "and", "or", "not", "when", "while")
        )
        if match and not operand and before.text not in (")", "]"):
            found.append(Token("regex", match[0]))
        elif quoted and (match := QUOTED.match(text, at)) and not re.match(r"\w|\$", text[at - 1 : at] or " "):
            body = next(group for group in match.groups()[1:] if group is not None)
            if match[1].endswith("x"):
                found.append(Token("tick", re.sub(r"#\{[^}]*\}|[$@]\w+", HOLE, body)))
            elif match[1].endswith("w"):
                found += [Token("string", word) for word in body.split()]
            else:
                found.append(
                    Token("string", body if match[1] in ("q", "%q") else re.sub(r"#\{[^}]*\}|[$@]\w+", HOLE, body))
                )
        else:
            match = TOKEN.match(text, at)
            if match is None:
                break
            kind, value = match.lastgroup or "sign", match[0]
            if kind == "string":
                value = unquote(value)
            elif kind == "tick":
                kind, value = ("tick" if language.ticks else "string"), unquote(value)
            found.append(Token(kind, value))
        bare.append(match[0])
        at = match.end()
    return found, "".join(bare)


class Program:
    """One program, as its tokens."""

    def __init__(self, name: str, text: str, arguments: list[str], context: Context) -> None:
        self.name = name
        self.language = LANGUAGES[name]
        self.context = context
        self.arguments = arguments
        self.text = text
        self.tokens, self.bare = tokenize(text, self.language)
        self.argument = re.compile(self.language.argument)
        self.derived: dict[str, bool] = {}
        self.dynamic = False

    def segment(self, at: int) -> list[list[Token]]:
        """The arguments of the call whose name stands before `at`, split at its commas."""
        parts: list[list[Token]] = [[]]
        bracketed = self.tokens[at : at + 1] == [Token("sign", "(")]
        depth = 0
        for token in self.tokens[at:]:
            if token.kind == "sign":
                if token.text in OPENERS:
                    depth += 1
                    if depth == 1 and bracketed:
                        continue
                elif token.text in OPENERS.values():
                    depth -= 1
                    if (depth == 0 and bracketed) or depth < 0:
                        break
                elif not bracketed and depth == 0 and token.text in ";\n|":
                    break
                elif token.text == "," and depth == int(bracketed):
                    parts.append([])
                    continue
            parts[-1].append(token)
        return parts

    def value(self, part: list[Token]) -> str:
        """What an expression comes to: its constants put together, a hole for the rest."""
        pieces: list[str] = []
        joins = any(token.kind == "name" and token.text.endswith(("join", "resolve")) for token in part)
        for token in part:
            if token.kind == "string":
                pieces.append(token.text)
            elif (token.kind == "name" and not NEUTRAL.fullmatch(token.text)) or token.text == HOLE:
                pieces.append(HOLE)
        return ("/" if joins else "").join(pieces)

    def computed(self, part: list[Token], depth: int = 0) -> bool:
        """Whether an expression depends on anything but constants, listings and the program's arguments."""
        for token in part:
            if token.kind == "tick" or HOLE in token.text:
                return True
            if token.kind != "name" or NEUTRAL.fullmatch(token.text) or self.argument.fullmatch(token.text):
                continue
            if re.search(rf"(?:{self.language.folders})$", token.text):
                self.dynamic = True
                continue
            if depth > 5 or not self.constant(token.text, depth):
                return True
        return False

    def constant(self, name: str, depth: int) -> bool:
        """Whether every assignment of a name is of constants."""
        name = name.partition(".")[0]
        if name not in self.derived:
            self.derived[name] = True  # while its own sources are looked at
            sources = []
            for at, token in enumerate(self.tokens):
                if token.kind == "name" and token.text.lstrip("$@") == name.lstrip("$@"):
                    following = self.tokens[at + 1 : at + 3]
                    if (
                        following[:1] == [Token("sign", "=")]
                        and following[1:]
                        not in (
                            [Token("sign", "=")],
                            [Token("sign", ">")],
                        )
                    ) or following[:1] in ([Token("name", "of")], [Token("name", "in")]):
                        sources.append(self.statement(at + 2))
                    elif following == [Token("sign", "="), Token("sign", ">")] or self.tokens[at - 1 : at] == [
                        Token("sign", "|")
                    ]:
                        sources.append(self.tokens[self.opening(at) : at])
            self.derived[name] = bool(sources) and not any(self.computed(part, depth + 1) for part in sources)
        return self.derived[name]

    def statement(self, at: int) -> list[Token]:
        part: list[Token] = []
        depth = 0
        for token in self.tokens[at:]:
            depth += (token.text in OPENERS) - (token.text in OPENERS.values()) if token.kind == "sign" else 0
            if token.kind == "sign" and (depth < 0 or (depth == 0 and token.text in ";\n")):
                break
            part.append(token)
        return part

    def opening(self, at: int) -> int:
        """Where the statement that holds a callback begins."""
        while at > 0 and self.tokens[at - 1].text not in (";", "\n"):
            at -= 1
        return at

    def read(self) -> None:
        if HOLE in "".join(token.text for token in self.tokens if token.kind in ("sign", "name")):
            self.context.opaque(f"what the {self.name} program is")
        named = self.argument.search(self.bare) is not None
        self.context.read(
            *[word for word in self.arguments if not word.startswith("-") and (named or HOLE not in word)]
        )
        for found in re.finditer(self.language.variable, self.bare):
            self.context.variable(*[group for group in found.groups() if group])
        asked = re.sub(r"[\"'][^\"']*[\"']\s+in\s+process\.env\b", "", self.bare)
        if re.search(self.language.environment, asked):
            self.context.environment()
        if self.name == "tcl":
            self.tcl()
        for at, token in enumerate(self.tokens):
            if token.kind == "name" and self.name != "tcl":
                self.called(at, token.text)
            elif token.kind == "tick":
                self.context.run(token.text)
        for at, token in enumerate(self.tokens):
            if token.kind == "string":
                self.mention(at, token.text)
        for found in re.finditer(r"\b(?:chdir|cd)\b\s*\(?\s*[\"']([^\"'\n]+)[\"']", self.text):
            self.moved(found[1])
        if "dotenv" in self.bare and re.search(r"dotenv", " ".join(t.text for t in self.tokens if t.kind == "string")):
            self.context.read(".env")

    def moved(self, folder: str) -> None:
        """The program changes its folder: what its constants name there is read too."""
        for token in self.tokens:
            if token.kind == "string" and token.text and HOLE not in token.text and "\n" not in token.text:
                place = f"{folder}/{token.text}"
                if not token.text.startswith("/") and self.context.world.kind(self.context.path(place)) == "file":
                    self.context.read(place)

    def tcl(self) -> None:
        """Words need no quotes there."""
        for command, rest in re.findall(
            r"(?:^|[\[;{\n])\s*(open|source|exec|glob|spawn|file\s+(?:copy|rename|link))\s+([^\]\n;}]+)", self.text
        ):
            words = [word.strip('"{}') for word in rest.split() if not word.startswith("-")]
            if any(mark in rest for mark in "$["):
                self.context.opaque("which file name the program computes")
            elif command in ("exec", "spawn"):
                self.context.run(rest)
            elif words and words[0].startswith("|"):
                self.context.run(rest.strip('"{}').lstrip("|"))
            elif words and command != "glob":
                self.context.read(words[0])

    def called(self, at: int, name: str) -> None:
        following = self.tokens[at + 1] if at + 1 < len(self.tokens) else Token("sign", ";")
        if following.text != "(" and following.kind not in ("string", "name"):
            return
        if self.tokens[at - 1 : at] in ([Token("name", "sub")], [Token("name", "function")], [Token("name", "def")]):
            return

        def called_as(names: str) -> bool:
            return re.search(rf"(?:^|[.:>]|::)(?:{names})$", name) is not None

        language = self.language
        if called_as(language.runs) and (
            self.name != "node" or re.search("child_process|execa|shelljs|Deno|Bun|zx", self.bare)
        ):
            words = [self.value(inner) for part in self.segment(at + 1) for inner in self.flat(part)]
            if len(words) == 1 or " " in words[0] or (following.text != "(" and len(words) == 1):
                self.context.run(words[0])
            else:
                self.context.call([word for word in words if word])
        elif called_as(language.evals):
            part = self.segment(at + 1)[0]
            text = self.value(part)
            if HOLE in text or not any(token.kind == "string" for token in part):
                self.context.opaque("what the evaluated text does")
            else:
                program(self.name, text, self.arguments, self.context)
        elif called_as(language.loads):
            part = self.segment(at + 1)[0]
            if name == "import" and following.text != "(":
                part = [token for token in part if token.kind == "string"]
            if HOLE in self.value(part) or self.computed(part):
                self.context.opaque("which module the program loads")
            elif self.value(part).startswith((".", "/")) and not self.value(part).endswith(".json"):
                self.load(self.value(part))
        elif called_as(language.reads):
            parts = self.segment(at + 1)
            if self.name == "perl":
                parts = [[token for token in part if not token.text.isupper()] for part in parts[1:] or parts]
            else:
                parts = parts[:1]
            if any(self.computed([token for token in part if token.text not in ("my",)]) for part in parts):
                self.context.opaque("which file name the program computes")

    def load(self, name: str) -> None:
        """A module of the project: its text is read as this one is."""
        context = self.context
        folder = context.cwd
        if isinstance(context, Running) and HOLE not in context.script:
            folder = context.path(context.script).rpartition("/")[0]
        path = context.path(f"{folder}/{name}") if not name.startswith("/") else name
        for suffix in ("", ".js", ".mjs", ".cjs", ".ts", ".rb", ".php", ".pm", ".pl", "/index.js", "/index.ts"):
            if context.world.kind(path + suffix) == "file":
                context.execute(path + suffix)
                running = Running(context, (path + suffix).removeprefix(context.cwd + "/"))
                text = running.follow(path + suffix)
                if text is None:
                    running.opaque("")
                elif text:
                    program(self.name, text, [], running)
                return
        context.opaque(f"what the program `{name}` reads")

    def flat(self, part: list[Token]) -> list[list[Token]]:
        """The elements of an array argument; options in braces are none."""
        if part and part[0].text == "{":
            return []
        if not (part and part[0].text == "["):
            return [part] if part else []
        inner: list[list[Token]] = [[]]
        for token in part[1:]:
            if token.text == ",":
                inner.append([])
            elif token.text != "]":
                inner[-1].append(token)
        return inner

    def mention(self, at: int, text: str) -> None:
        """A string constant: what it may name."""
        joined = self.language.joined
        whole = text
        place = at + 1
        while self.tokens[place : place + len(joined) + 1][: len(joined)] == [Token("sign", sign) for sign in joined]:
            following = self.tokens[place + len(joined) : place + len(joined) + 1]
            if not following or following[0].kind != "string":
                break
            whole += following[0].text
            place += len(joined) + 1
        before = self.tokens[at - 1].text if at else ""
        callee = self.tokens[at - 2].text if at > 1 and before == "(" else before
        for value in dict.fromkeys((text, whole, self.pathjoin(at))):
            self.named(value.removeprefix("file://"), callee)

    def pathjoin(self, at: int) -> str:
        """`join("a", "b")` from its first string on."""
        start = at
        while start and self.tokens[start - 1].text != "(":
            if self.tokens[start - 1].kind not in ("string",) and self.tokens[start - 1].text not in (
                ",",
                "__dirname",
                "__dir__",
            ):
                return ""
            start -= 1
        if start < 2 or not self.tokens[start - 2].text.endswith(("join", "resolve", "path")):
            return ""
        parts = [self.value(part) for part in self.segment(start - 1)]
        return "/".join(part for part in parts if part)

    def named(self, value: str, callee: str) -> None:
        from ..commands import selection

        context = self.context
        if not value or len(value) > 4096 or "\n" in value or HOLE in value or "://" in value:
            return
        if METADATA.search(callee):
            context.list(value)
        elif WRITES.search(callee) or value[0] in ">":
            context.write(value)
        elif value.startswith("|") or (value.endswith("|") and len(value) > 1 and self.language.ticks):
            context.run(value.strip("|"))
        elif any(mark in value for mark in "*?["):
            if re.search(r"[\s^$(]", value) or not re.search(rf"(?:{self.language.folders})\b|<[^>]*[*?]", self.bare):
                return
            folder = value[: re.search(r"[*?\[]", value).start()].rpartition("/")[0]  # type: ignore[union-attr]
            root = context.path(folder or ".")
            context.read_tree(folder or ".", selection.exact(root, value[len(folder) :]))
        else:
            kind = context.world.kind(context.path(value.lstrip("<").strip()))
            if kind == "dir":
                deep = re.search(r"recursive|\bglob|walk|find|scan|\*\*", self.bare)
                root = context.path(value)
                if not self.dynamic:
                    context.list(value)
                elif deep:
                    context.read_tree(value)
                else:
                    context.read_tree(value, lambda path: len(selection.below(path, root)) == 1)
            elif kind is not None or PATHLIKE.fullmatch(value):
                context.read(value.lstrip("<").strip())


def program(language: str, text: str, arguments: list[str], context: Context) -> None:
    """Touches what a program touches."""
    if language in LANGUAGES:
        Program(language, text, arguments, context).read()
