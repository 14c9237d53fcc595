"""The policy as the client's own rules, read as the client reads them: gitignore, in order, for relative patterns."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pathspec
import pytest

from claude_guard.client import native

PACK = Path(native.__file__).parents[1] / "policy" / "builtin" / "credentials.toml"
RULES = tomllib.loads(PACK.read_text())["rules"]


@pytest.fixture
def place(tmp_path: Path) -> tuple[Path, Path]:
    project, home = tmp_path / "project", tmp_path / "home"
    (project / ".claude").mkdir(parents=True)
    home.mkdir()
    return project, home


def patterns(derived: native.Native) -> list[str]:
    assert all(rule.startswith("Read(") and rule.endswith(")") for rule in derived.rules)
    return [rule[5:-1] for rule in derived.rules]


class Client:
    """What the client denies in a project, as observed on it."""

    def __init__(self, derived: native.Native) -> None:
        listed = patterns(derived)
        relative = [re.sub(r"/\*\*$", "", one) for one in listed if not one.startswith(("~", "/"))]
        own = [one for one in listed if one.startswith("/") and not one.startswith("//")]
        self.specs = [pathspec.GitIgnoreSpec.from_lines(lines) for lines in (relative, own)]

    def denies(self, path: str) -> bool:
        return any(spec.match_file(path) for spec in self.specs)

    def wrong(self, paths: list[str], denied: bool) -> list[str]:
        return [path for path in paths if self.denies(path) != denied]


def relative_paths(key: str, rules: list[dict[str, Any]]) -> list[str]:
    return [path for rule in rules for path in rule[key] if not path.startswith(("~", "/"))]


def test_the_credentials_pack_is_held_as_it_stands(place: tuple[Path, Path]) -> None:
    client = Client(native.derived(str(place[0]), str(place[1])))
    restricted = [rule for rule in RULES if rule["class"] == "restricted"]
    assert client.wrong(relative_paths("matches", restricted), denied=True) == []
    assert client.wrong(relative_paths("passes", RULES), denied=False) == []


PROJECT_RULES = [
    ('paths = ["secrets/"]', ["secrets/a", "x/secrets/b/c"], ["secretsx/a"]),
    ('paths = ["/only-here"]', ["only-here"], ["sub/only-here"]),
    ('paths = ["data/**", "!data/README.md"]', ["data/a", "data/b/c"], ["data/README.md", "other/data"]),
    ('paths = ["*.csv", "!public.csv"]', ["a.csv", "x/a.csv"], ["public.csv", "x/public.csv"]),
    ('paths = ["mid*dle", "end*/"]', ["middle", "x/midXdle", "ending/a"], ["mid"]),
    ('paths = ["we (ird)/", "a b.txt"]', ["we (ird)/x", "a b.txt"], ["weird/x"]),
]


@pytest.mark.parametrize(("rule", "closed", "open_"), PROJECT_RULES)
def test_a_projects_rules(place: tuple[Path, Path], rule: str, closed: list[str], open_: list[str]) -> None:
    project, home = place
    (project / ".claude" / "guard.toml").write_text(f'version = 1\n[[rules]]\n{rule}\nclass = "restricted"\n')
    client = Client(native.derived(str(project), str(home)))
    assert client.wrong(closed, denied=True) == []
    assert client.wrong(open_, denied=False) == []


def test_a_milder_class_is_no_denial(place: tuple[Path, Path]) -> None:
    project, home = place
    (project / ".claude" / "guard.toml").write_text(
        'version = 1\n[[rules]]\npaths = ["*.zzz"]\nclass = "confidential"\n'
        '[[rules]]\npaths = [".env.test"]\nclass = "internal"\n'
    )
    client = Client(native.derived(str(project), str(home)))
    assert client.wrong(["a.zzz", ".env.test"], denied=False) == []
    assert client.denies(".env")


def test_a_project_takes_nothing_back_from_the_person(place: tuple[Path, Path]) -> None:
    project, home = place
    (home / ".config" / "claude-guard").mkdir(parents=True)
    (home / ".config" / "claude-guard" / "policy.toml").write_text(
        'version = 1\n[[rules]]\npaths = ["*.mine"]\nclass = "restricted"\n'
    )
    (project / ".claude" / "guard.toml").write_text(
        'version = 1\n[[rules]]\npaths = ["x.mine"]\nclass = "public"\n'
        '[[rules]]\npaths = ["*.yours", "!x.mine"]\nclass = "restricted"\n'
    )
    assert Client(native.derived(str(project), str(home))).denies("x.mine")


def test_a_persons_own_settings_name_no_project(place: tuple[Path, Path]) -> None:
    project, home = place
    (project / ".claude" / "guard.toml").write_text('version = 1\n[[rules]]\npaths = ["zzz"]\nclass = "restricted"\n')
    assert "Read(zzz)" in native.derived(str(project), str(home)).rules
    assert "Read(zzz)" not in native.derived("", str(home)).rules


FORMS = [
    ("*.pem", "*.pem"),
    (".env*x", "**/.env*x"),
    ("!.env*x", "!**/.env*x"),
    ("a*b/", "a*b/**"),
    ("docs/a*b", ""),
    ("odd(", ""),
    ("x:*", ""),
    ("plain", "plain"),
]


@pytest.mark.parametrize(("written", "form"), FORMS)
def test_no_rule_makes_a_client_drop_its_settings(written: str, form: str) -> None:
    assert native.accepted(written) == form
