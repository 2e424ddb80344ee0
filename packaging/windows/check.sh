#!/usr/bin/env bash
# Build the Windows program under Wine and try it: `make windows` runs this after the toolchain is there.
#
#   check.sh build    the program folder, the yardstick and the installer, into dist/windows
#   check.sh tests    what was built, the installer, and the unit tests on the Windows Python
#
# What Wine built is never shipped: the release workflow builds on Windows. Each step says how long it took.
set -euo pipefail
cd "$(dirname "$0")/../.."
wine=packaging/windows/wine.sh
# Left out: what needs a window system of its own (tests/ui, tests/program) or kills processes by signal (tests/faults).
unit_tests=(tests/domain tests/connectors tests/storage tests/security tests/ledger tests/training_server)
export QT_QPA_PLATFORM=offscreen QT_QPA_FONTDIR='C:\windows\Fonts'

step() {
  local name=$1 start=$SECONDS
  shift
  "$@" 2>&1 | cat
  echo "make windows: $name took $((SECONDS - start)) s"
}
windows_python() { bash "$wine" python "$@" </dev/null; }

trap 'bash "$wine" --stop' EXIT
case $1 in
  build)
    mkdir -p dist/windows
    step "the program folder" windows_python packaging/package.py
    step "the yardstick" windows_python packaging/package.py --bare
    step "the installer" .venv/bin/python -B packaging/windows/installer.py --iscc bash "$wine" iscc
    ;;
  tests)
    step "the tests of the package" windows_python -B -m pytest tests/frozen
    step "the unit tests" windows_python -B -m pytest "${unit_tests[@]}"
    step "the tests of starter and installer" .venv/bin/python -B -m pytest tests/windows
    ;;
esac
