"""What Python expressions come to, as far as constants go: the possible strings of each, with holes.

`BELOW` stands for a name in the folder that precedes it: what listing or globbing that folder gives; twice, for any
path below it.
"""

import ast
import base64
import binascii
import codecs
import re

from ..context import HOLE, Context

BELOW = "\ue001"
UNKNOWN = [HOLE]
MANY = 64  # possibilities that are kept apart; beyond, unknown
Values = list[str]
JOINS = (
    "os.path.join",
    "posixpath.join",
    "Path",
    "pathlib.Path",
    "PurePath",
    "PosixPath",
    "pathlib.PurePath",
    "pathlib.PosixPath",
)
SAME = """
    os.path.abspath os.path.realpath os.path.normpath os.fspath str bytes Path pathlib.Path os.fsdecode
    os.fsencode open os.path.normcase PurePath pathlib.PurePath sorted list set tuple iter reversed enumerate
    next shlex.quote
    """.split()
METHODS_SAME = """
    resolve absolute expanduser strip rstrip lstrip encode decode as_posix __str__ copy __fspath__ with_segments
    readlink format_map
    """.split()


def dotted(node: ast.expr) -> str:
    """`os.path.join` as text; "" for what is not a plain name."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


class Evaluator:
    """Knows what the names of one program may hold, without regard to order."""

    def __init__(self, tree: ast.AST, arguments: list[str], context: Context) -> None:
        self.context = context
        self.arguments = arguments
        self.sources: dict[str, list[tuple[ast.expr, bool]]] = {}  # name -> (expression, whether it is iterated over)
        self.aliases: dict[str, str] = {}
        self.busy: set[str] = set()
        self.known: dict[str, Values] = {}
        for node in ast.walk(tree):
            self.collect(node)

    def collect(self, node: ast.AST) -> None:
        if isinstance(node, ast.Import | ast.ImportFrom):
            prefix = f"{node.module}." if isinstance(node, ast.ImportFrom) and node.module else ""
            for alias in node.names:
                if alias.asname or prefix:
                    self.aliases[alias.asname or alias.name] = prefix + alias.name
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                self.bind(target, node.value, False)
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
            self.bind(node.target, node.value, False)
        elif isinstance(node, ast.AugAssign):
            self.bind(node.target, ast.BinOp(ast.Constant(HOLE), node.op, node.value), False)
        elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            self.bind(node.target, node.iter, True)
        elif isinstance(node, ast.With | ast.AsyncWith):
            for item in node.items:
                if item.optional_vars is not None:
                    self.bind(item.optional_vars, item.context_expr, False)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            for argument in [*node.args.args, *node.args.kwonlyargs, *node.args.posonlyargs]:
                self.sources.setdefault(argument.arg, []).append((ast.Constant(HOLE), False))

    def bind(self, target: ast.expr, value: ast.expr, iterated: bool) -> None:
        if isinstance(target, ast.Name):
            self.sources.setdefault(target.id, []).append((value, iterated))
        elif isinstance(target, ast.Tuple | ast.List):
            values = value.elts if isinstance(value, ast.Tuple | ast.List) and not iterated else []
            for at, part in enumerate(target.elts):
                if len(values) == len(target.elts):
                    self.bind(part, values[at], False)
                else:
                    self.bind(part, value, True)

    def name(self, node: ast.expr) -> str:
        """A dotted name with the imports' aliases undone."""
        text = dotted(node)
        if not text and isinstance(node, ast.Attribute) and isinstance(node.value, ast.Call):
            called = node.value
            if dotted(called.func) in ("__import__", "importlib.import_module") and called.args:
                return f"{self.text(called.args[0])[0]}.{node.attr}"
        first, dot, rest = text.partition(".")
        return self.aliases.get(first, first) + dot + rest

    def text(self, node: ast.expr | None) -> Values:
        """The strings that an expression may come to."""
        if node is None:
            return UNKNOWN
        found = self.find(node)
        return found if 0 < len(found) <= MANY else UNKNOWN

    def find(self, node: ast.expr) -> Values:
        if isinstance(node, ast.Constant):
            if isinstance(node.value, bytes):
                return [node.value.decode("utf-8", "replace")]
            return [str(node.value)] if isinstance(node.value, str | int) else UNKNOWN
        if isinstance(node, ast.JoinedStr):
            return self.product("", [self.text(part) for part in node.values])
        if isinstance(node, ast.FormattedValue):
            return self.text(node.value)
        if isinstance(node, ast.Name):
            return self.variable(node.id)
        if isinstance(node, ast.BinOp):
            return self.operator(node)
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            return self.product(" ", [self.text(part) for part in node.elts]) if node.elts else [""]
        if isinstance(node, ast.IfExp):
            return [*self.text(node.body), *self.text(node.orelse)]
        if isinstance(node, ast.BoolOp):
            return [value for part in node.values for value in self.text(part)]
        if isinstance(node, ast.Await | ast.Starred | ast.NamedExpr):
            return self.text(node.value)
        if isinstance(node, ast.Subscript):
            return self.subscript(node)
        if isinstance(node, ast.Call):
            return self.call(node)
        if isinstance(node, ast.Attribute):
            return self.attribute(node)
        return UNKNOWN

    def items(self, node: ast.expr) -> Values:
        """What iterating over an expression gives."""
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            return [
                value
                for part in node.elts
                for value in (self.items(part) if isinstance(part, ast.Tuple) else self.text(part))
            ]
        if isinstance(node, ast.Name):
            sources = self.sources.get(node.id, [])
            if not sources or node.id in self.busy:
                return UNKNOWN
            self.busy.add(node.id)
            found = [value for source, iterated in sources for value in (UNKNOWN if iterated else self.items(source))]
            self.busy.discard(node.id)
            return found
        if isinstance(node, ast.ListComp | ast.GeneratorExp | ast.SetComp):
            return self.text(node.elt)
        if isinstance(node, ast.Call):
            name = self.name(node.func)
            if name in (
                "sorted",
                "list",
                "set",
                "tuple",
                "reversed",
                "enumerate",
                "iter",
                "zip",
                "filter",
                "chain",
                "itertools.chain",
            ):
                return (
                    [value for part in node.args for value in self.items(part)]
                    if name != "filter"
                    else self.items(node.args[-1])
                )
            if isinstance(node.func, ast.Attribute) and node.func.attr == "split" and len(node.args) <= 1:
                mark = self.text(node.args[0])[0] if node.args else None
                return [
                    part
                    for value in self.text(node.func.value)
                    for part in ([HOLE] if HOLE in value else value.split(mark))
                ]
            return self.text(node)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return list(dict.fromkeys(node.value)) or UNKNOWN
        return self.text(node) if isinstance(node, ast.Subscript | ast.Attribute) else UNKNOWN

    def variable(self, name: str) -> Values:
        if name == "__file__":
            return [self.context.cwd + "/program"]
        if name in self.known:
            return self.known[name]
        if name in self.busy or name not in self.sources:
            return UNKNOWN
        self.busy.add(name)
        found = [
            value
            for source, iterated in self.sources[name]
            for value in (self.items(source) if iterated else self.text(source))
        ]
        self.busy.discard(name)
        if not self.busy:
            self.known[name] = list(dict.fromkeys(found))
        return list(dict.fromkeys(found))

    def product(self, glue: str, parts: list[Values]) -> Values:
        found = [""] if parts else []
        for at, part in enumerate(parts):
            found = [one + (glue if at else "") + other for one in found for other in part]
            if len(found) > MANY:
                return UNKNOWN
        return found

    def operator(self, node: ast.BinOp) -> Values:
        left, right = self.text(node.left), self.text(node.right)
        if isinstance(node.op, ast.Add):
            return self.product("", [left, right])
        if isinstance(node.op, ast.Div):
            return [other if other.startswith("/") else f"{one}/{other}" for one in left for other in right]
        if isinstance(node.op, ast.Mod):
            values = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
            found = left
            for value in values:
                found = [
                    re.sub(r"%[-+ 0#]*\d*(?:\.\d+)?[sdrx]", filled(put), one, count=1)
                    for one in found
                    for put in self.text(value)
                ]
            return found
        if isinstance(node.op, ast.Mult) and isinstance(node.right, ast.Constant) and isinstance(node.right.value, int):
            return [one * min(node.right.value, 100) for one in left]
        return UNKNOWN

    def subscript(self, node: ast.Subscript) -> Values:
        if self.name(node.value) == "sys.argv":
            return [word for word in self.arguments if not word.startswith("-")] or UNKNOWN
        if isinstance(node.slice, ast.Slice):
            bounds = []
            for bound in (node.slice.lower, node.slice.upper, node.slice.step):
                try:
                    bounds.append(None if bound is None else int(ast.literal_eval(bound)))
                except (ValueError, TypeError):
                    return UNKNOWN
            return [
                HOLE if HOLE in value or BELOW in value else value[slice(*bounds)] for value in self.text(node.value)
            ]
        if isinstance(node.value, ast.Dict):
            return [value for part in node.value.values for value in self.text(part)]
        return self.items(node.value)

    def attribute(self, node: ast.Attribute) -> Values:
        name = self.name(node)
        if name in ("os.sep", "os.path.sep"):
            return ["/"]
        if name in ("os.environ", "sys.argv"):
            return [*self.arguments] or UNKNOWN
        if node.attr in ("parent", "parents"):
            return [HOLE if HOLE in value else value.rpartition("/")[0] or "." for value in self.text(node.value)]
        if node.attr in ("name", "stem", "path"):
            return self.text(node.value) if any(BELOW in value for value in self.text(node.value)) else UNKNOWN
        return UNKNOWN

    def call(self, node: ast.Call) -> Values:
        name = self.name(node.func)
        arguments = [self.text(argument) for argument in node.args]
        if name in JOINS and len(arguments) != 1:
            parts = self.product("\0", arguments) or ["."]
            return [resolved(part.split("\0")) for part in parts]
        if name in SAME and arguments:
            return arguments[0]
        if name in ("os.getcwd", "Path.cwd", "pathlib.Path.cwd", "os.getcwdb"):
            return [self.context.cwd]
        if name in ("Path.home", "pathlib.Path.home"):
            return [self.context.world.home]
        if name in ("os.path.expanduser", "os.path.expandvars") and arguments:
            return [re.sub(r"^~(?=/|$)", self.context.world.home, value) for value in arguments[0]]
        if name == "os.path.dirname" and arguments:
            return [HOLE if HOLE in value else value.rpartition("/")[0] or "." for value in arguments[0]]
        if name in ("os.listdir", "os.scandir", "os.walk", "glob.iglob", "glob.glob"):
            return self.listing(name, arguments[0] if arguments else ["."])
        if (
            name == "chr"
            and node.args
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, int)
        ):
            return [chr(node.args[0].value % 0x110000)]
        if name in DECODERS and arguments:
            return [decoded(name, value) for value in arguments[0]]
        if name == "codecs.decode" and len(arguments) == 2:
            return [decoded(arguments[1][0], value) for value in arguments[0]]
        if isinstance(node.func, ast.Attribute):
            return self.method(node.func, arguments, node)
        return UNKNOWN

    def listing(self, name: str, folders: Values) -> Values:
        if not name.startswith("glob."):
            deep = f"{BELOW}/{BELOW}" if name == "os.walk" else BELOW
            return [f"{folder}/{deep}" for folder in folders]
        return [f"{globbed(pattern)}" for pattern in folders]

    def method(self, function: ast.Attribute, arguments: list[Values], node: ast.Call) -> Values:
        owner = self.text(function.value)
        if function.attr in ("read", "read_text") and self.opens(function):
            return [self.content(one) for one in owner]
        if function.attr in METHODS_SAME:
            return owner
        if function.attr in ("glob", "rglob") and arguments:
            prefix = "**/" if function.attr == "rglob" else ""
            return [globbed(f"{one}/{prefix}{pattern}") for one in owner for pattern in arguments[0]]
        if function.attr in ("iterdir", "walk", "rglob"):
            return [f"{one}/{BELOW}" if function.attr == "iterdir" else f"{one}/{BELOW}/{BELOW}" for one in owner]
        if function.attr == "joinpath":
            return [resolved(part.split("\0")) for part in self.product("\0", [owner, *arguments])]
        if function.attr in ("with_name",) and arguments:
            return [f"{one.rpartition('/')[0] or '.'}/{other}" for one in owner for other in arguments[0]]
        if function.attr == "with_suffix" and arguments:
            return [re.sub(r"(?<=[^/.])\.[^./]*$", "", one) + other for one in owner for other in arguments[0]]
        if function.attr == "join" and len(node.args) == 1:
            return self.join(owner, node.args[0])
        if function.attr == "format":
            return self.product("", [owner]) if not arguments else self.formatted(owner, arguments)
        if function.attr == "replace" and len(arguments) >= 2:
            return [one.replace(arguments[0][0], arguments[1][0]) for one in owner]
        if function.attr in ("lower", "upper", "removeprefix", "removesuffix"):
            values = [argument[0] for argument in arguments]
            return [HOLE if HOLE in one else str(getattr(one, function.attr)(*values)) for one in owner]
        if self.name(function).endswith("fromhex") and arguments:
            return [decoded("hex", value) for value in arguments[0]]
        return UNKNOWN

    def opens(self, function: ast.Attribute) -> bool:
        """Whether `X.read()` is of a file that is opened there."""
        called = self.name(function.value.func) if isinstance(function.value, ast.Call) else ""
        return called in ("open", "io.open", *JOINS) or function.attr == "read_text"

    def content(self, path: str) -> str:
        """A file's text, where the program goes on with it."""
        text = None if HOLE in path or BELOW in path else self.context.world.text(self.context.path(path), 20_000)
        return HOLE if text is None else text

    def join(self, glue: Values, node: ast.expr) -> Values:
        if isinstance(node, ast.List | ast.Tuple):
            return self.product(glue[0], [self.text(part) for part in node.elts])
        if isinstance(node, ast.Call) and self.name(node.func) == "reversed" and node.args:
            return [HOLE if HOLE in one else glue[0].join(reversed(one)) for one in self.text(node.args[0])]
        if (
            isinstance(node, ast.Call)
            and self.name(node.func) == "map"
            and len(node.args) == 2
            and self.name(node.args[0]) == "chr"
        ):
            try:
                return [glue[0].join(chr(int(code)) for code in ast.literal_eval(node.args[1]))]
            except (ValueError, TypeError, OverflowError):
                return UNKNOWN
        if isinstance(node, ast.Constant | ast.JoinedStr):
            return [glue[0].join(one) if HOLE not in one else HOLE for one in self.text(node)]
        return UNKNOWN

    def formatted(self, owner: Values, arguments: list[Values]) -> Values:
        found = owner
        for at, values in enumerate(arguments):
            found = [
                re.sub(rf"\{{(?:{at})?(?:![rs])?(?::[^}}]*)?\}}", filled(put), one, count=1)
                for one in found
                for put in values
            ]
        return found


