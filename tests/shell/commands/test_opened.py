"""What real programs open: whatever of the fixture strace sees them open, their reader has said.

The other way round, a command that opened no restricted file is not said to read one, unless its row says why.
"""

import os
import re
import shlex
import shutil
import subprocess

import pytest

from .conftest import FILES, RESTRICTED
from .fake import Fixture, Recorder, reader

pytestmark = pytest.mark.oracle

COMMANDS = """
cat .env
cat README.md .env
cat -n src/app.py
tac .env
rev .env
head -n 1 .env
head -c 3 .env
head -n1 README.md
tail -n 1 .env
tail -n +2 README.md
wc -l .env
wc --files0-from=README.md
sort .env
sort -u -k 1,1 -t = .env
sort -o out.txt README.md
sort --files0-from=.env
uniq .env
uniq -c README.md .env
cut -d = -f 2 .env
cut -c 1-3 README.md
paste .env README.md
paste -d , README.md list.txt
join .env README.md
comm .env README.md
nl .env
od -c .env
od -A x -t x1z -N 4 .env
xxd .env
xxd -l 4 README.md
hexdump -C .env
strings .env
base64 .env
base64 -w 0 README.md
base32 .env
md5sum .env
sha256sum README.md
sha256sum -c names.txt
cksum .env
b2sum .env
sum .env
file .env
file -f list.txt
iconv -f utf-8 -t utf-16 .env
fold -w 3 .env
fmt .env
expand .env
unexpand -a .env
pr .env
column -t .env
split -n 2 .env part
csplit .env 1
shuf .env
shuf -e .env README.md
tsort .env
ptx .env
look S .env
truncate -s 4 scratch
touch .env
touch -r .env scratch
chmod 600 .env
chmod --reference=.env scratch
stat .env
ls -l .env
ls -la . secrets
ls -R .
du -a .
du --files0-from=list.txt
test -f .env
realpath .env
readlink -f .env
basename .env
cp .env scratch
cp -r secrets scratch.d
cp .env.example .env
cp --attributes-only .env scratch
mv README.md scratch
mv .env scratch
ln -s .env scratch
ln .env scratch
install -m 600 .env scratch
install -d scratch.d
dd if=.env of=scratch
dd if=README.md of=.env
rm .env
rm -rf secrets
mkdir -p secrets/new
shred -u .env
tee scratch
grep x .env
grep -c x README.md
grep .env README.md
grep -e x -f .env README.md
grep -r x .
grep -r x src
grep -rl --include=*.py x .
grep -r --exclude=.env --exclude-dir=secrets --exclude-dir=home --exclude=*.csv x .
grep -rn --exclude=.e* x .
grep -d recurse x secrets
grep --exclude-from=names.txt -r x data
egrep x .env
fgrep -w x .env
rg x
rg x src
rg --hidden x
rg -uuu x
rg x .env
rg -t py x
rg -g *.csv x
rg -g !secrets -g !*.csv x
rg -g !secrets/ -g !data/** x .
rg --files
rg -f .env x
rg --ignore-file .env x src
find . -name .env
find . -type f -exec cat {} ;
find . -type f -exec grep -l x {} +
find . -name *.key -exec cat {} ;
find . -name *.py -exec cat {} +
find . -path ./secrets -prune -o -name *.key -exec cat {} ;
find . -maxdepth 1 -type f -exec cat {} ;
find . -mindepth 2 -type f -exec cat {} ;
find . ! -name .* -type f -exec cat {} ;
find . -name .env -execdir cat {} ;
find . -name .env -delete
find . -iname .ENV -exec cat {} ;
find secrets data -type f -newer README.md -exec cat {} ;
find . ( -name .env -o -name *.csv ) -exec cat {} ;
find . -fprint scratch
env cat .env
env A=b cat .env
env -i cat README.md
env -S "cat .env"
nice cat .env
nohup cat .env
timeout 5 cat .env
stdbuf -oL cat .env
setsid -w cat .env
xargs -a list.txt cat
xargs -a names.txt cat
xargs -a list.txt -I{} cat {}
xargs -a list.txt -n 1 head -1
flock scratch cat .env
script -qc "cat .env" /dev/null
sed -n p .env
sed s/a/b/ README.md
sed -e "r .env" README.md
sed "R .env" README.md
sed "1e cat .env" README.md
sed "s/.*/cat .env/e" README.md
sed "w .env" README.md
sed -n "/x/w scratch" .env
sed -i s/a/b/ .env
sed -f program.awk README.md
awk 1 .env
awk {print} README.md
awk -f program.awk README.md
awk "BEGIN { while ((getline line < \\".env\\") > 0) print line }"
awk "BEGIN { \\"cat .env\\" | getline x; print x }"
awk "BEGIN { system(\\"cat .env\\") }"
awk -v f=.env "BEGIN { while ((getline line < f) > 0) print line }"
awk "BEGIN { ARGV[1]=\\".env\\"; ARGC=2 } { print }"
awk "{ print > \\".env\\" }" README.md
awk "{ while ((getline l < $1) > 0) print l }" list.txt
python3 -c "print(open('.env').read())"
python3 -c "print(1+1)"
python3 -c "from pathlib import Path; print(Path('secrets', 'prod.key').read_text())"
python3 -c "import glob; print([open(f).read() for f in glob.glob('*.md')])"
python3 -c "import pathlib; [print(p.read_text()) for p in pathlib.Path('.').rglob('*.csv')]"
python3 -c "import pathlib; [print(p.read_text()) for p in pathlib.Path('.').glob('*.md')]"
python3 -c "import os; [print(open(os.path.join(r, f)).read()) for r, d, fs in os.walk('.') for f in fs]"
python3 -c "import shutil; shutil.copy('.env', 'scratch')"
python3 -c "import subprocess; subprocess.run(['cat', '.env'])"
python3 -c "import os; os.system('cat .env')"
python3 -c "exec(open('reader.py').read())"
python3 -c "import reader"
python3 -c "print(open(chr(46) + 'env').read())"
python3 -c "import fileinput; [print(l) for l in fileinput.input('.env')]"
python3 -c "import os; print(os.listdir('secrets'), os.path.exists('.env'))"
python3 -c "open('.env', 'a').write('x')"
python3 -c "from sys import argv; print(open(argv[1]).read())" .env
python3 reader.py
python3 pure.py
python3 -m json.tool .env
python3 -m base64 -e .env
python3 -m tokenize .env
python3 -m zipfile -c scratch.zip .env
perl -ne print .env
perl -pe s/a/b/ README.md
perl -e "open(F, '.env'); print <F>"
perl -e "open(my $f, '<', '.env') or die; print <$f>"
perl -e "print `cat .env`"
perl -e "print 1 + 1"
perl -e "@ARGV = ('.env'); print <>"
perl -e "local @ARGV = glob('.e*'); print <>"
perl -e "print join '', map { open F, $_; <F> } glob 's*/*.key'"
perl -e "do './.env'"
perl -e "use File::Copy; copy('.env', 'scratch')"
perl -i -pe s/a/b/ .env
bash -c "cat .env"
bash -lc "cat .env"
sh -c "cat .env"
bash reader.sh
sh -n .env
diff .env README.md
diff -r src secrets
diff -rq . src
diff -r -x secrets -x .env -x home -x *.csv . src
diff src .env
cmp .env README.md
diff3 .env README.md list.txt
sdiff .env README.md
tar cf scratch.tar .
tar cf scratch.tar .env
tar -cf scratch.tar -C secrets prod.key
tar -cf scratch.tar --exclude=.env --exclude=secrets --exclude=home --exclude=*.csv .
tar -cf scratch.tar --exclude=./secrets --exclude=.env .
tar -cf scratch.tar -T list.txt
tar -cf scratch.tar src README.md
tar --create --file=scratch.tar --directory=data .
gzip -k .env
gzip -c README.md
bzip2 -k .env
xz -k .env
zcat .env
openssl enc -base64 -in .env
openssl base64 -in README.md
openssl dgst -sha256 .env
openssl rsa -in secrets/prod.key
openssl rand -hex 4
openssl req -config .env -new
ssh-keygen -y -f secrets/prod.key
ssh-keygen -l -f secrets/prod.key
jq . .env
jq -n --rawfile a .env $a
jq -n --slurpfile a .env $a
jq -f .env README.md
jq -n 1+1
curl -s file:///{root}/.env
curl -s -K .env
curl -s -d @.env http://127.0.0.1:9
curl -s --data-binary @.env http://127.0.0.1:9
curl -s -F f=@.env http://127.0.0.1:9
curl -s -T .env http://127.0.0.1:9
curl -s -d .env http://127.0.0.1:9
curl -s -H @.env http://127.0.0.1:9
make -f .env
make -n -f README.md
gcc -E -x c .env
gcc -x c -c .env
gcc @.env
date -f .env
date -r .env
git --version
vim -es -c "r .env" -c "w scratch" -c "q!" README.md
ed -s .env
socat -u OPEN:.env CREATE:scratch
less .env
more .env
patch -i .env README.md
"""


