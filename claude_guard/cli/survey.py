"""What a project holds that a policy may be about: a quick look at names, never at contents but for two lists
of git."""

import os
import re
import time
from collections.abc import Iterator
from typing import NamedTuple

SKIPPED = {
    ".git",
    ".hg",
    ".svn",
    "node_modules",
    ".venv",
    "venv",
    "site-packages",
    "__pycache__",
    "target",
    ".tox",
    "vendor",
}
SECONDS = 5.0
DEPTH = 8
SHOWN = 4

TABLES = (".csv", ".tsv", ".parquet", ".feather", ".xlsx", ".xls", ".jsonl", ".ndjson")
DUMPS = (".dump", ".sql.gz", ".sql.bz2", ".sql.xz", ".sql.zst", ".bson", ".rdb", ".bak")
WEIGHTS = (".safetensors", ".gguf", ".ckpt", ".onnx", ".pt", ".pth")
CODE = (".py", ".js", ".ts", ".tsx", ".jsx", ".go", ".rs", ".java", ".kt", ".rb", ".php", ".cs", ".c", ".cpp", ".swift")
PRIVATE = ("secrets", "private", "confidential", "customers", "clients", "customer-data", "customer_data", "exports")
FIXTURES = {"test", "tests", "spec", "fixtures", "testdata", "examples", "docs", "samples"}
PEOPLE = re.compile(r"customer|client|user|patient|employee|member|contact|subscriber|payroll|salar|student", re.I)
TEAMS = re.compile(r"@\S*(secur|legal|complian|privacy|financ|payroll|\bhr\b)", re.IGNORECASE)


class Survey(NamedTuple):
    """Paths relative to the project, sorted; folders without a trailing slash.

    complete: whether everything was looked at in time.
    """

    dotenv: list[str]
    keys: list[str]
    terraform: list[str]
    tables: list[str]  # folders that hold tables directly, those of tests and examples left out
    people: list[str]  # tables and dumps that seem to be about people
    dumps: list[str]
    notebooks: list[str]
    weights: list[str]
    private: list[str]  # folders with a telling name and no code in them
    shared: list[str]  # folders with a telling name that hold code too
    encrypted: list[str]  # patterns that git-crypt keeps encrypted in the repository
    owned: list[tuple[str, str]]  # (pattern, owner) of CODEOWNERS where the owner guards secrets, law or money
    deployment: list[str]
    complete: bool


def survey(project: str) -> Survey:
    """Looks through a project's names, for `SECONDS` at most."""
    found: dict[str, list[str]] = {name: [] for name in Survey._fields}
    code: set[str] = set()
    complete = True
    deadline = time.monotonic() + SECONDS
    for folder, folders, files in _walk(project):
        if time.monotonic() > deadline:
            complete = False
            break
        for name in folders:
            if name.lower() in PRIVATE:
                found["private"].append(_join(folder, name))
            if name.lower() in ("ansible", "inventories", "group_vars", "host_vars", "k8s", "helm"):
                found["deployment"].append(_join(folder, name))
        for name in files:
            path, lower = _join(folder, name), name.lower()
            kind = _kind(lower)
            if kind == "tables" and not FIXTURES.isdisjoint(folder.lower().split("/")):
                kind = ""
            if kind in ("tables", "dumps") and PEOPLE.search(name):
                found["people"].append(path)
            if kind:
                found[kind].append(folder if kind == "tables" else path)
            if lower.endswith(CODE):
                code.add(folder)
    found["tables"] = sorted(set(found["tables"]))
    telling = found["private"]
    found["private"] = [path for path in telling if not any(_below(folder, path) for folder in code)]
    found["shared"] = [path for path in telling if path not in found["private"]]
    found["encrypted"] = list(_encrypted(project))
    lists = {name: sorted(paths) for name, paths in found.items() if name not in ("owned", "complete")}
    return Survey(**lists, owned=list(_owned(project)), complete=complete)


def _kind(name: str) -> str:
    if name == ".envrc" or name.startswith(".env.") or name.endswith(".env"):
        example = any(word in name for word in ("example", "sample", "template", "dist", "schema"))
        return "" if example else "dotenv"
    if name.endswith((".pem", ".key", ".p12", ".pfx", ".jks", ".keystore")) or name in ("id_rsa", "id_ed25519"):
        return "" if "cert" in name or "pub" in name else "keys"
    if name.endswith((".tfstate", ".tfvars", ".tfvars.json")):
        return "terraform"
    if name.endswith(DUMPS) or ("dump" in name and name.endswith(".sql")):
        return "dumps"
    for endings, kind in ((TABLES, "tables"), ((".ipynb",), "notebooks"), (WEIGHTS, "weights")):
        if name.endswith(endings):
            return kind
    return ""


def _walk(project: str) -> Iterator[tuple[str, list[str], list[str]]]:
    """(folder below the project, names of folders, names of files), names that are no text left out."""
    for top, folders, files in os.walk(project):
        folder = os.path.relpath(top, project)
        folder = "" if folder == "." else folder
        kept = sorted(name for name in folders if name not in SKIPPED and _readable(name))
        folders[:] = kept if folder.count("/") < DEPTH else []
        yield folder, kept, [name for name in files if _readable(name)]


def _readable(name: str) -> bool:
    return name.isprintable()


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _below(folder: str, top: str) -> bool:
    return folder == top or folder.startswith(f"{top}/")


def _encrypted(project: str) -> Iterator[str]:
    for line in _lines(f"{project}/.gitattributes"):
        words = line.split()
        if len(words) > 1 and not words[0].startswith("[") and "filter=git-crypt" in words[1:]:
            yield words[0]


def _owned(project: str) -> Iterator[tuple[str, str]]:
    for place in (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"):
        lines = list(_lines(f"{project}/{place}"))
        for line in lines:
            words = line.split("#")[0].split()
            owner = next((word for word in words[1:] if TEAMS.search(word)), "")
            if owner and words[0] != "*":
                yield words[0], owner
        if lines:
            return


def _lines(file: str) -> list[str]:
    try:
        with open(file, encoding="utf-8") as opened:
            return [line.strip() for line in opened if line.strip() and not line.lstrip().startswith("#")]
    except (OSError, UnicodeDecodeError):
        return []