def filled(text: str) -> str:
    """A text as the replacement of `re.sub`."""
    return text.replace("\\", "\\\\")


def resolved(parts: list[str]) -> str:
    """`os.path.join`: an absolute part starts over."""
    path = ""
    for part in parts:
        path = part if part.startswith("/") or not path else f"{path.rstrip('/')}/{part}"
    return path


def globbed(pattern: str) -> str:
    """What a glob gives: a path below the folder before its first wildcard, ending as the glob does."""
    found = re.search(r"[*?\[]", pattern)
    if found is None or HOLE in pattern:
        return pattern
    head = pattern[: found.start()].rpartition("/")[0]
    return f"{head or ('/' if pattern.startswith('/') else '.')}/{BELOW}{pattern[len(head) :].lstrip('/')}{BELOW}"


DECODERS = {
    "base64.b64decode": "base64",
    "base64.urlsafe_b64decode": "base64",
    "base64.b32decode": "base32",
    "base64.b16decode": "hex",
    "bytes.fromhex": "hex",
    "binascii.unhexlify": "hex",
    "binascii.a2b_hex": "hex",
    "binascii.a2b_base64": "base64",
    "bytearray.fromhex": "hex",
}


def decoded(scheme: str, text: str) -> str:
    """A constant that the program keeps encoded; a hole where it cannot be decoded."""
    scheme = DECODERS.get(scheme, scheme)
    try:
        if HOLE in text:
            return HOLE
        if scheme == "base64":
            return base64.b64decode(text.replace("-", "+").replace("_", "/") + "==").decode()
        if scheme == "base32":
            return base64.b32decode(text).decode()
        if scheme == "hex":
            return bytes.fromhex(text).decode()
        if scheme in ("rot13", "rot_13"):
            return codecs.decode(text, "rot13")
    except (ValueError, binascii.Error):
        pass
    return HOLE
