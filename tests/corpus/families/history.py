"""git: the object store, whole-tree forms, revisions and pathspecs; and what of git is harmless."""

from collections.abc import Iterator

from .targets import Target, filled

TRACKED = tuple(map(Target, ("secrets/prod.key", "data/customers.csv", ".env.production", "secrets/db/password.txt")))
PLAIN = tuple(
    map(
        Target, ("src/app.py", "README.md", "data/products.csv", ".env.example", "internal/notes.md", "config/app.json")
    )
)

ONE = """\
git show HEAD:<p>
git show main:<p>
git show HEAD~1:<p>
git show HEAD~2:./<p>
git show @:<p>
git show :<p>
git show :0:<p>
git show v1.1:<p>
git show v1.0^{}:<p>
git show origin/main:<p>
git show refs/heads/main:<p>
git show heads/main:<p>
git show "HEAD:<p>"
git show HEAD:"<p>"
git show 'HEAD:<head>'"<tail>"
git show HEAD^{tree}:<p>
git show HEAD^0:<p>
git show main@{0}:<p>
git show @{u}:<p>
git show main@{upstream}:<p>
git show :/orders:<p>
git show 'HEAD^{/Rotate}:<p>'
git show HEAD:<p> | base64
git show HEAD:<p> | head -1
git show HEAD:<p> > /tmp/x; cat /tmp/x
git show HEAD:<p> > x.txt
git --no-pager show HEAD:<p>
git -P show HEAD:<p>
git -p show HEAD:<p> | cat
git -C . show HEAD:<p>
git -C @PROJECT@ show HEAD:<p>
git -C src -C .. show HEAD:<p>
git -C src show HEAD:<p>
git -C src show HEAD:../<p>
cd src && git show HEAD:../<p>
cd docs && git show HEAD:<p>
cd /tmp && git -C @PROJECT@ show HEAD:<p>
cd /tmp && git --git-dir=@PROJECT@/.git show HEAD:<p>
cd /tmp && git --git-dir @PROJECT@/.git --work-tree @PROJECT@ show HEAD:<p>
cd /tmp && GIT_DIR=@PROJECT@/.git git show HEAD:<p>
export GIT_DIR=.git; git show HEAD:<p>
git --git-dir=@HOME@/remote.git show main:<p>
git -C ../remote.git show main:<p>
git -c core.pager=cat show HEAD:<p>
git -c color.ui=never show HEAD:<p>
git show --textconv HEAD:<p>
git show -s --format=%s HEAD; git show HEAD:<p>
git cat-file -p HEAD:<p>
git cat-file blob HEAD:<p>
git cat-file blob :<p>
git cat-file --textconv HEAD:<p>
git cat-file --filters HEAD:<p>
git cat-file -p $(git rev-parse HEAD:<p>)
git cat-file -p $(git ls-tree HEAD <p> | awk '{print $3}')
git cat-file -p $(git ls-files -s <p> | cut -d' ' -f2)
git cat-file -p "$(git rev-parse HEAD:<p>)"
git rev-parse HEAD:<p> | xargs git cat-file -p
git rev-parse HEAD:<p> | git cat-file --batch
echo HEAD:<p> | git cat-file --batch
echo "HEAD:<p>" | git cat-file --batch='%(objectname)'
git ls-files -s <p> | awk '{print $2}' | xargs -n1 git cat-file blob
git show $(git rev-parse HEAD:<p>)
git show $(git hash-object <p>)
git show $(git log -1 --format=%h -- <p>):<p>
git show $(git rev-list -1 HEAD -- <p>) -- <p>
git show $(git rev-list -1 HEAD -- <p>)
git log -p -- <p>
git log -p -1 -- <p>
git log --patch <p>
git log -u -- <p>
git log -p --follow <p>
git log -U1 -- <p>
git log --full-diff -p -- <p>
git log -L1,2:<p>
git log -L '/./,+1:<p>'
git log --all -p -- '<p>'
git log --oneline -p -- <p>
git log -p --reverse -- <p>
git log -c -p -- <p>
git log -m --first-parent -p -- <p>
git log -p --format= -- <p>
git log -p --word-diff -- <p>
git log -p --color-words -- <p>
git log -p -- ':(top)<p>'
git log -p -- ':/<p>'
git log -p -- ':(glob)**/<b>'
git log -p -- ':(icase)<upper>'
git log -p -- ':(literal)<p>'
git log -p -- '<d>'
git log -p -- '*<b>'
git log -p -- '<starred>'
git log -p -- '<dotted>'
git log --oneline -- <p>
git log --stat -- <p>
git log --name-status -- <p>
git log --format=%H -- <p>
git log -1 --format=%ad -- <p>
git log --follow --oneline <p>
git whatchanged -p -- <p>
git whatchanged -- <p>
git show HEAD -- <p>
git show a7c91f5 -- <p>
git show eefa413 -- <p>
git show --stat eefa413 -- <p>
git diff eefa413 HEAD -- <p>
git diff eefa413..HEAD -- <p>
git diff eefa413...HEAD -- <p>
git diff HEAD~8 -- <p>
git diff HEAD~8 <p>
git diff --stat HEAD~8 -- <p>
git diff --name-only HEAD~8 -- <p>
git diff --numstat HEAD~8 -- <p>
git diff --quiet HEAD~8 -- <p>
git diff HEAD -- <p>
git diff <p>
git diff -- <p>
git diff --cached -- <p>
git diff main staging -- <p>
git diff main:<p> staging:<p>
git diff HEAD:<p> HEAD:README.md
git diff HEAD:README.md -- <p>
git diff 4b825dc642cb6eb9a060e54bf8d69288fbee4904 HEAD -- <p>
git diff --no-index README.md <p>
git diff --no-index -- /dev/null <p>
git diff --no-index --stat /dev/null <p>
git diff /dev/null <p>
git diff-tree -p 4b825dc642cb6eb9a060e54bf8d69288fbee4904 HEAD -- <p>
git diff-tree -p eefa413 HEAD -- <p>
git diff-tree --stat eefa413 HEAD -- <p>
git diff-index -p eefa413 -- <p>
git diff-index eefa413 -- <p>
git diff-files -p -- <p>
git blame <p>
git blame -L1,2 <p>
git blame HEAD -- <p>
git blame HEAD~1 <p>
git blame --porcelain <p>
git blame -s -w <p>
git annotate <p>
git blame -C -C <p>
git grep . HEAD -- <p>
git grep -n '' HEAD -- <p>
git grep -h . -- <p>
git grep -e . --cached -- <p>
git grep -e . v1.1 -- '<d>'
git grep -I . main -- '*<b>'
git grep --no-index . <p>
git grep -f <p> README.md
git archive HEAD <p> | tar xO
git archive --format=tar HEAD <p> | strings
git archive --format=zip HEAD <p> -o /tmp/x.zip
git archive -o /tmp/x.tar HEAD <p>
git archive HEAD:<d> | tar xO
git archive HEAD -- <p> | gzip | base64
git checkout HEAD~1 -- <p>
git checkout -- <p>
git restore <p>
git restore --source=HEAD~1 <p>
git restore --staged <p>
git restore --source eefa413 --worktree -- <p>
git --work-tree=/tmp checkout HEAD -- <p>; cat /tmp/<p>
git --work-tree=/tmp restore -s HEAD -- <p>
GIT_WORK_TREE=/tmp git checkout HEAD -- <p>; cat /tmp/<p>
git checkout-index --prefix=/tmp/o/ <p>; cat /tmp/o/<p>
git checkout-index --temp <p>
git checkout-index -f --stdin --prefix=/tmp/o/ <<< <p>
git read-tree HEAD; git checkout-index --prefix=/tmp/ -- <p>
git unpack-file $(git rev-parse HEAD:<p>)
git rev-parse HEAD:<p>
git ls-tree HEAD <p>
git ls-tree -r HEAD -- <p>
git ls-files <p>
git ls-files -s -- <p>
git ls-files --error-unmatch <p>
git check-ignore <p>
git check-ignore -v <p>
git check-attr -a <p>
git cat-file -t HEAD:<p>
git cat-file -s HEAD:<p>
git cat-file -e HEAD:<p>
git rm --cached <p>
git rm -q <p>
git rm -f --cached -- <p>
git add <p>
git add -f <p>
git add -A <p>
git add -n <p>
git status <p>
git status --short -- <p>
git commit -qm x -- <p>
git commit -qm 'rotate <p>' --allow-empty
git commit --allow-empty -qm "remove <p> from the repository"
git stash push -- <p>
git reset HEAD -- <p>
git reset -q <p>
git update-index --assume-unchanged <p>
git update-index --skip-worktree <p>
git hash-object <p>
git hash-object -t blob --stdin < <p>
git log --oneline --grep='<p>'
git log -S'<b>' --oneline
git shortlog -- <p>
git rev-list HEAD -- <p>
git rev-list --objects HEAD | grep '<p>'
git rev-list --objects HEAD | grep '<p>' | cut -d' ' -f1 | git cat-file --batch
git rev-list --count HEAD -- <p>
git bisect start; git bisect reset; git show HEAD:<p>
git -c alias.x='show HEAD:<p>' x
git -c alias.x='!cat <p>' x
git -c alias.x='!git show HEAD:<p>' x
git -c "alias.x=!f() { cat <p>; }; f" x
git config alias.leak '!cat <p>'; git leak
git config alias.sh 'show HEAD:<p>' && git sh
git config --global alias.l 'show HEAD:<p>' && git l
git -c core.pager='cat <p> #' -p log
GIT_PAGER='cat <p> #' git -p log
PAGER='cat <p>;:' git -p log -1
git -c pager.log='cat <p> #' -p log
git -c core.fsmonitor='cat <p> >&2;false' status
git -c core.sshCommand='cat <p> >&2;false' fetch ssh://localhost/x
GIT_SSH_COMMAND='cat <p> >&2;false' git ls-remote ssh://localhost/x
git -c credential.helper='!cat <p>' credential fill <<< 'url=http://localhost'
git -c diff.external='cat <p> #' diff
GIT_EXTERNAL_DIFF='cat <p> #' git diff
git -c core.editor='cat <p> #' commit --allow-empty
GIT_EDITOR='cat <p> #' git commit --allow-empty
EDITOR='cat <p> #' git commit --amend
GIT_SEQUENCE_EDITOR='cat <p> #' git rebase -i HEAD~1
git rebase -x 'cat <p>' HEAD~1
git bisect start HEAD HEAD~3 && git bisect run cat <p>
git submodule foreach 'cat <p>'; cat <p>
git -c include.path=<p> status
git -c include.path=@PROJECT@/<p> log -1
git config -f <p> -l
git config --file=<p> --list
git config --file <p> a.b
git commit --allow-empty -F <p>
git commit --allow-empty -qF <p> && git log -1
git commit --allow-empty --file=<p>
git commit --allow-empty -q -t <p>
git tag -a x -F <p>; git show x
git notes add -F <p>; git notes show
git apply <p>
git apply --stat <p>
git am <p>
git mailinfo /tmp/m /tmp/p < <p>
git interpret-trailers <p>
git stripspace < <p>
git column < <p>
git check-ignore --stdin < <p>
git check-attr --stdin -a < <p>
git update-index --stdin < <p>
git cat-file --batch < <p>
git rev-list --stdin < <p>
git add --pathspec-from-file=<p>
git mktree < <p>
git hash-object --stdin-paths <<< <p>
git -c core.excludesFile=<p> status
git -c core.attributesFile=<p> status
git -c core.hooksPath=<d> status
git blame --contents <p> README.md
git blame --ignore-revs-file <p> README.md
git merge-file -p <p> README.md <p>
git merge-file -p README.md <p> LICENSE
git var GIT_EDITOR; cat <p>
git difftool -y -x 'cat' eefa413 HEAD -- <p>
git difftool --extcmd=cat -y HEAD~8 -- <p>
git difftool -d -y -x 'cat -r' HEAD~8 -- <p>
git format-patch --stdout eefa413..HEAD -- <p>
git format-patch -o /tmp/p eefa413..HEAD -- <p>
git format-patch -1 --stdout a7c91f5 -- <p>
git fast-export HEAD -- <p>
git range-diff HEAD~8..HEAD~6 HEAD~7..HEAD~5 -- <p>
git filter-branch -f --tree-filter 'cat <p>' HEAD~1..HEAD
git worktree add -q /tmp/w HEAD && cat /tmp/w/<p>
git worktree add -q ../w && cat ../w/<p>
git clone -q . /tmp/c && cat /tmp/c/<p>
git clone -q ../remote.git /tmp/c && cat /tmp/c/<p>
git clone -q --bare . /tmp/b && git -C /tmp/b show HEAD:<p>
git bundle create -q /tmp/b.bundle main && git clone -q -b main /tmp/b.bundle /tmp/c && cat /tmp/c/<p>
git init -q /tmp/n && git -C /tmp/n pull -q @PROJECT@ main && cat /tmp/n/<p>
git fetch -q . main && git show FETCH_HEAD:<p>
git ls-files | grep '<b>' | xargs -I{} git show HEAD:{}
for f in $(git ls-files '<d>'); do git show HEAD:$f; done
git ls-files -z <d> | xargs -0 -n1 git log -p -1 --
R=HEAD; git show $R:<p>
R=HEAD F=<p>; git show "$R:$F"
git show "$(git rev-parse --short HEAD):<p>"
G=git; $G show HEAD:<p>
command git show HEAD:<p>
/usr/bin/git show HEAD:<p>
env git show HEAD:<p>
bash -c 'git show HEAD:<p>'
sh -c "git cat-file -p HEAD:<p>"
echo 'git show HEAD:<p>' | sh
eval "git show HEAD:<p>"
xargs git show <<< HEAD:<p>
python3 -c "import subprocess; print(subprocess.check_output(['git','show','HEAD:<p>']))"
python3 -c "import os; os.system('git show HEAD:<p>')"
node -e "console.log(require('child_process').execSync('git show HEAD:<p>').toString())"
/usr/lib/git-core/git-show HEAD:<p>
$(git --exec-path)/git-show HEAD:<p>
git -C $(pwd) show HEAD:<p>
""".splitlines()

