#!/usr/bin/env bash
# Downloads a published dataset and unpacks it:  datasets/fetch.sh swd
#
# The record's JSON names the archive, its size and its checksum. An interrupted download resumes, a
# finished dataset is left alone, and the target folder appears whole or not at all.
#
#   VERSION=2.1|2.0         which version of the dataset (default 2.1)
#   SWD_ROOT=folder         where it goes (default datasets/swd/data)
#   SILBE_FETCH_BASE=url    another server with Zenodo's interface (for tests and mirrors)
#   SILBE_FETCH_TRIES=n     attempts to download (default 5)
#   SILBE_FETCH_WAIT_S=n    seconds before the second attempt, doubled each time (default 2)
set -euo pipefail
export LC_ALL=C.UTF-8

readonly BASE=${SILBE_FETCH_BASE:-https://zenodo.org}
readonly TRIES=${SILBE_FETCH_TRIES:-5}
readonly WAIT_S=${SILBE_FETCH_WAIT_S:-2}
# Unpacked files need about this many percent of the archive's size (audio hardly compresses).
readonly UNPACKED_PERCENT=150

say() { printf 'fetch: %s\n' "$*"; }
die() {
    printf 'fetch: %s\n' "$*" >&2
    exit 1
}
misuse() {
    printf 'fetch: %s\nusage: [VERSION=2.1] [SWD_ROOT=folder] datasets/fetch.sh swd\n' "$*" >&2
    exit 2
}

check_tools() {
    local tool missing=()
    for tool in curl jq unzip; do
        command -v "$tool" >/dev/null || missing+=("$tool")
    done
    if ((${#missing[@]} > 0)); then
        die "missing: ${missing[*]}; install with: sudo apt-get install ca-certificates ${missing[*]}"
    fi
}

# A dataset that this script finished, or one that the user put there.
is_complete() {
    [[ -d $1/01_RawData/audio_wav && -d $1/02_Annotations ]] &&
        [[ -n $(find -L "$1/01_RawData/audio_wav/" -maxdepth 1 -type f -print -quit) ]]
}

mib() { echo "$((($1 + 1048575) / 1048576)) MiB"; }

size_of() { if [[ -e $1 ]]; then stat -c %s -- "$1"; else echo 0; fi; }

# ---- the record ----

# fetch_record URL FILE
fetch_record() {
    local code
    code=$(curl "${CURL[@]}" -sS -L --max-time 120 -o "$2" -w '%{http_code}' "$1") ||
        die "$1: cannot be read (see the line above); check the network and run again"
    case $code in
    200) ;;
    404 | 410) die "$1: no such record (HTTP $code)" ;;
    *) die "$1: the server answers HTTP $code; run again later" ;;
    esac
    jq -e 'type == "object"' "$2" >/dev/null 2>&1 ||
        die "$1: not a record in JSON; run again later or set SILBE_FETCH_BASE"
}

# read_record FILE: sets name, size, checksum, link of the largest .zip. Zenodo had `files` as a list
# (name in key or filename), InvenioRDM has files.entries as an object or a list.
read_record() {
    local row
    row=$(jq -er '
        (.files // [] | if type == "object" then (.entries // {}) else . end
         | if type == "object" then to_entries | map({key} + .value) else . end)
        | map({name: (.key // .filename), size: (.size // .filesize), checksum: (.checksum // ""),
               link: (.links.content // .links.self // .links.download // "")})
        | map(select((.name | type == "string" and test("\\.zip$"; "i"))
                     and (.size | type == "number")))
        | sort_by(-.size, .name) | .[0] | select(. != null)
        | [.name, (.size | floor | tostring), .checksum, .link]
        | map(gsub("[\t\n\r]"; " ")) | join("\t")' "$1" 2>/dev/null) ||
        die "$record_url: the record names no .zip archive with its size"
    # Not read with IFS=tab: an empty field in the middle would vanish.
    name=${row%%$'\t'*} row=${row#*$'\t'}
    size=${row%%$'\t'*} row=${row#*$'\t'}
    checksum=${row%%$'\t'*} link=${row#*$'\t'}
    [[ $name != */* && $name != .* ]] || die "$record_url: strange file name \"$name\""
    [[ $size =~ ^[0-9]+$ && $size != 0 ]] || die "$record_url: strange size of $name: $size"
    if [[ $checksum =~ ^[0-9a-fA-F]{32}$ ]]; then
        checksum=md5:$checksum
    fi
    [[ $checksum =~ ^(md5:[0-9a-fA-F]{32}|sha256:[0-9a-fA-F]{64}|sha512:[0-9a-fA-F]{128})$ ]] ||
        die "$record_url: the checksum of $name is \"$checksum\", expected md5:, sha256: or sha512:"
    checksum=${checksum,,}
    local encoded
    encoded=$(jq -rn --arg name "$name" '$name | @uri')
    case $link in
    http://* | https://*) ;;
    /*) link=$BASE$link ;;
    *) link=$record_url/files/$encoded/content ;;
    esac
    # A "self" of the newer interface that is not the content describes the file (and for a while
    # named it by a number that led nowhere): the content is found by the file's name.
    if [[ $link == */api/records/*/files/* && $link != */content ]]; then
        link=$record_url/files/$encoded/content
    fi
}

# ---- the archive ----

check_space() {
    local have_kib need_kib
    have_kib=$(df -Pk -- "$parent" | awk 'NR == 2 { print $4 }')
    need_kib=$(((size - $(size_of "$part") + size * UNPACKED_PERCENT / 100) / 1024))
    if ((have_kib < need_kib)); then
        die "$parent: $(mib $((have_kib * 1024))) free, about $(mib $((need_kib * 1024))) needed" \
            "for the archive and its files; make room or set SWD_ROOT to another disk"
    fi
}

# Prints a line for each further tenth of the file while the process $1 runs.
report_progress() {
    local pid=$1 tenth last=-1
    while kill -0 "$pid" 2>/dev/null; do
        tenth=$(($(size_of "$part") * 10 / size))
        if ((tenth > last)); then
            say "$((tenth * 10)) % of $(mib "$size")"
            last=$tenth
        fi
        sleep 0.2
    done
}

# One attempt, appended to $part. curl's exit status.
download_once() {
    local pid status=0
    local options=(-f -L -C - --connect-timeout 30 --speed-limit 1024 --speed-time 60 -o "$part")
    if [[ -t 1 ]]; then
        curl "${CURL[@]}" "${options[@]}" --progress-bar "$link" || status=$?
        return "$status"
    fi
    curl "${CURL[@]}" "${options[@]}" -sS "$link" &
    pid=$!
    report_progress "$pid"
    wait "$pid" || status=$?
    return "$status"
}

download() {
    local attempt status wait_s=$WAIT_S
    for ((attempt = 1; ; attempt++)); do
        if (($(size_of "$part") > size)); then
            rm -f -- "$part"
        fi
        if (($(size_of "$part") == size)); then
            return
        fi
        if (($(size_of "$part") > 0)); then
            say "resuming at $(mib "$(size_of "$part")")"
        fi
        status=0
        download_once || status=$?
        if ((status == 0 && $(size_of "$part") == size)); then
            return
        fi
        case $status in
        0) say "$(size_of "$part") bytes came, $size expected" ;;
        23) die "$part: cannot be written (disk full?); what came is kept, run again to resume" ;;
        33 | 36)
            say "the server cannot resume; from the beginning"
            rm -f -- "$part"
            ;;
        esac
        if ((attempt >= TRIES)); then
            die "$link: download failed after $attempt attempts (curl exit status $status);" \
                "run again to resume at $(mib "$(size_of "$part")")"
        fi
        sleep "$wait_s"
        wait_s=$((wait_s * 2))
    done
}

verify() {
    local algorithm=${checksum%%:*} got
    got=$("${algorithm}sum" <"$part")
    got=${got%% *}
    if [[ $got != "${checksum#*:}" ]]; then
        rm -f -- "$part"
        die "$name: $algorithm is $got, the record says ${checksum#*:}; the download was damaged and" \
            "is removed; run again"
    fi
    say "$algorithm $got is right"
}

# Names that lead out of the folder, and links, have no place in a dataset.
check_names() {
    local bad
    unzip -Z1 "$part" >"$work/names" || die "$name: not a zip archive"
    bad=$(grep -m1 -E '^/|^[A-Za-z]:|\\|(^|/)\.\.(/|$)' "$work/names" || true)
    [[ -z $bad ]] || die "$name: refused: the entry \"$bad\" leads out of the folder"
    bad=$(unzip -Z "$part" | grep -m1 '^l' || true)
    [[ -z $bad ]] || die "$name: refused: it holds a link: $bad"
}

unpack() {
    local status=0 found
    rm -rf -- "$work/unpacked"
    mkdir -- "$work/unpacked"
    unzip -q -o "$part" -d "$work/unpacked" || status=$?
    # 1 is a warning (archives made on other systems)
    ((status <= 1)) ||
        die "$name: unpacking failed (unzip exit status $status; 50 is a full disk); run again"
    found=$(find "$work/unpacked" -maxdepth 3 -type d -name 01_RawData -not -path '*/__MACOSX/*' |
        sort | head -n 1)
    [[ -n $found ]] || die "$name: no folder 01_RawData in it: not the dataset"
    found=$(dirname -- "$found")
    is_complete "$found" ||
        die "$name: no audio in 01_RawData/audio_wav or no 02_Annotations: not the whole dataset"
    sync -f "$found"
    if [[ -d $target ]]; then
        rmdir -- "$target" || die "$target: came into being meanwhile; move it away and run again"
    fi
    mv -T -- "$found" "$target" || die "$target: cannot be put in place; is $parent writable?"
}

# ---- datasets ----

(($# == 1)) || misuse "expected one dataset"
case $1 in
swd)
    case ${VERSION:-2.1} in
    2.1) record=10839767 ;;
    2.0) record=5139893 ;;
    *) misuse "VERSION=$VERSION: expected 2.1 or 2.0" ;;
    esac
    target=${SWD_ROOT:-$(dirname -- "${BASH_SOURCE[0]}")/swd/data}
    ;;
*) misuse "unknown dataset \"$1\", expected swd" ;;
esac
[[ $TRIES =~ ^[1-9][0-9]{0,3}$ ]] || misuse "SILBE_FETCH_TRIES=$TRIES: expected a number from 1"
[[ $WAIT_S =~ ^[0-9]{1,4}$ ]] || misuse "SILBE_FETCH_WAIT_S=$WAIT_S: expected seconds"

if is_complete "$target"; then
    say "$target: the dataset is already there"
    exit 0
fi
if [[ -d $target && -n $(ls -A -- "$target") ]]; then
    die "$target: holds something else than the whole dataset; move it away or set SWD_ROOT"
fi
if [[ -e $target && ! -d $target ]]; then
    die "$target: is not a folder; move it away or set SWD_ROOT"
fi
check_tools
# Only the test server and mirrors may come without encryption.
CURL=(--proto '=https')
if [[ $BASE == http://* ]]; then
    CURL=(--proto '=http,https')
fi
parent=$(dirname -- "$target")
mkdir -p -- "$parent" 2>/dev/null || true
[[ -d $parent && -w $parent ]] ||
    die "$parent: cannot be written; set SWD_ROOT to a folder that can be made"
work=$parent/.fetch
mkdir -p -- "$work" || die "$work: cannot be made"
exec 9>"$work/lock"
flock -n 9 || die "$work: another download is running"
trap 'jobs -p | xargs -r kill 2>/dev/null || true' EXIT

record_url=$BASE/api/records/$record
fetch_record "$record_url" "$work/record.json"
read_record "$work/record.json"
part=$work/${checksum/:/-}.part
say "$name, $(mib "$size"), from $record_url into $target"
check_space
download
verify
check_names
unpack
rm -rf -- "$work"
say "done: $target"
