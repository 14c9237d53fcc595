"""Spellings of one file's name, each handed to a program that reads."""

import re
from collections.abc import Iterator

from .targets import filled, meant, targets

READERS = (
    "cat {}",
    "head -n 2 {}",
    "base64 {}",
    "tac {}",
    "od -c {}",
    "wc -l {}",
    "sed -n p {}",
    "grep -n . {}",
    "sort {}",
    "nl {}",
    "cut -c1-40 {}",
)

BOTH = """\
<p>
./<p>
.//<p>
"<p>"
'<p>'
<escaped>
<quoted>
""<p>
<p>''
$'<hexed>'
$'<octal>'
$"<p>"
"<head>"'<tail>'
<head>\\
<tail>
@PROJECT@/<p>
@PROJECT@/src/../<p>
src/../<p>
../project/<p>
docs/../src/./../<p>
~/project/<p>
$HOME/project/<p>
"$HOME"/project/<p>
${HOME}/project/./<p>
"$PWD/<p>"
$PWD/<p>
@HOME@/project//<p>
/proc/self/cwd/<p>
/proc/$$/cwd/<p>
<classed>
<starred>
<dotted>
{<head>,}<tail>
<head>{<tail>,}
{<p>,README.md}
$(echo <p>)
`echo <p>`
"$(printf '%s' <p>)"
$(printf '<octal>')
$(printf '\\x2e/%s' '<p>')
$(echo <head>)$(echo <tail>)
$(echo <backwards> | rev)
$(echo <base64> | base64 -d)
$(printf <hexdump> | xxd -r -p)
$(echo '<rot13>' | tr 'a-zA-Z' 'n-za-mN-ZA-M')
$(echo <upper> | tr A-Z a-z)
$(echo "x <p>" | cut -d' ' -f2)
$(echo "x <p>" | awk '{print $2}')
$(echo "<p>x" | sed 's/x$//')
$(dirname <p>)/$(basename <p>)
$(realpath <p>)
$(readlink -f <p>)
$(ls <p>)
$(find . -path './<p>')
$(find . -name '<b>' -path '*<p>' -not -path './node_modules/*')
$(pwd)/<p>
$(git rev-parse --show-toplevel)/<p>
$(cat <<< <p>)
${X:-<p>}
${X-<p>}
${X:=<p>}
${HOME:+<p>}
${HOME:0:0}<p>
$X<p>
"${X}<p>"
$((0))/../<p>
""$""<p>
$(true)<p>
$(:;echo '<p>')
$(echo $(echo $(echo <p>)))
""".replace("\\\n", "\\@@").splitlines()

ASSIGNED = """\
F=<p>; READ $F
F=<p>; READ "$F"
F='<p>'; READ "${F}"
D=<d>; READ $D/<b>
D=<d> B=<b>; READ "$D/$B"
F=<p>.bak; READ ${F%.bak}
F=<p>.tar.gz; READ ${F%%.tar*}
F=xx<p>; READ ${F#xx}
F=a/b/c:<p>; READ ${F##*:}
F=<p>; G=F; READ ${!G}
F=Q<p>; READ ${F/Q/}
F=<p>; READ ${F:0:100}
F=xyz<p>; READ ${F:3}
F=<upper>; READ ${F,,}
A=(README.md <p>); READ ${A[1]}
A=(<p>); READ "${A[@]}"
A=(<p>); READ ${A}
A=(x y <p>); READ ${A[-1]}
A=(<head> <tail>); READ "${A[0]}${A[1]}"
declare -A M=([k]=<p>); READ ${M[k]}
declare F=<p>; READ $F
declare -l F=<upper>; READ $F
readonly F=<p>; READ $F
export F=<p>; READ $F
local_name=<p>; printf -v F %s "$local_name"; READ "$F"
printf -v F '%s/%s' <d> <b>; READ $F
printf -v F '<octal>'; READ $F
read F <<< <p>; READ $F
read -r A B <<< "x <p>"; READ $B
IFS=: read -r A B <<< "x:<p>"; READ "$B"
IFS=,; F=README.md,<p>; READ $F
IFS=/ read -ra P <<< "<p>"; (IFS=/; READ "${P[*]}")
F=$(echo <p>); READ "$F"
F=`echo <p>`; READ $F
F=<head>; F+=<tail>; READ $F
F=<head>; F=$F<tail>; READ $F
set -- <p>; READ $1
set -- x <p>; shift; READ "$@"
set -- README.md <p>; READ "${@: -1}"
set -- a <p>; READ "${!#}"
let n=1; A=(z <p>); READ ${A[n]}
n=0; A=(z <p>); READ ${A[n+1]}
mapfile -t L <<< <p>; READ "${L[0]}"
readarray -t L < <(echo <p>); READ ${L[0]}
unset F; READ ${F:-${G:-<p>}}
F=<p>; unset G; READ ${G:-$F}
F=<p>; H=${F}; G=${H}; READ $G
declare -n R=F; F=<p>; READ $R
shopt -s dotglob; READ <d>/*
shopt -s extglob; READ @(<p>|nothing)
shopt -s extglob
READ <d>/?(<b>)
shopt -s extglob
READ <d>/!(README.md|*.md|*.py|*.json)
shopt -s globstar; READ **/<b>
shopt -s globstar dotglob; READ ./**/<starred>
shopt -s nocaseglob; READ <d>/<b>*
cd <d>; READ <b>
cd <d> && READ ./<b>
cd ./<d> && READ <b> && cd -
(cd <d> && READ <b>)
pushd <d> > /dev/null; READ <b>; popd > /dev/null
cd src && READ ../<p>
cd docs/api; cd ../..; READ <p>
cd /; READ @PROJECT@/<p>
cd /; cd @PROJECT@; READ <p>
cd; READ project/<p>
cd ~/project/src && READ ../<p>
cd "$HOME"; READ ./project/<p>
cd ..; READ project/<p>
CDPATH=@HOME@; cd project > /dev/null; READ <p>
cd -P src/..; READ <p>
cd src; cd - > /dev/null; READ <p>
mkdir -p a/b && cd a/b && READ ../../<p>
OLDPWD=@PROJECT@; READ ~-/<p>
READ ~+/<p>
D=$(mktemp -d); cd $D; READ @PROJECT@/<p>
""".replace("extglob\nREAD", "extglob\\@@READ").splitlines()

