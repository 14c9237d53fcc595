"""Version control behind the masks: it sees tracked restricted files as they are, and shows none of them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from claude_guard.confine import probe

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(not probe.look().works, reason="nothing confines commands here"),
]

PACKAGE = Path(__file__).parents[2] / "claude_guard"
DENIED = "Operation not permitted" if sys.platform == "darwin" else "Permission denied"
CANARY = "kestrel-plum-42-zq"
POLICY = """version = 1
[[rules]]
paths = ["secrets/", ".env"]
class = "restricted"
category = "credentials"
"""


class Site(NamedTuple):
    project: Path
    environment: dict[str, str]

    def run(self, command: str, guarded: bool = True) -> subprocess.CompletedProcess[bytes]:
        start = [sys.executable, "-IS", str(PACKAGE / "__shell__.py")] if guarded else ["/bin/sh", "-c"]
        return subprocess.run(
            [*start, command],
            cwd=self.project,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=60,
        )

    def said(self, command: str) -> str:
        return self.run(command, guarded=False).stdout.decode()


@pytest.fixture
def site(tmp_path: Path) -> Site:
    home, project = tmp_path / "home", tmp_path / "project"
    home.mkdir()
    (home / ".gitconfig").write_text("[user]\nname=x\nemail=x@localhost\n[init]\ndefaultBranch=main\n")
    environment = {"HOME": str(home), "PATH": os.environ["PATH"], "CLAUDE_PROJECT_DIR": str(project), "LC_ALL": "C"}
    environment |= {f"GIT_{who}_DATE": "2024-01-01T00:00:00Z" for who in ("AUTHOR", "COMMITTER")}
    made = Site(project, environment)
    for name, text in (
        ("secrets/prod.key", f"KEY={CANARY}\n"),
        (".env", f"A={CANARY}\n"),
        ("a.txt", "one\n"),
        (".claude/guard.toml", POLICY),
    ):
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    made.said("git init -q . && git add -A && git commit -qm first")
    made.said(
        "git checkout -q -b other && echo KEY=other-falcon-77 > secrets/prod.key && git commit -qam second && git checkout -q main"
    )
    return made


FLOWS = (
    ("status", "git status --short"),
    ("stage all and commit", "echo new > b.txt; git add -A && git commit -qm x; git log --oneline | wc -l"),
    ("mixed with a program", "python3 -c 'print(1)' && git add -A && git commit -qm x --allow-empty; git status -s"),
    ("stash and back", "echo two > a.txt; git stash -q && cat a.txt; git stash pop -q; cat a.txt; git status -s"),
    (
        "another branch and back",
        "git checkout -q other && git status -s; git checkout -q main; git branch --show-current",
    ),
    (
        "rebase",
        "git checkout -q -b third; echo 3 > c.txt; git add c.txt; git commit -qm third; git rebase -q other; git log --format=%s",
    ),
    ("rebase with a command", "git rebase -q -x 'echo ran' other; git log --format=%s"),
    ("by its full path", "$(command -v git) status -s; $(git --exec-path)/git rev-parse --is-inside-work-tree"),
    ("with an empty environment", "env -i git status -s; echo $?"),
    (
        "in a program",
        'python3 -c \'import subprocess; print(subprocess.run(["git","status","-s"],capture_output=True))\'',
    ),
    ("to a file", "git log --format=%s > out.txt; cat out.txt; rm out.txt"),
    ("through a pipe", "git ls-files | sort | head -3"),
    ("from a pipe", "echo a.txt | git check-ignore --stdin; echo hi | git hash-object --stdin"),
    ("failing", "git checkout nowhere; echo $?; git nothing; echo $?"),
    ("merge", "git merge -q other; git status -s; git log --format=%s | wc -l"),
    ("reset", "echo two > a.txt; git reset -q --hard; cat a.txt"),
    ("alias", "git config alias.st 'status --short'; git st"),
    (
        "interactive rebase",
        "git checkout -q -b third; for n in 1 2; do echo $n > c$n; git add .; git commit -qm c$n; done; GIT_SEQUENCE_EDITOR='sed -i s/^pick/reword/' GIT_EDITOR='sed -i s/c/d/' git rebase -q -i main; git log --format=%s",
    ),
    (
        "bisect",
        "git bisect start -q other main; git bisect run sh -c 'test -f b.txt' | tail -1; git bisect reset -q; git status -s",
    ),
    (
        "stash with untracked",
        "echo n > n.txt; echo t >> a.txt; git stash -q -u; ls; git stash pop -q; cat n.txt a.txt; git status -s",
    ),
    ("clean", "echo n > n.txt; git clean -fdxq; ls; git status -s"),
    ("checkout of everything", "echo two > a.txt; git checkout -q -- .; cat a.txt; git status -s"),
    ("restore", "git restore secrets/prod.key; git restore -s other secrets/prod.key; git status -s; git diff --stat"),
    ("cherry-pick", "git cherry-pick other; git status -s; git log --format=%s"),
    ("revert", "git checkout -q other; git revert --no-edit HEAD | tail -1; git log --format=%s"),
    ("archive of what is open", "git archive HEAD a.txt | tar t"),
    ("object written", "git hash-object -w a.txt; git cat-file -p $(git hash-object -w a.txt)"),
    (
        "patch",
        "printf -- '--- a/a.txt\\n+++ b/a.txt\\n@@ -1 +1 @@\\n-one\\n+two\\n' > x.patch; git apply x.patch; cat a.txt; rm x.patch; git status -s",
    ),
    (
        "in a program by its full path",
        "python3 -c 'import subprocess; print(subprocess.getoutput(\"/usr/bin/git log --format=%s\"))'",
    ),
    (
        "upkeep",
        "git gc -q; git fsck; git repack -qad; git prune; git reflog expire --all; git count-objects | cut -d' ' -f2",
    ),
    ("notes and tags", "git notes add -m hi; git tag -a v1 -m one; git describe; git log -1 --format=%N"),
    (
        "sparse checkout",
        "git status -s; git sparse-checkout set --no-cone '/*' '!secrets'; ls; git status -s; git sparse-checkout disable; ls",
    ),
    (
        "fetch from beside",
        "git init -q --bare ../b.git; git push -q ../b.git main; git ls-remote ../b.git | cut -f2; git fetch -q ../b.git; rm -rf ../b.git",
    ),
)


@pytest.mark.parametrize(("name", "command"), FLOWS, ids=[row[0] for row in FLOWS])
def test_git_is_as_without_masks(site: Site, name: str, command: str) -> None:
    twin, done = site.project.parent / "twin", site.project.parent / "done"
    shutil.copytree(site.project, twin, symlinks=True)
    guarded = site.run(command)
    site.project.rename(done)
    twin.rename(site.project)
    plain = site.run(command, guarded=False)
    assert (guarded.returncode, guarded.stdout) == (plain.returncode, plain.stdout)
    assert CANARY.encode() not in guarded.stdout
    for name in ("secrets/prod.key", ".env"):
        assert (done / name).read_bytes() == (site.project / name).read_bytes()


def test_a_conflict_in_a_restricted_file_is_not_shown(site: Site) -> None:
    site.said("echo KEY=mine-heron-31 > secrets/prod.key; git commit -qam third")
    said = site.run(
        "git merge other; git status -s; git diff; git merge --abort; git status -s; cat secrets/prod.key"
    ).stdout.decode()
    assert "Automatic merge failed" in said
    assert not [word for word in (CANARY, "other-falcon-77", "mine-heron-31") if word in said]
    assert (site.project / "secrets/prod.key").read_text() == "KEY=mine-heron-31\n"


def test_hooks_of_husky_run_behind_the_masks(site: Site) -> None:
    hook = site.project / ".husky/pre-commit"
    hook.parent.mkdir()
    hook.write_text("#!/bin/sh\ncat .env > hook.txt 2>&1; git diff --cached --name-only >> hook.txt\n")
    hook.chmod(0o755)
    site.said("git config core.hooksPath .husky")
    site.run("echo new > b.txt; git add b.txt; git commit -qm x")
    assert (site.project / "hook.txt").read_text() == "cat: .env: Permission denied\nb.txt\n"


def test_submodules_are_usable(site: Site) -> None:
    library = site.project.parent / "library"
    library.mkdir()
    site.said(f"cd {library}; git init -q; echo L={CANARY} > .env; echo x > l.txt; git add -A; git commit -qm l")
    site.said(f"git -c protocol.file.allow=always submodule add -q {library} lib; git commit -qm sub")
    said = site.run(
        "git submodule status | cut -c1; git submodule foreach -q 'cat l.txt'; git submodule update --init -q; git status -s;"
        " cd lib; cat .env; git log --format=%s; git status -s; find ../.git/modules/lib/objects -type f"
    ).stdout.decode()  # fmt: skip
    assert said == " \nx\ncat: .env: Permission denied\nl\n"


def test_a_worktree_is_made_and_masked(site: Site) -> None:
    said = site.run("git worktree add -q ../tree other && git -C ../tree status -s; git worktree list | wc -l").stdout
    assert said == b"2\n"
    tree = site.project.parent / "tree"
    assert (tree / "secrets/prod.key").read_text() == "KEY=other-falcon-77\n"
    said = site.run(
        "cat ../tree/secrets/prod.key ../tree/a.txt; python3 -c 'print(open(\"../tree/.env\").read())'"
    ).stdout
    assert b"one\n" in said
    assert said.count(b"Permission denied") == 2


def test_a_worktree_whose_copies_no_rule_restricts_is_refused_with_a_way(site: Site) -> None:
    policy = site.project / ".claude/guard.toml"
    policy.write_text(policy.read_text().replace('".env"', '".env", "a.txt"'))
    said = site.run("git worktree add -q ../tree").stdout.decode()
    assert "no rule restricts its copy" in said
    assert "--no-checkout" in said
    assert not (site.project.parent / "tree").exists()
    assert site.run("git worktree add -q --no-checkout ../tree; ls ../tree").stdout == b""


PLACED = (
    "git checkout -q third",
    "git stash -q; git checkout -q third; git stash pop -q",
    "git switch -q third && git switch -q - && git switch -q third",
    "git restore -s third new.env .env",
    "git worktree add -q ../grown third && cd ../grown",
    "git rebase -q third",
)


@pytest.mark.parametrize("command", PLACED)
def test_what_git_puts_in_place_is_masked_at_once(site: Site, command: str) -> None:
    site.said("git checkout -qb third; echo B=dune-sparrow-50 | tee .env > new.env; git add -A; git commit -qm third")
    site.said("git checkout -q main; echo t >> a.txt")
    text = "print([open(f).read().swapcase() for f in ('.env', 'new.env')])"
    said = site.run(f'{command}; cat .env; python3 -c "{text}"; ls -l .env').stdout.decode()
    assert "DUNE" not in said
    assert said.count("Permission denied") == 2 or "rebase" in command, said


READS = (
    "import glob,zlib; print([zlib.decompress(open(f,'rb').read()) for f in glob.glob('.git/objects/??/*')])",
    "import glob; print([open(f,'rb').read() for f in glob.glob('.git/objects/pack/*')])",
)


@pytest.mark.parametrize("packed", [False, True])
def test_no_program_reads_the_object_store(site: Site, packed: bool) -> None:
    if packed:
        site.said("git gc -q")
    for text in READS:
        assert site.run(f'python3 -c "{text}"').stdout == b"[]\n"
    said = site.run("git gc -q; echo n > n; git add n; git commit -qm n; git log --format=%s; git fsck").stdout
    assert said.startswith(b"n\nfirst\n")


def test_a_repository_without_restricted_files_is_read_by_any_program(site: Site) -> None:
    site.said("rm -rf .git; git init -q; git add a.txt; git commit -qm one")
    said = site.run("find .git/objects -type f | wc -l; git hash-object -w --stdin-paths < /dev/null; echo $?").stdout
    assert said == b"3\n0\n"


def test_a_worktree_of_the_repository_is_usable(site: Site) -> None:
    site.said("git worktree add -q tree other")
    said = site.run(
        "cd tree && cat .env; git status -s && echo x > n && git add -A && git commit -qm w && git status -s; git log --format=%s"
    )
    assert said.stdout == f"cat: .env: {DENIED}\nw\nsecond\nfirst\n".encode()


def test_a_mask_is_never_committed(site: Site) -> None:
    site.run("echo 1 > b; git add -A; git commit -qam x; /usr/lib/git-core/git add -A; git commit -qam y; git stash -u")
    for revision in site.said("git rev-list --all").split():
        assert site.said(f"git show {revision}:secrets/prod.key").strip() in (f"KEY={CANARY}", "KEY=other-falcon-77")


def test_a_hook_runs_behind_the_masks(site: Site) -> None:
    hook = site.project / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\ncat secrets/prod.key > hook.txt 2>&1; git diff --cached --name-only >> hook.txt\n")
    hook.chmod(0o755)
    site.run("echo new > b.txt; git add b.txt; git commit -qm x")
    assert (site.project / "hook.txt").read_text() == f"cat: secrets/prod.key: {DENIED}\nb.txt\n"


EDITORS = (
    "git -c core.editor='sh e' commit --allow-empty",
    "git config --global core.editor 'sh e'; git commit --allow-empty",
    "GIT_EDITOR='sh e' git commit --allow-empty",
    "TERM=xterm VISUAL='sh e' git commit --allow-empty",
    "git -c sequence.editor='sh e' rebase -i HEAD~1",
    "GIT_EXTERNAL_DIFF='sh e' git diff HEAD~1 -- a.txt",
    "git -c diff.external='sh e' diff HEAD~1 -- a.txt",
    "git -c core.fsmonitor='sh e' status",
    "GIT_SSH_COMMAND='sh e' git ls-remote ssh://localhost/x",
    "git -c core.sshCommand='sh e' ls-remote ssh://localhost/x",
    "printf ':!sh e\\n:q!\\n' | TERM=xterm timeout 10 git commit --allow-empty",
    "git difftool -y -x 'sh e' HEAD~1 -- a.txt",
)


@pytest.mark.parametrize("command", EDITORS)
def test_what_git_starts_runs_behind_the_masks(site: Site, command: str) -> None:
    letters = " ".join(str(ord(letter)) for letter in "secrets/prod.key")
    read = f"python3 -c 'import sys; print(open(str().join(chr(int(n)) for n in sys.argv[1:])).read())' {letters}"
    (site.project / "e").write_text(f"{read} < /dev/null > told.txt 2>&1\necho ran >> told.txt\nexit 1\n")
    site.run(f"echo b >> a.txt; git commit -qam c; {command}")
    told = site.project / "told.txt"
    if "printf" not in command:
        assert "ran" in told.read_text()
    assert not told.exists() or CANARY not in told.read_text()


def test_objects_named_on_standard_input_are_shown_but_for_restricted_ones(site: Site) -> None:
    site.run(
        "echo later >> secrets/prod.key; git commit -qam later; git rm -q --cached secrets/prod.key; git commit -qm gone"
    )
    names = "HEAD:a.txt HEAD~1:secrets/prod.key HEAD~2:secrets/prod.key HEAD nothing"
    said = site.run(f"printf '%s\\n' {names} | git cat-file --batch='%(objecttype)'").stdout
    assert CANARY.encode() not in said
    blob = site.said("git show HEAD:a.txt")
    commit = site.said("git cat-file commit HEAD")
    missing = [f"restricted by claude-guard: HEAD~{n}:secrets/prod.key missing\n" for n in (1, 2)]
    assert said.decode() == f"blob\n{blob}\n{''.join(missing)}commit\n{commit}\nnothing missing\n"
    every = site.run("git rev-list --objects --all --reflog | cut -c1-40 | git cat-file --batch --buffer").stdout
    assert blob.encode() in every
    assert CANARY.encode() not in every


PATCH = """From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001
From: Dev <dev@example.com>
Date: Mon, 1 Jan 2024 00:00:00 +0000
Subject: [PATCH] x

