#!/bin/sh
# The starter of BonifiQ Desktop: starts the program in versions/NAME, as current.txt beside it says.
# The rules are those of packaging/windows/starter.c; docs/adr/0009-version-folders.md has the layout.
root=$(dirname "$(readlink -f "$0")")
program=bonifiq-desktop

name_in() { # NUMBER: a line of current.txt, empty when it is no usable folder name
    line=$(sed -n "$1p" "$root/current.txt" 2>/dev/null)
    case $line in
        *[!0-9A-Za-z.+_-]* | [!0-9A-Za-z]*) ;;
        *) printf %s "$line" ;;
    esac
}

has_program() { [ -n "$1" ] && [ -x "$root/versions/$1/$program" ]; }

count_of() { # NAME KIND: how many bytes a mark has
    if [ -e "$root/starts/$1.$2" ]; then wc -c <"$root/starts/$1.$2"; else echo 0; fi
}

has_failed() { [ "$(count_of "$1" good)" -eq 0 ] && [ "$(count_of "$1" started)" -ge 2 ]; }

go_back() { # make the version before the current one, and remember that it was not a person's choice
    failed=$current current=$previous previous=$failed
    fresh="$root/.current.txt.starter"
    { printf '%s\n%s\nfailed\n' "$current" "$previous" >"$fresh" && sync "$fresh" && mv -f "$fresh" "$root/current.txt"; } 2>/dev/null
}

is_counted() { # whether a start tells about the version: practice and commands leave the shop's history closed
    for argument in "$@"; do
        case $argument in
            --training | --quit-when-ready | --version | --help | -h) return 1 ;;
            tour | history | doctor | training-server | connections) return 1 ;;
        esac
    done
}

# The lock is the program's as well, until it ends: another start meanwhile is neither counted nor judged.
lock_count() {
    mark="$root/starts/$current.started"
    mkdir -p "$root/starts" 2>/dev/null && [ -w "$root/starts" ] && exec 9>>"$mark" && flock -n 9
}

decide() {
    [ "$(count_of "$current" good)" -eq 0 ] && [ -w "$root" ] && lock_count || return
    if has_failed "$current" && has_program "$previous" && ! has_failed "$previous"; then
        go_back
        [ "$(count_of "$current" good)" -eq 0 ] && lock_count || return
    fi
    printf '?' >&9
}

any_version() {
    for folder in "$root"/versions/*/; do
        folder=${folder%/}
        case $folder in *.new | *.old) continue ;; esac
        if [ -x "$folder/$program" ]; then basename "$folder" && return; fi
    done
}

current=$(name_in 1)
previous=$(name_in 2)
if has_program "$current"; then
    if is_counted "$@"; then decide; fi
elif has_program "$previous"; then
    go_back
else
    current=$(any_version)
fi
if ! has_program "$current"; then
    echo "BonifiQ Desktop: falta uma parte do programa. Instale de novo; o histórico e os ajustes continuam guardados." >&2
    exit 1
fi
exec "$root/versions/$current/$program" "$@"
