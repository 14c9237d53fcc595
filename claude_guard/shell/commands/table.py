"""Which family knows a program: name -> module. A test holds this table and the families' own together."""

FAMILIES: dict[str, str] = {
    "text": (
        "cat gcat tac rev nl head tail multitail lnav wc split csplit sort tsort uniq cut paste join comm lam "
        "fold fmt expand unexpand par pr column colrm col ul tr look ptx numfmt iconv uconv recode dos2unix "
        "unix2dos hexdump hd od xxd hexyl strings file base64 base32 basenc b2sum cksum sum crc32 xxhsum "
        "b3sum uuencode uudecode less more most pg bat nroff groff bc dc dig man mandoc pandoc enscript "
        "pygmentize highlight glow mdcat pv sponge ts pdftotext antiword catdoc exiftool aspell hunspell cloc "
        "scc tokei hashdeep shuf md5sum sha1sum sha224sum sha256sum sha384sum sha512sum shasum md5 batcat"
    ),
    "listing": (
        "ls gls dir vdir exa eza lsd tree du dust ncdu df stat gstat namei getfacl lsattr pathchk lsof fuser "
        "mountpoint findmnt which whereis type hash inotifywait fswatch quota realpath readlink grealpath "
        "greadlink basename dirname test [ pwd echo gecho printf seq true false : sleep yes uname arch "
        "hostname whoami id groups users who w uptime nproc getconf tty stty reset clear tput logname hostid "
        "cal ncal expr factor kill killall pkill pgrep pidof pstree top htop free vmstat iostat mpstat lscpu "
        "lsblk lsusb lspci lsmod dmesg nvidia-smi sw_vers ping ping6 traceroute tracepath nslookup host whois "
        "ss netstat ip ifconfig route arp uuidgen uuid say beep renice sync swapon jobs disown fg bg wait "
        "ulimit umask times logout history fc getopts shift return exit break continue let shopt bind "
        "complete compgen suspend figlet cowsay fortune notify-send xdpyinfo loginctl timedatectl localectl "
        "ntpq chronyc apt-cache dpkg-query rpmquery lsb_release cpuid gettext ngettext tset"
    ),
    "files": (
        "rm rmdir unlink trash mkdir mkfifo mknod mktemp touch truncate fallocate chmod chown chgrp chattr "
        "chcon setfacl setfattr getfattr xattr shred tee open xdg-open rename cp gcp mv gmv ditto install ln "
        "link dd dcfldd"
    ),
    "search": (
        "grep egrep fgrep rgrep ggrep ugrep ug zgrep zegrep zfgrep bzgrep xzgrep lzgrep zstdgrep zipgrep "
        "pcregrep pcre2grep agrep glark rg ripgrep rga ag ack ack-grep"
    ),
    "find": ("find gfind bfs fd fdfind locate plocate mlocate"),
    "stream": ("sed gsed ssed awk gawk mawk nawk original-awk goawk"),
    "wrap": (
        "nice ionice chrt taskset numactl nohup setsid timeout gtimeout stdbuf unbuffer time gtime strace "
        "ltrace dtruss perf valgrind rr catchsegv chronic ifne faketime eatmydata fakeroot proxychains "
        "proxychains4 torsocks dbus-run-session xvfb-run sudo doas pkexec run0 gosu su-exec setpriv runuser "
        "chroot unshare nsenter bwrap firejail systemd-run systemd-inhibit caffeinate direnv watch entr "
        "hyperfine busybox toybox dotenv dotenvx env-cmd cross-env op doppler chpst envdir softlimit winpty "
        "rlwrap env genv su script flock xargs gxargs parallel"
    ),
    "interpreters": (
        "python python2 python3 pypy pypy3 ipython ipython3 micropython python3.6 python3.7 python3.8 "
        "python3.9 python3.10 python3.11 python3.12 python3.13 python3.14 python3.15 node nodejs ts-node tsx "
        "esno babel-node coffee perl raku ruby jruby irb crystal php lua lua5.1 lua5.3 lua5.4 luajit Rscript "
        "R littler osascript tclsh expect groovy julia elixir erl ghc runghc scala clojure bb guile sbcl "
        "swipl jshell nu fish osh xonsh bash sh zsh dash ksh mksh ash rbash yash pdksh deno bun"
    ),
    "process": (
        "printenv ps date gdate at batch crontab systemctl gdb lldb cgdb gcore journalctl logger wall mail "
        "mailx mutt sendmail msmtp swaks xclip xsel pbcopy pbpaste wl-copy lpr lp"
    ),
    "git": (
        "git git-diff git-show git-log git-whatchanged git-reflog git-format-patch git-diff-tree "
        "git-diff-index git-diff-files git-difftool git-range-diff git-request-pull git-cat-file "
        "git-unpack-file git-grep git-archive git-blame git-annotate git-checkout-index git-bundle "
        "git-fast-export git-pack-objects git-merge-tree git-worktree git-clone git-status git-add "
        "git-stage git-rm git-mv git-update-index git-commit git-restore git-reset git-stash git-rebase "
        "git-fetch git-pull git-push git-ls-remote git-submodule git-bisect git-filter-branch git-config "
        "git-checkout git-switch git-merge git-cherry-pick git-revert git-read-tree git-update-ref "
        "git-symbolic-ref git-replace git-sparse-checkout git-fast-import git-unpack-objects "
        "git-pull-request git-hash-object git-credential git-credential-store git-credential-cache "
        "git-tag git-notes git-apply git-am git-mailinfo git-mailsplit git-interpret-trailers "
        "git-merge-file git-send-email git-index-pack git-verify-pack git-fmt-merge-msg git-shell"
    ),
}

TABLE: dict[str, str] = {name: family for family, names in FAMILIES.items() for name in names.split()}
