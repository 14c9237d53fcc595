"""git as the guard reads it, over the corpus's project: what shows something restricted, and what does not."""

import pytest

from tests.corpus.rows import Row
from tests.oracle.report import Bench

DENIED = """
git show HEAD:secrets/prod.key
git -C src show HEAD:../secrets/prod.key
git --git-dir=.git show HEAD:.env.production
git -C ../remote.git show main:secrets/prod.key
git show eefa413:secrets/old.key
git show :0:data/customers.csv
git show 'HEAD^{/Rotate}:secrets/prod.key'
git cat-file -p HEAD:secrets/prod.key
git cat-file -p $(git rev-parse HEAD:secrets/prod.key)
echo HEAD:secrets/prod.key | git cat-file --batch
git cat-file --batch --batch-all-objects
git log -p
git log -p -- secrets
git log -p -1 -- secrets/prod.key
git log -p --full-diff -- src/config/settings.py
git log -L1,2:secrets/prod.key
git show HEAD~5
git show HEAD HEAD~5
git diff main staging
git diff staging --stat -p
git diff staging --check
git diff $(git merge-base main staging) staging
git diff --no-index /dev/null .env
git stash show -p
git format-patch -1 --stdout a7c91f5
git grep TODO
git grep key HEAD~8
git archive HEAD | tar x -C /tmp
git archive HEAD:secrets
git bundle create /tmp/b --all
git fast-export --all
git checkout HEAD~3; git worktree add /tmp/w
git worktree add ../w; grep -r key ../w
git worktree add ../w; cat ../w/*; cat ../w/data/*
git worktree add ../w; cp -r ../w /tmp/x
git worktree add ../w; cd ../w; git grep key
git worktree add -b x ../w; git -C ../w show HEAD:secrets/prod.key
ln -s $PWD ../s; grep -r key ../s
git clone . /tmp/c
git --work-tree=/tmp checkout HEAD -- .
git checkout-index -a --prefix=/tmp/o/
git read-tree --prefix=copy/ HEAD
echo 'copy from .env.production' | git apply
echo 'rename from secrets/prod.key' | git am
echo 'copy from secrets/prod.key' > /tmp/p; git am /tmp/p; cat x
echo 'copy from secrets/prod.key' | patch -p1
git blame secrets/prod.key
git hash-object .env
git commit -qF .env
git -c include.path=.env status
git -c alias.x='!cat .env' x
git -c alias.a=b -c alias.b='log -p' a
git -c core.pager='cat .env #' -p log
GIT_EXTERNAL_DIFF='cat .env #' git diff
git rebase -x 'cat .env' HEAD~1
git bisect run cat .env
git submodule foreach 'cat ../.env'
git difftool -y -x cat HEAD~8
git credential fill
git add -f .env && git diff --cached
git rm -q --cached secrets/prod.key; git diff --cached
echo extra >> secrets/prod.key; git diff
echo extra >> secrets/prod.key; git commit -qam x; git show
git reset -q --soft HEAD~6; git diff --cached
git show $(git rev-parse HEAD:secrets/db):password.txt
git archive $(git rev-parse HEAD:secrets/db)
git diff $(git rev-parse HEAD:secrets/db) $(git rev-parse HEAD:src)
cd /tmp && git init -q n && cd n && git fetch -q @PROJECT@ main && git show FETCH_HEAD:secrets/db/password.txt
git ls-files -s | cut -d' ' -f2 | xargs git cat-file -p
cat .git/objects/*/*
cp -r .git /tmp/g
""".strip().splitlines()

PASSED = """
git status
git status -v
git log --oneline
git log --stat
git log -p -3
git log -p -- src docs
git log -p -- . ':(exclude)secrets' ':(exclude)data/customers.csv' ':(exclude).env*'
git log --oneline -- secrets/prod.key
git show
git show HEAD --stat
git show HEAD:README.md
git show HEAD~5 -- src
git show HEAD:secrets
git diff
git diff HEAD~3
git diff --stat staging
git diff --name-only HEAD~8
git diff staging -- src
git diff -- src/app.py
git stash list
git stash show
git stash show -p stash@{1}
git grep -n . -- src
cd src && git grep import
git archive HEAD src | tar t
git blame src/app.py
git cat-file -t HEAD:secrets/prod.key
git cat-file -p HEAD
git add -A && git commit -qm 'rotate secrets/prod.key' && git show
git add -A && git diff --cached
git add .env.production
git rm --cached secrets/prod.key
git check-ignore -v .env
git commit --allow-empty -m 'never cat .env'
git ls-files secrets
git rev-parse HEAD:secrets/prod.key
git checkout staging
git checkout HEAD~1 -- secrets/prod.key
git restore secrets/prod.key
git fetch && git pull && git push
git config --list
git config alias.lg 'log --oneline --graph' && git lg
git remote -v
git -C ../other log -p
git worktree list
git worktree add /tmp/w
git worktree add -b x ../w staging
git worktree add ../w; git -C ../w status; ls ../w
git clone https://localhost:1/x.git
echo extra >> src/app.py; git diff
git ls-files src | xargs wc -l
git format-patch -1
git hash-object README.md
""".strip().splitlines()


def verdict(bench: Bench, script: str) -> str:
    return bench.judge(Row("row", script, "bash", "", ())).verdict


@pytest.mark.parametrize("script", DENIED)
def test_what_shows_something_restricted_is_denied(bench: Bench, script: str) -> None:
    assert verdict(bench, script) == "deny"


@pytest.mark.parametrize("script", PASSED)
def test_what_shows_nothing_restricted_passes(bench: Bench, script: str) -> None:
    assert verdict(bench, script) == "pass"


def test_an_unknown_object_is_not_taken_for_harmless(bench: Bench) -> None:
    assert verdict(bench, "git cat-file -p $(unheard-of-program)") == "ask"


def test_a_refusal_names_the_way_around_it_and_the_way_passes(bench: Bench) -> None:
    found = bench.judge(Row("row", "git log -p", "bash", "", ()))
    ways = [reason.touch.exclude for reason in found.decision.reasons]
    assert "-- ':(exclude,top)[s]ecret[s]/[p]rod.ke[y]'" in ways
    assert all(way in reason.text for way, reason in zip(ways, found.decision.reasons, strict=True))
    words = " ".join(way.removeprefix("-- ") for way in ways)
    assert verdict(bench, f"git log -p -- {words}") == "pass"
