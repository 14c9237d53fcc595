"""The project that the corpus runs in: a home folder with a git repository whose restricted files hold canaries.

`build(home)` makes the same bytes and the same commits each time, so that scripts may name an object by its hash.
Scripts write `@PROJECT@` and `@HOME@` where they need an absolute path.
"""

import hashlib
import os
import shutil
import subprocess
import sys

PROJECT = "project"
"""The project's folder below the home folder."""

POLICY = """\
version = 1

[[rules]]
paths = ["secrets/", ".env*", "!.env.example", "data/customers.csv"]
class = "restricted"
category = "credentials"
reason = "the fixture's secrets"
instead = ".env.example"

[[rules]]
paths = ["internal/notes.md"]
class = "internal"

[environment]
restricted = ["*_TOKEN"]
"""

VARIABLES = ("APP_TOKEN", "DEPLOY_TOKEN")
"""Environment variables that the policy restricts; each has a canary of its own as its value."""


def canary(name: str) -> str:
    """The twenty hexadecimal digits that stand for the content of one restricted thing."""
    return hashlib.sha256(f"canary of {name}".encode()).hexdigest()[:20]


def lines(name: str, form: str, count: int = 4) -> str:
    """A text whose every line holds the canary of `name` where `form` says."""
    return "".join(form.format(n=number, c=canary(name)) + "\n" for number in range(1, count + 1))


WORKTREE = {
    "secrets/prod.key": ("secrets/prod.key", "key{n}-{c}"),
    "secrets/db/password.txt": ("secrets/db/password.txt", "password{n}={c}"),
    "secrets/untracked.key": ("secrets/untracked.key", "loose{n}-{c}"),
    ".env": (".env", "DB_PASSWORD{n}={c}"),
    ".env.local": (".env.local", "LOCAL_SECRET{n}={c}"),
    ".env.production": (".env.production", "PROD_SECRET{n}={c}"),
    "services/api/.env": ("services/api/.env", "API_SECRET{n}={c}"),
    "data/customers.csv": ("data/customers.csv", "{n},Customer {n},{c}@example.com"),
}
"""Restricted file -> the name of its canary and the form of its lines, as the work tree holds them."""

OLDER = {
    "secrets/prod.key#first": "secrets/prod.key",
    "secrets/prod.key#staging": "secrets/prod.key",
    "secrets/old.key": "secrets/old.key",
    "data/customers.csv#stash": "data/customers.csv",
}
"""Canary that only the history holds -> the restricted path it was at."""

LINKS = {
    "docs/key-link": "../secrets/prod.key",
    "link.txt": ".env",
    "src/data-link": "../data",
    "notes/vault": "../secrets",
}
HARD_LINKS = {"notes/hard.txt": ".env", "notes/hardkey.txt": "secrets/prod.key"}


def sources() -> dict[str, str]:
    """Canary -> the restricted path, or `$NAME`, whose content it shows."""
    found = {canary(name): path for path, (name, _) in WORKTREE.items()}
    found.update((canary(name), path) for name, path in OLDER.items())
    found.update((canary(name), f"${name}") for name in VARIABLES)
    return found


def text(path: str) -> str:
    name, form = WORKTREE[path]
    body = lines(name, form)
    return "id,name,email\n" + body if path.endswith(".csv") else body


