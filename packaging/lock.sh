#!/usr/bin/env bash
# Resolve the dependencies of pyproject.toml into lock files with hashes, for every platform, naming no index.
set -euo pipefail
cd "$(dirname "$0")/.."
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
.venv/bin/python -m venv "$tools"
"$tools/bin/pip" install --quiet --disable-pip-version-check uv
resolve() {
  "$tools/bin/uv" pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
    --no-header --no-annotate --no-emit-index-url --no-emit-find-links "$@"
}
resolve -o packaging/requirements.lock
resolve --extra dev -o packaging/requirements-dev.lock
