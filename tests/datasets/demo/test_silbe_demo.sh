#!/bin/sh
# The command line of silbe-demo: exit statuses and messages. $1: the program.
set -u
demo=$1
folder=$(mktemp -d demo_cli.XXXXXX) || exit 1
trap 'chmod -R u+w "$folder"; rm -rf "$folder"' EXIT
failures=0

# expect STATUS TEXT COMMAND...: the exit status, and TEXT in what the command says.
expect() {
    status=$1
    text=$2
    shift 2
    said=$("$@" 2>&1)
    got=$?
    if [ "$got" -ne "$status" ]; then
        echo "FAIL: $*: exit $got, expected $status: $said"
        failures=$((failures + 1))
    fi
    case $said in
    *"$text"*) ;;
    *)
        echo "FAIL: $*: said \"$said\", expected \"$text\""
        failures=$((failures + 1))
        ;;
    esac
}

expect 0 "usage: silbe-demo --out FOLDER" "$demo" --help
expect 2 "--out FOLDER is missing" "$demo"
expect 2 "--out: a value is missing" "$demo" --out
expect 2 "--out FOLDER is missing" "$demo" --out ""
expect 2 "--frobnicate: unknown option" "$demo" --frobnicate 1
expect 2 "expected a number from 1 to 256, got 0" "$demo" --out "$folder/x" --threads 0
expect 2 "expected a number from 1 to 256, got 2x" "$demo" --out "$folder/x" --threads 2x

# A file in the way, and a folder that cannot be written (root may write anywhere).
echo text > "$folder/file"
expect 1 "file: exists and is not a demo dataset" "$demo" --out "$folder/file"
expect 1 "$folder/file/below" "$demo" --out "$folder/file/below"
if [ "$(id -u)" -ne 0 ]; then
    mkdir "$folder/closed"
    chmod a-w "$folder/closed"
    expect 1 "$folder/closed/demo" "$demo" --out "$folder/closed/demo"
fi

# A killed run's folder goes with the next run; process 4194305 cannot exist (pid_max is 4194304).
mkdir "$folder/demo.tmp.4194305"
echo 1 > "$folder/demo.tmp.4194305/x"
mkdir "$folder/demo.tmp.mine"
expect 0 "made in" "$demo" --out "$folder/demo" --threads 2
expect 0 "up to date" "$demo" --out "$folder/demo"

# Nothing half-made is left beside it.
rmdir "$folder/demo.tmp.mine" || failures=$((failures + 1)) # not ours: kept
left=$(find "$folder" -maxdepth 1 -name '*.tmp.*' -o -maxdepth 1 -name '*.old.*')
if [ -n "$left" ]; then
    echo "FAIL: left behind: $left"
    failures=$((failures + 1))
fi

# Two runs at once: both succeed, one dataset. A run killed half-way leaves no dataset behind.
"$demo" --out "$folder/both" --threads 1 2> "$folder/first.log" &
first=$!
expect 0 "" "$demo" --out "$folder/both" --threads 1
wait "$first" || {
    echo "FAIL: the first of two runs: $(cat "$folder/first.log")"
    failures=$((failures + 1))
}
expect 0 "up to date" "$demo" --out "$folder/both"
"$demo" --out "$folder/killed" --threads 1 2> /dev/null &
killed=$!
sleep 0.3
kill -9 "$killed" 2> /dev/null
wait "$killed" 2> /dev/null
if [ -e "$folder/killed" ] && [ ! -e "$folder/killed/demo.stamp" ]; then
    echo "FAIL: a killed run left half a dataset"
    failures=$((failures + 1))
fi
expect 0 "$folder/killed" "$demo" --out "$folder/killed"
if cmp "$folder/killed/demo.stamp" "$folder/both/demo.stamp"; then :; else
    failures=$((failures + 1))
fi
if command -v xmllint > /dev/null; then
    expect 0 "" xmllint --nonet --noout "$folder"/demo/01_RawData/score_musicxml/*.xml
fi
[ "$failures" -eq 0 ]
