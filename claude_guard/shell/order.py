"""Whether it matters to a command in which order it gets its lines. `find` lists a folder as the file system does,
which nobody can tell: so what `head -1` leaves of that is not known, while `xargs` gets all of it anyway."""

from .syntax import written
from .tree import Node, Simple, While

WHOLE = frozenset("xargs gxargs grep egrep fgrep rg sort uniq cat tee wc cpio tar rsync zip du stat ls git".split())
"""Programs that do the same to every line."""
RUNNING = frozenset("sh bash zsh dash ksh env python python3 perl ruby node head tail sed awk".split())
"""Programs that `xargs` may hand a script that picks its arguments."""
LEAVING = frozenset("break exit return head tail read".split())


def of(text: str) -> set[str]:
    """The lines of a list, by newline or NUL."""
    return set(text.replace("\0", "\n").split("\n"))


def matters(node: Node) -> bool:
    """Whether a statement that reads a list may pick some of its lines by where they stand."""
    words = [token.text.rpartition("/")[2] for token in written(node) if token.kind == "word"]
    if isinstance(node, While):
        return words.count("read") != 1 or bool(LEAVING - {"read"} & set(words))
    if not isinstance(node, Simple) or not words or words[0] not in WHOLE:
        return True
    if words[0] in ("xargs", "gxargs"):
        return not RUNNING.isdisjoint(words)
    if words[0].endswith(("grep", "rg")):
        return any(word.startswith(("-m", "--max-count", "-A", "-B", "-C")) for word in words)
    return words[0] == "uniq" and len(words) > 1
