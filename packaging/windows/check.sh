#!/usr/bin/env bash
# Build the Windows program under Wine and try it: `make windows` runs this after the toolchain is there.
#
#   check.sh build    the program folder, the yardstick and the installer, into dist/windows
#   check.sh smoke    what was built: the packaged program, and its installer
#   check.sh tests    the unit tests on the Windows Python, starter, installer with killed updates, held files
#
# What Wine built is never shipped: the release workflow builds on Windows. Each step says how long it took.
set -euo pipefail
cd "$(dirname "$0")/../.."
wine=packaging/windows/wine.sh
# Left out: what needs a window system of its own (tests/ui, tests/program) or kills processes by signal (tests/faults).
unit_tests=(tests/domain tests/connectors tests/storage tests/security tests/ledger tests/training_server)
shop_database_tests=(tests/shop_database/test_{client_calls,client_listen,client_parameters,client_troubles}.py
  tests/shop_database/test_{enrolment_file,personal_data_there,server_claims,server_log,server_rights}.py)
packaged=tests/windows/test_packaged_program.py
export QT_QPA_PLATFORM=offscreen QT_QPA_FONTDIR='C:\windows\Fonts'

step() {
  local name=$1 start=$SECONDS
  shift
  "$@" 2>&1 | cat
  echo "make windows: $name took $((SECONDS - start)) s"
}
windows_python() { bash "$wine" python "$@" </dev/null; }
# The server runs on this machine, as a shop's server is another PC than the till.
windows_python_with_postgres() { .venv/bin/python -B -m tests.support.postgres bash "$wine" python "$@" </dev/null; }

trap 'bash "$wine" --stop' EXIT
case $1 in
  build)
    mkdir -p dist/windows
    step "the program folder" windows_python packaging/package.py
    step "the yardstick" windows_python packaging/package.py --bare
    step "the installer" .venv/bin/python -B packaging/windows/installer.py --iscc bash "$wine" iscc
    ;;
  smoke)
    step "the packaged program" windows_python -B -m pytest tests/frozen
    step "the installed program" .venv/bin/python -B -m pytest "$packaged"
    ;;
  tests)
    step "the unit tests" windows_python -B -m pytest "${unit_tests[@]}"
    step "the shop database" windows_python_with_postgres -B -m pytest "${shop_database_tests[@]}"
    step "starter, installer and held files" .venv/bin/python -B -m pytest tests/windows --ignore "$packaged"
    ;;
esac
