#!/bin/sh
# Sets up .venv where it is missing and runs the tests in it. Arguments go to pytest.
set -eu
cd "$(dirname "$0")/.."
venv=${CLAUDE_GUARD_VENV:-.venv}
if [ ! -x "$venv/bin/pytest" ]; then
    for python in python3.11 python3.12 python3.13 python3; do
        if "$python" -c 'import sys, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then break; fi
    done
    "$python" -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -e '.[dev]'
fi
exec "$venv/bin/python" -m pytest "$@"