ZSH = """\
F=<p>; READ $F
F=<p>; READ ${(U)F:l}
F=<upper>; READ ${(L)F}
F='README.md <p>'; READ ${=F}
F='README.md:<p>'; READ ${(s.:.)F}
F=$'README.md\\n<p>'; READ ${(f)F}
A=(README.md <p>); READ $A[2]
A=(README.md <p>); READ $A
A=(README.md <p>); READ ${A[-1]}
A=(<p>); READ $A[1]
F=<p>; G=F; READ ${(P)G}
F=<p>.bak; READ ${F:r}
F=x/<p>; READ ${F#x/}
READ <d>/<b>(N)
READ <d>/*(D.)
READ **/<b>(D)
READ (#i)<b>(N) <p>
setopt extendedglob; READ <d>/^README.md(D.)
setopt globdots; READ <d>/<starred:t>*
READ <d>/<b:0>*(N) <p>
F=(<d>/*(D.)); READ $F
READ ${:-<p>}
READ ${${:-x<p>}#x}
< <p>
< <p> | head -2
<<< $(< <p>)
READ =(cat <p>)
READ <(cat <p>)
print -r -- "$(<<p>)"
print -l ${(f)"$(< <p>)"}
typeset F=<p>; READ $F
zmodload zsh/mapfile; print -r -- $mapfile[<p>]
for f (<p>) READ $f
foreach f (<p>); READ $f; end
alias r='READ'; eval 'r <p>'
alias -g G='<p>'
eval 'READ G'
alias -s env=cat
setopt autocd; <d>; READ <b>
cd <d>; READ <b>
repeat 1 READ <p>
READ $~F<p>
F='<dotted>'; READ ${~F}
F='<dotted>'; READ $~F
sysread() { READ <p> }; sysread
{ READ <p> } always { true }
READ <p> &!
exec {fd}< <p>; READ <&$fd
setopt shwordsplit; F='README.md <p>'; READ $F
READ <->(N) <p>
""".splitlines()


def scripts() -> Iterator[tuple[str, str, str, str]]:
    index = 0
    for template in BOTH:
        for dialect in ("bash", "zsh"):
            index += 1
            reader = READERS[index % len(READERS)].replace("{}", template.replace("\\@@", "\\\n"))
            for target in targets(index):
                yield "words", filled(reader, target), dialect, meant(target, "spelling")
    for dialect, templates in (("bash", ASSIGNED), ("zsh", ZSH)):
        for template in templates:
            for turn in range(2):
                index += 1
                words = READERS[index % len(READERS)].replace("{}", "").strip()
                script = re.sub(r"\bREAD\b", words, template.replace("\\@@", "\n"))
                for target in targets(index)[: 2 if turn == 0 else 1]:
                    if "<b:0>" not in script and "<starred:t>" not in script:
                        yield "words", filled(script, target), dialect, meant(target, "expansion")
