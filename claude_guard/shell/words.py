"""From a word as written to the fields that a command gets.

In the shell's order: braces, tilde, parameters and substitutions, splitting, globs, quote removal. In between a word is
pieces of text that remember whether they were quoted (`TEXT`), written plainly (`LIVE`: may be a pattern) or came
out of an expansion (`LOOSE`: may be a pattern and may fall apart, `APART`: does so in zsh too); `BREAK` ends a
field (`"$@"`).
"""

import re

from . import parameters
from .arithmetic import evaluate
from .braces import FIELDS, braces
from .context import HOLE
from .globs import Glob
from .patterns import Pieces, active, plain
from .quoting import Unclosed, ansi_text, part
from .state import State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .walk import Walk

TEXT, LIVE, LOOSE, BREAK, APART = 0, 1, 2, 3, 4
Piece = tuple[str, int]

_LITERAL = re.compile(r"[\w./:@%+,^=-]+")
_NAME = re.compile(r"\$(?:([A-Za-z_]\w*)|([0-9*@#?$!_-]))")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_TILDE = re.compile(r"~([\w.+-]*)(?=/|:|$)")


class Expander:
    """Expands words in one state of a walk. `shown`: the environment variables whose values came out."""

    def __init__(self, walk: "Walk", state: State) -> None:
        self.walk = walk
        self.state = state
        self.shown: set[str] = set()

    def fields(self, raw: str) -> list[str]:
        """The fields that a word becomes as an argument."""
        if _LITERAL.fullmatch(raw) and not (raw[0] == "=" and self.walk.dialect == "zsh"):
            return [raw]
        variants = braces(raw) if "noexpand" not in self.state.options else [raw]
        if variants is None:
            self.walk.opaque("all that a brace expression makes", raw[:200])
            return [HOLE]
        result: list[str] = []
        for variant in variants:
            self.walk.step()
            result += self._fields(variant)
        return result

    def text(self, raw: str) -> str:
        """The word as one text: an assignment's value, the word of a `case`, a redirection's target."""
        return plain(self.pieces_of(raw, assignment=True))

    def pieces_of(self, raw: str, assignment: bool = False) -> Pieces:
        """The word as a pattern."""
        return [
            (" " if kind == BREAK else text, kind == LIVE or (kind in (LOOSE, APART) and self._patterns()))
            for text, kind in self.expand(raw, assignment=assignment)
        ]

    def _fields(self, raw: str) -> list[str]:
        fields: list[Pieces] = []
        current: Pieces | None = None
        split = self._split_characters()
        loose = split and (self.walk.dialect != "zsh" or "shwordsplit" in self.state.options)
        for text, kind in self.expand(raw, assignment=_ASSIGNMENT.match(raw) is not None):
            if kind == BREAK:
                fields.append(current if current is not None else [])
                current = None
            elif kind != APART and (kind != LOOSE or not loose):
                if text or kind == TEXT:
                    current = [*(current or ()), (text, kind == LIVE or (kind == LOOSE and self._patterns()))]
            else:
                current = self._split(text, split, fields, current)
        if current is not None:
            fields.append(current)
        result: list[str] = []
        for field in fields:
            result += self._glob(field)
        return result

    def _patterns(self) -> bool:
        """Whether what comes out of an expansion may be a pattern: in zsh only where that is asked for."""
        return self.walk.dialect != "zsh" or "globsubst" in self.state.options

    def _split_characters(self) -> str:
        found = self.state.variables.get("IFS")
        value = found.text() if found else None
        return " \t\n" if value is None else value

    def _split(self, text: str, split: str, fields: list[Pieces], current: Pieces | None) -> Pieces | None:
        if text == HOLE:
            # an unknown value may be several words: whatever stands for one of them, the next is unknown too
            if current is None:
                fields.append([(HOLE, True)])
            return [*(current or ()), (HOLE, True)]
        blank = "".join(char for char in split if char in " \t\n")
        other = "".join(char for char in split if char not in " \t\n")
        pattern = f"[{re.escape(blank)}]*[{re.escape(other)}][{re.escape(blank)}]*" if other else ""
        pattern = "|".join(filter(None, [pattern, f"[{re.escape(blank)}]+" if blank else ""]))
        parts = re.split(f"({pattern.replace('[]*', '')})", text)
        if len(parts) > FIELDS:
            return [(HOLE, True)]
        for i, piece in enumerate(parts):
            if i % 2:
                if current is not None or piece.strip(blank):
                    fields.append(current or [])
                current = None
            elif piece:
                current = [*(current or ()), (piece, self._patterns())]
        return current

    def _glob(self, field: Pieces) -> list[str]:
        word = plain(field)
        zsh = self.walk.dialect == "zsh"
        if zsh and word.startswith("=") and field[0][1] and len(word) > 1 and re.fullmatch(r"=[\w.-]+", word):
            return ["/usr/bin/" + word[1:]]
        options = self.state.options
        grouped = zsh and any(on and "(" in text for text, on in field)
        if "extendedglob" in options and any(on and any(char in text for char in "^#~") for text, on in field):
            self.walk.opaque(f"what `{word}` matches", word)
            return [HOLE]
        if "noglob" in options or not (active(field) or grouped):
            return [word]
        if HOLE in word:
            return [word]
        ignore = self.state.variables.get("GLOBIGNORE")
        if ignore and ignore.text():
            options = options | {"dotglob"}
        world = self.walk.overlay(self.state)
        glob = Glob(
            world.listdir,
            lambda path: world.kind(path) == "dir",
            lambda path: world.kind(path) is not None,
            options,
            self.walk.dialect,
        )
        found = glob.expand(self.state.cwd, field)
        self.walk.step(len(found) // 50 + 1)
        if not glob.whole:
            self.walk.opaque(f"all that `{word}` matches", word)
            found.append(HOLE)
        if found:
            return found
        return [] if "nullglob" in options else [word]

    def expand(self, raw: str, quoted: bool = False, assignment: bool = False, nested: bool = False) -> list[Piece]:
        """The pieces of a word, or with `quoted` of the inside of double quotes or a here-document; `nested`: of the
        word of a `${name:-word}` there, which has quotes of its own."""
        try:
            return self._expand(raw, quoted, assignment, nested)
        except Unclosed:
            self.walk.opaque(f"what `{raw}` becomes", raw)
            return [(HOLE, LOOSE)]

    def _expand(self, raw: str, quoted: bool, assignment: bool, nested: bool) -> list[Piece]:
        out: list[Piece] = []
        i = 0
        size = len(raw)
        live = TEXT if quoted else LIVE
        if not quoted and raw.startswith("~"):
            found = _TILDE.match(raw)
            if found and (assignment or not raw.startswith(":", found.end())):
                out.append((self._tilde(found.group(1)), TEXT))
                i = found.end()
        start = i
        while i < size:
            char = raw[i]
            if char not in "\"'`$\\<>=~":
                i += 1
                continue
            end = i
            pieces: list[Piece] = []
            if char == "\\":
                following = raw[i + 1 : i + 2]
                end = min(i + 2, size)
                if quoted:
                    if following and (following in '$`"\\' or (nested and following == "}")):
                        pieces = [(following, TEXT)]
                    elif following == "\n":
                        pieces = [("", TEXT)]
                    else:
                        i += 1
                        continue
                else:
                    pieces = [(following, TEXT)]
            elif char == "'" and not quoted:
                end = part(raw, i)
                pieces = [(raw[i + 1 : end - 1], TEXT)]
            elif char == '"' and (nested or not quoted):
                end = part(raw, i)
                # an `@` without elements is no field at all, but `""` is one
                pieces = self.expand(raw[i + 1 : end - 1], quoted=True) if end - i > 2 else [("", TEXT)]
            elif char == "`":
                end = part(raw, i)
                inner = re.sub(r'\\([$`\\"])' if quoted else r"\\([$`\\])", r"\1", raw[i + 1 : end - 1])
                pieces = [(self.walk.substitute(self.state, inner), TEXT if quoted else APART)]
            elif char == "$":
                end, found_pieces = self._dollar(raw, i, quoted, nested)
                if found_pieces is None:
                    i += 1
                    continue
                pieces = found_pieces
            elif char in "<>" and not quoted and raw.startswith("(", i + 1):
                end = self._closing(raw, i + 1)
                pieces = [(self.walk.process(self.state, raw[i + 2 : end - 1], char), TEXT)]
            elif char == "=" and i == 0 and not quoted and raw.startswith("=(") and self.walk.dialect == "zsh":
                end = self._closing(raw, 1)
                pieces = [(self.walk.process(self.state, raw[2 : end - 1], "<"), TEXT)]
            elif char == "~" and assignment and raw[i - 1] in ":=" and not quoted and (tilde := _TILDE.match(raw, i)):
                end = tilde.end()
                pieces = [(self._tilde(tilde.group(1)), TEXT)]
            else:
                i += 1
                continue
            if i > start:
                out.append((raw[start:i], live))
            out += pieces
            i = start = max(end, i + 1)
        if size > start:
            out.append((raw[start:], live))
        return out

    @staticmethod
    def _closing(raw: str, at: int) -> int:
        from .quoting import command

        return command(raw, at)

    def _tilde(self, user: str) -> str:
        if user == "":
            return self.walk.variable_text(self.state, "HOME") or self.walk.world.home
        if user == "+":
            return self.state.cwd
        if user == "-":
            return self.walk.variable_text(self.state, "OLDPWD") or HOLE
        if user == "root":
            return "/root"
        home = self.walk.world.home
        return home if home.rsplit("/", 1)[-1] == user else HOLE

    def _dollar(self, raw: str, i: int, quoted: bool, nested: bool) -> tuple[int, list[Piece] | None]:
        kind = TEXT if quoted else LOOSE
        following = raw[i + 1 : i + 2]
        found = _NAME.match(raw, i)
        if found:
            name = found.group(1) or found.group(2)
            end = found.end()
            if self.walk.dialect == "zsh" and raw.startswith("[", end) and found.group(1):
                close = raw.find("]", end)
                if close > 0:
                    return close + 1, parameters.expand(self, raw[i + 1 : close + 1], quoted)
            return end, parameters.expand(self, name, quoted)
        if (
            following in "=~^"
            and following
            and self.walk.dialect == "zsh"
            and (found := _NAME.match("$" + raw[i + 2 :]))
        ):
            return i + 1 + found.end(), parameters.expand(self, raw[i + 1 : i + 1 + found.end()], quoted)
        if following == "(":
            end = part(raw, i)
            if raw.startswith("$((", i) and raw.endswith("))", i, end):
                from .quoting import arithmetic

                if arithmetic(raw, i + 1) == end:
                    return end, [(self.arithmetic(raw[i + 3 : end - 2]), kind)]
            return end, [(self.walk.substitute(self.state, raw[i + 2 : end - 1]), TEXT if quoted else APART)]
        if following == "{":
            end = part(raw, i, quoted=quoted)
            if raw[i + 2 : i + 3] in (" ", "\n", "\t", "|"):
                return end, [
                    (self.walk.substitute(self.state, raw[i + 3 : end - 1], same=True), TEXT if quoted else APART)
                ]
            return end, parameters.expand(self, raw[i + 2 : end - 1], quoted)
        if following == "[":
            end = raw.find("]", i) + 1
            return (end, [(self.arithmetic(raw[i + 2 : end - 1]), kind)]) if end > 0 else (i + 1, None)
        if following == "'" and (nested or not quoted):
            end = part(raw, i)
            return end, [(ansi_text(raw[i + 2 : end - 1]), TEXT)]
        if following == '"' and not quoted:
            end = part(raw, i)
            return end, self.expand(raw[i + 2 : end - 1], quoted=True) or [("", TEXT)]
        return i + 1, None

    def arithmetic(self, raw: str) -> str:
        """The value of an arithmetic expression as written."""
        text = "".join([text for text, _ in self.expand(raw.replace('"', ""), quoted=True)])

        def get(name: str) -> str:
            value = "".join(text for text, _ in parameters.expand(self, name, True))
            if "$(" in value or "`" in value:  # a subscript in it is expanded once more
                self.expand(value, quoted=True)
                return HOLE
            return value

        def put(name: str, value: str) -> None:
            self.walk.assign(self.state, name, value)

        return evaluate(text, get, put)
