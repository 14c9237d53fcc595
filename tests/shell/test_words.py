"""What words become, asked of us and of the real shells."""

import subprocess
from pathlib import Path

import pytest

from claude_guard.shell import read

from .fixture import ENVIRONMENT, Fixture, build

BASH = [
    "a b",
    "'a b' \"c d\"",
    "a\\ b",
    "$'a\\tb' $'\\x41\\101\\u0042'",
    "{a,b}{1..3}",
    "{01..03} {a..c} {3..1} {a,b",
    "x{}y {a}",
    "{a,{b,c}}d",
    '"{a,b}"',
    "~ ~/x ~root a~",
    "$HOME/x",
    "${NOPE:-a b}",
    '"${NOPE:-a b}"',
    '${NOPE-} "${NOPE-}"',
    '"${NOPE:-"a b"}"',
    "\"${NOPE:-$'a\\x62'}\"",
    'a""b \'\' ""',
    "$((1+2*3)) $((2**10)) $((7/2)) $((-7%3)) $((1?2:3))",
    "$((16#ff)) $((0x1f)) $((010)) $((~1)) $((1<<4|3))",
    "*.csv",
    "[dl]*",
    "*nope*",
    "src/*.py",
    "*/*.py",
    ".e*",
    '"*"',
    "\\*",
    "$(echo a b)",
    '"$(echo a  b)"',
    "`echo a b`",
    "$(printf 'a\\nb\\n\\n')",
    "$'it\\'s'",
    "a$(:)b",
    "${#HOME}x",
    "$(echo '*.csv')",
    "\"$(echo '*.csv')\"",
    "a=b",
    "a=~ --x=~",
    "weird/[x] weird/\\[x\\]",
    "docs/*\\ *",
]

SET = [
    "x=abcabc",
    "x='a b'",
    "x='a*'",
    "x=/usr/lib/libfoo.so.1",
    "a=(1 '2 3' 4)",
    "a=()",
    "set -- p 'q r' s",
    "declare -A m=([k]='v w')",
    "IFS=:; x=a:b::c",
    "IFS=; x='a b'",
]
USE = [
    "$x",
    '"$x"',
    "${x#a} ${x##*a} ${x%c} ${x%%b*}",
    "${x/b/X} ${x//b/X} ${x/#a/X} ${x/%c/X} ${x//b}",
    "${x:1} ${x:1:2} ${x: -2} ${x:0:-1}",
    "${x^} ${x^^} ${x^^[b]} ${x,,}",
    "${#x}",
    "${x%/*} ${x##*/}",
    "${x:-n} ${x:+y} ${x+y}",
    '"${a[@]}"',
    "${a[@]}",
    '"${a[*]}"',
    '${a[1]} "${a[1]}"',
    '${#a[@]} ${!a[@]} ${a[@]:1} "${a[@]:0:2}"',
    '"${a[@]/2/X}" "${a[@]%4}"',
    "${a[-1]-none}",
    '"$@"',
    "$@",
    '"$*"',
    "$* $#",
    '${@:2} "${@:1:1}" ${!#}',
    '"${m[k]}" ${!m[@]}',
    'pre"$@"post',
    '"${x[@]}" ${x[0]}',
    "${x@Q} ${x@U}",
]


def ours(setting: str, words: str, dialect: str, project: Path) -> list[str]:
    trace = read(f"{setting}\nwords {words}", Fixture(project), dialect).trace
    return list(trace[-1].words[1:])


def theirs(setting: str, words: str, shell: list[str], project: Path) -> list[str]:
    script = f"words() {{ [ $# -eq 0 ] || printf '%s\\0' \"$@\"; }}\n{setting}\nwords {words}"
    environment = {**ENVIRONMENT, "HOME": str(project.parent / "home")}
    done = subprocess.run([*shell, "-c", script], cwd=project, env=environment, capture_output=True, check=False)
    return [part.decode() for part in done.stdout.split(b"\0")[:-1]]


@pytest.mark.oracle
@pytest.mark.parametrize("words", BASH)
def test_words_become_what_bash_makes_of_them(words: str, tmp_path: Path) -> None:
    project = build(tmp_path)
    assert ours(":", words, "bash", project) == theirs(":", words, ["bash", "--norc"], project)


@pytest.mark.oracle
@pytest.mark.parametrize("setting", SET)
def test_parameters_become_what_bash_makes_of_them(setting: str, tmp_path: Path) -> None:
    project = build(tmp_path)
    for words in USE:
        expected = theirs(setting, words, ["bash", "--norc"], project)
        assert ours(setting, words, "bash", project) == expected, words


@pytest.mark.oracle
@pytest.mark.parametrize("setting", ["x='a b'", "x='a*'", "a=(1 '2 3' 4)", "set -- p 'q r'", "x=a:b"])
def test_parameters_become_what_zsh_makes_of_them(setting: str, tmp_path: Path) -> None:
    project = build(tmp_path)
    for words in ("$x", '"$x"', "$a", '"${a[@]}"', "${a[2]}", "$@", '"$@"', "${=x}", "${(s.:.)x}", "${x:-n}"):
        expected = theirs(setting, words, ["zsh", "-f"], project)
        assert ours(setting, words, "zsh", project) == expected, words
