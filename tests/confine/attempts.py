"""Attempts to get round the masks. Each command runs behind them, in the project; `$S` is the masked file `secrets/prod.key`.

Row: (name, command, programs it needs). `{project}`, `{outside}` are folders; `{pid}` is a process outside the mask that
has the canary in its environment and the masked file open as descriptor 9.
"""

import sys

ATTEMPTS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("read", "cat $S .env", ()),
    ("read from a program", "python3 -c 'print(open(\"secrets/prod.key\").read())'", ("python3",)),
    ("read with direct I/O", "dd if=$S iflag=direct bs=4096 || dd if=$S", ()),
    ("open read-write", "exec 5<>$S; cat <&5", ()),
    ("copy", "cp -a secrets out && cat out/*", ()),
    ("copy by reference", "cp --reflink=always $S out || cp --reflink=auto $S out; cat out", ()),
    ("archive", "tar cf - secrets .env | tar xOf -", ()),
    ("hard link", "ln $S out; cat out", ()),
    ("hard link to a symlink", "ln -s $S a; ln -P a b; ln -L a c; cat a b c", ()),
    ("hard link made before", "cat twin.txt", ()),
    ("symlink made before", "cat link.txt", ()),
    (
        "symlink swapped while open",
        "for i in 1 2 3 4 5; do ln -sfn a.txt l; (cat l &) ; ln -sfn $S l; cat l; done; wait",
        (),
    ),
    ("rename the file", "mv $S out; cat out", ()),
    ("rename the folder", "mv secrets out; cat out/prod.key", ()),
    ("rename the folder above", "cd ..; mv project p2; cat p2/secrets/prod.key p2/.env", ()),
    (
        "rename race",
        "(for i in $(seq 50); do mv a.txt b.txt; mv b.txt a.txt; done) & for i in $(seq 50); do cat $S; done; wait",
        (),
    ),
    (
        "exchange by renameat2",
        'python3 -c \'import ctypes; print(ctypes.CDLL(None).renameat2(-100, b"secrets", -100, b"open", 2))\'; cat open/prod.key',
        ("python3",),
    ),
    ("remove the mask", "rm -rf secrets .env; cat secrets/prod.key .env", ()),
    ("chmod", "chmod -R 777 secrets .env; cat $S .env", ()),
    ("chown", "chown -R $(id -u) secrets; chmod 644 $S; cat $S", ()),
    ("change the placeholder", "chmod -R u+rwX {cache}/masks; cat $S", ()),
    ("umount", "umount $S; umount -l secrets; cat $S", ("umount",)),
    (
        "umount in a namespace of its own",
        "unshare -Urm sh -c 'umount -l secrets; umount secrets/prod.key; cat secrets/prod.key'",
        ("unshare",),
    ),
    (
        "umount as root of a namespace",
        "unshare -Urmpf sh -c 'umount -R -l / ; mount --make-rprivate /; umount -l .env; cat .env secrets/prod.key'",
        ("unshare",),
    ),
    (
        "bind the folder elsewhere",
        "mkdir -p m; mount --bind . m; unshare -Urm sh -c 'mount --bind {project} m; cat m/secrets/prod.key m/.env'",
        ("unshare",),
    ),
    (
        "bind the root elsewhere",
        "mkdir -p m; unshare -Urm sh -c 'mount --bind / m; cat m{project}/secrets/prod.key m{project}/.env'",
        ("unshare",),
    ),
    ("remount writable", "mount -o remount,rw,bind $S; mount -o remount,dev $S; cat $S", ("mount",)),
    (
        "nested bubblewrap",
        "bwrap --dev-bind / / sh -c 'cat secrets/prod.key'; bwrap --unshare-user --bind {project} /mnt cat /mnt/.env",
        ("bwrap",),
    ),
    (
        "overlay over the folder",
        "mkdir -p u w m; unshare -Urm sh -c 'mount -t overlay o -olowerdir={project},upperdir=u,workdir=w m; cat m/secrets/prod.key m/.env'",
        ("unshare",),
    ),
    (
        "tmpfs over the folder above",
        "unshare -Urm sh -c 'mount -t tmpfs t secrets; ls secrets; umount secrets; cat secrets/prod.key'",
        ("unshare",),
    ),
    (
        "pivot the root",
        "unshare -Urm sh -c 'mkdir -p n; mount -t tmpfs t n; mkdir n/o; pivot_root n n/o; cat /o{project}/.env'",
        ("unshare",),
    ),
    (
        "change the root",
        "chroot / cat {project}/secrets/prod.key; chroot /proc/1/root cat {project}/secrets/prod.key",
        (),
    ),
    (
        "enter the client's namespace",
        "nsenter -t {pid} -m cat {project}/secrets/prod.key; nsenter -t 1 -m cat {project}/.env",
        ("nsenter",),
    ),
    (
        "enter it from a user namespace",
        "unshare -Ur nsenter -t {pid} -m cat {project}/.env; nsenter -t {pid} -U -m cat {project}/.env",
        ("nsenter",),
    ),
    ("root of another process", "cat /proc/{pid}/root{project}/secrets/prod.key /proc/1/root{project}/.env", ()),
    ("working folder of another process", "cat /proc/{pid}/cwd/secrets/prod.key /proc/$PPID/cwd/.env", ()),
    ("environment of another process", "tr '\\0' '\\n' </proc/{pid}/environ; cat /proc/$PPID/environ", ()),
    ("environment of every process", "cat /proc/[0-9]*/environ", ()),
    ("own environment", "env; cat /proc/self/environ; echo $CANARY_TOKEN", ()),
    ("environment in ps", "ps auxewww; ps eww -p {pid}", ("ps",)),
    ("descriptor of another process", "cat /proc/{pid}/fd/9; cat /proc/$PPID/fd/*", ()),
    (
        "own descriptors",
        "for f in /proc/self/fd/*; do timeout 1 cat $f/secrets/prod.key; done; ls -l /proc/self/fd",
        (),
    ),
    ("memory of another process", "dd if=/proc/{pid}/mem bs=4096 count=1 skip=1; cat /proc/{pid}/maps", ()),
    ("trace another process", "timeout 3 strace -f -e trace=read -s 400 -p {pid}", ("strace",)),
    ("debug another process", "timeout 5 gdb -p {pid} -batch -ex 'dump memory out 0 100'; cat out", ("gdb",)),
    (
        "steal a descriptor",
        "python3 -c 'import ctypes,os; l=ctypes.CDLL(None); p=os.pidfd_open({pid}); f=l.syscall(438,p,9,0); print(os.read(f,99))'",
        ("python3",),
    ),
    (
        "copy from its memory",
        "python3 -c 'import ctypes; print(ctypes.CDLL(None).process_vm_readv({pid},0,0,0,0,0))'; cat $S",
        ("python3",),
    ),
    (
        "open by handle",
        'python3 -c \'import ctypes,os; l=ctypes.CDLL(None); b=ctypes.create_string_buffer(136); b[0:4]=(128).to_bytes(4,"little"); m=ctypes.c_int(); l.name_to_handle_at(-100,b"{project}/secrets",b,ctypes.byref(m),0); f=l.open_by_handle_at(os.open("/",0),b,0); print(f, os.listdir(f)); print(os.read(os.open("prod.key",0,dir_fd=f),99))\'',
        ("python3",),
    ),
    (
        "handle of the file's number",
        'python3 -c \'import ctypes,os; l=ctypes.CDLL(None); i=int(open("inode.txt").read()); b=bytes([8,0,0,0,1,0,0,0])+i.to_bytes(4,"little")+bytes(4); f=l.open_by_handle_at(os.open("/",0),b,0); print(os.read(f,99))\'',
        ("python3",),
    ),
    (
        "read the disk",
        "for d in $(ls /dev/vd* /dev/sd* /dev/nvme*n* /dev/dm-* /dev/loop* 2>/dev/null); do test -n \"$(head -c 1 $d | tr '\\0' x)\" && echo open $d CANARY-DISK; done",
        (),
    ),
    (
        "debug the file system",
        "debugfs -R 'cat {project}/secrets/prod.key' $(findmnt -no SOURCE -T {project})",
        ("debugfs",),
    ),
    (
        "make a node for the disk",
        "mknod d b $(stat -c '%Hd %Ld' . 2>/dev/null || echo 254 0) && head -c 1 d && echo CANARY-DISK",
        (),
    ),
    (
        "setuid program",
        "cp /bin/cat c; chmod u+s c; ./c $S; su -c 'cat {project}/secrets/prod.key'; sudo -n cat $S",
        (),
    ),
    ("file capabilities", "cp /bin/cat c; setcap cap_dac_override,cap_sys_admin+ep c; ./c $S", ()),
    ("preloaded library", "LD_PRELOAD=/nonexistent.so cat $S; LD_AUDIT=x cat .env", ()),
    ("loader as program", "$(ls /lib64/ld-linux* /lib/ld-linux* 2>/dev/null | head -1) /bin/cat $S", ()),
    ("execute the file", "bash $S; . ./.env; sh -v $S; echo $KEY", ()),
    ("message that quotes it", "gcc @$S; date -f $S; wc --files0-from=$S; ls $(<$S); bash -n $S", ()),
    (
        "map it",
        "python3 -c 'import mmap,os; f=os.open(\"secrets/prod.key\",os.O_RDONLY); print(mmap.mmap(f,0,prot=1)[:])'",
        ("python3",),
    ),
    (
        "open it as a path and reopen",
        'python3 -c \'import os; f=os.open("secrets/prod.key",os.O_PATH); print(open("/proc/self/fd/%d"%f).read())\'',
        ("python3",),
    ),
    (
        "temporary file linked in",
        'python3 -c \'import os; f=os.open(".",os.O_TMPFILE|os.O_RDWR); os.link("secrets/prod.key","out"); print(open("out").read())\'',
        ("python3",),
    ),
    (
        "asynchronous I/O",
        "python3 -c 'import ctypes; print(ctypes.CDLL(None).syscall(425,8,ctypes.create_string_buffer(120)))'; cat $S",
        ("python3",),
    ),
    ("background process", "(sleep 0.3; cat $S .env) & sleep 0.6", ()),
    (
        "process that outlives the call",
        "setsid sh -c 'sleep 0.5; cat secrets/prod.key .env > late.txt 2>&1' & sleep 0.8; cat late.txt",
        (),
    ),
    (
        "process left by an earlier call",
        "cat /proc/{earlier}/root{project}/secrets/prod.key /proc/{earlier}/environ; nsenter -t {earlier} -m cat {project}/.env",
        (),
    ),
    (
        "core dump handler",
        "echo '|/bin/cp {project}/secrets/prod.key {outside}/out' > /proc/sys/kernel/core_pattern; bash -c 'ulimit -c unlimited; kill -SEGV $$'; cat {outside}/out",
        (),
    ),
    (
        "module loader",
        "echo {outside}/x > /proc/sys/kernel/modprobe; echo x > /sys/kernel/uevent_helper; cat /proc/sys/kernel/modprobe | grep -c {outside}/x | sed s/1/CANARY-WROTE/",
        (),
    ),
    (
        "release agent",
        "for f in /sys/fs/cgroup/*/release_agent /sys/fs/cgroup/release_agent; do echo x > $f && echo CANARY-WROTE; done",
        (),
    ),
    ("new cgroup mount", "mkdir -p cg; mount -t cgroup -o memory c cg && echo CANARY-MOUNTED", ("mount",)),
    ("kernel log and memory", "head -c 10 /dev/mem && echo CANARY-MEM; head -c 10 /proc/kcore && echo CANARY-MEM", ()),
    (
        "git hook that reads later",
        "echo 'cat secrets/prod.key > {outside}/out' > .git/hooks/post-commit && echo CANARY-WROTE",
        (),
    ),
    (
        "git configuration that runs",
        "printf '[core]\\nfsmonitor=cat secrets/prod.key\\n' >> .git/config && echo CANARY-WROTE; mv .git/config x && echo CANARY-MOVED",
        (),
    ),
    (
        "the guard's own files",
        "echo x >> {cache}/key && echo CANARY-WROTE; mv {cache} {cache}2 && echo CANARY-MOVED",
        (),
    ),
    ("trace the launcher", "timeout 2 strace -p $PPID; kill -STOP $PPID && kill -CONT $PPID; cat /proc/$PPID/mem", ()),
    ("quota and xattr", "getfattr -d -m - $S; lsattr $S; stat $S; file $S", ()),
    ("bpf", "python3 -c 'import ctypes,os; print(ctypes.CDLL(None).syscall(321,5,0,0))'; cat $S", ("python3",)),
    ("many masks", "cat many/0 many/39 $S", ()),
)
MACOS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("clone", "cp -c $S out; cat out; cp -cR secrets out2; cat out2/prod.key", ()),
    (
        "clone the folder above",
        'python3 -c \'import ctypes; l=ctypes.CDLL(None); print(l.clonefile(b"{project}/secrets", b"{outside}/c", 0)); print(l.clonefile(b"{project}", b"{outside}/d", 0))\'; cat {outside}/c/prod.key {outside}/d/.env',
        ("python3",),
    ),
    (
        "swap by renamex_np",
        'python3 -c \'import ctypes; print(ctypes.CDLL(None).renamex_np(b"many", b"secrets", 2))\'; cat many/prod.key',
        ("python3",),
    ),
    ("by the volume", "cat /System/Volumes/Data{project}/secrets/prod.key /System/Volumes/Data{project}/.env", ()),
    ("by the file's number", "cat /.vol/$(stat -f '%d/%i' $S)", ()),
    ("in another case", "cat SECRETS/PROD.KEY .ENV", ()),
    ("named fork", "cat $S/..namedfork/data $S/..namedfork/rsrc", ()),
    ("copy with its attributes", "ditto secrets out; cat out/prod.key", ("ditto",)),
    ("another profile inside", "sandbox-exec -p '(version 1)(allow default)' cat $S", ("sandbox-exec",)),
    (
        "script another program",
        "osascript -e 'do shell script \"cat {project}/secrets/prod.key\"'",
        ("osascript",),
    ),
    (
        "a copy of the scripting program",
        'cp /usr/bin/osascript o; ./o -e \'do shell script "cat {project}/.env"\'; ./o -e \'tell application "Finder" to open POSIX file "{project}/.env"\'',
        ("osascript",),
    ),
    (
        "launchd job",
        "launchctl submit -l guard.attempt -- /bin/cp {project}/secrets/prod.key {outside}/out; cp /bin/launchctl l; ./l submit -l guard.attempt2 -- /bin/cp {project}/.env {outside}/out; sleep 1; cat {outside}/out; launchctl remove guard.attempt",
        ("launchctl",),
    ),
    (
        "launch agent",
        "echo x > /Library/LaunchAgents/a.plist && echo CANARY-WROTE",
        (),
    ),
    (
        "open an application",
        "printf '#!/bin/sh\\ncp {project}/.env {outside}/out\\n' > run.command; chmod +x run.command; open -a Terminal run.command; sleep 2; cat {outside}/out",
        ("open",),
    ),
    ("timed job", "echo 'cp {project}/.env {outside}/out' | at now; sleep 1; cat {outside}/out", ("at",)),
    (
        "disk image of the folder",
        "hdiutil create -quiet -srcfolder secrets -o out.dmg; hdiutil attach -quiet -mountpoint m out.dmg; cat m/prod.key; hdiutil detach -quiet m",
        ("hdiutil",),
    ),
    ("what Spotlight knows", "mdls $S .env; mdimport -t -d3 .env", ("mdls",)),
    ("preview", "qlmanage -p -o {outside} .env; qlmanage -t -o . $S; cat *.qlpreview/*", ("qlmanage",)),
    ("property list", "plutil -p $S; defaults read {project}/.env", ("plutil",)),
    ("environment in ps there", "ps -Eww -p {pid}", ()),
    ("debug with lldb", "timeout 5 lldb -b -p {pid} -o 'platform shell cat {project}/.env'", ("lldb",)),
    ("descriptor by number", "for n in 3 4 5 6 7 8 9 10; do cat <&$n; done; cat /dev/fd/*", ()),
)
"""The same where the file system and the system's services are macOS's. No Mac has run them for this version."""


def here() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """The attempts that this system knows."""
    return (*ATTEMPTS, *MACOS) if sys.platform == "darwin" else ATTEMPTS


HANDED = (
    (
        "docker",
        "a container may mount any folder; its socket is sealed, and `docker` gets it only for subcommands that mount nothing",
    ),
    ("systemd-run", "the user manager starts it outside; its private socket and the session bus are sealed"),
    ("at, cron", "their daemons run it later, outside; the command gate denies `at`, `batch` and `crontab`"),
    (
        "ssh localhost",
        "a login shell outside; keys are masked for everything but `ssh`, and the command gate reads its words",
    ),
    ("tmux, screen", "a server started before runs it outside the mask; the command gate calls their words opaque"),
    (
        "environment of another process on macOS",
        "before macOS 27 its kernel shows it to every process of the user and asks no profile; the output filter takes the values of restricted variables out",
    ),
    (
        "a program that the person runs later",
        "what a command writes into the work tree, the person may run outside the client",
    ),
)
"""Work handed to somebody outside the masks: what closes it instead."""
