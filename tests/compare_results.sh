#!/bin/sh
# compare_results.sh FOLDER FOLDER: whether two result folders hold the same files with the same
# bytes, but for what may differ between equal runs: in report.json the lines of the keys "wall_s"
# and "command", in report.md the line "- Command:". Prints what differs; exit status 0 = same.
set -eu

if [ $# -ne 2 ] || [ ! -d "$1" ] || [ ! -d "$2" ]; then
    echo "usage: compare_results.sh FOLDER FOLDER" >&2
    exit 2
fi

scratch=$(mktemp -d ./compare-XXXXXX)
trap 'rm -rf "$scratch"' EXIT

list() {
    (cd "$1" && find . -type f | LC_ALL=C sort)
}

# The file without the lines that may differ.
lasting() {
    case $1 in
    */report.json) sed -E '/^ *"(wall_s|command)": /d' "$1" ;;
    */report.md) sed '/^- Command: /d' "$1" ;;
    *) cat "$1" ;;
    esac
}

list "$1" >"$scratch/first"
list "$2" >"$scratch/second"
if ! diff "$scratch/first" "$scratch/second"; then
    echo "$1 and $2 hold different files" >&2
    exit 1
fi
if [ ! -s "$scratch/first" ]; then
    echo "$1 is empty" >&2
    exit 1
fi

status=0
while IFS= read -r name; do
    lasting "$1/$name" >"$scratch/a"
    lasting "$2/$name" >"$scratch/b"
    if ! cmp -s "$scratch/a" "$scratch/b"; then
        echo "differs: $name" >&2
        status=1
    fi
done <"$scratch/first"
exit $status
