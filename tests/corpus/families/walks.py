"""Control flow, redirections, functions, nested shells: what runs, and with which words."""

from collections.abc import Iterator

from .targets import filled, meant, targets

BOTH = """\
while read -r l; do echo "$l"; done < <p>
while IFS= read -r l || [ -n "$l" ]; do printf '%s\\n' "$l"; done < <p>
while IFS== read -r k v; do echo "$v"; done < <p>
until ! read -r l; do echo "$l"; done < <p>
read -r l < <p>; echo "$l"
read l < <p> && echo $l
{ read -r a; read -r b; echo $b $a; } < <p>
(read -r a; echo $a) < <p>
if read -r a; then echo $a; fi < <p>
for f in <p>; do cat $f; done
for f in README.md <p>; do cat "$f"; done
for f in <d>/*; do [ -f "$f" ] && cat "$f"; done; cat <p>
for f in <starred>; do cat "$f"; done
for f in $(ls -A <d>); do cat <d>/$f 2>/dev/null; done
for f in $(find <d> -maxdepth 1 -name '<b>'); do cat $f; done
for f in $(echo <p>); do head -3 $f; done
for d in <d>; do for b in <b>; do cat $d/$b; done; done
for i in 1 2; do cat <p>; done
for ((i=0;i<1;i++)); do cat <p>; done
case x in x) cat <p>;; esac
case <p> in *) cat <p>;; esac
case $UNSET in y) ls;; *) cat <p>;; esac
if true; then cat <p>; fi
if false; then ls; else cat <p>; fi
if ! grep -q zzz README.md; then cat <p>; fi
[ 1 -eq 1 ] && cat <p>
f() { cat <p>; }; f
f() { cat "$1"; }; f <p>
f() { cat "$@"; }; f README.md <p>
f() { local x=$1; cat "$x"; }; f <p>
function show { cat $1; }; show <p>
f() { g "$1"; }; g() { cat "$1"; }; f <p>
f() { F=<p>; }; f; cat $F
f() { echo <p>; }; cat $(f)
f() ( cd <d>; cat <b> ); f
cat() { command cat "$@"; }; cat <p>
ls() { command cat <p>; }; ls
eval "cat <p>"
eval cat <p>
eval 'cat' '<p>'
eval "c""at <p>"
eval "$(echo cat <p>)"
C="cat <p>"; eval "$C"
C='cat'; $C <p>
C=(cat <p>); "${C[@]}"
A=c; B=at; $A$B <p>
eval eval eval cat <p>
echo 'cat <p>' | bash
echo 'cat <p>' | sh
printf 'cat %s\\n' <p> | bash -s
echo "cat <p>" | sh -s -- x
bash <<< 'cat <p>'
bash -c 'cat <p>'
bash -c "cat <p>"
bash -c 'cat "$1"' _ <p>
bash -c 'cat $0' <p>
bash -lc 'cat <p>'
bash -ec 'cat <p>'
sh -c 'cat <p>'
sh -c "cd <d> && cat <b>"
zsh -c 'cat <p>'
dash -c 'cat <p>'
env bash -c 'cat <p>'
bash -c 'bash -c "cat <p>"'
sh -c 'sh -c "sh -c \\"cat <p>\\""'
bash -c "$(printf 'cat %s' <p>)"
F=<p> bash -c 'cat $F'
export F=<p>; bash -c 'cat "$F"'
F=<p> sh -c 'cat "$F"'
echo Y2F0IA== | base64 -d | { read c; $c <p>; }
bash <(echo 'cat <p>')
source <(echo 'cat <p>')
. /dev/stdin <<< 'cat <p>'
source /dev/stdin <<< "cat <p>"
echo 'cat <p>' > /tmp/s.sh; bash /tmp/s.sh
echo 'cat <p>' > run.sh && chmod +x run.sh && ./run.sh
printf '#!/bin/sh\\ncat <p>\\n' > x.sh; sh x.sh
cat > go.sh <<'E'@@cat <p>@@E@@bash go.sh
cat <<E > /tmp/g.sh@@cat "\\$1"@@E@@bash /tmp/g.sh <p>
bash <<'E'@@cat <p>@@E
bash <<E@@cat <p>@@E
bash -s <<E@@F=<p>@@cat \\$F@@E
bash -s <p> <<'E'@@cat "$1"@@E
sh <<-E@@	cat <p>@@	E
cat <<E@@$(cat <p>)@@E
cat <<E@@`cat <p>`@@E
cat <<"E" | sh@@cat <p>@@E
cat <<< "$(cat <p>)"
cat <<< "$(head -1 <p>)"
python3 - <<'E'@@print(open('<p>').read())@@E
python3 <<E@@import sys@@with open("<p>") as f:@@    sys.stdout.write(f.read())@@E
python3 - <p> <<'E'@@import sys; print(open(sys.argv[1]).read())@@E
python3 <<'E'@@from pathlib import Path@@for p in Path('<d>').iterdir():@@    if p.name == '<b>':@@        print(p.read_text())@@E
node <<'E'@@console.log(require('fs').readFileSync('<p>','utf8'))@@E
perl <<'E'@@open(F,'<','<p>'); print <F>;@@E
cat > r.py <<'E'@@print(open('<p>').read())@@E@@python3 r.py
cat > r.js <<'E'@@console.log(require('fs').readFileSync('<p>','utf8'))@@E@@node r.js
echo "print(open('<p>').read())" > /tmp/r.py; python3 /tmp/r.py
awk -f <(echo '{print}') <p>
sed -f <(echo p) -n <p>
exec 3< <p>; cat <&3
exec 3< <p>; read -u 3 l; echo "$l"
exec 4<> <p>; cat <&4
exec < <p>; cat
exec 0< <p>; head -2
exec 3< <p>; cat /dev/fd/3
exec 3< <p>; cat /proc/self/fd/3
exec {fd}< <p>; cat <&$fd
exec 5< <p> 6<&5; cat <&6
{ cat <&3; } 3< <p>
cat /dev/stdin < <p>
cat - < <p>
cat 0< <p>
cat <<p>
cat <> <p>
< <p> cat
< <p> head -1
<<p> cat
2>/dev/null < <p> cat
cat < <p> > out.txt
cat < "<p>" | wc -c
(cat) < <p>
{ cat; } < <p>
(cat <p>)
{ cat <p>; }
( ( (cat <p>) ) )
{ { cat <p>; } | cat; }
cat <p> &
cat <p> & wait
(cat <p> &) ; sleep 0.05
trap 'cat <p>' EXIT
trap "cat <p>" EXIT; true
trap 'cat <p>' INT; kill -INT $$; true
trap 'cat <p>' USR1; kill -USR1 $$; true
cat <(cat <p>)
cat < <(cat <p>)
paste <(cat <p>) README.md
tee >(cat) < <p>
cat <p> > >(cat)
echo "$(cat <p>)"
echo $(< <p>)
echo `cat <p>`
echo "x$(cat <p>)y"
X=$(cat <p>); echo "$X"
X=$(< <p>); printf '%s' "$X"
X=`cat <p>` ; echo $X
X="$(head -2 <p>)" && echo "${X}"
printf '%s\\n' "$(cat <p>)"
printf "%s\\n" $(cat <p>)
ls $(cat <p>)
ls -d $(< <p>)
cd "$(cat <p>)"
[ "$(cat <p>)" = x ] || echo no
test -n "$(cat <p>)" && echo set
export X="$(cat <p>)"
: "$(cat <p>)"
: $(cat <p> >&2)
X=$(cat <p>) bash -c 'echo $X'
$(cat <p>)
"$(cat <p>)"
echo ${X:-$(cat <p>)}
echo "${X:=$(< <p>)}"
echo $((1 + $(cat <p> | wc -l)))
git commit --allow-empty -qm "$(cat <p>)"
echo start; cat <p>; echo end
true;cat <p>
true&&cat <p>
set -e; cat <p>
set -x; cat <p>
set -euo pipefail; cat <p>
PAGER=cat; $PAGER <p>
LANG=C cat <p>
A=1 B=2 cat <p>
sudo cat <p> || cat <p>
# comment@@cat <p>
ls # cat@@cat <p>
cat \\@@<p>
cat @@<p>@@cat <p>
if true@@then@@  cat <p>@@fi
for f in a@@do@@cat <p>@@done
cat <p> | (read a; echo $a)
coproc cat <p>; sleep 0.05
yes | head -1 | xargs -I{} cat <p>
seq 2 | xargs -n1 sh -c 'cat <p>'
echo <p> | while read f; do cat $f; done
echo <p> | { read f; cat "$f"; }
ls -A <d> | while read f; do [ "$f" = '<b>' ] && cat "<d>/$f"; done
ls -A <d> | grep -x '<b>' | sed 's|^|<d>/|' | xargs cat
echo cat <p> | xargs -I{} sh -c '{}'
echo <p> > list; cat $(cat list)
echo <p> > list; xargs cat < list
echo <p> > /tmp/list; while read f; do cat $f; done < /tmp/list
git ls-files <d> | grep '<b>' | xargs cat; cat <p>
alias c=cat; c <p>; \\cat <p>
compgen -f <p> | xargs cat
type cat > /dev/null && cat <p>
hash -r; cat <p>
wait; cat <p>
ulimit -n 64; cat <p>
umask 077; cat <p> > x
pwd; cat <p>
true || true && cat <p>
time (cat <p>)
""".splitlines()

