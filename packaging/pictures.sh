#!/usr/bin/env bash
# Take the tour in every look. The README's pictures are replaced; all others go to the folder given.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$1
readme=packaging/pictures
export QT_QPA_PLATFORM=offscreen
tour() {
  local folder=$1
  shift
  rm -rf "$folder"
  .venv/bin/bonifiq-desktop tour --out "$folder" "$@"
}
tour "$out/light" --size 1366x728
tour "$out/dark" --size 1366x728 --dark
tour "$out/english" --size 1366x728 --lang en
QT_SCALE_FACTOR=1.25 tour "$out/125-percent" --size 1093x574
mkdir -p "$readme"
cp "$out/light/02-look-up.png" "$readme/look-up.png"
cp "$out/light/05-refund-being-confirmed.png" "$readme/being-confirmed.png"
cp "$out/dark/08-sale-done.png" "$readme/sale-dark.png"