---
diff --git a/{old} b/x
similarity index 100%
copy from {old}
copy to x
--
2.39
"""


@pytest.mark.parametrize("command", ["git am p.patch", "git am < p.patch", "cat p.patch | git am", "git apply p.patch",
                                     "git apply --index p.patch", "patch -p1 < p.patch"])  # fmt: skip
def test_a_patch_copies_nothing_restricted(site: Site, command: str) -> None:
    (site.project / "p.patch").write_text(PATCH.format(old="secrets/prod.key"))
    said = site.run(f"{command}; git am --abort; rev x; cat x; git show HEAD:x")
    assert CANARY.encode() not in said.stdout
    assert CANARY[::-1].encode() not in said.stdout


def test_a_patch_copies_what_is_not_restricted(site: Site) -> None:
    (site.project / "p.patch").write_text(PATCH.format(old="a.txt"))
    said = site.run("git am -q < p.patch && git log -1 --format=%s && cmp a.txt x && echo same")
    assert said.stdout == b"x\nsame\n"


SHOWS = (
    "git show HEAD:secrets/prod.key",
    "git log -p",
    "git diff HEAD other",
    "git cat-file -p HEAD:.env | rev",
    "git grep KEY other",
    "git archive HEAD | tar xO",
    "git diff --no-index /dev/null .env",
    "git hash-object -w .env",
    "git blame .env | base64",
    "git -c core.fsmonitor='cat .env >&2;' status",
    "git -c alias.x='!cat .env' x",
    "git config core.pager 'cat .env'; git -p status",
    "printf '[core]\\nfsmonitor = cat .env >&2;\\n' > x; GIT_CONFIG_GLOBAL=x git status",
    "HOME=$PWD/h; mkdir h; printf '[core]\\nfsmonitor = cat .env >&2;\\n' > h/.gitconfig; HOME=$PWD/h git status",
    "mkdir in; cd in; git init -q .; printf '[core]\\nfsmonitor = cat ../.env >&2;\\n' >> .git/config; git status",
    "GIT_EDITOR='cat .env >&2;' git commit --allow-empty",
    "GIT_SSH_COMMAND='cat .env >&2;' git fetch ssh://localhost/x",
    "git submodule foreach 'cat ../.env'",
    "git bisect start; git bisect run cat .env",
    "git rebase -x 'cat .env' other",
    'git bundle create x.bundle --all; python3 -c \'print(open("x.bundle","rb").read())\'',
    "git fast-export --all | tr a-z n-za-m | tr n-za-m a-z",
    "git clone -q . ../c; cat ../c/.env ../c/secrets/prod.key",
    "git unpack-file $(git rev-parse HEAD:.env); cat .merge_file*",
    "git format-patch -1 other --stdout",
    "git merge-file -p .env a.txt a.txt",
    "git stash show -p; git stash -q; git stash show -p; git diff --no-index .env a.txt",
    "git difftool -y -x 'cat .env; true' HEAD other",
    "git fetch --upload-pack='cat .env >&2;' .",
    "git clone ext::'cat .env' y",
    "mkdir -p in; cd in; git init -q .; echo 1 > f; git add f; git commit -qm i; cd ..; git add in; printf '[core]\\nfsmonitor = cat ../.env >&2;\\n' >> in/.git/config; git status",
)


@pytest.mark.parametrize("command", SHOWS)
def test_git_shows_nothing_restricted(site: Site, command: str) -> None:
    said = site.run(command).stdout.decode("utf-8", "replace")
    for spelling in (CANARY, CANARY[::-1], "a2VzdHJlbC1wbHVtLTQyLXpx", "other-falcon-77"):
        assert spelling not in said


def test_a_patch_copies_no_restricted_file(site: Site) -> None:
    said = site.run(
        "printf 'diff --git a/.env b/x\nsimilarity index 100%%\ncopy from .env\ncopy to x\n' > p; git apply p; git apply --index p; git apply --cached p; cat x; git show :x"
    ).stdout.decode()
    assert CANARY not in said
    assert not (site.project / "x").exists()
