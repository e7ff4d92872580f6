#!/bin/sh
# Pins what pyproject.toml asks for, with hashes and without download addresses: sh tests/lock.sh
# UPGRADE=--upgrade takes newer versions; otherwise versions stay as they are pinned where they still fit.
set -eu
if ! uv=$(command -v uv); then
    tools=$(mktemp -d)
    trap 'rm -rf "$tools"' EXIT
    .venv/bin/python -m pip --quiet install --target "$tools" uv
    uv=$tools/bin/uv
fi
pin() {
    "$uv" pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
        --no-header --no-annotate --no-emit-index-url --no-emit-find-links ${UPGRADE:-} "$@"
}
pin --group build --output-file requirements.lock
pin --all-extras --group build --group test --group docs --group fuzz --constraint requirements.lock --output-file tests/requirements.lock
