#!/usr/bin/env bash
# What silbe says about itself. Usage: test_help.sh BIN_FOLDER SOURCE_FOLDER
source "$(dirname "$0")/../shell_test.sh"
silbe=$(realpath "$1")/silbe
source_folder=$(realpath "$2")
[[ -x $silbe ]] || exit 1
rm -rf test_help.dir
mkdir -p test_help.dir && cd test_help.dir || exit 1

# The overview, and the help of each command that it names: within 100 columns.
run 2 "$silbe"
same 'stdout is empty' "$out" ''
overview=$log
run 0 "$silbe" help
same 'the overview' "$out" "$overview"
run 0 "$silbe" --help
same 'the overview' "$out" "$overview"
mapfile -t commands < <(sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' <<< "$overview" | grep -v help)
same 'commands are found' "$((${#commands[@]} > 8))" 1
for command in "${commands[@]}"; do
    run 0 "$silbe" help "$command"
    prints "Usage: silbe $command"
    prints 'Exit codes:'
    by_topic=$out
    run 0 "$silbe" "$command" --help
    same "help $command" "$out" "$by_topic"
    same "$command: no long lines" "$(awk 'length > 100' <<< "$out")" ''
    # Sections that it names exist.
    sections=$(sed -n 's/^Settings that decide the results: silbe help settings //p' <<< "$out")
    # shellcheck disable=SC2086
    [[ -z $sections ]] || run 0 "$silbe" help settings $sections
done

# Every setting, with its default, as configs/default.yaml has them, and what is allowed.
run 0 "$silbe" help settings
same 'keys and defaults' "$(sed -n 's/^  \([a-z_]*\.[a-z_]*: .*\)/\1/p' <<< "$out")" \
    "$(awk '/^[a-z]/ {sub(":", ""); section = $1} /^  [a-z]/ {sub("  ", ""); print section "." $0}' \
        "$source_folder/configs/default.yaml")"
prints '      a number from 1 to 1000 ms'
prints '      score, lyrics, joint, all or auto'
same 'a line of bounds for each' "$(grep -c '^  [a-z]' <<< "$out")" \
    "$(grep -cE '^      (a |true or false|[a-z_]+(, [a-z_]+)* or [a-z_]+$)' <<< "$out")"
run 0 "$silbe" help settings run.threads work
prints 'run.threads: 0'
prints 'work.folder: "work"'
same 'no others' "$(grep -c '^  [a-z]' <<< "$out")" 2

# What does not exist.
run 2 "$silbe" aling
says 'there is no command aling; did you mean align?'
run 2 "$silbe" help aling
says 'did you mean align?'
run 2 "$silbe" help align labels
says '"labels" is one word too many'
run 2 "$silbe" help --man align labels
run 2 "$silbe" help seting
says 'did you mean settings?'
run 2 "$silbe" help settings featurs
says 'did you mean features?'
run 2 "$silbe" help settings features.hopms
says 'did you mean features.hop_ms?'

# Manual pages, without a complaint of who formats them; dates would change the bytes.
for name in silbe "${commands[@]}" align-stage settings; do
    run 0 "$silbe" help --man "$name"
    printf '%s\n' "$out" > page.txt
    prints ' "" "Silbe '
    section=$(sed -n 's/^\.TH [^ ]* \([15]\) .*/\1/p' page.txt)
    cp page.txt "page.$section"
    if [[ -n $(type -P man) && -n $(type -P groff) ]]; then
        run 0 man --warnings=w -l "page.$section"
        same "man: $name" "$log" ''
        [[ $name == settings || $name == silbe ]] || prints 'EXIT STATUS'
    else
        echo "skipped: man $name, no man"
    fi
    if [[ -n $(type -P mandoc) ]]; then
        same "mandoc: $name" "$(mandoc -T lint -W warning "page.$section" 2>&1 | grep -v 'missing date')" ''
    else
        echo "skipped: mandoc $name, no mandoc"
    fi
done
run 0 "$silbe" help --man
prints '.TH SILBE 1'
run 0 "$silbe" help --man silbe-settings
same 'every setting' "$(grep -c '^\\fB[a-z_]*\.[a-z_]*\\fR: ' <<< "$out")" \
    "$(grep -c '^  [a-z]' "$source_folder/configs/default.yaml")"
run 0 "$silbe" help --write 'files ü'
same 'a page for each command' "$(find 'files ü/man' -name '*.1' | wc -l)" "$((${#commands[@]} + 2))"
run 0 diff <("$silbe" help --man align) 'files ü/man/silbe-align.1'
run 0 diff <("$silbe" help --man settings) 'files ü/man/silbe-settings.5'
for shell in bash:silbe.bash zsh:_silbe fish:silbe.fish; do
    run 0 diff <("$silbe" help --completion "${shell%:*}") "files ü/completions/${shell#*:}"
done
for page in 'files ü/man/'*; do
    run 0 diff "$page" "${silbe%/bin/silbe}/man/${page##*/}"
done
: > file
run 4 "$silbe" help --write file
says 'file: folder cannot be made'
run 2 "$silbe" help --write
run 2 "$silbe" help --man algn
says 'did you mean align?'

if [[ -e /dev/full ]]; then
    run 4 bash -c '"$@" > /dev/full' - "$silbe" help settings
    says 'standard output could not be written'
fi
cd .. && rm -rf test_help.dir
finish
