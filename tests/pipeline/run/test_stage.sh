#!/usr/bin/env bash
# Stages as programs: skipping, failing, being killed, two at once. Usage: test_stage.sh PROBE
source "$(dirname "$0")/../shell_test.sh"
probe=$(realpath "$1")
[[ -x $probe ]] || exit 1
rm -rf test_stage.dir
mkdir -p test_stage.dir/data && cd test_stage.dir || exit 1

printf 'one' > data/a1.in
printf 'two' > data/a2.in
printf 'three' > 'data/ü b.in'
base=("$probe" --set dataset.name=d --set dataset.root=data)

# A first run, a second that has nothing to do, and what makes an item be done again.
run 0 "${base[@]}"
says '[1/3] a1   ok  1.0 s audio'
says 'stage-probe: 3 ok, 0 up to date, 0 failed'
says 'version '
says 'command: '
same 'stdout is empty' "$out" ''
same 'a1.a' "$(cat work/d/probe/a1.a)" one
same 'ü b.b' "$(cat 'work/d/probe/sub/ü b.b')" three
run 0 "${base[@]}"
says '[1/3] a1   up to date'
says '0 ok, 3 up to date, 0 failed'
run 0 "${base[@]}" --threads 4
says '0 ok, 3 up to date, 0 failed'
run 0 "${base[@]}" --set features.hop_ms=10.0
says '0 ok, 3 up to date'
run 0 "${base[@]}" --set features.rate_hz=16000
says '0 ok, 3 up to date'
run 0 "${base[@]}" --set features.hop_ms=12 --verbose
says '3 ok, 0 up to date'
says 'done again because settings changed'
run 0 "${base[@]}"
says '3 ok, 0 up to date'
touch data/a1.in
run 0 "${base[@]}"
says '0 ok, 3 up to date'
printf 'ONE' > data/a1.in
run 0 "${base[@]}" --verbose
says '1 ok, 2 up to date'
says 'done again because an input changed'
same 'a1.a' "$(cat work/d/probe/a1.a)" ONE
printf 'broken' > work/d/probe/sub/a2.b
run 0 "${base[@]}" --verbose
says 'a result file is missing or was changed'
same 'a2.b' "$(cat work/d/probe/sub/a2.b)" two
rm work/d/probe/a2.a
run 0 "${base[@]}"
says '1 ok, 2 up to date'
printf '{' > work/d/probe/a1.record.json
run 0 "${base[@]}"
says '1 ok, 2 up to date'
run 0 "${base[@]}" --force
says '3 ok, 0 up to date'
mv data moved
run 0 "$probe" --set dataset.name=d --set dataset.root=moved
says '0 ok, 3 up to date'
mv moved data

# Which items.
run 0 "${base[@]}" --items 'a*' --force
says '2 ok'
run 4 "${base[@]}" --items 'z*'
says 'has no item whose name matches "z*"'

# Items that fail: the others go on, older results stay, the record says why.
for word in fail partial forget; do
    printf '%s' "$word" > data/a1.in
    run 1 "${base[@]}" --threads 2
    says '[1/3] a1   FAILED: '
    says "0 ok, 2 up to date, 1 failed"
    same "a1.a after $word" "$(cat work/d/probe/a1.a)" ONE
    same "a1.b after $word" "$(cat work/d/probe/sub/a1.b)" ONE
    same 'record' "$(grep -c '"status": "failed"' work/d/probe/a1.record.json)" 1
    same 'leftovers' "$(find work -name '*.tmp.*')" ''
done
run 1 "${base[@]}" --quiet
says 'a1   FAILED: '
same 'quiet' "$(wc -l < log.txt)" 1
# A later stage does not take what an earlier one left behind.
run 1 "${base[@]}" --name next --upstream probe
says '[1/3] a1   FAILED: the stage probe failed: '
says '2 ok, 0 up to date, 1 failed'
printf 'ONE' > data/a1.in
run 0 "${base[@]}"
run 0 "${base[@]}" --name next --upstream probe
says '1 ok, 2 up to date, 0 failed'
run 1 "${base[@]}" --name other --upstream nothing
says 'nothing/a1.a is missing; run the stage nothing first'
rm data/a2.in
mkdir data/a2.in
run 1 "${base[@]}"
says 'data/a2.in: is not a regular file'
rmdir data/a2.in
printf 'two' > data/a2.in

