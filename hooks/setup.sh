#!/bin/sh
# Builds the virtual environment that the plugin's guard runs in: setup.sh FOLDER, with the plugin's data folder.
# Without FOLDER it is the hook of a session's start: it builds where something is missing or out of date, and then
# hands the call on to the guard. The environment is made elsewhere and moved into place when it is complete.

fail() {
    printf 'claude-guard: the setup failed: %s\n' "$1" >&2
    [ -z "$session" ] && exit 1
    exec /bin/sh "$root/hooks/guard.sh"
}

finished() {
    if [ -n "$session" ]; then
        exec /bin/sh "$root/hooks/guard.sh"
    fi
    printf 'claude-guard is set up in %s\n' "$data/venv"
    exit 0
}

current() {
    [ -x "$data/venv/bin/python" ] && cmp -s "$root/pyproject.toml" "$data/venv/pyproject.toml"
}

# Leaves out of PATH what is relative or in the project: a repository must not supply the guard's interpreter.
own_path() {
    rest=${PATH-}: kept=''
    while [ -n "$rest" ]; do
        folder=${rest%%:*} rest=${rest#*:}
        case $folder in
            "${CLAUDE_PROJECT_DIR:-/dev/null}" | "${CLAUDE_PROJECT_DIR:-/dev/null}"/*) ;;
            /*) kept=$kept:$folder ;;
        esac
    done
    PATH=${kept#:}
}

# One setup at a time; another's is waited for, and the lock of one that died is taken over.
lock() {
    waited=0
    until mkdir "$data/venv.lock" 2>/dev/null; do
        holder=''
        read -r holder <"$data/venv.lock/holder" 2>/dev/null
        if [ -n "$holder" ] && ! kill -0 "$holder" 2>/dev/null; then
            rm -rf "$data/venv.lock"
        elif [ "$waited" -ge 240 ]; then
            fail "another one has been running for $waited s; delete \`$data/venv.lock\` if it is dead"
        else
            sleep 1
            waited=$((waited + 1))
        fi
    done
    echo $$ >"$data/venv.lock/holder"
    trap 'rm -rf "$data/venv.lock" "$new"' EXIT
    trap 'exit 1' HUP INT TERM
}

unlock() {
    trap - EXIT HUP INT TERM
    rm -rf "$data/venv.lock" "$new"
}

interpreter() {
    for python in python3.14 python3.13 python3.12 python3.11 python3 python; do
        "$python" -I -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' && return 0
    done </dev/null >/dev/null 2>&1
    return 1
}

build() {
    interpreter || { said='it needs Python 3.11 or newer with `venv`, and none is on PATH'; return 1; }
    said=$({
        "$python" -I -m venv "$new" &&
            "$new/bin/python" -I -c 'import sys, tomllib
print(*tomllib.load(open(sys.argv[1], "rb"))["project"]["dependencies"], sep="\n")' "$root/pyproject.toml" \
                >"$new/requirements.txt" &&
            "$new/bin/python" -I -m pip install -q --disable-pip-version-check --no-input -r "$new/requirements.txt" &&
            cp "$root/pyproject.toml" "$new/pyproject.toml"
    } 2>&1 </dev/null) || { said=$(printf '%s\n' "$said" | grep . | tail -n 1); return 1; }
}

session='' new=''
if [ -n "${1-}" ]; then
    root=$(cd -- "$(dirname -- "$0")/.." && pwd -P) data=$1
else
    session=yes root=${CLAUDE_PLUGIN_ROOT-} data=${CLAUDE_PLUGIN_DATA-}
    if [ -z "$root" ] || [ -z "$data" ]; then
        echo "claude-guard: usage: setup.sh FOLDER, where FOLDER is the plugin's data folder" >&2
        exit 2
    fi
fi
current && finished
own_path
mkdir -p "$data" || fail "\`$data\` cannot be made"
lock
if ! current; then
    rm -rf "$data"/venv.new.* "$data"/venv.old.*
    new=$data/venv.new.$$
    build || { unlock; fail "$said"; }
    [ -e "$data/venv" ] && mv "$data/venv" "$data/venv.old.$$"
    mv "$new" "$data/venv"
    rm -rf "$data"/venv.old.*
fi
unlock
finished
