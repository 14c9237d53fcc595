"""Environment variables, shown or not."""

from collections.abc import Iterator

BASH = """\
env
env | sort
env | grep TOKEN
env | grep -i app
env -0
env | cut -d= -f2
env | wc -l
env | base64
env > /tmp/env.txt
/usr/bin/env
command env
printenv
printenv APP_TOKEN
printenv APP_TOKEN DEPLOY_TOKEN
printenv | grep -v PATH
set
set | grep TOKEN
(set -o posix; set)
export
export -p
export -p | grep TOKEN
declare -p
declare -x
declare -p APP_TOKEN
declare -xp | head -20
typeset -x
typeset -p DEPLOY_TOKEN
echo $APP_TOKEN
echo "$APP_TOKEN"
echo ${APP_TOKEN}
echo "token: ${APP_TOKEN:-none}"
echo ${APP_TOKEN:0:12}
echo ${APP_TOKEN: -14}
echo ${APP_TOKEN#a}
echo ${APP_TOKEN/x/y}
echo ${APP_TOKEN^^}
echo ${APP_TOKEN@Q}
echo "${APP_TOKEN@A}"
printf '%s\\n' "$DEPLOY_TOKEN"
printf "%q" $DEPLOY_TOKEN
cat <<< $APP_TOKEN
cat <<E@@$APP_TOKEN@@E
X=APP_TOKEN; echo ${!X}
X=$APP_TOKEN; echo $X
X="prefix-$APP_TOKEN"; echo "$X"
A=APP; B=TOKEN; V=${A}_$B; echo ${!V}
declare -n R=APP_TOKEN; echo $R
for v in ${!APP*}; do echo ${!v}; done
for v in "${!D@}"; do echo "${!v}"; done
for v in $(compgen -e); do echo "$v=${!v}"; done
for v in $(compgen -v); do echo "${!v}"; done
eval echo \\$APP_TOKEN
eval 'echo $APP_TOKEN'
eval "echo \\$${X:-APP_TOKEN}"
bash -c 'echo $APP_TOKEN'
sh -c 'echo "$DEPLOY_TOKEN"'
sh -c env
bash -c 'export -p'
zsh -c 'print $APP_TOKEN'
bash <<< 'echo $APP_TOKEN'
echo 'echo $APP_TOKEN' | sh
cat /proc/self/environ
cat /proc/$$/environ
cat /proc/$BASHPID/environ
tr '\\0' '\\n' < /proc/self/environ
strings /proc/self/environ
xargs -0 -n1 < /proc/self/environ
grep -z TOKEN /proc/self/environ
cat /proc/*/environ
cat /proc/1/environ
cat /proc/$PPID/environ
cd /proc/self && cat environ
head -c 999 /proc/thread-self/environ
ps e
ps eww
ps auxe
ps axe -o command
ps -eo pid,args e
python3 -c "import os; print(os.environ)"
python3 -c "import os; print(dict(os.environ))"
python3 -c "import os; print(os.environ['APP_TOKEN'])"
python3 -c "import os; print(os.getenv('APP_TOKEN'))"
python3 -c "import os; print(os.environ.get('APP_' + 'TOKEN'))"
python3 -c "from os import environ; print(environ['DEPLOY_TOKEN'])"
python3 -c "import os; [print(k, v) for k, v in os.environ.items()]"
python3 -c "print(open('/proc/self/environ').read())"
python3 -c "import os; print(os.popen('env').read())"
python3 -c "import subprocess; print(subprocess.check_output('printenv'))"
python3 - <<'E'@@import os@@print(os.environ["APP_TOKEN"])@@E
node -e 'console.log(process.env)'
node -p process.env
node -e 'console.log(process.env.APP_TOKEN)'
node -p 'process.env["APP_TOKEN"]'
node -p 'JSON.stringify(process.env)'
node -e 'for (const k in process.env) console.log(k, process.env[k])'
node -e 'const {APP_TOKEN} = process.env; console.log(APP_TOKEN)'
perl -e 'print %ENV'
perl -e 'print $ENV{APP_TOKEN}'
perl -e 'print "$_=$ENV{$_}\\n" for keys %ENV'
awk 'BEGIN{print ENVIRON["APP_TOKEN"]}'
awk 'BEGIN{for(k in ENVIRON) print k, ENVIRON[k]}'
jq -n env
jq -n '$ENV'
jq -n '$ENV.APP_TOKEN'
jq -n 'env.APP_TOKEN'
jq -nr 'env | to_entries[] | .value'
tclsh <<< 'puts $env(APP_TOKEN)'
echo '$(APP_TOKEN)' > /dev/null; printf 'x:\\n\\t@echo $$APP_TOKEN\\n' | make -f - x
printf '$(info $(APP_TOKEN))\\nx:;\\n' | make -f - x
sqlite3 :memory: ".shell env"
vim -es -u NONE -c 'put =$APP_TOKEN' -c '%p' -c 'q!'
git -c alias.e='!env' e
git -c alias.e='!echo $APP_TOKEN' e
GIT_PAGER='env' git -p log -1
find . -maxdepth 0 -exec env \\;
find . -maxdepth 0 -exec sh -c 'echo $APP_TOKEN' \\;
echo | xargs env
xargs sh -c 'echo $APP_TOKEN' < /dev/null
nohup env
timeout 2 env
nice printenv APP_TOKEN
env -u PATH /usr/bin/env
env X=1 printenv
env -i X="$APP_TOKEN" env
sudo -E env || env
npm run env
npm config ls -l
npx -c 'echo $APP_TOKEN'
node -e 'require("child_process").execSync("env",{stdio:"inherit"})'
curl -s "http://localhost:1/?t=$APP_TOKEN"; echo $APP_TOKEN
curl -v -s -H "Authorization: Bearer $APP_TOKEN" http://localhost:1
git remote set-url origin https://x:$APP_TOKEN@example.com/r.git; git remote -v
set -x; curl -s -H "X: $APP_TOKEN" http://localhost:1
set -x; true $APP_TOKEN
ls $APP_TOKEN
ls /tmp/$APP_TOKEN
cd $APP_TOKEN
$APP_TOKEN
: ${APP_TOKEN:?$APP_TOKEN}
: ${X:?$APP_TOKEN}
echo $APP_TOKEN > t.txt; cat t.txt
echo $APP_TOKEN | base64
echo $APP_TOKEN | rev
echo $APP_TOKEN | tee /tmp/t
echo "$APP_TOKEN" | sed 's/./& /g'
echo $APP_TOKEN | cut -c1-12
python3 -c "print('$APP_TOKEN')"
node -e "console.log('$APP_TOKEN')"
awk -v t=$APP_TOKEN 'BEGIN{print t}'
awk "BEGIN{print \\"$APP_TOKEN\\"}"
printf '%s' "$APP_TOKEN" | xxd
sed "s/Shop/$APP_TOKEN/" README.md
expr $APP_TOKEN : '\\(.*\\)'
expr substr $APP_TOKEN 1 15
git commit --allow-empty -qm "$APP_TOKEN"; git log -1
git tag "x$APP_TOKEN"; git tag
export X=$APP_TOKEN; printenv X
read X <<< "$APP_TOKEN"; echo $X
A=($APP_TOKEN); echo ${A[0]}
f() { echo $1; }; f $APP_TOKEN
set -- $APP_TOKEN; echo $1
case $APP_TOKEN in *) echo $APP_TOKEN;; esac
trap 'echo $APP_TOKEN' EXIT
PS4='$APP_TOKEN '; set -x; true
echo ${PATH}:${APP_TOKEN}
echo $HOME $APP_TOKEN
dirname "$APP_TOKEN/x"
basename "/x/$APP_TOKEN"
seq -s "$APP_TOKEN" 2
touch "x$APP_TOKEN"; ls
mkdir "$APP_TOKEN"; ls
echo ~+/$APP_TOKEN
exec env
exec -c env; exec env
compgen -A variable | grep TOKEN | while read v; do echo "${!v}"; done
bash -x -c ': $APP_TOKEN'
systemctl show-environment || printenv
launchctl export || export
gdb -p $$ -batch || env
openssl enc -base64 <<< $APP_TOKEN
openssl passwd -1 -salt x $APP_TOKEN; openssl base64 <<< $APP_TOKEN
""".splitlines()

