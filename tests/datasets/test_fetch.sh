#!/usr/bin/env bash
# datasets/fetch.sh against a server on 127.0.0.1 that behaves like the record's.
# usage: test_fetch.sh SOURCE_FOLDER; writes below the current folder; 77 = skipped.
# shellcheck disable=SC2317 # functions are called through check
set -euo pipefail

source_folder=$1
fetch=$source_folder/datasets/fetch.sh
python=/usr/bin/python3
for tool in "$python" curl jq unzip flock; do
    if ! command -v "$tool" >/dev/null; then
        echo "skipped: $tool is missing"
        exit 77
    fi
done

folder=$PWD/test_fetch.tmp
rm -rf "$folder"
mkdir "$folder"
server=
stop() { if [[ -n $server ]]; then kill "$server" 2>/dev/null || true; fi; }
trap stop EXIT

# make_archive KIND: good, escape (an entry leads out), link, empty (no audio), text (no zip)
make_archive() {
    "$python" - "$folder/archive.zip" "$1" <<'PYTHON'
import random, sys, zipfile
path, kind = sys.argv[1:]
if kind == "text":
    open(path, "w").write("not a zip archive")
    sys.exit()
with zipfile.ZipFile(path, "w") as archive:
    top = "Schubert_Winterreise_Dataset_v2-1/"
    if kind != "empty":
        noise = random.Random(1).randbytes(3_000_000)
        archive.writestr(top + "01_RawData/audio_wav/A_D1-01_X1.wav", noise)
    archive.writestr(top + "01_RawData/lyrics_txt/A_D1-01.txt", "la\n")
    archive.writestr(top + "02_Annotations/ann_audio_measure/A_D1-01_X1.csv", "start;measure\n")
    archive.writestr("__MACOSX/" + top + "01_RawData/._x", "x")
    if kind == "escape":
        archive.writestr(top + "../../../escaped.txt", "x")
    if kind == "link":
        entry = zipfile.ZipInfo(top + "02_Annotations/link")
        entry.create_system = 3
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
PYTHON
}

n_tests=0
n_failed=0
# check WHAT COMMAND...: the command must succeed
check() {
    local what=$1
    shift
    n_tests=$((n_tests + 1))
    if ! "$@"; then
        n_failed=$((n_failed + 1))
        printf 'FAILED: %s: %s\n' "$what" "$*"
        sed 's/^/    | /' "$folder/out"
    fi
}
says() { grep -qF -- "$1" "$folder/out"; }
absent() { [[ ! -e $1 ]]; }
# run STATUS: runs fetch.sh with the mode and target that are set; true if it exits so
run() {
    local status=0
    : >"$folder/log"
    printf '%s\n' "$mode" >"$folder/mode"
    SWD_ROOT=$target VERSION=2.1 SILBE_FETCH_BASE=http://127.0.0.1:$port SILBE_FETCH_WAIT_S=0 \
        no_proxy=127.0.0.1 SILBE_FETCH_TRIES=${tries:-5} "$fetch" swd >"$folder/out" 2>&1 ||
        status=$?
    [[ $status == "$1" ]]
}
complete() {
    [[ -f $target/01_RawData/audio_wav/A_D1-01_X1.wav && ! -e $target/../.fetch ]] &&
        [[ $(stat -c %s "$target/01_RawData/audio_wav/A_D1-01_X1.wav") == 3000000 ]]
}
# Bytes of content that the server sent in the last run, and where each request began.
sent() { awk '/content/ { n += $3 } END { print n + 0 }' "$folder/log"; }
starts() { awk '/content/ { printf "%s%s", c, $2; c = " " }' "$folder/log"; }

make_archive good
size=$(stat -c %s "$folder/archive.zip")
echo list >"$folder/mode"
"$python" "$source_folder/tests/datasets/fetch_server.py" "$folder" "$folder/port" 2>"$folder/server.err" &
server=$!
for ((i = 0; i < 100; i++)); do
    if [[ -e $folder/port ]]; then break; fi
    sleep 0.1
