#!/usr/bin/env bash
# Completions of the shells, driven as the shells do. Usage: test_completion.sh BIN_FOLDER
source "$(dirname "$0")/../shell_test.sh"
silbe=$(realpath "$1")/silbe
[[ -x $silbe ]] || exit 1
rm -rf test_completion.dir
mkdir -p test_completion.dir && cd test_completion.dir || exit 1

for shell in bash zsh fish; do
    run 0 "$silbe" help --completion "$shell"
    printf '%s\n' "$out" > "silbe.$shell"
done
run 2 "$silbe" help --completion tcsh
says 'bash, zsh or fish'
run 2 "$silbe" help --completion
if [[ -e /dev/full ]]; then
    run 4 bash -c '"$@" > /dev/full' - "$silbe" help --completion bash
fi

mkdir -p place/configs 'place/Lieder ü' place/songs
touch place/configs/{default,demo,swd}.yaml place/songs/{a.mp3,b.FLAC,c.txt,d.musicxml,e.pdf}
touch place/f.mp3

# line TEXT: what bash offers at its end, sorted, in one line. Words are broken as readline does.
line() {
    local raw part
    COMP_WORDS=()
    read -ra raw <<< "$1"
    for part in "${raw[@]}"; do
        while [[ $part == ?*=* ]]; do
            COMP_WORDS+=("${part%%=*}" =)
            part=${part#*=}
        done
        [[ -z $part ]] || COMP_WORDS+=("$part")
    done
    [[ $1 == *' ' ]] && COMP_WORDS+=('')
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    COMPREPLY=()
    _silbe
    got=$(printf '%s\n' "${COMPREPLY[@]}" | sort | paste -sd' ')
}

offers() { # LINE WANT
    line "$1"
    same "bash: $1" "$got" "$2"
}

run 0 bash -n silbe.bash
# shellcheck disable=SC1091
source ./silbe.bash
cd place || exit 1
same 'bash: registered' "$(complete -p silbe-align)" 'complete -F _silbe silbe-align'
offers 'silbe al' 'align'
offers 'silbe a' 'adapt align'
offers 'silbe align --mo' '--mode'
offers 'silbe align --mode j' 'joint'
offers 'silbe align -m ' 'all auto joint lyrics score'
offers 'silbe align --mode s' 'score' # not the folder songs, nor the dataset swd
offers 'silbe align --mode=sc' 'score'
offers 'silbe align --mode=' 'all auto joint lyrics score'
offers 'silbe align --format csv,lr' 'csv,lrc'
offers 'silbe align songs/' 'songs/a.mp3 songs/b.FLAC songs/c.txt songs/d.musicxml'
offers 'silbe align songs/a.mp3 songs/c' 'songs/c.txt'
offers 'silbe align ' 'Lieder ü configs demo f.mp3 songs swd'
offers 'silbe align --out s' 'songs'
offers 'silbe features d' 'demo'
offers 'silbe features ' 'Lieder ü configs demo songs swd'
offers 'silbe-features --dataset s' 'songs swd'
offers 'silbe-align --posteriors f' 'f.mp3'
offers 'silbe-align --vo' '--vocab'
offers 'silbe features --vo' ''
offers 'silbe features --threads ' ''
offers 'silbe align --set align.mo' 'align.mode='
offers 'silbe align --set align.mode=s' 'score'
offers 'silbe align --set align.mode=' 'all auto joint lyrics score'
offers 'silbe align --set=align.mode=s' 'score'
offers 'silbe align --set output.formats=csv,text' 'csv,textgrid'
offers 'silbe align --set align.mode=joint,s' ''
offers 'silbe align --set run.force=t' 'true'
offers 'silbe align --set run.threads=' ''
offers 'silbe help evalu' 'evaluate'
offers 'silbe help --completion f' 'fish'
offers 'silbe help settings feat' "$(line 'silbe align --set feat'; echo "features ${got//=/}")"
offers 'silbe nonsense ' ''
# Where '=' does not break words, the whole word is the answer.
COMP_WORDBREAKS=$' \t\n'
offers 'silbe align --set align.mode=s' 'align.mode=score'
offers 'silbe align --set=align.mode=s' '--set=align.mode=score'
offers 'silbe align --mode=sc' '--mode=score'

# Each option that a command's help lists.
for command in align features train cache; do
    line "silbe $command --"
    same "options of $command" "$got" "$("$silbe" "$command" --help |
        sed -nE 's/^  (-[a-z], )?(--[a-z-]+).*/\2/p' | sort -u | paste -sd' ')"
done
cd .. || exit 1

if [[ -n $(type -P zsh) ]]; then
    run 0 zsh -n silbe.zsh
    same 'zsh: head' "$(head -n 1 silbe.zsh | cut -d' ' -f1,2)" '#compdef silbe'
else
    echo 'skipped: zsh, not installed'
fi

fish_offers() { # LINE WANT
    run 0 fish --no-config -c "source silbe.fish; cd place; complete -C '$1'"
    same "fish: $1" "$(cut -f1 <<< "$out" | sort | paste -sd' ')" "$2"
}
if [[ -n $(type -P fish) ]]; then
    run 0 fish --no-execute silbe.fish
    export HOME=$PWD
    fish_offers 'silbe al' 'align'
    fish_offers 'silbe align --mode j' 'joint'
    fish_offers 'silbe align --set align.mode=s' 'align.mode=score'
    fish_offers 'silbe features d' 'demo'
    fish_offers 'silbe align songs/' 'songs/a.mp3 songs/b.FLAC songs/c.txt songs/d.musicxml'
    fish_offers 'silbe-align --voc' '--vocab'
else
    echo 'skipped: fish, not installed'
fi
cd .. && rm -rf test_completion.dir
finish
