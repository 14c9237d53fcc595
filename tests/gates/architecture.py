"""What the source says about itself: imports, capabilities and third-party names, read from the syntax tree."""

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = "claude_guard"


def modules(root: Path) -> dict[str, ast.Module]:
    """Every module of the package below `root`, by its dotted name without the package's own."""
    found = {}
    for path in sorted((root / PACKAGE).rglob("*.py")):
        name = ".".join(path.relative_to(root / PACKAGE).with_suffix("").parts)
        found[name.removesuffix(".__init__") if name != "__init__" else ""] = ast.parse(path.read_text())
    return found


def imports(name: str, tree: ast.Module, is_package: bool, top_only: bool = False) -> Iterator[str]:
    """The dotted names that a module imports: of the package as `.policy.match`, others as they are."""
    nodes = _module_level(tree) if top_only else ast.walk(tree)
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module or ""
        elif isinstance(node, ast.ImportFrom):
            base = name.split(".") if name else []
            up = node.level - 1 if is_package else node.level
            kept = base[: len(base) - up] if up else base
            prefix = ".".join([*kept, *([node.module] if node.module else [])])
            for alias in node.names:
                yield f".{prefix}.{alias.name}" if prefix else f".{alias.name}"


def _module_level(tree: ast.Module) -> Iterator[ast.AST]:
    for node in tree.body:
        if isinstance(node, ast.If):
            yield from node.body
        else:
            yield node


def calls(tree: ast.Module) -> Iterator[str]:
    """The names that a module calls, as written: `open`, `os.stat`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)
