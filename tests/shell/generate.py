"""Scripts made at random from the constructs that reading a script is about: a grammar as a table, `<name>` for a
part. Past a depth only the first alternative of each part is taken."""

import random
import re

FILES = (
    ".env", "list", "secrets/prod.key", "src/app.py", "docs/with space.md", "link", "dirlink/prod.key", "nosuch",
    ".env.example", "secrets/deep/api.pem", "weird/a*b",
)  # fmt: skip

GRAMMAR: dict[str, list[str]] = {
    "name": ["x", "y", "z", "k"],
    "word": [
        "<file>", "<file>", "<file>", "<file>", "<pattern>", "{<file>,<file>}", "<parted>", "$<name>", '"$<name>"',
        "${<name>}", '"${<name>}"', "$(echo <word>)", '"$(echo <word>)"', "`echo <plain>`", "${<name>:-<word>}",
        '"${<name>:-<plain>}"', "${<name><operator>}", "./<file>", "$PWD/<file>", "src/../<file>", "<parameter>",
        "$(printf %s <file>)", "<(<command>)", "$(<list)",
    ],
    "operator": [
        "%.*", "#*/", "##*/", "%%/*", "/a/e", "//e/e", "^^", ",,", ":0:4", ": -3", "%?", "#?", "/#a/b", "/%v/x",
    ],
    "parameter": [
        '"$@"', "$1", "$*", '"$*"', "${@:2}", '"${a[@]}"', "${a[0]}", "${a[1]}", "${a[-1]}", "${!r}", "${a[@]/e/e}",
        '"${a[@]:1}"', "${#a[@]}", "$#",
    ],
    "words": ["<word>", "<word> <word>"],
    "assignment": [
        "<name>=<word>", "<name>=<word>", "a=(<words>)", "r=<name>", "<name>+=<word>", "a+=(<word>)",
        "declare <name>=<word>",
    ],
    "condition": ["true", "false", "<command>", "[ -f .env ]", "[[ $x == *e* ]]"],
    "choice": ["*env*", "*.key|list", "$x", '"$y"', "[a-l]*"],
    "folder": ["src", "secrets", "..", "dirlink", "-", "nosuch", '"$PWD"', "./secrets/deep", "/", '"$OLDPWD"'],
    "source": ["cat list", "echo <word>", "printf '%s\\n' <words>"],
    "sink": [
        "xargs cat", 'while read -r l; do cat "$l"; done', "cat", '{ read x; cat "$x"; }',
        "while read l; do cat $l; done", "mapfile -t a",
    ],
    "setting": [
        "shopt -s nullglob", "shopt -s dotglob", "shopt -s extglob", "IFS=:", "IFS=e", "unset x", "export x y",
        "local x=.env", "read x < list", "set -f", "set +f", "unset IFS", "x=(.env list)", "printf -v x %s .env",
        "alias c=cat", "return", "i=$((i+1))", "shift",
    ],
    "laundering": [
        "cp .env w; cat w", "mv list .w; cat .w", "ln -s .env w; cat w", "echo .env > w; cat $(cat w)",
        "cat list > w; xargs cat < w", "mkdir -p d; cp .env d/; cat d/.env", "ln -s secrets w; cat w/prod.key",
        "echo 'cat .env' > w; . ./w",
    ],
    "command": [
        "cat <words>", "cat <words>", "cat <words>", "cat < <word>", "cat <<< <word>", "<assignment>", "<assignment>",
        "cd <folder>", "{ <body>; }", "( <body> )", "for <name> in <words>; do <body>; done",
        "if <condition>; then <body>; else <body>; fi", "case <word> in <choice>) <body>;; *) <command>;; esac",
        "<source> | <sink>", "f() { <body>; }; f <words>", "eval 'cat $x'", 'eval "cat $x"', "eval 'x=list; cat $x'",
        "set -- <words>", "<command> && <command>", "<command> || <command>",
        'while read -r x; do cat "$x"; done < list', "bash -c 'cat $x'", "bash -c 'cat $1' _ <word>", "<setting>",
        "<laundering>", "x=.env bash -c 'cat $x $y'", "cat <<E\n$(cat <word>)\n${x:-a}\nE\ntrue",
    ],
    "body": ["<command>", "<command>; <command>", "<command>\n<command>"],
}  # fmt: skip

_PART = re.compile(r"<(\w+)>")


def script(seed: int) -> str:
    """The script of that number."""
    return _Maker(random.Random(seed)).script()


class _Maker:
    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def script(self) -> str:
        commands = [self.part("command", 0) for _ in range(self.chance.randrange(1, 6))]
        return "".join(command + self.chance.choice(["; ", "\n"]) for command in commands).rstrip("; ")

    def part(self, name: str, depth: int) -> str:
        if name in ("file", "plain", "pattern", "parted"):
            return str(getattr(self, name)())
        rows = GRAMMAR[name]
        row = rows[0] if depth > 5 else self.chance.choice(rows)
        if name == "word" and row == "$(<list)":
            return row
        return _PART.sub(lambda found: self.part(found[1], depth + 1), row)

    def plain(self) -> str:
        return self.chance.choice([file for file in FILES if file.isascii() and not set(file) & set(" *")])

    def file(self) -> str:
        """A file's name in one of the ways of spelling it."""
        name = self.chance.choice(FILES)
        way = self.chance.choice(["bare", "double", "single", "ansi", "mixed", "mixed"])
        if way == "double":
            return f'"{name}"'
        if way == "single":
            return f"'{name}'"
        if way == "ansi":
            return "$'" + "".join(self.chance.choice([c, f"\\x{ord(c):02x}", f"\\{ord(c):03o}"]) for c in name) + "'"
        ways = [bare] if way == "bare" else [bare, bare, escaped, single, double, lambda c: bare(c) + '""']
        return "".join(self.chance.choice(ways)(char) for char in name)

    def pattern(self) -> str:
        name = self.chance.choice(FILES)
        at = self.chance.randrange(len(name))
        wild = self.chance.choice(["?", "*", f"[{name[at]}]", "[!~]"])
        return (name[:at] + wild + name[at + 1 :]).replace(" ", "\\ ")

    def parted(self) -> str:
        name = self.plain()
        at = self.chance.randrange(1, len(name) + 1)
        return f"{name[:at]}{{{name[at:]},zz}}"


def bare(char: str) -> str:
    return "\\" + char if char in " *[]$" else char


def escaped(char: str) -> str:
    return "\\" + char


def single(char: str) -> str:
    return f"'{char}'"


def double(char: str) -> str:
    return f'"{char}"'