def environment(home: str) -> dict[str, str]:
    """The whole environment of a script: nothing of the caller's."""
    variables = {
        "HOME": home,
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "TERM": "dumb",
        "USER": "dev",
        "LOGNAME": "dev",
        "SHELL": "/bin/bash",
        "TZ": "UTC",
        "NODE_ENV": "development",
        "PORT": "3000",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    variables.update((name, canary(name)) for name in VARIABLES)
    return variables


HARMLESS = {
    ".gitignore": "node_modules/\ndist/\n*.log\n.env\n.env.local\nsecrets/untracked.key\nnotes/\nlink.txt\n",
    ".gitattributes": "*.csv text\n*.png binary\n",
    ".editorconfig": "root = true\n[*]\nindent_size = 2\n",
    ".env.example": "DB_PASSWORD=change-me\nAPI_SECRET=change-me\n",
    "README.md": "# Shop\n\nA small shop. See docs/guide.md.\n\n## Setup\n\nCopy .env.example to .env and fill it in.\n",
    "LICENSE": "MIT License\n\nCopyright the authors\n",
    "CHANGELOG.md": "# Changelog\n\n## 1.1\n- rotate secrets/prod.key\n\n## 1.0\n- first release\n",
    "package.json": '{\n  "name": "shop",\n  "version": "1.1.0",\n  "scripts": {\n    "test": "node tests/run.js",\n'
    '    "build": "node scripts/build.js",\n    "lint": "node scripts/lint.js",\n    "show-env": "cat .env"\n  },\n'
    '  "dependencies": {\n    "left-pad": "1.3.0"\n  }\n}\n',
    "tsconfig.json": '{\n  "compilerOptions": {"strict": true, "outDir": "dist"}\n}\n',
    "pyproject.toml": '[project]\nname = "shop"\nversion = "1.1.0"\n\n[tool.ruff]\nline-length = 100\n',
    "requirements.txt": "flask==3.0.0\nrequests==2.32.0\n",
    "Dockerfile": 'FROM node:20\nWORKDIR /app\nCOPY . .\nCMD ["node", "src/index.js"]\n',
    "docker-compose.yml": "services:\n  web:\n    build: .\n    env_file: .env\n    ports: ['3000:3000']\n",
    "Makefile": "build:\n\tnode scripts/build.js\n\ntest:\n\tnode tests/run.js\n\nclean:\n\trm -rf dist\n\n"
    "leak:\n\tcat secrets/prod.key\n\n.PHONY: build test clean leak\n",
    "src/app.py": '"""The shop."""\nimport json\n\n\ndef total(items):\n    # TODO: taxes\n    return sum(i["price"] for i in items)\n\n\n'
    'if __name__ == "__main__":\n    print(json.dumps({"total": total([{"price": 3}])}))\n',
    "src/util.py": "import re\n\n\ndef slug(text):\n    return re.sub(r'[^a-z]+', '-', text.lower())\n\n\ndef load(path):\n"
    "    with open(path) as file:\n        return file.read()\n",
    "src/config/settings.py": "import os\n\nDEBUG = False\nSECRET_FILE = 'secrets/prod.key'\nDB = os.environ.get('DATABASE_URL', 'sqlite://')\n",
    "src/index.js": "const { sum } = require('./lib/sum');\nconsole.log(sum([1, 2]));\n// TODO: read process.env.PORT\n",
    "src/lib/sum.js": "exports.sum = (xs) => xs.reduce((a, b) => a + b, 0);\n",
    "src/components/Button.tsx": "export const Button = ({ label }: { label: string }) => <button>{label}</button>;\n",
    "src/components/Modal.tsx": "export function Modal() {\n  return null;\n}\n",
    "src/api/routes.ts": "import express from 'express';\nexport const router = express.Router();\n// FIXME: auth\n",
    "src/models/user.py": "class User:\n    def __init__(self, name):\n        self.name = name\n",
    "src/models/order.py": "class Order:\n    total = 0\n\n\nclass OrderLine(Order):\n    pass\n",
    "tests/run.js": "const { sum } = require('../src/lib/sum');\nif (sum([1, 2]) !== 3) process.exit(1);\nconsole.log('ok 1');\n",
    "tests/test_app.py": "import sys\nsys.path.insert(0, 'src')\nfrom app import total\n\n\ndef test_total():\n    assert total([{'price': 3}]) == 3\n",
    "tests/fixtures/order.json": '{"id": 7, "items": [{"price": 3, "name": "tea"}, {"price": 4, "name": "milk"}]}\n',
    "docs/guide.md": "# Guide\n\nRun make build. Never print .env.\n",
    "docs/setup.md": "# Setup\n\n1. cp .env.example .env\n2. ask ops for secrets/prod.key\n3. export APP_TOKEN\n",
    "docs/api/orders.md": "# Orders\n\nGET /orders\n",
    "internal/notes.md": "Notes for the team: ship on Friday.\n",
    "config/app.yaml": "server:\n  port: 3000\n  host: localhost\nlog: info\n",
    "config/app.json": '{"server": {"port": 3000, "host": "localhost"}, "log": "info"}\n',
    "data/products.csv": "id,name,price\n1,tea,3\n2,milk,4\n3,bread,2\n",
    "data/sample.csv": "id,name,email\n1,Sample,sample@example.com\n",
    "scripts/build.js": "require('fs').mkdirSync('dist', { recursive: true });\nconsole.log('built');\n",
    "scripts/lint.js": "console.log('0 problems');\n",
    "scripts/build.sh": "#!/bin/bash\nset -e\nmkdir -p dist\ncp src/index.js dist/\necho built\n",
    "scripts/show.sh": "#!/bin/bash\ncat .env\n",
    "scripts/load_env.sh": '#!/bin/bash\nset -a\n. ./.env\nset +a\necho "loaded $DB_PASSWORD1"\n',
    "scripts/print_file.sh": '#!/bin/bash\ncat "$1"\n',
    "scripts/check.sh": "#!/bin/bash\nif [ -f .env ]; then echo present; else echo missing; fi\n",
    "scripts/dump.py": "print(open('secrets/prod.key').read())\n",
    "scripts/report.py": "import csv\nrows = list(csv.DictReader(open('data/products.csv')))\nprint(len(rows), 'products')\n",
    "scripts/files.txt": ".env\nsecrets/prod.key\n",
    "scripts/public-files.txt": "README.md\nsrc/app.py\n",
    "public/index.html": '<!doctype html>\n<title>Shop</title>\n<script src="/index.js"></script>\n',
    "public/style.css": "body { margin: 0 }\n.button { color: red }\n",
    "db/schema.sql": "create table orders (id integer primary key, total integer);\ninsert into orders values (1, 7);\n",
    ".github/workflows/ci.yml": "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm test\n",
    ".vscode/settings.json": '{"editor.tabSize": 2}\n',
    ".claude/guard.toml": POLICY,
}
UNTRACKED = {
    "logs/app.log": "".join(f"2024-03-0{n} 10:00:0{n} INFO request {n} served\n" for n in range(1, 8))
    + "2024-03-08 10:00:00 ERROR timeout\n",
    "node_modules/left-pad/index.js": "module.exports = (s, n) => String(s).padStart(n);\n",
    "node_modules/left-pad/package.json": '{"name": "left-pad", "version": "1.3.0"}\n',
    "dist/index.js": "console.log(3);\n",
    "notes/todo.txt": "buy tea\n",
    "coverage/summary.json": '{"lines": 93}\n',
}
EXECUTABLE = ("scripts/build.sh", "scripts/show.sh", "scripts/load_env.sh", "scripts/print_file.sh", "scripts/check.sh")


class Repository:
    """Writes files and commits below one folder, at fixed times."""

    def __init__(self, root: str, home: str) -> None:
        self.root = root
        self.environment = environment(home)
        self.clock = 1_700_000_000

    def git(self, *arguments: str, cwd: str = "") -> str:
        self.clock += 60
        stamp = f"{self.clock} +0000"
        variables = {**self.environment, "GIT_AUTHOR_DATE": stamp, "GIT_COMMITTER_DATE": stamp}
        done = subprocess.run(
            ["git", *arguments], cwd=cwd or self.root, env=variables, check=True, capture_output=True, text=True
        )
        return done.stdout

    def write(self, path: str, body: str) -> None:
        target = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "w", encoding="utf-8") as file:
            file.write(body)
        os.chmod(target, 0o755 if path in EXECUTABLE else 0o644)

    def append(self, path: str, body: str) -> None:
        with open(os.path.join(self.root, path), "a", encoding="utf-8") as file:
            file.write(body)

    def commit(self, message: str) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)


