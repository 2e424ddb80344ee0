#!/bin/sh
# Install or update BonifiQ Desktop from this unpacked folder: install.sh [FOLDER]
# FOLDER is ~/.local/opt/bonifiq-desktop without it; the till's user runs this. It writes a new folder under versions/ and
# switches to it at the end (docs/adr/0009-version-folders.md): an open program goes on, an interruption changes nothing.
set -eu
version=@version
source=$(dirname "$(readlink -f "$0")")
root=${1:-$HOME/.local/opt/bonifiq-desktop}
folder=$root/versions/$version

fail() {
    echo "BonifiQ Desktop: $1 Nada mudou neste computador." >&2
    exit 1
}

is_whole() { # FOLDER: whether each file is as the manifest says
    (cd "$1" && sha256sum --quiet --check manifest.txt) >/dev/null 2>&1
}

is_usable() { [ -n "$1" ] && [ "$1" != "$version" ] && [ -x "$root/versions/$1/bonifiq-desktop" ]; }

previous_version() { # the one in use, unless it never reported a good start and there is one before it
    current=$(sed -n 1p "$root/current.txt" 2>/dev/null || true)
    before=$(sed -n 2p "$root/current.txt" 2>/dev/null || true)
    if is_usable "$before" && ! { is_usable "$current" && [ -s "$root/starts/$current.good" ]; }; then
        echo "$before"
    elif is_usable "$current"; then
        echo "$current"
    fi
}

place_version() { # put the verified folder in its place; a sound one of the same version stays, for it may be running
    if [ -d "$folder" ]; then
        if cmp -s "$folder/manifest.txt" "$folder.new/manifest.txt" && is_whole "$folder"; then
            rm -rf "$folder.new"
            return
        fi
        rm -rf "$folder.old"
        mv "$folder" "$folder.old"
    fi
    rm -f "$root/starts/$version.started" "$root/starts/$version.good"
    mv "$folder.new" "$folder"
    rm -rf "$folder.old"
}

mkdir -p "$root/versions" "$root/starts"
exec 9>"$root/starts/.install"
flock -n 9 || fail "Outra instalação está em andamento."
rm -rf "$folder.new"
cp -a "$source" "$folder.new"
is_whole "$folder.new" || fail "Uma parte do programa não foi gravada como devia."
rm "$folder.new/install.sh" "$folder.new/starter.sh"
sync -f "$folder.new"
place_version
cp "$source/starter.sh" "$root/.bonifiq-desktop.new"
mv -f "$root/.bonifiq-desktop.new" "$root/bonifiq-desktop"
printf '%s\n%s\n' "$version" "$(previous_version)" >"$root/.current.txt.new"
sync -f "$root"
mv -f "$root/.current.txt.new" "$root/current.txt"
echo "BonifiQ Desktop $version: $root/bonifiq-desktop"
