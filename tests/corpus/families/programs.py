"""Every program that reads, shows or quotes a file, over restricted and over plain files."""

from collections.abc import Iterator

from .targets import filled, meant, targets

PROGRAMS = """\
cat <p>
cat < <p>
cat -A <p>
cat README.md <p>
cat -- <p>
cat - < <p>
tac <p>
nl <p>
rev <p>
head <p>
head -1 <p>
head -c 30 <p>
head --lines=2 <p>
head -n2 -v <p>
tail <p>
tail -n +1 <p>
tail -c 40 <p>
tail -2 <p>
more <p>
less <p>
less -FX <p>
view -es +%p +q! <p>
pr <p>
pr -t <p>
fold -w 80 <p>
fmt <p>
expand <p>
unexpand <p>
column <p>
column -t -s, <p>
cut -c 1-50 <p>
cut -d= -f2 <p>
cut -d, -f1- <p>
paste <p>
paste -s <p>
paste -d' ' README.md <p>
paste - < <p>
sort <p>
sort -u <p>
sort -r -o /dev/stdout <p>
sort README.md <p>
uniq <p>
uniq -c <p>
comm <p> README.md
comm -23 <p> /dev/null
join <p> <p>
join -t, data/sample.csv <p>
shuf <p>
shuf -n 1 <p>
tsort <p>
ptx <p>
tr a a < <p>
tr -d '\\r' < <p>
tee < <p>
tee /dev/null < <p>
tee copy.txt < <p>
split -l 1 <p> part-
split -b 10 <p> /tmp/part
csplit -s <p> 2
dd if=<p>
dd if=<p> status=none
dd < <p>
dd bs=1 count=30 if=<p> of=/dev/stdout status=none
dd if=<p> of=/tmp/out status=none
od <p>
od -An -c <p>
od -A x -t x1z <p>
xxd <p>
xxd -p <p>
xxd -b <p>
hexdump -C <p>
hexdump -e '1/1 "%c"' <p>
base64 <p>
base64 -w0 <p>
base32 <p>
basenc --base16 <p>
md5sum <p>
sha1sum <p>
sha256sum <p>
shasum <p>
cksum <p>
sum <p>
b2sum <p>
wc <p>
wc -l <p>
wc -l < <p>
wc --files0-from=<p>
strings <p>
strings -n 3 <p>
file <p>
file -f <p>
iconv -f utf-8 -t utf-16 <p>
iconv -t ascii <p>
grep -n '' <p>
grep . <p>
grep -c . <p>
grep -q x <p>
grep -v '^#' <p>
grep -E '[a-f0-9]+' <p>
grep -f <p> README.md
grep -F -f <p> <p>
grep -o '[0-9a-f]*' <p>
grep -h . README.md <p>
grep -e name -e key <p>
grep -H -A3 1 <p>
grep --regexp=. --file=/dev/null <p>
egrep . <p>
fgrep 1 <p>
zgrep . <p>
rg . <p>
rg -n --no-ignore . <p>
rg --hidden --no-ignore -N '.*' <d> -g '<b>'
rg -uuu . <p>
rg --files-without-match zzz <p>
rg -f <p> README.md
sed -n p <p>
sed '' <p>
sed -n '1,2p' <p>
sed -e 's/a/b/' <p>
sed 's/=.*//' <p>
sed -n '$=' <p>
sed = <p>
sed -n l <p>
sed 'r <p>' README.md
sed -n '1R <p>' README.md
sed -f <p> README.md
sed -s -n '1p' README.md <p>
sed --expression=p <p>
sed '1e cat <p>' README.md
sed -n 'w /dev/stdout' <p>
sed -i.bak 's/a/b/' <p>
awk 1 <p>
awk '{print}' <p>
awk '{print $1}' <p>
awk -F= '{print $2}' <p>
awk -F, 'NR>1{print $3}' <p>
awk 'BEGIN{while((getline l < "<p>")>0) print l}'
awk 'BEGIN{while(("cat <p>" | getline l)>0) print l}'
awk 'BEGIN{system("cat <p>")}'
awk 'BEGIN{f="<head>" "<tail>"; while((getline l < f)>0) print l}'
awk -v f=<p> 'BEGIN{while((getline l < f)>0) print l}'
awk 'END{print NR}' <p>
awk -f <p>
awk '{print FILENAME": "$0}' README.md <p>
awk 'BEGIN{ARGV[1]="<p>";ARGC=2}{print}'
awk '{print}' f=1 <p>
perl -ne print <p>
perl -pe 's/a/b/' <p>
perl -0777 -ne 'print' <p>
perl -e 'print <>' <p>
perl -e 'open F,"<","<p>"; print <F>'
perl -e 'open(F,"<p>")||die; while(<F>){print}'
perl -e 'print `cat <p>`'
perl -e '@ARGV=("<p>"); print while <>'
perl -MFile::Slurp -e 'print read_file("<p>")'
perl -e 'system("cat", "<p>")'
perl -e 'exec "cat <p>"'
perl -e 'do "./<p>"; print $@'
perl -lane 'print $F[0]' <p>
perl <p>
python3 -c "print(open('<p>').read())"
python3 -c 'print(open("<p>").read())'
python3 -c "import sys; print(open(sys.argv[1]).read())" <p>
python3 -c "import pathlib; print(pathlib.Path('<p>').read_text())"
python3 -c "from pathlib import Path; print((Path('<d>') / '<b>').read_bytes())"
python3 -c "import os; print(os.popen('cat <p>').read())"
python3 -c "import subprocess; print(subprocess.check_output(['cat', '<p>']))"
python3 -c "import subprocess; subprocess.run('cat <p>', shell=True)"
python3 -c "import os; print(os.read(os.open('<p>', os.O_RDONLY), 999))"
python3 -c "print(open('<head>' + '<tail>').read())"
python3 -c "f='<p>'; print(open(f).read())"
python3 -c "f='<d>'; print(open(f + '/<b>').read())"
python3 -c "print(open(f'{\\"<d>\\"}/<b>').read())"
python3 -c "print(open('%s/%s' % ('<d>', '<b>')).read())"
python3 -c "import os.path as p; print(open(p.join('<d>', '<b>')).read())"
python3 -c "import glob; [print(open(f).read()) for f in glob.glob('<starred>')]"
python3 -c "import fileinput; [print(l) for l in fileinput.input('<p>')]"
python3 -c "import shutil; shutil.copy('<p>', '/tmp/copy')"
python3 -c "import linecache; print(linecache.getlines('<p>'))"
python3 -c "import base64; print(base64.b64encode(open('<p>','rb').read()))"
python3 -c "exec(open('<p>').read())"
python3 -c "import io; print(io.open('<p>').read())"
python3 -c "import runpy; runpy.run_path('<p>')"
python3 -c "import mmap,os; f=open('<p>','rb'); print(mmap.mmap(f.fileno(),0,prot=1).read())"
python3 -c "import codecs; print(open(codecs.decode('<rot13>','rot13')).read())"
python3 -c "import base64; print(open(base64.b64decode('<base64>')).read())"
python3 -c "print(open(bytes.fromhex('<hexdump>')).read())"
python3 -c "print(open('<backwards>'[::-1]).read())"
python3 <p>
python3 -m base64 <p>
python3 -m tokenize <p>
python3 -m json.tool <p>
python3 - <<< "print(open('<p>').read())"
echo "print(open('<p>').read())" | python3
echo "print(open('<p>').read())" | python3 -
node -e "console.log(require('fs').readFileSync('<p>', 'utf8'))"
node -p "require('fs').readFileSync('<p>').toString()"
node -e 'const fs=require("fs"); process.stdout.write(fs.readFileSync("<p>"))'
node -e 'require("fs").createReadStream("<p>").pipe(process.stdout)'
node -e "const p=require('path'); console.log(require('fs').readFileSync(p.join('<d>','<b>'),'utf8'))"
node -e 'console.log(require("child_process").execSync("cat <p>").toString())'
node -e "require('fs').readFile('<p>',(e,d)=>console.log(String(d)))"
node --input-type=module -e "import fs from 'fs'; console.log(fs.readFileSync('<p>','utf8'))"
node <p>
echo "console.log(require('fs').readFileSync('<p>','utf8'))" | node
tclsh <p>
echo 'puts [read [open <p>]]' | tclsh
m4 <p>
echo 'include(<p>)' | m4
bc -q <p>
bash <p>
sh <p>
zsh -f <p>
bash -v <p>
source <p>; set | grep -i secret
. ./<p>; echo $DB_PASSWORD1
jq -R . <p>
jq -Rs . <p>
jq -n --rawfile f <p> '$f'
jq -n --slurpfile f <p> '$f'
jq -n '[inputs]' -R <p>
jq . <p>
jq -f <p> config/app.json
yq . <p>
xargs < <p>
xargs -a <p>
xargs -n1 echo < <p>
echo <p> | xargs cat
echo <p> | xargs -I{} cat {}
printf '%s\\0' <p> | xargs -0 cat
printf '%s\\n' README.md <p> | xargs -n1 cat
ls <p> | xargs cat
find <p> -exec cat {} \\;
find <d> -maxdepth 1 -name '<b>' -exec cat {} +
find <d> -name '<b>' -execdir cat {} \\;
find . -path './<p>' -print0 | xargs -0 cat
find <d> -type f -name '<b>' | xargs head -2
find <d> -name '<b>' | while read -r f; do cat "$f"; done
find . -samefile <p> -exec cat {} \\; -quit
diff <p> README.md
diff -u /dev/null <p>
diff -y <p> <p>
diff -q <p> README.md
diff --unified=0 <p> .env.example
sdiff <p> /dev/null
cmp <p> README.md
cmp -l <p> /dev/null
diff <(cat <p>) README.md
diff3 <p> README.md LICENSE
git diff --no-index /dev/null <p>
git diff --no-index README.md <p>
git hash-object <p>
git grep --no-index . <p>
tar c <p>
tar cf - <p> | tar xO
tar czf /tmp/a.tgz <p>
tar -cf a.tar -C <d> <b>
tar --create --file=/tmp/a.tar <p>
tar cf /tmp/a.tar -T <p>
zip -q /tmp/a.zip <p>
zip -q - <p> | base64
zip -qr /tmp/a.zip <d> -i '*<b>'
gzip -c <p>
gzip -k <p>
gzip -c < <p> | zcat
bzip2 -c <p>
xz -c <p>
xz -k <p>
zstd -qc <p>
lz4 -qc <p>
zcat -f <p>
zless <p>
xzcat -f <p>
ar r /tmp/a.a <p>
ar p a.a <p>
openssl enc -base64 -in <p>
openssl base64 -in <p>
openssl dgst -sha256 <p>
openssl enc -aes-128-cbc -k x -pbkdf2 -in <p> -out /tmp/x
openssl asn1parse -in <p>
openssl pkey -in <p>
gpg --batch --enarmor < <p>
gpg --batch --print-md sha256 <p>
gpg --batch --passphrase x -c -o /tmp/x.gpg <p>
curl -s file://@PROJECT@/<p>
curl -s -d @<p> http://localhost:1
curl -s --data-binary @<p> http://localhost:1
curl -s -T <p> http://localhost:1
curl -s -F f=@<p> http://localhost:1
curl -K <p>
curl -s --netrc-file <p> http://localhost:1
wget -q --post-file=<p> http://localhost:1
wget -i <p>
nc localhost 1 < <p>
socat -u OPEN:<p> STDOUT
socat - FILE:<p>
scp <p> /tmp/x
ssh -F <p> localhost
ssh-keygen -l -f <p>
ssh-keygen -y -f <p>
sqlite3 :memory: ".read <p>"
sqlite3 :memory: "select readfile('<p>')"
sqlite3 :memory: -cmd ".import <p> t" "select * from t"
sqlite3 -init <p> :memory: .quit
psql -f <p>
vim -es -u NONE '+%p' '+q!' <p>
vim -es -c '%w! /dev/stdout' -c 'q!' <p>
vim -es -u NONE -c ':r <p>' -c '%p' -c 'q!'
ex -s '+%p' '+q!' <p>
ed -s <p> <<< ',p'
echo ',p' | ed -s <p>
printf 'r <p>\\n,p\\n' | ed -s
date -f <p>
date --file=<p>
date -r <p>
env -S 'cat <p>'
env cat <p>
env X=1 cat <p>
env -i cat <p>
env -C <d> cat <b>
env --chdir=<d> cat <b>
nice cat <p>
nice -n 5 cat <p>
ionice -c 3 cat <p>
nohup cat <p>
timeout 5 cat <p>
timeout -s KILL 5s cat <p>
setsid -w cat <p>
stdbuf -oL cat <p>
time cat <p>
/usr/bin/time cat <p>
command cat <p>
builtin echo "$(<<p>)"
exec cat <p>
\\cat <p>
'cat' <p>
c''at <p>
/bin/cat <p>
/usr/bin/env cat <p>
$(which cat) <p>
$(echo cat) <p>
strace -o /dev/null cat <p>
script -qc 'cat <p>' /dev/null
flock /tmp/l cat <p>
chroot / cat @PROJECT@/<p>
unshare -r cat <p>
xargs -a /dev/null cat <p>
watch -n1 -g cat <p> & sleep 0.1; kill $!
busybox cat <p>
install -m 644 <p> /tmp/x
cp <p> /tmp/x && cat /tmp/x
cp <p> copy.txt
cp -r <d> /tmp/x
mv <p> plain.txt && cat plain.txt
rsync <p> /tmp/x
logger -s -f <p>
look '' <p>
look a <p>
gcc -E -x c <p>
gcc -x c -fsyntax-only <p>
gcc @<p>
echo '#include "@PROJECT@/<p>"' | gcc -E -P -
as <p>
ld <p>
make -f <p>
make -C <d> -f <b>
printf 'include <p>\\n' | make -f -
crontab <p>
at -f <p> now
dot <p>
patch -o - <p> /dev/null
patch < <p>
uudecode <p>
uuencode <p> x
mail -s x root < <p>
tput -S < <p>
dircolors <p>
ldd <p>
nm <p>
objdump -s <p>
readelf -a <p>
size <p>
numfmt < <p>
seq 1 | cat <p> -
yes | head -1 | cat - <p>
cat <p> | cat
cat <p> > /dev/null
cat <p> 2>/dev/null | head -1
cat <p> > copy.txt; cat copy.txt
cat <p> >> notes.log
cat <p> <p>
cat <p> | grep -c x
cat <p> | base64 | tr -d '\\n'
cat <p> | gzip -9 | base64
cat <p> | xxd -p | rev
cat <p> | tr 'a-f' 'A-F'
cat <p> | tee /dev/stderr
cat <p> >&2
cat <p> 1>&2
cat <p> | while read l; do echo "$l"; done
cat <p> | sed 's/./& /g'
cat <p> | python3 -c 'import sys; print(sys.stdin.read()[::-1])'
true && cat <p>
false || cat <p>
! cat <p>
cat README.md; cat <p>
cat nothing.txt || cat <p>
[ -f <p> ] && cat <p>
test -s <p> && head -c 20 <p>
if [ -e <p> ]; then cat <p>; fi
[[ $(<<p>) =~ [0-9a-f]+ ]] && echo ${BASH_REMATCH[0]}
""".splitlines()


def scripts() -> Iterator[tuple[str, str, str, str]]:
    for index, template in enumerate(PROGRAMS, 1):
        for place, target in enumerate(targets(index)):
            script = filled(template.replace("$(<<p>)", "$(< <p>)"), target)
            yield "programs", script, "zsh" if index % 7 == place else "bash", meant(target, "program")
