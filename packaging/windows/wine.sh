#!/usr/bin/env bash
# Run a Windows program under the Wine of `make windows`.
#
#   wine.sh PROGRAM [ARGUMENT…]   PROGRAM: a path, or `python` or `iscc` for the toolchain's own
#   wine.sh --end                 end all programs of the prefix
#   wine.sh --stop                end them, and the display
#
# The program sees /tmp, the checkout and the toolchain below Z: at their own paths. Variables QT_… reach it, which plain
# Wine drops. WINEPREFIX replaces the toolchain's prefix, WINDOWS_TOOLCHAIN the folder build/windows, DISPLAY the display
# that this script otherwise starts. Standard output and error must be pipes: Wine 8 loses a redirection to a file.
# Killing this process kills the Windows program: every step replaces the one before.
set -euo pipefail
here=$(realpath "$(dirname "$0")")
checkout=$(realpath "$here/../..")
toolchain=$(realpath "${WINDOWS_TOOLCHAIN:-$checkout/build/windows}")
debian=$toolchain/debian
export WINEPREFIX=${WINEPREFIX:-$toolchain/prefix} WINEARCH=win64 WINEDEBUG=${WINEDEBUG:--all} LC_ALL=C.UTF-8 HOME=/root
# No offers to fetch Mono or Gecko, no menu entries on this machine, no debugger that keeps a crashed program waiting.
# wbemprox: its answers end CPython 3.13, which asks it for the version of Windows.
export WINEDLLOVERRIDES="mscoree,mshtml,wbemprox=;winemenubuilder.exe,winedbg.exe=d"

start_display() {
  local state=$toolchain/display
  if ! { [ -s "$state" ] && kill -0 "$(cut -d' ' -f1 "$state")" 2>/dev/null; }; then
    local number
    number=$(mktemp)
    Xvfb -displayfd 3 -screen 0 1366x768x24 -nolisten tcp 3>"$number" >/dev/null 2>&1 </dev/null &
    local process=$!
    for _ in $(seq 100); do
      [ -s "$number" ] && break
      sleep 0.1
    done
    echo "$process :$(cat "$number")" >"$state"
    rm "$number"
  fi
  DISPLAY=$(cut -d' ' -f2 "$state")
  export DISPLAY
}

inside() {
  for folder in /tmp "$checkout" "$toolchain" "$WINEPREFIX"; do mkdir -p "$debian$folder"; done
  # The mounts live in a namespace of their own: they end with the last process that uses them.
  exec unshare --mount --propagation private bash -c '
    set -euo pipefail
    debian=$1
    shift
    for folder in /proc /dev /tmp "$1" "$2" "$3"; do mount --rbind "$folder" "$debian$folder"; done
    folder=$4
    shift 4
    exec chroot "$debian" env --chdir="$folder" "$@"
  ' bash "$debian" "$checkout" "$toolchain" "$WINEPREFIX" "$PWD" "$@"
}

mkdir -p "$WINEPREFIX"
if [ "$1" = --end ] || [ "$1" = --stop ]; then
  (inside wineserver --kill) || true
  [ "$1" = --stop ] || exit 0
  [ -s "$toolchain/display" ] && kill "$(cut -d' ' -f1 "$toolchain/display")" 2>/dev/null || true
  rm -f "$toolchain/display"
  exit 0
fi
[ -n "${DISPLAY:-}" ] || start_display
for name in $(compgen -e QT_); do export "WINE$name=${!name}"; done
program=$1
shift
case $program in
  python) program=$toolchain/python/python.exe; export PYTHONPATH="Z:${checkout//\//\\}" ;;
  iscc) program=$toolchain/inno/ISCC.exe ;;
esac
[ ! -t 0 ] || exec </dev/null
inside wine "$program" "$@"
