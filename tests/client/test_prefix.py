"""A shell prefix is kept, run behind ours, and put back exactly; ours never runs itself."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from claude_guard.client import chain, hooks, settings
from claude_guard.client.features import CURRENT, features

NEW = features(CURRENT)
OURS = "/somewhere/.local/state/claude-guard/shell"
OTHER = "/elsewhere/.local/state/claude-guard/shell"
NICE = "/usr/bin/nice"
SCOPES: tuple[settings.Scope, ...] = ("local", "project", "user")

# (what local, project and user settings and the environment hold, what ours runs, where it is installed)
ROWS: list[tuple[dict[str, str], str, settings.Scope]] = [
    ({}, "", "local"),
    ({"local": NICE}, NICE, "local"),
    ({"project": NICE}, NICE, "local"),
    ({"user": NICE}, NICE, "local"),
    ({"environment": NICE}, NICE, "local"),
    ({"local": NICE, "user": "/bin/x"}, NICE, "local"),
    ({"project": NICE, "user": "/bin/x"}, NICE, "local"),
    ({"user": NICE, "environment": "/bin/x"}, NICE, "user"),
    ({"environment": NICE}, NICE, "user"),
    ({"environment": OTHER}, "", "user"),
    ({"user": OTHER, "environment": NICE}, "", "local"),
    ({"local": ""}, "", "local"),
    ({"local": "", "user": NICE}, "", "local"),
]


class Place:
    def __init__(self, folder: Path, held: dict[str, str]) -> None:
        self.project, self.home = str(folder / "project"), str(folder / "home")
        self.environment = {chain.PREFIX: held["environment"]} if "environment" in held else {}
        for scope in SCOPES:
            if scope in held:
                path = Path(self.site(scope).settings)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(json.dumps({"model": "x", "env": {"A": "b", chain.PREFIX: held[scope]}}, indent=2))

    def site(self, scope: settings.Scope) -> settings.Site:
        return settings.site(scope, self.project, self.home)

    def install(self, scope: settings.Scope, hooked: bool = False) -> settings.Outcome:
        then = chain.under(scope, self.project, self.home, self.environment)
        return settings.install(self.site(scope), NEW, (), prefix=OURS, then=then, hooked=hooked)

    def held(self, scope: settings.Scope) -> dict[str, Any]:
        held = settings.values(self.site(scope)).get("env")
        return held if isinstance(held, dict) else {}


@pytest.fixture(autouse=True)
def no_configured_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLAUDE_CONFIG_DIR", raising=False)


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("hooked", [True, False], ids=["with hooks", "alone"])
@pytest.mark.parametrize(("held", "then", "scope"), ROWS)
def test_a_prefix_is_chained_and_put_back(
    tmp_path: Path, held: dict[str, str], then: str, scope: settings.Scope, hooked: bool
) -> None:
    place = Place(tmp_path, held)
    before = tree(tmp_path)
    assert place.install(scope, hooked).then == then
    assert place.held(scope)[chain.PREFIX] == OURS
    assert place.held(scope).get(chain.THEN, "") == then
    counts = chain.look(place.project, place.home, place.environment)
    assert (counts.scope, counts.ours, counts.then) == (scope, True, then)
    standing = tree(tmp_path)
    assert not place.install(scope, hooked).changed
    assert tree(tmp_path) == standing
    assert settings.uninstall(place.site(scope)).restored
    assert tree(tmp_path) == before


def test_after_a_hand_edit_what_stood_there_is_put_back_too(tmp_path: Path) -> None:
    place = Place(tmp_path, {"local": NICE})
    place.install("local")
    file = Path(place.site("local").settings)
    file.write_text(file.read_text().replace('"model": "x"', '"model": "y"'))
    settings.uninstall(place.site("local"))
    assert json.loads(file.read_text()) == {"model": "y", "env": {"A": "b", chain.PREFIX: NICE}}


def test_a_prefix_that_came_from_elsewhere_is_not_left_behind(tmp_path: Path) -> None:
    place = Place(tmp_path, {"user": NICE, "local": ""})
    file = Path(place.site("local").settings)
    file.write_text('{"model": "x"}')
    place.install("local")
    file.write_text(file.read_text().replace('"model": "x"', '"model": "y"'))
    settings.uninstall(place.site("local"))
    assert json.loads(file.read_text()) == {"model": "y"}


def test_what_is_chained_follows_where_it_came_from(tmp_path: Path) -> None:
    place = Place(tmp_path, {"user": NICE})
    place.install("local")
    Path(place.site("user").settings).write_text(json.dumps({"env": {chain.PREFIX: "/bin/x"}}))
    assert place.install("local").then == "/bin/x"
    Path(place.site("user").settings).write_text("{}")
    assert place.install("local").then == ""
    assert chain.THEN not in place.held("local")


def test_the_gate_is_taken_out_alone_and_the_hooks_stay(tmp_path: Path) -> None:
    place = Place(tmp_path, {"local": NICE})
    before = tree(tmp_path)
    place.install("local", hooked=True)
    assert settings.uninstall(place.site("local"), prefix_only=True).changed
    assert place.held("local") == {"A": "b", chain.PREFIX: NICE}
    assert hooks.found(settings.values(place.site("local")))
    assert settings.uninstall(place.site("local")).restored
    assert tree(tmp_path) == before


def test_the_hooks_are_taken_out_and_the_gate_stays(tmp_path: Path) -> None:
    place = Place(tmp_path, {"local": NICE})
    before = tree(tmp_path)
    place.install("local", hooked=True)
    assert settings.uninstall(place.site("local"), keep_prefix=True).changed
    assert not hooks.found(settings.values(place.site("local")))
    assert place.held("local")[chain.PREFIX] == OURS
    assert settings.uninstall(place.site("local")).restored
    assert tree(tmp_path) == before


def test_ours_of_another_home_is_replaced_and_not_run(tmp_path: Path) -> None:
    place = Place(tmp_path, {"local": OTHER})
    assert place.install("local").then == ""
    assert place.held("local") == {"A": "b", chain.PREFIX: OURS}
    settings.uninstall(place.site("local"))
    assert place.held("local") == {"A": "b"}


def test_a_lost_record_still_puts_back_what_ours_ran(tmp_path: Path) -> None:
    place = Place(tmp_path, {"local": NICE})
    place.install("local")
    os.unlink(place.site("local").record)
    place.install("local")
    assert place.held("local")[chain.THEN] == NICE
    os.unlink(place.site("local").record)
    settings.uninstall(place.site("local"))
    assert place.held("local") == {"A": "b", chain.PREFIX: NICE}


@pytest.mark.parametrize("held", ['{"env": []}', '{"env": {"CLAUDE_CODE_SHELL_PREFIX": 1}}'])
def test_settings_of_another_shape_are_not_touched(tmp_path: Path, held: str) -> None:
    place = Place(tmp_path, {})
    file = Path(place.site("local").settings)
    file.parent.mkdir(parents=True)
    file.write_text(held)
    with pytest.raises(settings.GuardError, match="`env"):
        place.install("local")
    assert tree(tmp_path) == {str(file): held.encode()}


COUNTS: list[tuple[dict[str, str], tuple[str, str, bool, tuple[str, ...]]]] = [
    ({}, ("", "", False, ())),
    ({"environment": NICE}, ("environment", NICE, False, ())),
    ({"user": OURS, "environment": NICE}, ("user", OURS, True, ())),
    ({"user": OURS, "project": NICE}, ("project", NICE, False, ("user",))),
    ({"user": OURS, "local": NICE}, ("local", NICE, False, ("user",))),
    ({"user": NICE, "local": OURS}, ("local", OURS, True, ())),
]


@pytest.mark.parametrize(("held", "expected"), COUNTS)
def test_the_strongest_counts(tmp_path: Path, held: dict[str, str], expected: tuple[Any, ...]) -> None:
    place = Place(tmp_path, held)
    counts = chain.look(place.project, place.home, place.environment)
    assert (counts.scope, counts.prefix, counts.ours, counts.behind) == expected


def test_in_a_session_the_environment_is_the_settings_own(tmp_path: Path) -> None:
    place = Place(tmp_path, {"project": NICE})
    inside = {chain.PREFIX: "/of/the/session", "CLAUDECODE": "1"}
    assert chain.under("local", place.project, place.home, inside) == NICE
    assert chain.under("user", place.project, place.home, inside) == ""
