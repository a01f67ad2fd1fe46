#!/bin/sh
# Sets up what `make` needs in .venv, once for each version of the lock.
#
#   tools/setup.sh run       the house
#   tools/setup.sh test      the house and everything its tests need, a browser too
#   tools/setup.sh chromium  prints the system's Chromium; nothing where playwright's own is to be used
#
# PYTHON=/path/to/python chooses the interpreter. A mirror set for pip (index-url) serves uv too.
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }

# A name on the PATH may be a shim that only fails: an interpreter counts when it ran.
find_python() {
    too_old='' no_venv=''
    for candidate in ${PYTHON:+"$PYTHON"} python3.13 python3.12 python3.11 python3 /usr/bin/python3 python; do
        version=$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
        if ! "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            too_old="$too_old $candidate ($version)"
        elif ! "$candidate" -c 'import venv, ensurepip' 2>/dev/null; then
            no_venv="$no_venv $candidate ($version)"
        else
            printf '%s\n' "$candidate"
            return 0
        fi
    done
    if [ -n "$no_venv" ]; then
        say "nuanxin: no virtual environment can be made with:$no_venv"
        say "Remedy (Debian, Ubuntu): apt-get install python3-venv. Then the same command again."
    elif [ -n "$too_old" ]; then
        say "nuanxin: Python 3.11 or newer is needed; found only:$too_old"
        say "Remedy: install a newer one, or name it: make run PYTHON=/path/to/python3.12"
    else
        say "nuanxin: Python 3.11 or newer is needed; no python3 was found."
        say "Remedy (Debian, Ubuntu): apt-get install python3 python3-venv. Then the same command again."
    fi
    return 1
}

make_venv() {
    if [ -e .venv ]; then
        if .venv/bin/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            return 0
        fi
        say "nuanxin: .venv does not work any more; making it anew"
        rm -rf .venv
    fi
    python=$(find_python)
    say "nuanxin: making .venv with $("$python" --version 2>&1)"
    "$python" -m venv .venv
}

# uv installs in seconds where pip takes minutes; where uv cannot be had, pip does the same work.
install() {
    lock=$1
    if [ -z "${UV_DEFAULT_INDEX:-}" ]; then
        mirror=${PIP_INDEX_URL:-$(.venv/bin/python -m pip config get global.index-url 2>/dev/null || true)}
        if [ -n "$mirror" ]; then UV_DEFAULT_INDEX=$mirror; export UV_DEFAULT_INDEX; fi
    fi
    if ! .venv/bin/python -m uv --version >/dev/null 2>&1; then
        .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
            -r requirements/uv.txt >&2 || say "nuanxin: uv cannot be had here; pip will do"
    fi
    if .venv/bin/python -m uv --version >/dev/null 2>&1; then
        UV_PYTHON_DOWNLOADS=never .venv/bin/python -m uv pip install --quiet --python .venv/bin/python \
            --require-hashes --compile-bytecode -r "$lock" >&2 && return 0
        say "nuanxin: uv could not install $lock; trying pip"
    fi
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock" >&2
}

# The stamp's name holds a hash of the lock and of the interpreter: either changes, and it is done again.
stamp() {
    .venv/bin/python -c '
import hashlib, pathlib, sys
text = pathlib.Path(sys.argv[2]).read_bytes() + sys.version.encode()
print(".venv/.stamp-%s-%s" % (sys.argv[1], hashlib.sha256(text).hexdigest()[:16]))' "$1" "requirements/$1.txt"
}

find_chromium() {
    for candidate in ${NUANXIN_CHROMIUM:+"$NUANXIN_CHROMIUM"} chromium chromium-browser google-chrome google-chrome-stable; do
        path=$(command -v "$candidate" 2>/dev/null) || continue
        if "$path" --version >/dev/null 2>&1; then
            printf '%s\n' "$path"
            return 0
        fi
    done
}

need() {
    mark=$(stamp "$1")
    if [ -e "$mark" ]; then return 0; fi
    say "nuanxin: installing requirements/$1.txt"
    install "requirements/$1.txt"
    rm -f .venv/.stamp-"$1"-*
    : >"$mark"
}

# `.venv/bin/nuanxin` is the command line, from whatever folder it is called.
command_line() {
    printf '%s\n' '#!/bin/sh' 'cd "$(dirname "$0")/../.." && exec .venv/bin/python -m bot "$@"' >.venv/bin/nuanxin
    chmod +x .venv/bin/nuanxin
}

case "${1:-}" in
run)
    make_venv
    command_line
    # the lock of the tests holds everything of the house: do not install twice
    if [ ! -e "$(stamp test)" ]; then need run; fi
    ;;
test)
    make_venv
    command_line
    need test
    if [ -z "$(find_chromium)" ]; then
        .venv/bin/python -m playwright install chromium >&2 || {
            say "nuanxin: the journeys need a Chromium, and none could be downloaded."
            say "Remedy (Debian): apt-get install chromium fonts-noto-cjk. Then the same command again."
            exit 1
        }
    fi
    ;;
chromium) find_chromium ;;
*)
    say "usage: tools/setup.sh run|test|chromium"
    exit 2
    ;;
esac
