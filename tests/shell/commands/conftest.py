from pathlib import Path

import pytest

from .fake import Fixture

FILES = {
    ".env": "SECRET_TOKEN=canary-one\n",
    ".env.example": "SECRET_TOKEN=\n",
    "secrets/prod.key": "canary-two\n",
    "data/customers.csv": "name\ncanary-three\n",
    "data/public.csv": "a,b\n1,2\n",
    "src/app.py": "print('hello')\n",
    "src/lib/util.js": "module.exports = 1\n",
    "README.md": "# sample\nhello\n",
    "list.txt": ".env\nREADME.md\n",
    "names.txt": "README.md\nsrc/app.py\n",
    "home/.netrc": "machine x password canary-four\n",
    "program.awk": '{ while ((getline line < ".env") > 0) print line }\n',
    "reader.py": "import sys\nprint(open('.env').read())\n",
    "pure.py": "print(1 + 1)\n",
    "reader.sh": "cat .env\n",
    "patterns.txt": "canary\n",
}
RESTRICTED = (".env", "secrets", "data/customers.csv", "home/.netrc")


@pytest.fixture
def world(tmp_path: Path) -> Fixture:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Fixture(str(tmp_path), RESTRICTED, {"HOME": str(tmp_path / "home"), "SECRET_TOKEN": "x"})
