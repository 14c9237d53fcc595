"""The surroundings of one command: `Context`, for real."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from ..model import Access, Touch
from . import paths
from .context import HOLE, NOWHERE, Exclude, Exclusion
from .overlay import Overlay
from .state import State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..world import World
    from .walk import Walk


Names = list[str]


class Known(Mapping[str, str]):
    """The variables of a state whose values are known."""

    def __init__(self, walk: "Walk", state: State) -> None:
        self.walk = walk
        self.state = state

    def __getitem__(self, name: str) -> str:
        text = self.walk.variable_text(self.state, name)
        if text is None or HOLE in text:
            raise KeyError(name)
        return text

    def __iter__(self) -> Iterator[str]:
        return (name for name in self.walk.names(self.state) if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _at(place: str, root: str, keep: Callable[[str], bool] | None) -> Callable[[str], bool] | None:
    """What `keep` says of paths at `place`, for what lies at `root` until the script has put it there."""
    return keep if keep is None or place == root else lambda path: keep(place + path[len(root) :])


class Command:
    """One command in one state. `argv` are its words, `raw` how each was written."""

    def __init__(self, walk: "Walk", state: State, argv: list[str], raw: dict[str, str]) -> None:
        self.walk = walk
        self.state = state
        self.argv = argv
        self.raw = raw
        self.overlay = Overlay(walk.world, state)
        self.world: World = self.overlay
        self.cwd = state.cwd
        self.variables: Mapping[str, str] = Known(walk, state)
        self.stdin = state.stdin
        self.piped = state.piped

    def path(self, word: str) -> str:
        return paths.absolute(word, self.state.cwd, self.world)

    def read(self, *words: str) -> None:
        self._paths("read", words)

    def write(self, *words: str) -> None:
        for path in self._paths("write", words):
            self.state.files[path] = None

    def list(self, *words: str) -> None:
        self._paths("list", words)

    def execute(self, *words: str) -> None:
        self._paths("execute", words)

    def _paths(self, access: Access, words: Iterable[str]) -> Names:
        found: Names = []
        for word in words:
            if not word:
                continue
            path = self.path(word)
            if HOLE in path:
                if access in ("read", "execute"):
                    self._unknown(word)
                continue
            found.append(path)
            if path.startswith("/dev/fd/"):
                continue
            if access == "read" and paths.environ(path):
                self.environment()
            if access == "read" and "/.git/" in path and path not in self.state.files:
                self._store(path, self.raw.get(word) != word)
            left, at = self.walk.leaving.get(path, ("", -1)) if self.raw.get(word) != word else ("", -1)
            self.walk.touch(Touch("path", access, path, self.raw.get(word, word), exclude=left, at=at))
            origin = self.overlay.origin(path)
            if origin != path:
                self.walk.touch(Touch("path", access, origin, self.raw.get(word, word)))
        return found

    def _unknown(self, word: str) -> None:
        shown = self.raw.get(word, word)
        if HOLE in self.state.cwd and HOLE not in word:
            self.walk.opaque(f"in which folder `{shown}` is", shown)
        elif HOLE in shown:
            self.walk.opaque("which file " + f"`{self.argv[0] if self.argv else ''}` is given".replace(HOLE, "..."))
        else:
            self.walk.opaque(f"which file `{shown}` is", shown)

    def at(self, exclusion: Exclusion) -> int:
        """Where in the script's own text these words go; -1 where this command was not written there."""
        if self.walk.place is None or exclusion.after == NOWHERE:
            return -1
        argv, tokens = self.walk.place
        skipped = len(argv) - len(self.argv)
        if skipped < 0 or argv[skipped:] != self.argv:
            return -1
        return self.walk.position(tokens[-1 if exclusion.after < 0 else skipped + exclusion.after])

    def given(self, exclusions: Mapping[str, Exclusion]) -> None:
        for name, exclusion in exclusions.items():
            self.walk.leaving[self.path(name)] = exclusion.words, self.at(exclusion)
        self.walk.unordered |= {name for name in exclusions if not name.endswith("/.git")}

    def read_tree(self, word: str, keep: Callable[[str], bool] | None = None, exclude: Exclude | None = None) -> None:
        path = self.path(word)
        shown = self.raw.get(word, word)
        if HOLE in path:
            self._unknown(word)
            return
        inside = path.rstrip("/") + "/"
        shows = {old: new for new, old in self.state.links if new.startswith(inside)}
        shows |= {self.overlay.origin(path): path, path: path}
        if path.endswith("/.git") or "/.git/" in path:
            self._store(path + "/")
        for root, place in sorted(shows.items(), key=lambda pair: pair[0] != path):
            if keep is None:
                self.walk.touch(Touch("path", "read", root, shown, tree=exclude is None))
                if exclude is None:
                    continue
            below = self.walk.world.sensitive(root)
            if below is None:
                self.walk.opaque(f"what lies below `{shown}`", shown)
                continue
            for known in below:
                left = exclude(known) if exclude and root == path and known != path else Exclusion()
                touch = Touch("path", "read", path, shown, exclude=left.words, at=self.at(left))
                self._kept(known, _at(place, root, keep), touch, 0)

    def _kept(self, path: str, keep: Callable[[str], bool] | None, touch: Touch, depth: int) -> None:
        """Touches what `keep` accepts at and below a path that the policy does not let out."""
        self.walk.step()
        if self.world.kind(path) == "dir":
            names = self.world.listdir(path)
            if names is None or depth > 20:
                self.walk.opaque(f"what lies below `{path}`", touch.source)
                return
            for name in names:
                self._kept(f"{path}/{name}", keep, touch, depth + 1)
        elif keep is None or keep(path):
            self.walk.touch(touch._replace(name=path))

    def _store(self, path: str, listed: bool = False) -> None:
        """A repository's files are read as such: packed and compressed, but all that any revision holds. listed: a
        command listed them, which can leave them out."""
        root, _, inside = path.rpartition("/.git/")
        if root not in self.walk.stores and (not inside or inside.startswith(("objects", "lost-found"))):
            self.walk.stores.add(root)
            left, at = self.walk.leaving.get(root + "/.git", ("", -1)) if listed else ("", -1)
            self._objects(root or "/", None, left, at)

    def read_object(self, *words: str, because: str = "", exclude: Exclude | None = None) -> None:
        for word in words:
            path = self.path(word)
            if HOLE in path:
                self._unknown(word)
            else:
                left = exclude(path) if exclude else Exclusion()
                shown = self.raw.get(word, word)
                self.walk.touch(Touch("object", "read", path, shown, False, because, left.words, self.at(left)))

    def read_objects(self, repository: str, keep: Callable[[str], bool] | None = None) -> None:
        self._objects(repository, keep)

    def _objects(self, repository: str, keep: Callable[[str], bool] | None, left: str = "", at: int = -1) -> None:
        root = self.path(repository)
        if HOLE in root:
            self._unknown(repository)
            return
        known = self.walk.world.sensitive_objects(root)
        shown = self.raw.get(repository, repository)
        if known is None:
            self.walk.opaque(f"what the history of `{root}` holds", shown)
            return
        for path in known:
            if keep is None or keep(path):
                self.walk.touch(Touch("object", "read", path, shown, exclude=left, at=at))

    def variable(self, *names: str) -> None:
        for name in names:
            if HOLE in name:
                self.walk.opaque("which environment variable is shown")
                continue
            known = self.state.variables.get(name)
            for origin in sorted(known.taint) if known else [name]:
                self.walk.touch(Touch("variable", "read", origin, self.raw.get(name, name)))

    def environment(self) -> None:
        names = {name for name in self.walk.world.environment if name not in self.state.variables}
        for variable in self.state.variables.values():
            if variable.exported:
                names |= variable.taint
        for name in sorted(names):
            self.walk.touch(Touch("variable", "read", name, self.argv[0] if self.argv else ""))

    def opaque(self, what: str) -> None:
        self.walk.opaque(what.replace(HOLE, "..."))

    def run(self, script: str, arguments: Iterable[str] = (), name: str = "bash") -> str | None:
        given = tuple(arguments)
        zero = HOLE
        if script in self.argv:  # `-c SCRIPT NAME ARGUMENTS`
            following = self.argv[self.argv.index(script) + 1 :]
            zero = following[0] if following and tuple(following[1:]) == given else name
        for word in self.argv[1:]:
            if HOLE not in word and self.world.text(self.path(word)) == script:
                zero = word
        before = self.argv[1 : self.argv.index(script)] if script in self.argv else self.argv[1:]
        loud = any(word == "xtrace" or (word[:1] == "-" and word[1:2] != "-" and "x" in word) for word in before)
        return self.walk.child(self.state, script, given, name, zero, loud)

    def call(self, argv: Names, stdin: str | None = None) -> str | None:
        return self.walk.external(self.state, argv, stdin, self.raw)

    def program(self, language: str, text: str, arguments: Iterable[str] = ()) -> None:
        from .inline import read

        self.walk.enter(f"a {language} program")
        try:
            read(language, text, arguments, self)
        finally:
            self.walk.leave()