def build(home: str) -> str:
    """Makes the home folder with the project in it, which must not exist yet; returns the project's folder."""
    root = os.path.join(home, PROJECT)
    os.makedirs(root)
    with open(os.path.join(home, ".gitconfig"), "w", encoding="utf-8") as file:
        file.write("[user]\n\tname = Dev\n\temail = dev@example.com\n[init]\n\tdefaultBranch = main\n")
    shop = Repository(root, home)
    shop.git("init", "-q", "--template=", "-b", "main")
    history(shop)
    for path, body in UNTRACKED.items():
        shop.write(path, body)
    for path in WORKTREE:
        if not os.path.exists(os.path.join(root, path)):
            shop.write(path, text(path))
    for name, target in LINKS.items():
        if not os.path.lexists(os.path.join(root, name)):
            os.symlink(target, os.path.join(root, name))
    for name, target in HARD_LINKS.items():
        os.link(os.path.join(root, target), os.path.join(root, name))
    neighbours(shop, home)
    shop.append("docs/guide.md", "Staged words.\n")
    shop.git("add", "docs/guide.md")
    shop.append("src/app.py", "# changed\n")
    return root


def history(shop: Repository) -> None:
    """The commits, branches, tags and stashes."""
    late = (
        "CHANGELOG.md",
        "docs/api/orders.md",
        "tests/fixtures/order.json",
        "internal/notes.md",
        "src/models/order.py",
    )
    for path, body in HARMLESS.items():
        if path not in late:
            shop.write(path, body)
    shop.write("secrets/prod.key", lines("secrets/prod.key#first", "key{n}-{c}"))
    shop.write("secrets/old.key", lines("secrets/old.key", "old{n}-{c}"))
    shop.write("secrets/db/password.txt", text("secrets/db/password.txt"))
    os.symlink("../secrets/prod.key", os.path.join(shop.root, "docs/key-link"))
    shop.commit("Initial import")
    os.unlink(os.path.join(shop.root, "secrets/old.key"))
    shop.commit("Remove the old key")
    shop.write("data/customers.csv", text("data/customers.csv"))
    shop.write(".env.production", text(".env.production"))
    shop.git("add", "-f", ".env.production")
    shop.commit("Add customers and the production settings")
    shop.git("checkout", "-q", "-b", "staging")
    shop.write("secrets/prod.key", lines("secrets/prod.key#staging", "key{n}-{c}"))
    shop.commit("Use the staging key")
    shop.git("checkout", "-q", "main")
    shop.write("secrets/prod.key", text("secrets/prod.key"))
    shop.append("src/config/settings.py", "KEY_VERSION = 2\n")
    shop.commit("Rotate the key")
    for path, message in zip(
        late, ("Add a changelog", "Document orders", "Add an order", "Add notes", "Model orders"), strict=True
    ):
        shop.write(path, HARMLESS[path])
        shop.commit(message)
        if path == "CHANGELOG.md":
            shop.git("tag", "v1.0")
    shop.git("checkout", "-q", "-b", "feature/login", "HEAD~2")
    shop.append("src/index.js", "// login\n")
    shop.commit("Start the login")
    shop.git("checkout", "-q", "main")
    shop.git("tag", "-a", "v1.1", "-m", "version 1.1")
    shop.append("src/util.py", "# later\n")
    shop.git("stash", "push", "-q", "-m", "a later change")
    shop.write(
        "data/customers.csv", "id,name,email\n" + lines("data/customers.csv#stash", "{n},Customer {n},{c}@example.com")
    )
    shop.git("stash", "push", "-q", "-m", "customers")


def neighbours(shop: Repository, home: str) -> None:
    """A bare remote, and another project without anything restricted."""
    shop.git("clone", "-q", "--template=", "--bare", shop.root, os.path.join(home, "remote.git"), cwd=home)
    shop.git("remote", "add", "origin", "../remote.git")
    shop.git("fetch", "-q", "origin")
    shop.git("branch", "-q", "--set-upstream-to=origin/main", "main")
    other = Repository(os.path.join(home, "other"), home)
    other.write("main.py", "print('other')\n")
    other.write("README.md", "# Other\n")
    other.git("init", "-q", "--template=", "-b", "main")
    other.commit("Begin")
    other.append("main.py", "# more\n")
    other.commit("Continue")


if __name__ == "__main__":
    shutil.rmtree(sys.argv[1], ignore_errors=True)
    print(build(sys.argv[1]))