BASH = """\
shopt -s expand_aliases@@alias c='cat <p>'@@c
shopt -s expand_aliases@@alias c=cat@@c <p>
mapfile -t L < <p>; echo "${L[@]}"
mapfile L < <p>; printf '%s' "${L[0]}"
readarray -t L < <p>; declare -p L
mapfile -C 'echo' -c 1 < <p>
read -d '' X < <p>; echo "$X"
read -N 30 X < <p>; echo "$X"
IFS= read -rd '' X < <(cat <p>); echo "$X"
coproc { cat <p>; }; cat <&"${COPROC[0]}"
coproc C { cat; }; cat <p> >&"${C[1]}"; sleep 0.05
echo "$(<<p>)"
echo $(<"<p>")
X=$(<<p>); echo ${X:0:30}
printf -v X '%s' "$(<<p>)"; echo $X
declare X=$(<<p>); declare -p X
bash -x <p>
bash --rcfile <p> -i < /dev/null
BASH_ENV=<p> bash -c 'set' | grep -i secret
ENV=<p> sh -i < /dev/null
source <p> 2>&1; echo done
set -a; . ./<p>; set +a; env
set -v; . ./<p>
command . ./<p>
builtin source ./<p>; set
enable -f <p> x
complete -C 'cat <p>' x; compgen -C 'cat <p>'
bind -f <p>
history -r <p>; history
history -r <p>; fc -l
HISTFILE=<p>; set -o history; history -r; history
exec -a x cat <p>
f() { cat <p>; }; export -f f; bash -c f
trap 'cat <p>' DEBUG; true
trap 'cat <p>' ERR; false
trap 'cat <p>' RETURN; f() { :; }; f
PROMPT_COMMAND='cat <p>' bash -i < /dev/null
PS4='$(cat <p>) '; set -x; true
PS1='$(cat <p>)'; echo "${PS1@P}"
X='$(cat <p>)'; echo "${X@P}"
A[$(cat <p> >&2)]=1
(( x[$(cat <p> >&2; echo 0)] ))
[[ -v x[$(cat <p> >&2)] ]]
test -v 'x[$(cat <p> >&2)]'
echo {cat,<p>} | { read c f; $c $f; }
{cat,<p>}
X={cat,<p>}; eval $X
cat${IFS}<p>
cat$IFS<p>
X=$'cat\\x20<p>'; eval "$X"
bash -c "$(echo 'cat <p>' | base64 | base64 -d)"
$'\\x63at' <p>
$(printf '\\143\\141\\164') <p>
c$@at <p>
ca${x}t <p>
${x:-cat} <p>
/bin/c?t <p>
/???/cat <p>
select f in <p>; do cat $f; break; done <<< 1
while read -u 3 l; do echo $l; done 3< <p>
while read -r -u 9 l; do echo "$l"; done 9< <(cat <p>)
exec 3<> <p>; read -u3 a; echo $a
{ head -1 <&3; tail -1 <&4; } 3< <p> 4< <p>
cat <&3 3< <p>
cat 3< <p> <&3
cat <<-'E' | bash@@	cat <p>@@	E
bash -c 'source <(printf "cat %s" "$0")' <p>
bash -o errexit -c 'cat <p>'
bash +x -c 'cat <p>'
bash -- scripts/print_file.sh <p>
./scripts/print_file.sh <p>
bash scripts/print_file.sh <p>
sh ./scripts/print_file.sh <p>
source scripts/print_file.sh <p>
. scripts/print_file.sh <p>
cp scripts/print_file.sh /tmp/p.sh; bash /tmp/p.sh <p>
cat scripts/print_file.sh | bash -s <p>
bash < scripts/print_file.sh; bash scripts/print_file.sh <p>
n=<p>; bash -c "cat $n"
n=<p>; bash -c 'cat $1' _ "$n"
n=$(find . -name '<b>' -path './<p>'); cat "$n"
find . -name '<b>' -path './<p>' | xargs -I % sh -c 'cat %'
find <d> -maxdepth 1 -type f -name '<b>' -exec sh -c 'cat "$1"' _ {} \\;
find <d> -maxdepth 1 -type f -name '<b>' -exec bash -c 'for f; do cat "$f"; done' _ {} +
find <d> -maxdepth 1 -name '<b>' -exec grep -H . {} +
find <d> -maxdepth 1 -name '<b>' -exec cp {} /tmp/ \\;
find <d> -maxdepth 1 -name '<b>' -okdir cat {} \\; < <(echo y)
find <d> -maxdepth 1 -name '<b>' -fprintf /tmp/x '%p' ; cat $(cat /tmp/x)
find -files0-from <p>
""".splitlines()


def scripts() -> Iterator[tuple[str, str, str, str]]:
    index = 0
    for place, templates in enumerate((BOTH, BASH)):
        for template in templates:
            index += 1
            body = (
                template.replace("@@", "\n")
                .replace("$(<<p>)", "$(< <p>)")
                .replace("cat <<p>", "cat < <p>")
                .replace("\n<<p> cat", "\n< <p> cat")
            )
            for number, target in enumerate(targets(index)):
                dialect = "zsh" if place == 0 and (index + number) % 4 == 0 else "bash"
                yield "walks", filled(body, target), dialect, meant(target, "control flow")
