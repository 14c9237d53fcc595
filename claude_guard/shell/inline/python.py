"""Python programs, by `ast`: what they open, list, run and show of the environment.

The values of expressions come from `values.py`, without regard to order or branches. A computed file name is
opaque; a program that only computes touches nothing. What a module of the project does is not followed.
"""

import ast
import shlex
import sys
import warnings

from ..context import HOLE, Context
from .running import Running
from .values import BELOW, UNKNOWN, Evaluator, Values

READS = frozenset(
    """
        open io.open codecs.open gzip.open bz2.open lzma.open os.open tarfile.open zipfile.ZipFile ZipFile
        sqlite3.connect dbm.open shelve.open wave.open linecache.getline linecache.getlines fileinput.input
        FileInput fileinput.FileInput runpy.run_path FileIO io.FileIO shutil.copy shutil.copy2 shutil.copyfile
        shutil.copytree shutil.move os.rename os.replace os.link os.symlink os.sendfile numpy.loadtxt
        numpy.genfromtxt numpy.load np.loadtxt np.genfromtxt np.load np.fromfile numpy.fromfile pandas.read_csv
        pandas.read_json pandas.read_excel pandas.read_table pandas.read_parquet pandas.read_pickle pd.read_csv
        pd.read_json pd.read_excel pd.read_table pd.read_parquet pd.read_pickle pd.read_fwf pandas.read_fwf
        joblib.load torch.load ET.parse ElementTree.parse xml.etree.ElementTree.parse minidom.parse
        importlib.machinery.SourceFileLoader plistlib.readPlist netrc.netrc mailbox.mbox aiofiles.open
        pypdf.PdfReader openpyxl.load_workbook ssl.SSLContext.load_cert_chain py_compile.compile
        compileall.compile_file tokenize.open dotenv.dotenv_values dotenv.load_dotenv imp.load_source
        zipimport.zipimporter ctypes.CDLL Image.open PIL.Image.open pty.spawn_ PdfReader polars.read_csv
        pl.read_csv duckdb.connect configparser.read filecmp.cmp difflib.unified_diff_ shutil.make_archive
        urllib.request.urlopen urlopen
        """.split()
)
READ_METHODS = frozenset(
    """
        read_text read_bytes open rename replace symlink_to hardlink_to link_to copy copy_into move move_into
        readinto_path
        """.split()
)
PATH_METHODS = frozenset(["read_text", "read_bytes"])
WRITE_METHODS = frozenset(["write_text", "write_bytes", "touch", "unlink", "mkdir", "rmdir"])
RUNS = frozenset(
    """
        os.system os.popen subprocess.run subprocess.call subprocess.check_call subprocess.check_output
        subprocess.Popen subprocess.getoutput subprocess.getstatusoutput pty.spawn os.execv os.execvp os.execl
        os.execlp os.execve os.execvpe os.spawnl os.spawnlp os.spawnv os.spawnvp asyncio.create_subprocess_exec
        asyncio.create_subprocess_shell commands.getoutput sh.bash
        """.split()
)
EVALUATES = frozenset(("eval", "exec", "compile", "runpy.run_module", "importlib.import_module", "__import__"))
LISTS = frozenset(
    """
        os.path.exists os.path.isfile os.path.isdir os.path.getsize os.path.getmtime os.stat os.lstat os.access
        os.remove os.unlink os.chmod os.path.islink os.path.lexists os.listdir os.scandir os.walk glob.glob
        glob.iglob os.mkdir os.makedirs os.rmdir shutil.rmtree os.utime shutil.disk_usage
        """.split()
)
MENTIONS = frozenset(
    """
        print len repr startswith endswith find count index replace split join format strip match search sub
        fullmatch findall compile isinstance getattr hasattr setattr add append info debug warning error fnmatch
        dumps loads add_argument
        """.split()
)