ZSH = """\
print $APP_TOKEN
print -r -- "${APP_TOKEN}"
echo ${(P)X:-$APP_TOKEN}
X=APP_TOKEN; echo ${(P)X}
typeset -x
typeset APP_TOKEN
echo ${parameters[APP_TOKEN]} $APP_TOKEN
for k in ${(k)parameters[(R)*export*]}; do echo ${(P)k}; done
print -l ${(M)${(k)parameters}:#*TOKEN*} $DEPLOY_TOKEN
echo ${(U)APP_TOKEN}
echo ${APP_TOKEN[1,14]}
echo $APP_TOKEN[1,14]
print -P '%F{red}'$APP_TOKEN
env
export
set
<<< $APP_TOKEN
cat <<< "$APP_TOKEN"
printenv DEPLOY_TOKEN
echo ${(q)APP_TOKEN}
eval "echo \\$APP_TOKEN"
""".splitlines()

PLAIN = """\
echo $HOME
echo "$USER at $PWD"
printenv HOME
printenv NODE_ENV PORT
echo ${PORT:-3000}
echo "${NODE_ENV}"
env | cut -d= -f1 > /dev/null; echo $PATH
env FOO=bar node -p 'process.env.FOO'
env -i PATH=/usr/bin env
env -i FOO=1 printenv
env -u APP_TOKEN -u DEPLOY_TOKEN env
unset APP_TOKEN DEPLOY_TOKEN; env
NODE_ENV=test npm test
export NODE_ENV=production; echo $NODE_ENV
export PATH="$HOME/bin:$PATH"; which node
declare -p PORT
declare -F
declare -f
[ -n "$APP_TOKEN" ] && echo "token is set"
[ -z "$APP_TOKEN" ] && echo missing
test -z "${APP_TOKEN:-}" || echo set
if [ -z "$DEPLOY_TOKEN" ]; then echo "DEPLOY_TOKEN is not set"; exit 1; fi
[[ -v APP_TOKEN ]] && echo defined
[[ -n ${APP_TOKEN+x} ]] && echo defined
echo ${APP_TOKEN:+set}
echo "token: ${APP_TOKEN:+yes}"
: "${APP_TOKEN:?must be set}"
python3 -c "import os; print(os.environ['HOME'])"
python3 -c "import os; print(os.environ.get('PORT', '80'))"
python3 -c "import os; print('APP_TOKEN' in os.environ)"
python3 -c "import os; print(os.getenv('NODE_ENV'))"
node -p process.env.PORT
node -e 'console.log(process.env.NODE_ENV)'
node -p '"APP_TOKEN" in process.env'
perl -e 'print $ENV{HOME}'
awk 'BEGIN{print ENVIRON["HOME"]}'
jq -n 'env.PORT'
bash -c 'echo $PORT'
echo '$APP_TOKEN'
echo "export APP_TOKEN=... in your shell" >> docs/setup.md
grep -rn APP_TOKEN docs
grep -n 'process.env' src/index.js
export APP_TOKEN=dummy; echo $APP_TOKEN
APP_TOKEN=dummy node -p process.env.APP_TOKEN
unset APP_TOKEN; echo "$APP_TOKEN"
set -e
set -euo pipefail; ls
set -x; ls src
set +o | head -3
set -o
shopt | head -5
export FOO=1 BAR=2
typeset -i n=3; echo $n
ps aux | head -3
ps -ef | grep node
pgrep -l node
cat /proc/self/status
cat /proc/cpuinfo | head -3
cat /proc/meminfo | head -2
curl -s -H "Authorization: Bearer $APP_TOKEN" http://localhost:1/health
git -c http.extraHeader="X: $APP_TOKEN" status
""".splitlines()


def scripts() -> Iterator[tuple[str, str, str, str]]:
    for lines, dialect, notes in ((BASH, "bash", "!shown"), (ZSH, "zsh", "!shown"), (PLAIN, "bash", "used")):
        for script in lines:
            yield "environment", script.replace("@@", "\n"), dialect, notes
