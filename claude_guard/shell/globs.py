"""Shell patterns against the folders of the world."""

import re
from collections.abc import Callable

from .context import HOLE
from .patterns import Pieces, active, compile_pattern, plain

ENTRIES = 60_000  # folder entries that one pattern may look at


class Glob:
    """Expansion of one pattern against folders. `listdir` answers None for a folder that cannot be listed;
    `whole` turns False where something could not be looked at."""

    def __init__(
        self,
        listdir: Callable[[str], list[str] | None],
        isdir: Callable[[str], bool],
        exists: Callable[[str], bool],
        options: frozenset[str],
        dialect: str = "bash",
    ) -> None:
        self.listdir = listdir
        self.isdir = isdir
        self.exists = exists
        self.options = options
        self.dialect = dialect
        self.dots = bool(options & {"dotglob", "globdots"})
        self.fold = bool(options & {"nocaseglob", "no_case_glob"})
        self.budget = ENTRIES
        self.whole = True

    def expand(self, cwd: str, pieces: Pieces) -> list[str]:
        """The paths that match, sorted, as the pattern spells them (relative where it is)."""
        segments: list[Pieces] = [[]]
        for text, on in pieces:
            for i, piece in enumerate(text.split("/")):
                if i:
                    segments.append([])
                if piece:
                    segments[-1].append((piece, on))
        if HOLE in cwd or any(HOLE in text for text, _ in pieces):
            self.whole = False
            return []
        qualifiers = ""
        if self.dialect == "zsh" and segments[-1] and segments[-1][-1][1]:
            found = re.search(r"\(([^|()~]*)\)$", segments[-1][-1][0])
            if found:
                qualifiers = found.group(1)
                segments[-1][-1] = (segments[-1][-1][0][: found.start()], True)
        dots = self.dots
        if "D" in qualifiers:
            self.dots = True
        found_paths = [""]
        if not segments[0] and len(segments) > 1:
            found_paths = ["/"]
            segments = segments[1:]
        for i, segment in enumerate(segments):
            last = i == len(segments) - 1
            found_paths = self._step(cwd, found_paths, segment, last)
            if not found_paths:
                break
        self.dots = dots
        if "." in qualifiers and "^" not in qualifiers:
            found_paths = [path for path in found_paths if not self.isdir(self._at(cwd, path))]
        return sorted(set(found_paths))

    def _step(self, cwd: str, bases: list[str], segment: Pieces, last: bool) -> list[str]:
        text = plain(segment)
        if not active(segment) and not (self.dialect == "zsh" and "(" in text and any(on for _, on in segment)):
            if last:
                return [b + text for b in bases if text == "" or self.exists(self._at(cwd, b + text))]
            return [b + text + "/" for b in bases]
        recursive = text in ("**", "***") and all(on for _, on in segment)
        if recursive and (self.dialect == "zsh" or "globstar" in self.options):
            result: list[str] = []
            for base in bases:
                result += self._below(cwd, base, last)
            return result
        pattern = compile_pattern(segment, False, self.dialect, self.fold)
        if pattern is None:
            self.whole = False
            return []
        hidden = (
            self.dots
            or text.startswith(".")
            or (self.dialect == "zsh" and "(" in text and "." in text)
            or (text.startswith(("@(", "?(", "+(", "*(")) and "." in text)
        )
        result = []
        for base in bases:
            for name in self._names(cwd, base):
                if name.startswith(".") and not hidden:
                    continue
                found = pattern.match(name)
                if found is None:
                    self.whole = False
                if found:
                    if last:
                        result.append(base + name)
                    elif self.isdir(self._at(cwd, base + name)):
                        result.append(base + name + "/")
        return result

    def _below(self, cwd: str, base: str, last: bool) -> list[str]:
        result = [base] if base or not last else []
        waiting = [base]
        while waiting:
            folder = waiting.pop()
            for name in self._names(cwd, folder):
                if name.startswith(".") and not self.dots:
                    continue
                path = folder + name
                if self.isdir(self._at(cwd, path)):
                    waiting.append(path + "/")
                    result.append(path if last else path + "/")
                elif last:
                    result.append(path)
                if self.budget <= 0:
                    return result
        return result

    def _names(self, cwd: str, base: str) -> list[str]:
        if self.budget <= 0:
            self.whole = False
            return []
        folder = self._at(cwd, base).rstrip("/") or "/"
        names = self.listdir(folder)
        if names is None:
            if self.exists(folder):
                self.whole = False
            return []
        self.budget -= len(names) + 1
        if self.budget <= 0:
            self.whole = False
        return names

    @staticmethod
    def _at(cwd: str, path: str) -> str:
        return path if path.startswith("/") else cwd.rstrip("/") + "/" + path
