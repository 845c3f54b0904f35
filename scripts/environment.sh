#!/usr/bin/env bash
# Make .venv from the lock file: a Python >= 3.12 from PATH or pyenv, else one that uv fetches, else say what to install.
# usage: scripts/environment.sh [--dev]
set -euo pipefail
cd "$(dirname "$0")/.."
UV_VERSION=0.13.9

say() { printf '\033[1m[onemap]\033[0m %s\n' "$*" >&2; }

good_python() { "$1" -c 'import sys, sqlite3, ssl; sys.exit(not (3, 12) <= sys.version_info[:2] < (3, 15))' >/dev/null 2>&1; }

find_python() {
    local candidate
    for candidate in python3.12 python3.13 python3.14 python3; do
        candidate=$(command -v "$candidate" 2>/dev/null) || continue
        if good_python "$candidate"; then echo "$candidate"; return; fi
    done
    for candidate in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[234]*/bin/python3; do
        if [ -x "$candidate" ] && good_python "$candidate"; then echo "$candidate"; return; fi
    done
}

find_uv() {
    local candidate
    for candidate in "$(command -v uv 2>/dev/null || true)" "$HOME/.local/bin/uv" .onemap/tools/bin/uv; do
        if [ -n "$candidate" ] && "$candidate" --version >/dev/null 2>&1; then echo "$candidate"; return; fi
    done
    local python
    for python in "$1" python3; do
        [ -n "$python" ] || continue
        say "installing uv $UV_VERSION beside the project (.onemap/tools)"
        if "$python" -m venv .onemap/tools >/dev/null 2>&1 && .onemap/tools/bin/pip install --quiet --disable-pip-version-check "uv==$UV_VERSION"; then
            echo .onemap/tools/bin/uv
            return
        fi
        rm -rf .onemap/tools
    done
}

python=$(find_python)
uv=$(find_uv "$python")
if [ -z "$uv" ]; then
    say "cannot install uv: no Python with venv and pip. On Debian or Ubuntu run:"
    say "    apt-get install -y python3-venv python3-pip    and then the same command again"
    exit 1
fi
if [ -n "$python" ]; then
    say "Python: $python ($("$python" --version 2>&1))"
else
    say "no Python >= 3.12 on PATH or under pyenv; letting uv fetch one"
    if ! "$uv" python install 3.12; then
        say "uv could not fetch Python 3.12. Install one of these and run the same command again:"
        say "    pyenv install 3.12    |    apt-get install -y python3.12 python3.12-venv (Debian 13, Ubuntu 24.04)"
        exit 1
    fi
    python=3.12
fi
groups="--no-dev"
if [ "${1:-}" = "--dev" ]; then groups="--dev"; fi
say "installing the locked packages into .venv"
"$uv" sync --frozen --inexact $groups --extra dense --python "$python"
