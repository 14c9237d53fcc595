"""Pathspecs against real git: what git selects, we select; what we leave out, git leaves out."""

import os
import subprocess

import pytest

from claude_guard.shell.commands.git import pathspec
from tests.oracle.report import Bench

SPECS = [
    ["src"],
    ["src/"],
    ["./src/../docs"],
    ["*.py"],
    ["src/*.py"],
    ["**/*.ts"],
    ["s*/prod.key"],
    ["s?crets"],
    ["[a-d]*"],
    ["[!a-d]*"],
    ["secrets/p\\rod.key"],
    [":(top)src"],
    [":/docs"],
    [":(glob)src/*.py"],
    [":(glob)**/prod.key"],
    [":(glob)src/**"],
    [":(icase)SRC/APP.PY"],
    [":(literal)*.py"],
    [":(attr:text)"],
    [":!secrets"],
    [":^secrets", ":^data"],
    [".", ":(exclude)secrets"],
    [".", ":(exclude,glob)secrets/*"],
    [".", ":(exclude)*.key"],
    [".", ":(exclude,icase)SECRETS"],
    [".", ":(exclude)s*"],
    [".", ":!/secrets/db"],
    ["src", ":(exclude)src/app.py"],
    ["nothing"],
    [":"],
    ["."],
]


@pytest.mark.parametrize("folder", ["", "src", "docs/api"])
@pytest.mark.parametrize("words", SPECS, ids=" ".join)
def test_whatever_git_selects_is_selected(bench: Bench, words: list[str], folder: str) -> None:
    root = bench.project
    cwd = os.path.join(root, folder) if folder else root
    names = ["git", "ls-files", "-z", "--full-name"]
    every = subprocess.run(names, cwd=root, check=True, capture_output=True, text=True).stdout.split("\0")[:-1]
    chosen = subprocess.run([*names, "--", *words], cwd=cwd, check=True, capture_output=True, text=True)
    keep = pathspec.matcher(words, root, cwd)
    kept = {name for name in every if keep(os.path.join(root, name))}
    assert set(chosen.stdout.split("\0")[:-1]) <= kept
    if not any("attr" in word for word in words) and folder == "":
        assert len(kept) < len(every) or len(chosen.stdout.split("\0")[:-1]) == len(every)


def test_a_word_that_is_not_known_selects_everything_and_excludes_nothing() -> None:
    assert pathspec.matcher(["\ue000"], "/p", "/p")("/p/.env")
    assert pathspec.matcher([".", ":!\ue000"], "/p", "/p")("/p/.env")