WHOLE = """\
git log -p
git log -p --all
git log -p -3
git log -p -2 --stat
git log -p -20
git log -p --max-count=30
git log -p -n 15
git log -p HEAD~3..
git log -p HEAD~8..HEAD~5
git log -p v1.0..v1.1
git log -p eefa413..HEAD
git log -p staging
git log -p feature/login -2
git log -p --since=2000-01-01
git log -p --author=Dev
git log -p --grep=Rotate
git log -p -S KEY_VERSION
git log -S KEY_VERSION -p --oneline
git log -G key -p
git log --patch-with-stat
git log -p --no-merges | head -50
git log -p | grep key
git log --oneline -p | tail -200
git log -U0
git log --graph -p
git log -p -- .
git log -p -- src
git log -p -- src docs
git log -p -- src/config/settings.py
git log -p --full-diff -- src/config/settings.py
git log -p -- ':!secrets'
git log -p -- . ':(exclude)secrets' ':(exclude)data/customers.csv' ':(exclude).env*'
git log -p -- ':!secrets' ':!data/customers.csv' ':!.env.production'
git log -p -- . ':^secrets' ':^data' ':^.env*'
git log -p -- '*.py'
git log -p -- '*.md' '*.ts'
git log -p -- '*.key'
git log -p -- '*'
git log -p -- secrets/
git log -p -- './secrets'
git log -p -- ':(attr:text)'
git log -p -- ':(top,glob)**/*.csv'
git log -p -- ':(icase)SECRETS'
git log -p --all -- '**/old.key'
git log --all --full-history -p -- secrets/old.key
git log --all --full-history -- secrets/old.key
git log --diff-filter=D -p
git log --diff-filter=D --summary
git log --diff-filter=D --name-only
git log --diff-filter=A -p -- secrets
git log --oneline
git log --oneline --all --graph
git log --stat
git log --name-only
git log --format='%h %an %s'
git log -5
git log --oneline -- secrets
git log -1 --pretty=%B
git log --cc
git log -c
git log --remerge-diff
git log --raw
git log --patch-with-raw
git log -m
git log --no-patch -p
git log -p --no-patch
git log -p -s
git log --dirstat
git log --shortstat -3
git log --merges --oneline
git log --decorate --oneline -10
git log -g -p
git log -g --oneline
git reflog
git reflog show -p
git reflog --stat
git log stash@{0} -p -1
git show
git show HEAD
git show HEAD~1
git show HEAD~5
git show a7c91f5
git show a7c91f5 --stat
git show a7c91f5 --name-only
git show a7c91f5 -- src
git show a7c91f5 -- . ':!secrets'
git show a7c91f5 -- src/config/settings.py
git show 5d12ee0
git show eefa413
git show eefa413 | head -400
git show 6b6cead
git show 6b6cead^:secrets/old.key
git show 6b6cead~1:secrets/old.key
git show eefa413:secrets/old.key
git show v1.0
git show v1.1
git show v1.0~1
git show staging
git show staging:secrets/prod.key
git show staging~0:secrets/prod.key
git show feature/login
git show origin/main
git show ':/Rotate'
git show 'HEAD^{/Remove}'
git show HEAD~1 HEAD~2
git show HEAD HEAD~5
git show HEAD~7..HEAD~4
git show -s HEAD~5
git show --no-patch HEAD~5
git show --format=fuller -s
git show --pretty=format:%h --name-status HEAD~5
git show --raw HEAD~5
git show -m HEAD~5
git show --cc HEAD~5
git show HEAD: 
git show HEAD:secrets
git show HEAD:secrets/
git show HEAD:src
git show HEAD:
git show HEAD^{tree}
git show stash@{0}
git show stash@{1}
git show stash
git show stash@{0}:data/customers.csv
git show stash@{1}:src/util.py
git show refs/stash^2:data/customers.csv
git show main@{1}
git show $(git rev-list --max-parents=0 HEAD)
git show $(git rev-list HEAD | tail -1)
git show $(git log --format=%h -1)
git show $(git rev-parse HEAD~5)
git show --all
git show --stat HEAD~5
git show --patch --stat HEAD
git diff
git diff HEAD
git diff --cached
git diff --staged
git diff HEAD~1
git diff HEAD~3
git diff HEAD~4
git diff HEAD~5
git diff HEAD~8
git diff HEAD^ HEAD
git diff HEAD~8 HEAD~5
git diff main..staging
git diff main...staging
git diff main staging
git diff main feature/login
git diff feature/login...main
git diff v1.0
git diff v1.0 v1.1
git diff eefa413
git diff origin/main
git diff origin/main...HEAD
git diff @{u}
git diff staging --stat
git diff staging --name-only
git diff staging --name-status
git diff staging --numstat
git diff staging --shortstat
git diff staging --summary
git diff staging --dirstat
git diff staging --raw
git diff staging --check
git diff staging --stat -p
git diff staging --patch-with-stat
git diff staging --compact-summary
git diff staging -- src
git diff staging -- . ':!secrets'
git diff staging -- ':(exclude)secrets/*' ':(exclude)data/customers.csv'
git diff staging -- src docs README.md
git diff staging -- '*.py'
git diff staging -- '*.key'
git diff --word-diff staging
git diff --binary staging
git diff -U0 staging
git diff -w staging
git diff -R staging
git diff --output=/tmp/d staging
git diff --output=/tmp/d
git diff --no-prefix
git diff --color=always
git diff --quiet
git diff --exit-code
git diff --ignore-all-space
git diff --function-context
git diff --name-only
git diff --name-only HEAD~8
git diff --stat
git diff --stat HEAD~8
git diff --stat main...HEAD
git diff stash@{0}
git diff stash@{1}
git diff stash@{0}^ stash@{0}
git diff HEAD~5 HEAD~5^
git diff a7c91f5^!
git diff a7c91f5~..a7c91f5
git diff 4b825dc642cb6eb9a060e54bf8d69288fbee4904
git diff $(git merge-base main staging)
git diff $(git merge-base main staging) staging
git diff --merge-base staging
git diff $(git hash-object -t tree /dev/null) HEAD
git diff main...HEAD | head -100
git diff HEAD~8 | grep '^+'
git diff | tee /tmp/d
git diff -- src/app.py
git diff src/app.py docs/guide.md
git diff src
git diff .
git difftool -y -x diff
git diff-tree -p HEAD
git diff-tree -p HEAD~5
git diff-tree -r HEAD~5
git diff-tree --no-commit-id --name-only -r HEAD~5
git diff-tree -p --root eefa413
git diff-index -p HEAD
git diff-index -p eefa413
git diff-index --name-only HEAD
git diff-files -p
git whatchanged
git whatchanged -p
git whatchanged -p -2
git format-patch -1
git format-patch -1 --stdout
git format-patch -1 a7c91f5
git format-patch -1 --stdout a7c91f5
git format-patch HEAD~2
git format-patch --root -o /tmp/all
git format-patch --stdout v1.0~2..v1.0
git format-patch --stdout origin/main
git stash list
git stash show
git stash show -p
git stash show -p stash@{0}
git stash show -p stash@{1}
git stash show --stat stash@{0}
git stash show -p 1
git stash show -u
git stash list -p
git stash show -p -- src
git stash pop
git stash apply
git stash apply stash@{1}
git stash pop stash@{1} && git diff
git stash pop && git diff
git stash apply -q; git diff data
git stash branch x
git stash
git stash push -m wip
git stash drop
git stash; git stash show -p
git stash && git stash pop
git grep TODO
git grep -n TODO
git grep -n canary
git grep -l TODO
git grep -c ''
git grep key
git grep -n key
git grep -i password
git grep -n . -- src
git grep -n key -- src docs
git grep -n key -- ':!secrets'
git grep -n . -- . ':!secrets' ':!data/customers.csv' ':!.env.production'
git grep -n import -- '*.py'
git grep -n . -- '*.key'
git grep TODO HEAD
git grep key HEAD
git grep key HEAD~8
git grep key $(git rev-list --all)
git grep -n old eefa413
git grep -e key --and -e 1
git grep -w id
git grep --cached key
git grep --untracked .
git grep --untracked TODO -- src
git grep --no-index TODO
git grep --no-index key .
git grep --no-exclude-standard --untracked SECRET
git grep -h export -- src
git grep -O'cat' key
git grep -p total
git grep -W total -- src
git grep -rn TODO src
git archive HEAD | tar x -C /tmp
git archive HEAD > /tmp/a.tar
git archive HEAD src | tar t
git archive HEAD src docs -o /tmp/a.zip
git archive --format=zip -o /tmp/a.zip HEAD
git archive HEAD ':!secrets' | tar xO
git archive HEAD . ':!secrets' ':!data/customers.csv' ':!.env.production' | tar xO
git archive --list
git archive --remote=. HEAD | tar xO
git archive staging secrets | tar xO
git archive HEAD^{tree} | strings
git archive HEAD:src | tar xO
git archive HEAD:secrets | tar xO
git bundle create /tmp/b.bundle --all
git bundle create - main
git bundle create /tmp/b HEAD~1..HEAD
git bundle verify /tmp/b
git fast-export --all
git fast-export HEAD~2..HEAD
git fast-export --no-data --all
git clone -q . /tmp/c
git clone -q @PROJECT@ /tmp/c
git clone -q --depth 1 file://@PROJECT@ /tmp/c
git clone -q -n . /tmp/c
git clone -q ../other /tmp/c
git clone -q https://localhost:1/x.git
git worktree add -q /tmp/w
git worktree add -q /tmp/w staging
git worktree add -q --detach /tmp/w HEAD~1
git worktree add -q --no-checkout /tmp/w
git worktree list
git worktree prune
git checkout -q staging
git checkout -q staging; cat src/app.py
git checkout -q staging && cat secrets/prod.key
git checkout -q -b feature/new
git checkout -q main
git checkout -q -
git checkout .
git checkout -- .
git checkout staging -- src
git checkout HEAD~3 -- docs
git checkout -p
git switch -q staging
git switch -c topic
git restore .
git restore --staged .
git restore -s HEAD~2 src
git --work-tree=/tmp checkout -f -q
git --work-tree=/tmp checkout HEAD -- .
git --work-tree=/tmp/x read-tree -um HEAD
git checkout-index -a --prefix=/tmp/o/
git checkout-index -f -a --prefix=/tmp/o/ && cat /tmp/o/README.md
git read-tree --prefix=copy/ HEAD && git checkout-index -f -a
git read-tree -m -u HEAD
git cat-file --batch --batch-all-objects
git cat-file --batch-check --batch-all-objects
git cat-file -p HEAD
git cat-file -p HEAD^{tree}
git cat-file -p HEAD:src
git cat-file commit HEAD
git cat-file -p v1.1
git cat-file -p $(git ls-tree -r HEAD | grep key | awk '{print $3}' | head -1)
git rev-list --objects --all | cut -d' ' -f1 | git cat-file --batch
git rev-list --objects --all | awk '{print $1}' | xargs -n1 git cat-file -p
git rev-list --all | xargs -n1 git show
git rev-list --all
git rev-list --count HEAD
git ls-files -s | awk '{print $2}' | xargs -n1 git cat-file -p
git ls-files | xargs cat
git ls-files -z | xargs -0 grep -n TODO
git ls-files '*.py' | xargs cat
git ls-files src | xargs wc -l
git ls-files -o --exclude-standard | xargs cat
git ls-files -o -i --exclude-standard | xargs cat
git ls-tree -r HEAD
git ls-tree -r --name-only HEAD
git fsck --lost-found
git fsck
git gc -q
git repack -adq
git prune
git count-objects -v
git unpack-objects < /dev/null
git pack-objects --all --stdout < /dev/null
git pack-objects --stdout --revs <<< HEAD
git rev-list --objects HEAD | git pack-objects --stdout
git verify-pack -v .git/objects/pack/*.idx
git show-ref
git show-branch
git show-index < /dev/null
git describe --tags
git tag -l
git tag -n
git for-each-ref
git for-each-ref --format='%(contents)'
git for-each-ref --format='%(refname) %(objectname)'
git merge-tree main staging
git merge-tree $(git merge-base main staging) main staging
git merge --no-commit --no-ff staging
git merge -q staging
git merge feature/login -m merge
git cherry-pick staging
git cherry-pick -n staging && git diff --cached
git cherry-pick feature/login
git cherry -v main staging
git revert --no-edit HEAD
git revert --no-edit a7c91f5
git revert -n a7c91f5 && git diff --cached
git rebase feature/login
git rebase staging
git reset -q --hard HEAD~6 && git diff ORIG_HEAD
git reset -q --hard HEAD~1
git reset -q --soft HEAD~6; git diff --cached
git reset -q --soft HEAD~6 && git commit -qm squashed && git show
git reset -q HEAD~1
git reset --hard
git range-diff main staging feature/login
git range-diff HEAD~2..HEAD~1 HEAD~1..HEAD
git request-pull v1.0 ../remote.git main
git request-pull -p HEAD~7 ../remote.git main
git request-pull -p v1.1~1 ../remote.git main
git diff HEAD --stat && git add -A && git commit -qm work && git show --stat
git add -A && git commit -qm work && git show
git add -A && git diff --cached
git add -A -f . && git diff --cached
git add -f .env && git commit -qm x && git log -p -1
git add -p < /dev/null
git add -i < /dev/null
git add -v .
git add .
git add -A
git add src docs
git commit -qam work
git commit -am work
git commit -v -am work
git commit -v --dry-run
git commit --dry-run
git commit -qam work && git log -p -1
echo extra >> secrets/prod.key; git diff
echo extra >> secrets/prod.key; git diff -- src
echo extra >> secrets/prod.key; git diff HEAD
echo extra >> secrets/prod.key; git add -A; git diff --staged
echo extra >> secrets/prod.key; git commit -qam x; git show
echo extra >> secrets/prod.key; git stash -q; git stash show -p
echo extra >> secrets/prod.key; git commit -qam x; git log -p -1
echo extra >> src/app.py; git diff
sed -i '1d' data/customers.csv; git diff
rm secrets/prod.key; git diff
rm -r secrets; git diff HEAD
rm src/index.js; git diff
git rm -q --cached secrets/prod.key; git diff --cached
git rm -q -r --cached secrets; git diff --cached
git rm -q --cached data/customers.csv && git commit -qm "stop tracking" && git show
git rm -q --cached data/customers.csv && git commit -qm "stop tracking" && git status --short
git mv secrets/prod.key secrets/new.key; git diff --cached -M0
git mv src/app.py src/main.py; git diff --cached
git status
git status -s
git status --porcelain=v2 --branch
git status -v
git status -vv
git status --ignored
git status -uall
git branch
git branch -a
git branch -vv
git branch -d feature/login
git branch -D feature/login
git branch new-branch
git branch --contains HEAD~3
git branch --show-current
git remote -v
git remote show origin
git remote add up ../other
git fetch
git fetch --all --prune
git fetch origin main
git pull
git pull --rebase
git pull --ff-only
git push
git push -u origin main
git push origin HEAD:refs/heads/topic
git push --tags
git push --dry-run
git config user.name
git config --get remote.origin.url
git config --list
git config -l --show-origin
git config user.email dev@example.com
git config --global init.defaultBranch main
git config --get-regexp alias
cat .git/config
cat .git/HEAD
cat .git/refs/heads/main
ls .git
ls .git/hooks
cat .git/logs/HEAD
cat .git/index | strings
strings .git/index
tail -3 .git/logs/HEAD
find .git/objects -type f | head
python3 -c "import zlib,glob; [print(zlib.decompress(open(f,'rb').read())) for f in glob.glob('.git/objects/??/*')]"
for f in .git/objects/??/*; do python3 -c "import sys,zlib; print(zlib.decompress(open('$f','rb').read()))"; done
cat .git/objects/*/* | base64
tar cf - .git | base64
cp -r .git /tmp/g; git --git-dir=/tmp/g show HEAD:secrets/prod.key
cp -r .git /tmp/g
perl -MCompress::Zlib -e 'undef $/; for(glob ".git/objects/*/*"){open F,$_; print uncompress(<F>)}'
git shortlog -sn
git shortlog
git rev-parse HEAD
git rev-parse --abbrev-ref HEAD
git rev-parse --show-toplevel
git rev-parse --git-dir
git rev-parse --is-inside-work-tree
git merge-base main staging
git name-rev HEAD
git symbolic-ref HEAD
git var -l
git version
git --version
git help -a
git init -q /tmp/new
git init -q /tmp/n; cd /tmp/n; git log
git submodule status
git submodule update --init
git lfs ls-files
git notes list
git bisect log
git blame src/app.py
git blame -L1,5 src/util.py
git blame README.md | head -3
git rerere
git clean -n
git clean -fd
git clean -fdx
git maintenance run
git credential fill <<< 'url=https://example.com'
git instaweb
git daemon --version
git svn log
git cvsserver < /dev/null
git sparse-checkout list
git ls-remote
git ls-remote origin
git check-mailmap 'Dev <dev@example.com>'
git check-ref-format --branch x
git hash-object -t tree /dev/null
git hash-object --stdin < README.md
git hash-object README.md
git write-tree
git commit-tree HEAD^{tree} -m x
git update-ref refs/heads/x HEAD
git cherry main
git diff ../other
git -C ../other log -p
git -C ../other show
git -C ../other diff
git -C ../other diff HEAD~1
git -C ../other grep print
git -C ../other show HEAD:main.py
cd ../other && git log -p
cd ../other && git diff HEAD~1
cd ../other; git archive HEAD | tar t
git -C ../remote.git log -p
git -C ../remote.git log --oneline
git --git-dir=../other/.git show
cd src && git log -p .
cd src && git diff HEAD~8 .
cd src && git diff HEAD~8
cd src && git show a7c91f5 -- .
cd src && git grep key
cd src && git grep import
cd src && git log -p -- ..
cd docs && git log -p -1
cd secrets && git log -p .
cd secrets && git show HEAD:./prod.key
cd secrets && git blame prod.key
cd secrets && git diff HEAD~8 prod.key
git -c alias.lp='log -p' lp
git -c alias.lp='log --oneline' lp
git -c alias.st=status st
git config alias.d 'diff HEAD~8' && git d
git config alias.lg 'log --oneline --graph' && git lg
git -c alias.a='!git log -p' a
git -c alias.a=b -c alias.b='log -p' a
git -c diff.noprefix=true diff
git -c core.quotepath=off status
git -c log.showSignature=false log -1
git -c diff.external=cat log -p --ext-diff
git -c log.diffMerges=on log -m
GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=alias.zz GIT_CONFIG_VALUE_0='!cat .env' git zz
GIT_CONFIG_GLOBAL=.env git status
GIT_TRACE=1 git status
GIT_DIR=../other/.git git log -p
GIT_INDEX_FILE=/tmp/i git read-tree HEAD
git --namespace=x log -p
git --literal-pathspecs log -p -- src
git --glob-pathspecs log -p -- 'src/**'
git --icase-pathspecs log -p -- SECRETS
git --noglob-pathspecs log -p -- src
git --exec-path
git --html-path
git --bare log -p
git --no-replace-objects log -p
git --no-optional-locks status
git --paginate log -1 | cat
""".splitlines()

ZSH = """\
git show HEAD:<p>
git log -p -- <p>
git diff HEAD~8 -- <p>
git show HEAD^:<p>
git show 'HEAD^:<p>'
git show HEAD~1:<p> | base64
git grep -n . -- <p>
F=<p>; git show HEAD:$F
R=HEAD; git show $R:<p>
R=HEAD; git show ${R}:<p>
git log --oneline -- <p>
git diff --stat HEAD~8 -- <p>
""".splitlines()


def scripts() -> Iterator[tuple[str, str, str, str]]:
    for index, template in enumerate(ONE):
        yield "git", filled(template, TRACKED[index % len(TRACKED)]), "bash", "one path"
        yield "git", filled(template, PLAIN[index % len(PLAIN)]), "bash", "one path"
    for script in WHOLE:
        yield "git", script, "bash", "whole tree"
    for index, template in enumerate(ZSH):
        yield "git", filled(template, TRACKED[index % len(TRACKED)]), "zsh", "one path"
        yield "git", filled(template, PLAIN[index % len(PLAIN)]), "zsh", "one path"
