#!/usr/bin/env bash
# The command line that all programs share, and the failures of silbe-features that are seen from
# outside. Usage: test_cli.sh BIN_FOLDER SOURCE_FOLDER
source "$(dirname "$0")/../shell_test.sh"
bin=$(realpath "$1")
source_folder=$(realpath "$2")
features=$bin/silbe-features
[[ -x $features ]] || exit 1
unset SWD_ROOT
rm -rf test_cli.dir
mkdir -p test_cli.dir && cd test_cli.dir || exit 1

# Help and version go to stdout; misuse to stderr with code 2 and nothing on stdout.
for program in "$bin"/silbe-{features,labels,align,evaluate}; do
    [[ -x $program ]] || continue
    run 0 "$program" --help
    prints 'Usage: silbe-'
    prints '--threads N'
    prints 'default 0'
    prints '  130  interrupted'
    prints 'silbe help settings'
    same 'stderr is empty' "$log" ''
    run 0 "$program" -h
    run 0 "$program" --version
    prints "${program##*/} 0."
    run 0 "$program" --print-config
    same 'configs/default.yaml' "$(diff out.txt "$source_folder/configs/default.yaml")" ''
    run 2 "$program" --nonsense
    same 'stdout is empty' "$out" ''
    says "${program##*/}: error: there is no option --nonsense"
    says '--help'
    run 4 "$program" --set dataset.name=x --set dataset.root=none --set dataset.kind=folder
    says 'none'
done
run 2 "$features"
says 'say which dataset'
run 2 "$features" data
says '--dataset data: there is no such folder'
run 2 "$features" data more
says '"more": one dataset is enough'
run 2 "$features" data --dataset other
says '"data": one dataset is enough'
run 2 "$features" --treads 2
says 'did you mean --threads?'
run 2 "$features" --set
says '--set needs a value: --set KEY=VALUE'
run 2 "$features" --threads
run 2 "$features" --quiet=yes
says '--quiet takes no value'
run 2 "$features" --quiet --verbose
says 'exclude each other'
run 2 "$features" --config a --config b
says '--config is given twice'
run 2 "$features" --dataset a --dataset b
run 2 "$features" --threads 2x
says '"2x" is not a whole number; run.threads takes'
run 2 "$features" --threads -1
says 'out of range'
run 2 "$features" --set features.hop_mz=3
says 'did you mean features.hop_ms?'
run 2 "$features" --set features.hop_ms=nan
run 2 "$features" --config none.yaml
says 'none.yaml: cannot be read: No such file'
printf 'features:\n  hop_ms: 10\n  hop_ms: 20\n' > twice.yaml
run 2 "$features" --config twice.yaml
says 'twice.yaml:3:3: features.hop_ms is given twice'
run 2 "$features" --dataset nowhere
says 'there is no such folder, and no configs/nowhere.yaml'
run 2 "$features" --dataset ''
run 2 "$features" --dataset /
says 'say which dataset'
if [[ -e /dev/full ]]; then
    for option in --help --version --print-config; do
        run 4 bash -c '"$@" > /dev/full' - "$features" "$option"
        says 'standard output could not be written'
    done
fi

# Layers: defaults < file < environment < --set, later --set wins.
mkdir -p configs 'Lieder ü'
printf 'features: {hop_ms: 15, rate_hz: 8000, logmel_high_hz: 4000}\n' > configs/x.yaml
printf 'dataset: {kind: swd, name: x, root: a, root_env: SWD_ROOT}\n' >> configs/x.yaml
run 0 "$features" --dataset x --print-config
prints 'hop_ms: 15'
prints 'name: "x"'
prints 'root: "a"'
run 0 env SWD_ROOT='b c' "$features" --dataset x --print-config
prints 'root: "b c"'
run 0 env SWD_ROOT=b "$features" --config configs/x.yaml --set dataset.root=d --print-config
prints 'root: "d"'
run 0 "$features" --dataset=x --set features.hop_ms=20 --set=features.hop_ms=30 --print-config
prints 'hop_ms: 30'
run 0 "$features" --dataset x --config configs/x.yaml --print-config
printf 'dataset: {name: y}\n' > configs/y.yaml
run 2 "$features" --dataset x --config configs/y.yaml
says 'give one of the two'
run 0 "$features" --dataset 'Lieder ü/' --threads 3 --force --print-config
prints 'kind: folder'
prints 'name: "Lieder ü"'
prints 'root: "Lieder ü/"'
prints 'threads: 3'
prints 'force: true'
printf '\n' > configs/winterreise.yaml
run 2 "$features" wintereise
says 'no configs/wintereise.yaml; did you mean winterreise?'
run 2 "$features" defaul
says 'that describes a dataset of this name'
run 2 "$features" x --set align.mode=scor
says '"scor" is not known; did you mean score?; align.mode takes'
run 2 "$features" x --set output.formats=json,textgird
says '"textgird" is not known; did you mean textgrid?'
run 2 "$features" x --set featuers.hop_ms=10
says 'did you mean features.hop_ms?'
mkdir x
run 0 "$features" --dataset x --print-config
prints 'kind: swd'
run 0 env SWD_ROOT=b "$features" --dataset ./x --config configs/x.yaml --print-config
prints 'kind: folder'
prints 'root: "./x"'
prints 'hop_ms: 15'

# Bad recordings: each is reported, the good one is done.
run 4 "$features" --dataset 'Lieder ü'
run 0 "$features" --help
/usr/bin/python3 - << 'PYTHON' || exit 1
import math, struct, wave
with wave.open('Lieder ü/gut.wav', 'wb') as w:
    w.setnchannels(1)
    w.setsampwidth(2)
    w.setframerate(22050)
    w.writeframes(b''.join(struct.pack('<h', int(9000 * math.sin(i * 0.07 + (i // 5000))))
                           for i in range(44100)))
PYTHON
head -c 20000 'Lieder ü/gut.wav' > 'Lieder ü/kurz.wav'
printf 'not audio' > 'Lieder ü/text.wav'
: > 'Lieder ü/leer.wav'
run 1 "$features" --dataset 'Lieder ü'
says 'gut   ok  2.0 s audio'
says 'kurz  FAILED: '
says 'leer  FAILED: '
says 'text  FAILED: '
says '1 ok, 0 up to date, 3 failed'
run 1 "$features" --dataset 'Lieder ü'
says '0 ok, 1 up to date, 3 failed'
run 0 "$features" --dataset 'Lieder ü' --items gut
same 'files' "$(find 'work/Lieder ü/features' -name 'gut.*' | wc -l)" 7
run 0 "$features" --dataset 'Lieder ü' --items gut --set features.logmel=false --work w2
same 'no log-mel' "$(find w2 -name '*.logmel.npy')" ''
same 'no middle' "$(find w2 -name '*.middle.npy')" ''
cd .. && rm -rf test_cli.dir
finish
