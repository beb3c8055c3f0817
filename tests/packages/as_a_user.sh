#!/usr/bin/env bash
# as_a_user.sh: what the installed packages are good for, in a folder of its own: a demo song is
# aligned, and a program in C is compiled against the library. The sources only give the song and
# the program.
set -euo pipefail
readonly SOURCE=$(cd "$(dirname "$0")/../.." && pwd)
readonly TOP=$(mktemp -d)
trap 'rm -rf "$TOP"' EXIT
die() { echo "FAILED: $*"; exit 1; }

cd "$TOP"
export XDG_CACHE_HOME=$TOP/cache
[[ $(command -v silbe) == /usr/bin/silbe ]] || die 'silbe is not /usr/bin/silbe'
silbe demo --out demo 2> log || { cat log; die 'silbe demo'; }
cp demo/01_RawData/audio_wav/Silbe_Demo-01_SC33.wav song.wav
cp demo/01_RawData/lyrics_txt/Silbe_Demo-01.txt lyrics.txt
cp demo/01_RawData/score_musicxml/Silbe_Demo-01.* .
silbe align song.wav lyrics.txt || die 'silbe align song.wav lyrics.txt'
[[ $(wc -l < song.words.csv) -eq 25 ]] || die 'song.words.csv has not 24 words'
silbe align song.wav Silbe_Demo-01.xml -o score --quiet || die 'silbe align song.wav Silbe_Demo-01.xml'
silbe evaluate song.words.TextGrid score/song.words.json || die 'silbe evaluate'
silbe doctor > log || { cat log; die 'silbe doctor'; }
for page in man1/silbe.1 man1/silbe-align.1 man3/silbe_ctc_run.3; do
    [[ -s /usr/share/man/$page.gz ]] || die "no man page $page"
done
bash -n /usr/share/bash-completion/completions/silbe || die 'completions for bash'

cp "$SOURCE/align/examples/viterbi.c" program.c
cc -std=c17 -Wall -Wextra -Werror program.c $(pkg-config --cflags --libs silbe-align) -o program ||
    die 'a program in C does not compile'
./program || die 'a program in C'
echo 'packages: a song is aligned, a program compiled'