done
port=$(<"$folder/port")

for form in list entries self; do
    mode=$form target=$folder/$form/data
    check "whole download ($form)" run 0
    check "whole download ($form)" complete
    check "whole download ($form)" test "$(sent)" = "$size"
done

mode=list target=$folder/list/data
check "already there" run 0
check "already there" says "already there"
check "already there: no request" test ! -s "$folder/log"

mode="list drop" target=$folder/retried/data
check "dropped, resumed by itself" run 0
check "dropped, resumed by itself" complete
check "only the rest is sent" test "$(sent)" = "$size"
check "only the rest is sent" test "$(starts)" = "0 $((size / 2))"

mode=list target=$folder/list/data
run 0 # resets the server's memory of the drop
mode=list target=$folder/reset/data
run 0
mode="list drop" target=$folder/again/data tries=1
check "dropped, given up" run 1
check "dropped, given up" says "run again to resume"
check "dropped, given up" absent "$target"
tries=5
check "resumed by the next run" run 0
check "resumed by the next run" complete
check "only the rest is sent" test "$(starts)" = "$((size / 2))"
check "only the rest is sent" test "$(sent)" = "$((size - size / 2))"

mode="list" target=$folder/reset2/data
run 0
mode="list drop norange" target=$folder/norange/data
check "server without Range" run 0
check "server without Range" complete

mode="list badsum" target=$folder/badsum/data
check "wrong checksum" run 1
check "wrong checksum" says "the record says 00000000000000000000000000000000"
check "wrong checksum" absent "$target"
check "wrong checksum: nothing kept" test -z "$(find "$folder/badsum" -name '*.part')"

mode=missing target=$folder/missing/data
check "no such record" run 1
check "no such record" says "no such record (HTTP 404)"

mode="list huge" target=$folder/huge/data
check "no space" run 1
check "no space" says "needed for the archive"
check "no space: nothing downloaded" test "$(sent)" = 0

mode=list
: >"$folder/file"
target=$folder/file/data
check "target below a file" run 1
check "target below a file" says "cannot be written"
if ((EUID != 0)); then
    mkdir -m 555 "$folder/readonly"
    target=$folder/readonly/data
    check "unwritable target" run 1
    check "unwritable target" says "cannot be written"
fi
target=$folder/other/data
mkdir -p "$target"
echo precious >"$target/mine.txt"
check "something else is there" run 1
check "something else is there" says "holds something else"
check "something else is left alone" test -s "$target/mine.txt"
target=$folder/empty/data
mkdir -p "$target"
check "an empty folder is filled" run 0
check "an empty folder is filled" complete

target=$folder/busy/data
mkdir -p "$folder/busy/.fetch"
exec 8>"$folder/busy/.fetch/lock"
flock 8
check "two at once" run 1
check "two at once" says "another download is running"
exec 8>&-

for kind in escape link empty text; do
    make_archive "$kind"
    target=$folder/$kind/a/b/data
    check "archive: $kind" run 1
    check "archive: $kind" absent "$target"
done
make_archive escape
target=$folder/escape/a/b/data
run 1
check "archive: escape" says "leads out of the folder"
check "archive: escape" test -z "$(find "$folder" -name escaped.txt)"

make_archive good
port_of_server=$port port=1
target=$folder/noserver/data
check "no server" run 1
check "no server" says "check the network"
port=$port_of_server

misused() {
    local status=0
    "$@" >"$folder/out" 2>&1 || status=$?
    [[ $status == 2 ]]
}
check "misuse" misused "$fetch"
check "misuse" misused "$fetch" nonsense
check "misuse" misused env VERSION=7 "$fetch" swd
check "misuse" says "expected 2.1 or 2.0"

printf '%d checks, %d failed\n' "$n_tests" "$n_failed"
rm -rf "$folder"
exit $((n_failed > 0))
