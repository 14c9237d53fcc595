"""Which repository a git command works on, and what it can be asked."""

import os

from ....values import NamedTuple
from ...context import HOLE, Context

LOCKS = {"index": "index.lock", "forced": "next-index.lock", "head": "HEAD.lock", "tree": "ORIG_HEAD.lock"}
"""What this script changed so far -> the file that git writes then. The walk remembers files that a script wrote, so
`stirred` can tell."""


class Repository(NamedTuple):
    """root: the top of the work tree, or the folder of a bare repository. cwd: where git runs. own: whether
    the work tree is
    the one that the folder belongs to, so that git can be asked there. elsewhere: files are written to another
    work tree than
    the repository's own. proxies: the roots by which the paths in it are judged. place: a folder where git can be
    asked about its commits, "" for none. words: of the git command, from the subcommand on."""

    root: str
    folder: str
    cwd: str
    own: bool
    elsewhere: bool
    proxies: tuple[str, ...]
    place: str = ""
    project: str = ""
    words: tuple[str, ...] = ()

    def roots(self) -> tuple[str, ...]:
        """Where a path of this repository is judged: as its own, and as the project's, whose copy it may be."""
        return tuple(dict.fromkeys((*self.proxies, self.project or self.root)))


def absolute(word: str, cwd: str) -> str:
    return os.path.normpath(os.path.join(cwd, word)) if HOLE not in word + cwd else HOLE


def top(context: Context, start: str) -> tuple[str, str] | None:
    """The nearest work tree at or above a folder, and its git folder."""
    path = start
    while True:
        folder = os.path.join(path, ".git")
        kind = context.world.kind(folder)
        if kind == "dir":
            return path, folder
        if kind == "file":
            text = context.world.text(folder) or ""
            where = text.partition("gitdir:")[2].strip()
            return path, absolute(where, path) if where else folder
        if (
            context.world.kind(os.path.join(path, "objects")) == "dir"
            and context.world.kind(os.path.join(path, "refs")) == "dir"
        ):
            return path, path
        parent = os.path.dirname(path)
        if parent == path:
            return None
        path = parent


def find(context: Context, cwd: str, git_dir: str, work_tree: str) -> Repository:
    """git_dir, work_tree: as given by options or the environment, "" where they are not."""
    began = getattr(context.world, "base", context.world).cwd
    home = top(context, began)
    project = home[0] if home else began
    if HOLE in cwd + git_dir + work_tree:
        return Repository(project, HOLE, context.world.cwd, False, bool(work_tree), (project,))
    if git_dir:
        folder = absolute(git_dir, cwd)
        around = os.path.dirname(folder) if os.path.basename(folder) == ".git" else folder
        root = around if around != folder else project
        tree = absolute(work_tree, cwd) if work_tree else cwd
        own = around != folder and tree == around and context.world.kind(folder) == "dir"
        start = cwd if f"{cwd}/".startswith(around + "/") else around
        place = (start if own else around) if context.world.kind(folder) == "dir" else ""
        return Repository(
            root, folder, start, own, tree != root, tuple(dict.fromkeys((around, project))), place, project
        )
    found = top(context, cwd)
    if found is None:
        return Repository(project, HOLE, cwd, False, bool(work_tree), (project,))
    root, folder = found
    bare = root == folder
    proxies = (root, project) if bare else (root,)
    elsewhere = bool(work_tree) and absolute(work_tree, cwd) != root
    own = not bare and not elsewhere
    return Repository(root, folder, cwd, own, elsewhere, proxies, cwd if own else root, project)


def stir(context: Context, repository: Repository, what: str) -> None:
    """Notes that the script has changed the index (`forced`: with what is written down as such), moved HEAD, or put
    unknown content into the index or the work tree."""
    if HOLE not in repository.folder:
        context.write(os.path.join(repository.folder, LOCKS[what]))


def stirred(context: Context, repository: Repository, what: str) -> bool:
    return HOLE in repository.folder or context.world.kind(os.path.join(repository.folder, LOCKS[what])) == "file"


PLACED = ("diff", "ls-files", "check-ignore", "rev-parse", "remote", "branch")
"""Questions about a work tree, or whose answer depends on the folder."""


def ask(context: Context, repository: Repository, *arguments: str) -> str | None:
    """git's own answer to a question that shows no content; None where it cannot be had."""
    question = getattr(context.world, "git", None)
    placed = repository.own or arguments[0] not in PLACED or arguments[:2] == ("rev-parse", "--verify")
    if question is None or not repository.place or not placed or HOLE in "".join(arguments):
        return None
    answer = question(repository.place, arguments)
    return answer if isinstance(answer, str) else None
