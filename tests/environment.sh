#!/bin/sh
# Makes .venv hold exactly what LOCK pins, and the project itself: sh tests/environment.sh LOCK
# A stamp in .venv remembers which locks are installed, so a second call does no work. The lock of the tests also
# holds the extras (Spark, PostgreSQL).
set -eu
lock=$1
stamp=.venv/installed-locks
[ -f "$lock" ] && [ -f pyproject.toml ] || { echo "Run this from the top of the checkout, where $lock stands." >&2; exit 2; }

# One line for each installed lock: checksum of lock and project settings, place, name.
mark() { printf '%s %s %s\n' "$(cat "$1" pyproject.toml | cksum | tr ' ' -)" "$(pwd -P)" "$1"; }

if [ -x .venv/bin/crosspressure ] && [ -f "$stamp" ] && grep -qxF "$(mark "$lock")" "$stamp"; then exit 0; fi

# An environment that was moved or copied from elsewhere is made anew.
[ ! -f "$stamp" ] || grep -qF " $(pwd -P) " "$stamp" || rm -rf .venv

right_version() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
can_make_venv() { "$1" -c 'import ensurepip, venv' 2>/dev/null; }

find_python() {
    for name in ${PYTHON:-python3.13 python3.12 python3.11 python3}; do
        right_version "$name" && "$1" "$name" && { echo "$name"; return 0; }
    done
    return 1
}

if ! { [ -x .venv/bin/python ] && right_version .venv/bin/python && .venv/bin/python -m pip --version >/dev/null 2>&1; }; then
    if ! python=$(find_python can_make_venv); then
        if ! python=$(find_python true); then
            cat >&2 <<EOT
No Python 3.11 or later on PATH.
  found:    $(python3 --version 2>&1 || true)
  expected: one of ${PYTHON:-python3.13, python3.12, python3.11, python3}, version 3.11 or later
  do this:  install Python 3.11 or later (Debian, Ubuntu: apt-get install python3 python3-venv), or name it: make demo PYTHON=/path/to/python3.12
EOT
            exit 2
        fi
        version=$("$python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
        packages="python3-venv"
        [ "$(command -v "$python")" = /usr/bin/python3 ] || packages="$version-venv"
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
            echo "$python cannot make environments (venv or ensurepip is missing): installing $packages"
            { apt-get install -y -q "$packages" || { apt-get update -q && apt-get install -y -q "$packages"; }; } >&2 || true
        fi
        if ! can_make_venv "$python"; then
            cat >&2 <<EOT
$python cannot make environments.
  found:    its module venv or ensurepip is missing
  expected: both, as in a full Python
  do this:  Debian, Ubuntu: sudo apt-get install $packages   (elsewhere: your system's venv package for $version)
EOT
            exit 2
        fi
    fi
    echo "Making .venv with $("$python" --version)"
    rm -rf .venv
    "$python" -m venv .venv
fi

rm -f "$stamp"
echo "Installing what $lock pins (once; a minute or two)"
pip="env PIP_DISABLE_PIP_VERSION_CHECK=1 .venv/bin/python -m pip --quiet install"
# --no-compile: only the modules that are used get compiled, at their first import. PySpark alone has no wheel.
if ! $pip --no-compile --only-binary :all: --no-binary pyspark --require-hashes -r "$lock"; then
    cat >&2 <<EOT
Could not install what $lock pins.
  found:    the message of pip above, with $(.venv/bin/python --version) on $(uname -sm)
  expected: every pinned version as a ready-made wheel with the pinned checksum
  do this:  check the network and the proxy; on a Python or machine without wheels, use Python 3.11 to 3.13 on Linux, macOS or Windows
EOT
    exit 2
fi
$pip --no-deps --no-build-isolation -e .
mark "$lock" >"$stamp"
# The lock of the tests holds all of the lock of the product (tests/test_house.py checks it).
[ "$lock" = tests/requirements.lock ] && mark requirements.lock >>"$stamp"
exit 0