# A full disk, stood in for by a limit on the size of files.
printf 'big' > data/a1.in
run 1 bash -c 'trap "" XFSZ; ulimit -f 100; "$@"' - "${base[@]}"
says 'a1   FAILED: '
says 'writing failed: File too large'
same 'a1.a on a full disk' "$(cat work/d/probe/a1.a)" ONE
same 'leftovers' "$(find work -name '*.tmp.*')" ''
printf 'ONE' > data/a1.in
run 0 "${base[@]}"

# A work folder that cannot be written: below a regular file, as rights do not bind root.
printf 'x' > file
run 4 "${base[@]}" --work file/work
says 'file: folder cannot be made'
run 4 "${base[@]}" --work /proc/silbe
says 'folder cannot be made'

# Killed in the middle of an item: the lock is free, older results and other items are whole, and
# the next run cleans up.
printf 'sleep' > data/a2.in
"${base[@]}" --threads 1 > /dev/null 2>&1 &
pid=$!
wait_for sleeping
same 'at work' "$(find work -name '*.tmp.*' | grep -c .)" 1
kill -9 "$pid"
wait "$pid" 2> /dev/null
same 'killed' "$?" 137
same 'a2.a' "$(cat work/d/probe/a2.a)" two
printf 'TWO' > data/a2.in
run 0 "${base[@]}"
says '1 ok, 2 up to date'
same 'a2.a' "$(cat work/d/probe/a2.a)" TWO
same 'leftovers' "$(find work -name '*.tmp.*')" ''
rm -f sleeping

# Two at once: the second one says who is there, and what to do.
printf 'wait' > data/a2.in
"${base[@]}" > /dev/null 2>&1 &
pid=$!
wait_for waiting
run 3 "${base[@]}"
says "another run is at work here (stage-probe, process $pid)"
says '--work FOLDER'
printf 'two' > data/a2.in
run 0 "${base[@]}" --work elsewhere
touch go
wait "$pid"
same 'the first run' "$?" 0
run 0 "${base[@]}"
rm -f go waiting

# Asked to stop: what is being worked on is finished, the rest is dropped.
for signal in INT TERM; do
    printf 'wait' > data/a1.in
    # A background job of a script ignores SIGINT unless it is told otherwise.
    (trap - INT; exec "${base[@]}" --threads 1 --force) > /dev/null 2> log.txt &
    pid=$!
    wait_for waiting
    kill -"$signal" "$pid"
    sleep 0.1
    touch go
    wait "$pid"
    same "code after SIG$signal" "$?" 130
    log=$(cat log.txt)
    says 'stopping after the items in work'
    says 'stopped with 2 items left; run the same command again'
    says '1 ok, 0 up to date, 0 failed'
    same 'leftovers' "$(find work -name '*.tmp.*')" ''
    rm -f go waiting
done
# Twice: at once.
printf 'sleep' > data/a1.in
(trap - INT; exec "${base[@]}" --threads 1 --force) > /dev/null 2>&1 &
pid=$!
wait_for sleeping
kill -INT "$pid"
sleep 0.2
kill -INT "$pid"
wait "$pid"
same 'code after two signals' "$?" 130
printf 'ONE' > data/a1.in
run 0 "${base[@]}"
same 'leftovers' "$(find work -name '*.tmp.*')" ''

# Any number of threads, the same files.
for ((i = 10; i < 30; i++)); do printf 'content %s' "$i" > "data/n$i.in"; done
for threads in 1 4 8; do
    run 0 "${base[@]}" --threads "$threads" --work "t$threads"
    find "t$threads" '(' -name '*.record.json' -o -name .lock ')' -delete
done
run 0 diff -r t1 t4
run 0 diff -r t1 t8

# Names that cannot be files.
touch 'data/.x.in'
run 2 "${base[@]}"
says 'item ".x": a name must not'
cd .. && rm -rf test_stage.dir
finish