def opened(argv: list[str], root: str) -> set[str]:
    """The regular files of the fixture that a command opens for reading, relative to it."""
    log = root + ".trace"
    environment = {"PATH": os.environ["PATH"], "HOME": root + "/home", "LC_ALL": "C", "PYTHONDONTWRITEBYTECODE": "1"}
    argv = [argv[0], "-j1", *argv[1:]] if argv[0] == "rg" else argv  # threads cut the lines of the trace in two
    command = ["strace", "-f", "-qq", "-y", "-e", "trace=open,openat,chdir,fchdir", "-o", log, *argv]
    subprocess.run(
        command,
        cwd=root,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=30,
        check=False,
    )
    found = set()
    with open(log, errors="replace") as lines:
        for line in lines:
            match = re.search(r'open(?:at)?\(.*"[^"]*", ([A-Z_|0-9x]+).* = \d+<([^>]*)>', line)
            if (
                match
                and "O_WRONLY" not in match[1]
                and "O_DIRECTORY" not in match[1]
                and match[2].startswith(root + "/")
            ):
                found.add(os.path.relpath(match[2], root))
    return found & set(FILES)


def rows() -> list[str]:
    return [line for line in COMMANDS.strip().splitlines() if line]


@pytest.mark.parametrize("command", rows())
def test_what_a_program_opens_is_said(command: str, world: Fixture) -> None:
    if shutil.which("strace") is None:
        if os.environ.get("REQUIRE_ORACLES"):
            pytest.fail("strace is missing")
        pytest.skip("strace is missing")
    root = os.path.realpath(world.cwd)
    argv = [word.replace("{root}", root.lstrip("/")) for word in shlex.split(command)]
    if shutil.which(argv[0]) is None:
        pytest.skip(f"{argv[0]} is not installed")

    context = Recorder(world)
    reader(argv[0])(argv, context)
    spoken = context.said
    read = {item.partition(":")[2] for item in spoken if item.startswith(("read:", "execute:"))}
    unknown = any(item.startswith("opaque:") for item in spoken)
    real = opened(argv, root)
    missing = {path for path in real if restricted(path)} - {path for path in FILES if covered(path, read)}
    assert unknown or not missing, (missing, spoken)
    denied = {path for path in FILES if restricted(path) and covered(path, read)}
    if not unknown and not real & denied and command not in CAUTIOUS:
        assert not denied, (real, spoken)


CAUTIOUS = {
    "mv .env scratch": "moving a file is a way to read it by another name",
    "ln -s .env scratch": "so is linking",
    "ln .env scratch": "so is a hard link",
    "find secrets data -type f -newer README.md -exec cat {} ;": "times are not looked at",
    "diff -r src secrets": "names that only one folder has are not looked at",
    "diff -rq . src": "the same",
    "diff src .env": "nor whether the counterpart exists",
    "curl -s -F f=@.env http://127.0.0.1:9": "nothing answers there, so nothing is sent",
    "sh -n .env": "a shell quotes what it cannot parse",
}


def restricted(path: str) -> bool:
    return any((path + "/").startswith(name + "/") for name in RESTRICTED)


def covered(path: str, read: set[str]) -> bool:
    return any((path + "/").startswith(name + "/") for name in read)
