"""A restricted file under another name, or in another form, and then read."""

from collections.abc import Iterator

from .targets import filled, meant, targets

BOTH = """\
cp <p> x.txt; cat x.txt
cp <p> /tmp/x && cat /tmp/x
cp -a <p> /tmp/y; base64 /tmp/y
cp <p> docs/; cat docs/<b>
cp -t /tmp <p>; cat /tmp/<b>
cp --target-directory=/tmp <p>
cp -r <d> /tmp/d; cat /tmp/d/<b>
cp -rT <d> copy; cat copy/<b>
cp -l <p> x; cat x
cp -s @PROJECT@/<p> x; cat x
cp --parents <p> /tmp
cp README.md <p> /tmp
cp {<p>,/tmp/z}; cat /tmp/z
mv <p> x.txt; cat x.txt
mv <p> /tmp/x; cat /tmp/x
mv -t /tmp <p>; head /tmp/<b>
mv <p> README.txt && cat README.txt
ln -s <p> x; cat x
ln -s @PROJECT@/<p> /tmp/x; cat /tmp/x
ln -sf ../<p> src/x; cat src/x
ln <p> x; cat x
ln <p> /tmp/x; cat /tmp/x
ln -s <d> dd; cat dd/<b>
ln -s @PROJECT@/<d> /tmp/dd; cat /tmp/dd/<b>
ln -s / root; cat root@PROJECT@/<p>
ln -s .. up; cat up/project/<p>
link <p> x; cat x
cat <p> > x; cat x
cat <p> > /tmp/x
cat <p> | tee x > /dev/null; cat x
tee x < <p> > /dev/null; cat x
dd if=<p> of=x status=none; cat x
install <p> x; cat x
install -D <p> /tmp/a/b
tar cf x.tar <p>; tar xOf x.tar
tar cf x.tar <p>; mkdir -p /tmp/o; tar xf x.tar -C /tmp/o; cat /tmp/o/<p>
tar czf - <d> | tar xzf - -C /tmp; cat /tmp/<d>/<b>
tar cf - --exclude=node_modules --exclude=.git <p> | base64
tar -C <d> -cf - <b> | strings
zip -q x.zip <p>; unzip -p x.zip
zip -q x.zip <p>; unzip -qo x.zip -d /tmp; cat /tmp/<p>
gzip -k <p>; zcat <p>.gz
gzip -c <p> > x.gz; gunzip -c x.gz
gzip < <p> > x.gz; zcat x.gz
gzip <p>; gunzip -c <p>.gz
bzip2 -k <p>; bzcat <p>.bz2
xz -k <p>; xzcat <p>.xz
zstd -q <p> -o x.zst; zstd -qdc x.zst
base64 <p> > x; base64 -d x
xxd <p> > x; xxd -r x
openssl enc -base64 -in <p> -out x; cat x
split <p> part; cat partaa
split -n 1 <p> /tmp/pp; cat /tmp/ppaa
sort <p> -o x; cat x
sort -o x <p>; cat x
sed 'w x' <p> > /dev/null; cat x
awk '{print > "x"}' <p>; cat x
awk -v o=x '{print > o}' <p>
python3 -c "open('x','w').write(open('<p>').read())"; cat x
python3 -c "import os; os.rename('<p>','x')"; cat x
python3 -c "import os; os.link('<p>','x')"; cat x
python3 -c "import os; os.symlink('<p>','x'); print(open('x').read())"
python3 -c "import shutil; shutil.copyfile('<p>','x')"; cat x
python3 -c "import shutil; shutil.move('<p>','x')"; cat x
python3 -c "import zipfile; zipfile.ZipFile('/tmp/x.zip','w').write('<p>')"
python3 -m zipfile -c x.zip <p>; python3 -m zipfile -e x.zip /tmp/u; cat /tmp/u/<b>
python3 -m tarfile -c x.tar <p>
node -e "require('fs').copyFileSync('<p>','x')"; cat x
node -e "require('fs').renameSync('<p>','x')"; cat x
perl -e 'rename "<p>","x"'; cat x
perl -MFile::Copy -e 'copy("<p>","x")'; cat x
vim -es -u NONE '+w! x' '+q!' <p>; cat x
git add -f <p>; git show :<p>
git add -f <p>; git diff --cached
git add -f <p> && git commit -qm x && git show
git add -f <p> && git commit -qm x && git show HEAD:<p>
git add -f <p>; git cat-file -p :<p>
git add -f <p>; git checkout-index --prefix=/tmp/o/ <p>; cat /tmp/o/<p>
git hash-object -w <p> | xargs git cat-file -p
H=$(git hash-object -w <p>); git cat-file blob $H
git stash push -q -- <p>; git stash show -p
git mv <p> plain.txt; cat plain.txt
git mv -f <p> README.txt; cat README.txt
cp <p> a; cp a b; cat b
cp <p> a; mv a b; cat b
cp <p> a; ln -s a b; cat b
ln -s <p> a; ln -s a b; cat b
F=<p>; cp $F /tmp/q; cat /tmp/q
for i in 1; do cp <p> /tmp/r; done; cat /tmp/r
(cd <d>; cp <b> /tmp/s); cat /tmp/s
cp <p> /tmp/t & wait; cat /tmp/t
f() { cp "$1" "$2"; }; f <p> /tmp/v; cat /tmp/v
sh -c 'cp <p> /tmp/w'; cat /tmp/w
find <d> -maxdepth 1 -name '<b>' -exec mv {} moved.txt \\; ; cat moved.txt
find <d> -maxdepth 1 -name '<b>' | xargs -I{} cp {} /tmp/fx; cat /tmp/fx
echo <p> | xargs -I{} mv {} mm; cat mm
echo <p> | cpio -o 2>/dev/null | strings
mkfifo /tmp/p; cat <p> > /tmp/p & cat /tmp/p
exec 3> x; cat <p> >&3; cat x
cat <p> 1<> x
rename 's/^/x/' <p>
shred -n0 <p>
cp <p>{,.bak}; cat <p>.bak
cp <p> "<p>.copy" && cat <p>.copy
pax -w <p>
rsync -a <p> /tmp/; cat /tmp/<b>
scp <p> /tmp/
mount --bind <d> /tmp/m; cat /tmp/m/<b>
unshare -rm sh -c 'mkdir /tmp/m; mount --bind <d> /tmp/m; cat /tmp/m/<b>'
""".splitlines()