class Reader(ast.NodeVisitor):
    """One walk over a program."""

    def __init__(self, tree: ast.AST, arguments: list[str], context: Context) -> None:
        self.context = context
        self.arguments = arguments
        self.tree = tree
        self.modules: set[str] = set()
        self.constants: list[ast.Constant] = []
        self.values = Evaluator(tree, arguments, context)
        self.folder = folder_of(context)
        self.handled: set[int] = set()  # constants whose meaning is known

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self.imported(alias.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        self.imported(node.module or "." if not node.level else ".")
        if node.module and not node.level:
            for alias in node.names:
                if (
                    self.context.world.kind(f"{self.context.cwd}/{node.module.replace('.', '/')}/{alias.name}.py")
                    == "file"
                ):
                    self.imported(f"{node.module}.{alias.name}")

    def imported(self, name: str) -> None:
        """A module of the project may read anything; installed ones read what they are told."""
        top = name.partition(".")[0]
        self.modules.add(name)
        folder = self.context.cwd
        if name == ".":
            self.context.opaque("what the program's own package reads")
        elif name in sys.stdlib_module_names:
            return
        elif top not in sys.stdlib_module_names:
            for place in (folder, f"{folder}/src", self.folder):
                if self.load(place, name):
                    return

    def load(self, folder: str, name: str) -> bool:
        """Reads a module of the project, with the packages above it; False where it is not in this folder."""
        world = self.context.world
        path, found = folder, False
        for part in name.split("."):
            path = f"{path}/{part}"
            places = [place for place in (f"{path}.py", f"{path}/__init__.py") if world.kind(place) == "file"]
            found = found or bool(places) or world.kind(path) == "dir"
            for place in places:
                self.context.execute(place)
                running = Running(self.context, place.removeprefix(self.context.cwd + "/"))
                text = running.follow(place)
                if text is None:
                    running.opaque("")
                elif text:
                    program("python", text, [], running)
            if not found:
                return False
        return found

    def visit_Call(self, node: ast.Call) -> None:
        name = self.values.name(node.func)
        method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        first: ast.expr | None = node.args[0] if node.args else None
        if name in ("dotenv.load_dotenv", "dotenv.dotenv_values", "load_dotenv", "dotenv_values"):
            self.opened(self.values.text(first) if first is not None else [".env"])
        elif name in READS:
            keyword = next(
                (word.value for word in node.keywords if word.arg in ("file", "path", "name", "filename", "src")), None
            )
            self.file(name, first if first is not None else keyword, node)
        elif name in RUNS:
            self.ran(name, node)
        elif name in EVALUATES:
            self.evaluated(name, first)
        elif name in LISTS:
            self.handle(first)
            for source, _ in self.values.sources.get(first.id, []) if isinstance(first, ast.Name) else []:
                self.handle(source)
        elif (
            name in ("os.getenv", "os.environ.get", "os.environb.get", "os.environ.pop", "os.environ.setdefault")
            and first is not None
        ):
            self.variables(self.values.text(first))
            self.handle(first)
            for part in [*node.args[1:], *[word.value for word in node.keywords]]:
                self.visit(part)
            return
        elif method == "add" and first is not None and any("tarfile" in name for name in self.modules):
            for value in self.values.text(first):
                self.context.read_tree(value.partition(BELOW)[0])
        elif name == "os.chdir":
            self.moved(first)
        elif method in PATH_METHODS or (
            method in READ_METHODS and isinstance(node.func, ast.Attribute) and self.is_path(node.func.value)
        ):
            assert isinstance(node.func, ast.Attribute)
            writes = method == "open" and self.writes(node.args[:1], node)
            self.opened(self.values.text(node.func.value), writes)
            self.handle(node.func.value)
        elif method in WRITE_METHODS and isinstance(node.func, ast.Attribute):
            for value in self.values.text(node.func.value):
                self.context.write(value.partition(BELOW)[0])
            self.handle(node.func.value)
        elif (
            method == "read" and first is not None and isinstance(first, ast.Constant) and isinstance(first.value, str)
        ):
            self.opened(self.values.text(first))  # configparser
        elif method in MENTIONS or name in MENTIONS:
            for part in node.args:
                if isinstance(part, ast.Constant):
                    self.handle(part)
        self.generic_visit(node)

    def moved(self, first: ast.expr | None) -> None:
        """The program changes its folder: what its constants name there is read too."""
        for folder in self.values.text(first):
            if HOLE in folder:
                self.context.opaque("in which folder the program works")
                continue
            for node in ast.walk(self.tree):
                text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
                named = 0 < len(text) < 1000 and "\n" not in text and not text.startswith("/")
                if named and self.context.world.kind(self.context.path(f"{folder}/{text}")) == "file":
                    self.context.read(f"{folder}/{text}")

    def is_path(self, node: ast.expr) -> bool:
        """Whether an expression is a path object rather than any other with a method `open` or `replace`."""
        if isinstance(node, ast.Call):
            return self.values.name(node.func).endswith(("Path", "home", "cwd")) or (
                isinstance(node.func, ast.Attribute)
                and node.func.attr in ("joinpath", "resolve", "absolute", "with_name", "with_suffix", "expanduser")
            )
        if isinstance(node, ast.BinOp):
            return isinstance(node.op, ast.Div)
        if isinstance(node, ast.Name):
            return any(self.is_path(source) or iterated for source, iterated in self.values.sources.get(node.id, []))
        return False

    def handle(self, node: ast.AST | None) -> None:
        """The constants of an expression have been seen to."""
        if node is not None:
            self.handled.update(id(inner) for inner in ast.walk(node))

    @staticmethod
    def writes(modes: list[ast.expr], node: ast.Call) -> bool:
        mode = modes[0] if modes else next((word.value for word in node.keywords if word.arg == "mode"), None)
        text = mode.value if isinstance(mode, ast.Constant) and isinstance(mode.value, str) else "r"
        return text[:1] in ("w", "a", "x") and "+" not in text and bool(text)

    def file(self, name: str, first: ast.expr | None, node: ast.Call) -> None:
        if isinstance(first, ast.Constant) and isinstance(first.value, int):
            return  # a descriptor
        if first is not None and self.values.name(first) in ("sys.stdin", "os.devnull", "sys.stdin.buffer"):
            return
        if first is None and name in ("fileinput.input", "FileInput", "fileinput.FileInput"):
            self.opened(self.arguments or [])
            return
        inner = self.values.name(first.func) if isinstance(first, ast.Call) else ""
        if (inner in READS and inner != "open") or inner.endswith("StringIO"):
            return
        writes = name.endswith("open") and name != "os.open" and self.writes(node.args[1:2], node)
        several = isinstance(first, ast.List | ast.Tuple)
        values = self.values.items(first) if several and first is not None else self.values.text(first)
        if name == "urllib.request.urlopen" or name == "urlopen":
            values = [value.removeprefix("file://") for value in values if value.startswith(("file://", HOLE))]
        elif name.endswith(("copytree", "make_archive")):
            if name.endswith("make_archive"):
                rooted = [word.value for word in node.keywords if word.arg in ("root_dir", "base_dir")] + node.args[2:4]
                values = [value for part in rooted for value in self.values.text(part)] or ["."]
            for value in values:
                self.context.read_tree(value.replace(BELOW, ""))
            return
        self.opened(values, writes)
        self.handle(first)
        for part in node.args[1:2]:
            if name.startswith(("shutil.", "os.")):
                self.context.write(*[value.partition(BELOW)[0] for value in self.values.text(part)])
            self.handle(part)

    def opened(self, values: Values, writes: bool = False) -> None:
        for value in values:
            if BELOW in value:
                self.below(value)
            elif writes:
                self.context.write(value)
            elif HOLE in value:
                self.context.opaque("which file name the program computes")
            elif value not in ("", "-", "/dev/stdin", "/dev/null"):
                self.context.read(value.removeprefix("file:"))

    def below(self, value: str) -> None:
        """What listing or globbing a folder gave is read."""
        from ..commands import selection

        folder, _, rest = value.partition(BELOW)
        glob, marked, tail = rest.partition(BELOW)
        if HOLE in folder:
            self.context.opaque("which file name the program computes")
        elif marked and glob.strip("/") and not tail.strip("/" + HOLE):
            self.context.read_tree(folder, selection.exact(self.context.path(folder), glob))
        elif rest.strip("/"):
            self.context.read_tree(
                folder or ".", selection.walked(self.context.path(folder or "."), self.context.world)
            )
        else:
            root = self.context.path(folder or ".")
            self.context.read_tree(folder or ".", lambda path: len(selection.below(path, root)) == 1)

    def ran(self, name: str, node: ast.Call) -> None:
        first = node.args[0] if node.args else next((word.value for word in node.keywords if word.arg == "args"), None)
        folder = next((self.values.text(word.value)[0] for word in node.keywords if word.arg == "cwd"), "")
        place = shlex.quote(folder) if folder else ""
        if name.startswith(("os.execl", "os.spawnl", "asyncio.create_subprocess_exec")):
            words = [self.values.text(part)[0] for part in node.args[(0 if name.startswith("asyncio") else 1) :]]
            self.context.call([word for word in words if word] or UNKNOWN)
        elif isinstance(first, ast.List | ast.Tuple) or name.startswith(("os.execv", "os.spawnv")):
            given = first if isinstance(first, ast.List | ast.Tuple) else node.args[-1] if node.args else None
            elements = given.elts if isinstance(given, ast.List | ast.Tuple) else []
            words = [self.values.text(part)[0] if len(self.values.text(part)) == 1 else HOLE for part in elements]
            if place and HOLE not in "".join(words):
                self.context.run(f"cd {place} && {shlex.join(words)}")
            else:
                self.context.call(words or UNKNOWN)
        else:
            source = first
            if isinstance(first, ast.Name):
                lists = [
                    value
                    for value, iterated in self.values.sources.get(first.id, [])
                    if isinstance(value, ast.List) and not iterated
                ]
                if len(lists) == 1 == len(self.values.sources[first.id]):
                    self.context.call([self.values.text(part)[0] for part in lists[0].elts] or UNKNOWN)
                    return
            if isinstance(first, ast.Call) and self.values.name(first.func) == "shlex.split" and first.args:
                source = first.args[0]
            for value in self.values.text(source):
                self.context.run(f"cd {place} && {value}" if place else value)
        self.handle(first)

    def evaluated(self, name: str, first: ast.expr | None) -> None:
        for value in self.values.text(first):
            if isinstance(first, ast.Call) and self.values.name(first.func) == "compile":
                return
            if HOLE in value:
                self.context.opaque("what the evaluated text does")
            elif name in ("eval", "exec", "compile"):
                program("python", value, self.arguments, self.context)
            else:
                self.imported(value)
        self.handle(first)

    def variables(self, names: Values) -> None:
        for name in names:
            if HOLE in name:
                self.context.environment()
            else:
                self.context.variable(name)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        if self.values.name(node.value) in ("os.environ", "os.environb"):
            if isinstance(node.ctx, ast.Load):
                self.variables(self.values.text(node.slice))
            self.handle(node.slice)
            return
        if isinstance(node.slice, ast.Constant):
            self.handle(node.slice)
        self.generic_visit(node)

    def visit_keyword(self, node: ast.keyword) -> None:
        if node.arg != "env":  # passed on to a program, not shown
            self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        name = self.values.name(node)
        if name in ("os.environ", "os.environb"):
            self.context.environment()
        elif name.startswith("os.environ.") and name.rpartition(".")[2] in ("items", "values", "copy"):
            self.context.environment()
            return
        self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load) and self.values.name(node) in ("os.environ", "os.environb"):
            self.context.environment()

    def visit_Compare(self, node: ast.Compare) -> None:
        asks = all(isinstance(operator, ast.In | ast.NotIn) for operator in node.ops)
        if asks and self.values.name(node.comparators[-1]) in ("os.environ", "os.environb"):
            self.handle(node)
            return  # whether a variable is set
        for part in (node.left, *node.comparators):
            if isinstance(part, ast.Constant | ast.Tuple | ast.List | ast.Set):
                self.handle(part)
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring is a mention
            self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        self.constants.append(node)

    def mentions(self) -> None:
        """The constants that nothing accounted for: where one names a file, it is read."""
        for node in self.constants:
            text = node.value
            if id(node) in self.handled or not isinstance(text, str) or not 0 < len(text) < 1000:
                continue
            if "\n" not in text and HOLE not in text and self.context.world.kind(self.context.path(text)) == "file":
                self.context.read(text)


def folder_of(context: Context) -> str:
    """The folder of the program's file: modules are looked for there too."""
    if isinstance(context, Running) and HOLE not in context.script:
        return context.path(context.script).rpartition("/")[0]
    return context.cwd


def program(language: str, text: str, arguments: list[str], context: Context) -> None:
    """Touches what a Python program touches; one that does not parse fails, and shows only itself."""
    context.read(*[word for word in arguments if not word.startswith("-") and HOLE not in word])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        if HOLE in text or "print " in text:
            context.opaque("what the python program reads")
        return
    reader = Reader(tree, arguments, context)
    reader.visit(tree)
    reader.mentions()
