#!/usr/bin/env bash
# Install the system packages that are missing. Where apt is not used, or not allowed, say what is needed and go on:
# a desktop PC usually has all of it.
set -euo pipefail
list=${1:-"$(dirname "$0")/system-packages.txt"}
command -v dpkg-query >/dev/null || exit 0
missing=()
while read -r name _; do
  case "$name" in '' | '#'*) continue ;; esac
  state=$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null || true)
  [ "$state" = installed ] || missing+=("$name")
done <"$list"
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" -ne 0 ]; then
  echo "These system packages are missing; if something fails, install them: ${missing[*]}" >&2
  exit 0
fi
export DEBIAN_FRONTEND=noninteractive
echo "Installing system packages: ${missing[*]}"
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
