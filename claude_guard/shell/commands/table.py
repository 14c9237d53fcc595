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
        "mountpoint findmnt whereis type hash inotifywait fswatch quota hostname realpath readlink grealpath "
        "greadlink basename dirname test [ pwd echo gecho printf seq which claude-guard true false : sleep "
        "yes uname whoami id groups users who w uptime nproc getconf tty stty reset clear tput logname hostid "
        "cal ncal expr factor kill killall pkill pgrep pidof pstree top htop free vmstat iostat mpstat lscpu "
        "lsblk lsusb lspci lsmod dmesg nvidia-smi sw_vers ping ping6 traceroute tracepath nslookup host whois "
        "ss netstat ip ifconfig route arp uuidgen uuid say beep renice sync swapon jobs disown fg bg wait "
        "ulimit umask times logout fc getopts shift return exit break continue let shopt bind complete "
        "compgen suspend figlet cowsay fortune notify-send xdpyinfo loginctl timedatectl localectl ntpq "
        "chronyc apt-cache dpkg-query rpmquery lsb_release cpuid gettext ngettext tset"
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
        "chroot unshare nsenter bwrap firejail systemd-run systemd-inhibit caffeinate arch watch entr "
        "hyperfine busybox toybox dotenv dotenvx env-cmd cross-env chpst envdir softlimit winpty rlwrap env "
        "genv su script flock xargs gxargs parallel"
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
    "diff": (
        "cmp diff3 sdiff merge wdiff dwdiff difft delta vimdiff nvimdiff meld kdiff3 icdiff diffstat "
        "filterdiff combinediff interdiff lsdiff bsdiff bspatch xdelta3 diff gdiff colordiff dirdiff patch "
        "gpatch"
    ),
    "archive": (
        "gzip gunzip pigz unpigz bzip2 bunzip2 pbzip2 lbzip2 compress uncompress lzip plzip lzop zopfli zcat "
        "gzcat bzcat xzcat lzcat zstdcat lz4cat pxz lrzip snzip xz unxz lzma unlzma zstd unzstd zstdmt pzstd "
        "lz4 unlz4 lz4c brotli ar unzip unrar unar lsar funzip zipinfo zipnote genisoimage mkisofs mksquashfs "
        "unsquashfs rpm2cpio dpkg-deb shar makeself tar gtar bsdtar star zip 7z 7za 7zr 7zz rar cpio pax"
    ),
    "crypto": (
        "age rage age-keygen sops ansible-vault gpgv gpgsm ssh-add ssh-copy-id ssh-keyscan puttygen certtool "
        "keytool minisign signify scrypt ccrypt ccat mcrypt htpasswd certutil pk12util step mkcert cosign "
        "ykman ssh-agent pass gopass op bw rbw lpass keyctl secret-tool security vault chamber credstash "
        "doppler infisical kwallet-query keyring keepassxc-cli ecryptfs-unwrap-passphrase cryptsetup "
        "docker-credential-desktop git-credential-osxkeychain aws-vault saml2aws teller envchain berglas "
        "firebase heroku vercel netlify fly flyctl railway supabase wrangler stripe gpg gpg2 openssl libressl "
        "ssh-keygen"
    ),
    "data": (
        "fx gron jless jid jo json_pp json_xs xmllint xmlstarlet xidel xsltproc tidy html2text w3m lynx links "
        "elinks csvtool csvsql q textql datamash m4 cpp jinja2 j2 gomplate mustache consul-template protoc "
        "plantuml dot mmdc gnuplot ffmpeg ffprobe sox identify qrencode zbarimg tesseract pdfinfo qpdf gs "
        "exif yamllint jsonlint yajsv check-jsonschema taplo dyff shyaml dotenv-linter dbview parquet-tools "
        "avro-tools h5dump ncdump plutil PlistBuddy defaults csvcut csvgrep csvlook csvstat csvjson csvsort "
        "csvstack csvjoin csvclean csvformat in2csv csvpy jq gojq jaq yq tomlq xq mlr xsv qsv zsv vd visidata "
        "dasel envsubst convert magick montage mogrify gm"
    ),
    "database": (
        "pg_restore sqlite3 sqlite litecli sqlcipher duckdb psql pgcli cockroach usql mysql mariadb mycli "
        "redis-cli mongosh mongo mongoimport mongoexport cqlsh sqlcmd clickhouse-client influx etcdctl consul "
        "bq snowsql pg_dump pg_dumpall mysqldump mariadb-dump mysqlimport createdb dropdb pg_isready "
        "mysqladmin initdb"
    ),
    "editors": (
        "nano pico micro ne joe mg jed kak hx helix mcedit tilde dte vis amp code cursor subl gedit kate "
        "mousepad atom zed mate bbedit idea pycharm webstorm vi vim nvim view rvim gvim ex neovim elvis nvi "
        "rview evim eview rgvim ed red emacs emacsclient xemacs"
    ),
    "transfer": (
        "curl curlie wget wget2 aria2c http https xh xhs ssh autossh mosh scp pscp rsync sftp ftp lftp ncftp "
        "tftp nc ncat netcat nc.openbsd nc.traditional telnet socat rclone http-server live-server caddy "
        "darkhttpd webfsd miniserve magic-wormhole wormhole croc ffsend transfer websocat grpcurl ab wrk hey "
        "mc s3cmd yt-dlp"
    ),
    "containers": (
        "docker podman nerdctl finch buildah lima docker-compose podman-compose kubectl oc k3s k "
        "microk8s.kubectl helm helmfile kustomize k9s kubectx kubens minikube kind stern skopeo crane trivy "
        "vagrant"
    ),
    "cloud": (
        "aws gcloud az gh glab hub doctl ibmcloud oci linode-cli hcloud pulumi serverless sam cdk eksctl "
        "kubelogin aws-iam-authenticator gsutil copilot eb cf terraform tofu terragrunt ansible "
        "ansible-playbook ansible-inventory ansible-pull ansible-console packer tflint checkov tfsec "
        "infracost newrelic sentry-cli stripe-cli twilio"
    ),
    "build": (
        "gcc g++ cc c++ clang clang++ tcc icc rustc javac kotlinc scalac swiftc ocamlc ocamlopt fpc dmd ldc2 "
        "nim nimc gfortran nasm yasm as ld gold lld nm objdump readelf objcopy strip addr2line c++filt ranlib "
        "nvcc emcc zig valac vala erlc elixirc tsc esbuild swc sass scss lessc stylus babel rollup webpack "
        "parcel thrift flatc capnp buf pdflatex xelatex lualatex latex latexmk tex bibtex biber makeinfo "
        "asciidoctor asciidoc sphinx-build mkdocs hugo jekyll typst luac gcov lcov gcovr ruff black isort "
        "flake8 pylint pyflakes pycodestyle pydocstyle yapf autopep8 autoflake mypy pyright basedpyright "
        "pytype pyre bandit vulture radon codespell pyupgrade eslint prettier biome oxlint standard xo "
        "stylelint htmlhint jshint tslint markdownlint markdownlint-cli2 shellcheck shfmt checkbashisms "
        "hadolint gofmt goimports golangci-lint staticcheck govulncheck gofumpt rustfmt clang-format "
        "clang-tidy cppcheck cpplint rubocop standardrb erb_lint phpcs phpcbf php-cs-fixer phpstan psalm "
        "ktlint detekt swiftlint swiftformat scalafmt ormolu hlint terraform-docs djlint sqlfluff sqlfmt "
        "actionlint zizmor semgrep gitleaks trufflehog detect-secrets vale proselint write-good textlint alex "
        "cspell typos knip depcheck madge ts-prune dprint perltidy perlcritic luacheck stylua buildifier "
        "ast-grep sg comby scalafix ctags universal-ctags etags cscope gtags doxygen indent astyle uncrustify "
        "ninja samu cmake ctest meson scons bazel bazelisk buck2 gradle gradlew mvn mvnw ant sbt mill lein "
        "rake rails rspec cucumber phpunit pest artisan mix rebar3 stack cabal dune dotnet msbuild swift "
        "xcodebuild flutter dart fastlane just task invoke fab pytest py.test nosetests tox nox behave "
        "django-admin flask uvicorn gunicorn celery alembic streamlit jupyter papermill jest vitest mocha ava "
        "tap karma cypress playwright nodemon pm2 concurrently turbo nx lerna vite next nuxt astro gatsby ng "
        "vue-cli-service react-scripts storybook prisma knex sequelize typeorm drizzle-kit gulp grunt nix "
        "nix-build guix snakemake nextflow dvc dbt airflow pre-commit husky lint-staged act bats shellspec "
        "busted gotestsum ginkgo air locust k6 make gmake bmake remake colormake go cargo cross"
    ),
    "packages": (
        "npm pnpm yarn cnpm npx bunx pnpx pip pip3 pip2 pipdeptree pip-compile pip-sync pip-audit uv uvx "
        "poetry pipenv pdm hatch rye pixi conda mamba micromamba bundle pipx bundler flit coverage nix-shell "
        "direnv pyenv rbenv nodenv asdf mise rtx volta fnm nvm jenv sdk apt apt-get aptitude dpkg rpm yum dnf "
        "zypper pacman yay apk brew port snap flatpak emerge pkg pkg_add choco winget scoop gem cpan cpanm "
        "luarocks composer opam raco ghcup rustup rustup-init tlmgr npm-check-updates ncu update-alternatives "
        "systemd-analyze mas xcode-select softwareupdate"
    ),
    "git": (
        "git git-diff git-show git-log git-whatchanged git-reflog git-format-patch git-diff-tree "
        "git-diff-index git-diff-files git-difftool git-range-diff git-request-pull git-cat-file "
        "git-unpack-file git-grep git-archive git-blame git-annotate git-checkout-index git-bundle "
        "git-fast-export git-pack-objects git-merge-tree git-worktree git-clone git-status git-add git-stage "
        "git-rm git-mv git-update-index git-commit git-restore git-reset git-stash git-rebase git-fetch "
        "git-pull git-push git-ls-remote git-submodule git-bisect git-filter-branch git-config git-read-tree "
        "git-checkout git-switch git-merge git-cherry-pick git-revert git-update-ref git-symbolic-ref "
        "git-replace git-sparse-checkout git-fast-import git-unpack-objects git-pull-request git-hash-object "
        "git-credential git-credential-store git-credential-cache git-tag git-notes git-apply git-am "
        "git-mailinfo git-mailsplit git-interpret-trailers git-merge-file git-send-email git-index-pack "
        "git-verify-pack git-fmt-merge-msg git-shell"
    ),
}

TABLE: dict[str, str] = {name: family for family, names in FAMILIES.items() for name in names.split()}