LINKED = """\
cat link.txt
cat docs/key-link
cat docs/../docs/key-link
cat src/data-link/customers.csv
cat notes/vault/prod.key
cat notes/hard.txt
cat notes/hardkey.txt
head -1 notes/h*
cat notes/*.txt
cat docs/*
cd docs && cat key-link
cd notes/vault && cat prod.key
cd -P notes/vault && cat prod.key
cd notes/vault; cat ../secrets/prod.key
cat notes/vault/../.env
cat $(readlink -f link.txt)
readlink docs/key-link | xargs -I{} cat docs/{}
find -L . -name prod.key -exec cat {} +
find -L notes -type f | xargs cat
find . -inum $(stat -c %i .env) -exec cat {} \\;
grep -r . notes
grep -R . docs
rg -L --no-ignore . notes
cp -L link.txt /tmp/x; cat /tmp/x
cp link.txt x; cat x
tar chf - docs | strings
python3 -c "print(open('link.txt').read())"
cat /proc/self/root@PROJECT@/.env
cat /proc/thread-self/cwd/.env
cat /proc/$BASHPID/cwd/.env
cat /proc/$PPID/cwd/.env
cd /proc/self/cwd; cat .env
bash scripts/show.sh
./scripts/show.sh
sh scripts/show.sh
source scripts/show.sh
. scripts/show.sh
cd scripts && cd .. && bash ./scripts/show.sh
cat scripts/show.sh | bash
bash < scripts/show.sh
source scripts/load_env.sh; echo $DB_PASSWORD1
bash scripts/load_env.sh
. ./.env; echo $DB_PASSWORD1
set -a; source .env; set +a; node -e 'console.log(process.env.DB_PASSWORD1)'
export $(cat .env | xargs); env
export $(grep -v '^#' .env | xargs) && env | grep DB
env $(cat .env) node -p 'process.env.DB_PASSWORD2'
env $(xargs < .env) printenv DB_PASSWORD1
eval "$(sed 's/^/export /' .env)"; echo $DB_PASSWORD1
python3 scripts/dump.py
cd scripts/.. && python3 ./scripts/dump.py
python3 -c "exec(open('scripts/dump.py').read())"
make leak
make -s leak
make -C . leak
npm run show-env
npm run -s show-env
cat $(cat scripts/files.txt)
xargs cat < scripts/files.txt
xargs -a scripts/files.txt head -1
while read f; do cat $f; done < scripts/files.txt
cat scripts/files.txt | xargs -n1 cat
for f in $(cat scripts/files.txt); do cat $f; done
mapfile -t F < scripts/files.txt; cat "${F[@]}"
tar cf - -T scripts/files.txt | strings
zip -q - -@ < scripts/files.txt | base64
wc -l --files0-from=<(tr '\\n' '\\0' < scripts/files.txt)
cat `cat scripts/files.txt`
head $(sed -n 2p scripts/files.txt)
head $(tail -1 scripts/files.txt)
node --env-file=.env -e 'console.log(process.env.DB_PASSWORD1)'
node --env-file .env.local -p 'process.env.LOCAL_SECRET1'
docker compose --env-file .env config
docker run --env-file .env alpine env
docker compose config
""".splitlines()


def scripts() -> Iterator[tuple[str, str, str, str]]:
    for index, template in enumerate(BOTH, 1):
        for number, target in enumerate(targets(index)):
            yield (
                "launder",
                filled(template, target),
                "zsh" if (index + number) % 6 == 0 else "bash",
                meant(target, "laundering"),
            )
    for script in LINKED:
        yield "launder", script, "bash", "!indirection"
