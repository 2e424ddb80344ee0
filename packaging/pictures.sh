#!/usr/bin/env bash
# Take the tour in every look into the folder given, and renew the pictures of the documents.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$1
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
.venv/bin/python -B packaging/document_pictures.py "$out/light" docs/pictures
for factor in 1 1.25 1.5; do QT_SCALE_FACTOR=$factor .venv/bin/python -B packaging/gallery.py "$out/parts"; done
