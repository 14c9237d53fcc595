"""Whatever the size of a script, an answer comes in bounded steps, and what was left out is said."""

import time
from pathlib import Path

import pytest

from claude_guard.shell import read

from .fixture import Fixture, build


class Crowded(Fixture):
    """With a folder of 120,000 files."""

    def listdir(self, path: str) -> list[str] | None:
        return [f"f{i}" for i in range(120_000)] if path.endswith("/big") else super().listdir(path)

    def kind(self, path: str):  # type: ignore[no-untyped-def]
        return "dir" if path.endswith("/big") else super().kind(path)


CUT_SHORT = {
    "a megabyte": "echo " + "a" * 1_000_000,
    "many words": "echo " + "ab " * 60_000,
    "many commands": "echo a;" * 25_000,
    "brace bomb": "cat " + "{a,b}" * 40,
    "brace range": "cat {1..100000000}",
    "nested braces": "cat " + "{a," * 3000 + "b" + "}" * 3000,
    "nested substitutions": "echo " + "$(" * 500 + "cat .env" + ")" * 500,
    "nested subshells": "( " * 300 + "cat .env" + " )" * 300,
    "nested conditions": "if true; then " * 300 + "cat .env" + "; fi" * 300,
    "aliases of aliases": "\n".join(f"alias a{i}='a{i + 1};a{i + 1}'" for i in range(20)) + "\na0",
    "a function that calls itself": "f() { f; f; }; f",
    "fork bomb": ":(){ :|:& };:",
    "an endless loop": "i=0; while true; do i=$((i+1)); cat f$i; done",
    "an endless count": "for ((i=0;;i++)); do cat $i; done",
    "nested loops": "for i in {1..99}; do for j in {1..99}; do for k in {1..99}; do cat $i$j$k; done; done; done",
    "a glob over 100,000 files": "cat big/*",
    "a text that doubles": "x=aaaaaaaaaa; " + "x=$x$x$x$x$x$x$x$x$x$x; " * 20 + "cat $x",
    "an array that triples": "a=(1 2 3); " + "a=(${a[@]} ${a[@]} ${a[@]}); " * 20 + "cat ${a[@]}",
    "eval of itself": 'x=\'eval "$x"\'; eval "$x"',
    "a script that runs itself": "echo 'bash s' > s; bash s",
    "a script that sources itself": "echo '. ./s' > s; . ./s",
    "a width of millions": "printf '%099999999d' 1 | xargs cat",
    "unclosed": 'echo "' + '$(a "' * 200,
    "only semicolons": ";" * 100_000,
}

WHOLE = {
    "10,000 words": "cat " + " ".join(f"f{i}.txt" for i in range(9_999)) + " .env",
    "9,000 commands": "\n".join(f"cat f{i}" for i in range(9_000)) + "\ncat .env",
    "9,000 conditions": " && ".join(f"cat f{i}" for i in range(9_000)) + " && cat .env",
    "many decisions": "; ".join(f"if c{i}; then a{i}=1; else a{i}=2; fi" for i in range(200)) + "; cat .env",
    "many cases": "case x in " + " ".join(f"p{i}) a{i}=b;;" for i in range(2000)) + " esac; cat .env",
    "stars": "case " + "a" * 5000 + " in " + "*a" * 11 + "b) : ;; esac; cat .env",
    "stars in a replacement": "x=" + "a" * 500 + "; echo ${x//*a*a*a*a*a*b/}; cat .env",
    "groups of groups": "shopt -s extglob; [[ " + "a" * 60 + " == +(+(a))b ]]; cat .env",
    "here-documents": "\n".join(f"cat <<E{i}\n$(echo {i})\nE{i}" for i in range(1500)) + "\ncat .env",
    "a loop of unknown length before": "while maybe; do :; done; cat .env",
}


@pytest.mark.parametrize("name", CUT_SHORT)
def test_what_a_bound_cuts_off_is_opaque(name: str, tmp_path: Path) -> None:
    start = time.process_time()
    reading = read(CUT_SHORT[name], Crowded(build(tmp_path)), "bash")
    assert any(touch.kind == "opaque" for touch in reading.touches)
    assert time.process_time() - start < 8


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_within_the_bounds_is_read_to_its_end(name: str, tmp_path: Path) -> None:
    project = build(tmp_path)
    start = time.process_time()
    reading = read(WHOLE[name], Crowded(project), "bash")
    assert f"{project}/.env" in {touch.name for touch in reading.touches}
    assert time.process_time() - start < 8
