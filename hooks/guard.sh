#!/bin/sh
# Starts the guard for one hook call of Claude Code: finds the person's own installation, runs it, and turns every
# end but its own answer into exit 2, because the client lets a call through when its hook fails in any other way.
# The plugin and the settings of a project share this file. It writes nothing and starts nothing but Python.

# What is said goes to descriptor 3, so that the shell's own notes, as about a killed program, are not seen.
exec 3>&2 2>/dev/null

deny() {
    printf 'claude-guard: denied, because %s\n' "$1" >&3
    exit 2
}

# Whether folder $1 is, links followed, the folder $2 or below it.
inside() {
    up=$1
    while [ -e "$up" ]; do
        [ "$up" -ef "$2" ] && return 0
        [ "$up" -ef / ] && return 1
        up=$up/..
    done
    return 0
}

# Sets `python` to the interpreter that the console script $1 names: in its first line, or, where the path is long or
# has blanks, in the second, as pip and uv write it. A version manager's shim names none.
interpreter() {
    python='' first='' second=''
    { IFS= read -r first; IFS= read -r second; } <"$1"
    case $first in
        '#!/bin/sh'*)
            case $second in
                "'''exec' "*'$(realpath '*) python=$(dirname -- "$(realpath -- "$1")")/python ;;
                "'''exec' \""*) python=${second#*\"} python=${python%%\"*} ;;
                "'''exec' '"*) python=${second#"'''exec' '"} python=${python%%\'*} ;;
                "'''exec' /"*) python=${second#"'''exec' "} python=${python%% *} ;;
            esac ;;
        '#!/'*) python=${first#'#!'} python=${python%% *} ;;
    esac
    case ${python##*/} in
        python*) [ -x "$python" ] ;;
        *) return 1 ;;
    esac
}

# Sets `python` from the console script in folder $1, or from the one behind a version manager's shim in it.
installed() {
    [ -f "$1/claude-guard" ] || return 1
    interpreter "$1/claude-guard" && return 0
    case $1 in
        */shims)
            for script in "${1%/shims}"/versions/*/bin/claude-guard "${1%/shims}"/installs/*/*/bin/claude-guard; do
                [ -f "$script" ] && interpreter "$script" && return 0
            done ;;
    esac
    return 1
}

# Sets `python` and `package` from the shell gate that the person has installed: no command can write to its place, while
# one could put another guard into a folder of PATH.
gated() {
    gate=${HOME:-/dev/null}/.local/state/claude-guard/shell first='' second=''
    [ -f "$gate" ] && { IFS= read -r first; IFS= read -r second; } <"$gate"
    case $first$second in
        '#!/'*" -IS__file__ = '/"*"/claude_guard/__shell__.py'") ;;
        *) return 1 ;;
    esac
    python=${first#'#!'} python=${python% -IS}
    package=${second#"__file__ = '"} package=${package%/__shell__.py\'}
    [ -x "$python" ] && [ -f "$package/__hook__.py" ] && return 0
    python='' package=''
    return 1
}

# Sets `python` from PATH, then from `~/.local/bin`. A repository must not supply its own guard: relative folders and
# those in the project's repository do not count, unless the person's home is in that repository.
search() {
    project=${CLAUDE_PROJECT_DIR:-$PWD}
    up=$project
    while [ -n "$up" ] && [ "$up" != "${HOME-}" ]; do
        [ -e "$up/.git" ] && project=$up && break
        up=${up%/*}
    done
    inside "${HOME:-/}" "$project" && project=''
    rest=${PATH-}:
    while [ -n "$rest" ]; do
        folder=${rest%%:*} rest=${rest#*:}
        case $folder in
            /*) installed "$folder" && { [ -z "$project" ] || ! inside "$folder" "$project"; } && return 0 ;;
        esac
    done
    [ -n "${HOME-}" ] && installed "$HOME/.local/bin"
}

python='' package=''
if [ -n "${CLAUDE_PLUGIN_ROOT-}" ] && [ "$0" -ef "$CLAUDE_PLUGIN_ROOT/hooks/guard.sh" ]; then
    setup="run \`sh \"$CLAUDE_PLUGIN_ROOT/hooks/setup.sh\" \"${CLAUDE_PLUGIN_DATA-}\"\` once, or \`pipx install claude-guard\`"
    if [ -x "${CLAUDE_PLUGIN_DATA:-/dev/null}/venv/bin/python" ]; then
        python=$CLAUDE_PLUGIN_DATA/venv/bin/python package=$CLAUDE_PLUGIN_ROOT/claude_guard
    fi
else
    setup='run `pipx install claude-guard` or `uv tool install claude-guard`'
fi
if [ -z "$python" ] && ! gated; then
    search || deny "claude-guard is not installed for you; $setup, then try again"
    for found in "${python%/bin/*}"/lib/python3*/site-packages/claude_guard/__hook__.py; do
        # Two Python versions in one folder, or an editable installation: Python itself has to find the package.
        [ -z "$package" ] && [ -f "$found" ] && package=${found%/*} || { package=''; break; }
    done
fi

if [ -n "$package" ]; then
    (exec "$python" -I -S "$package/__hook__.py" "$@" --launched 2>&3 3>&-)
else
    (exec "$python" -E -P -c 'import claude_guard.__hook__' "$@" --launched 2>&3 3>&-)
fi
code=$?
case $code in
    97) exit 0 ;; # the guard has answered: `--launched` makes it say so by a code that nothing else ends with
    2) exit 2 ;;
    0) deny "the guard ended without an answer; install it again: $setup" ;;
    126 | 127) deny "\`$python\` cannot be started; install it again: $setup" ;;
    *) deny "the guard failed (exit code $code); run \`claude-guard status\`, or install it again: $setup" ;;
esac
