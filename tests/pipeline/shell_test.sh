# Shared by the shell tests: each case runs a program and checks exit code and messages.
# shellcheck shell=bash
set -u
export LC_ALL=C.UTF-8
n_failed=0
n_passed=0

# run CODE COMMAND...: runs it; stdout in $out, stderr in $log; fails unless it exits with CODE.
run() {
    local want=$1 code=0
    "${@:2}" > out.txt 2> log.txt < /dev/null || code=$?
    out=$(cat out.txt)
    log=$(cat log.txt)
    report "exit $want: ${*:2}" "$code" "$want"
}

report() { # WHAT GOT WANT
    if [[ $2 == "$3" ]]; then
        n_passed=$((n_passed + 1))
    else
        n_failed=$((n_failed + 1))
        printf 'FAILED line %s: %s\n  got:  %s\n  want: %s\n  stdout: %s\n  stderr: %s\n' \
            "${BASH_LINENO[1]}" "$1" "$2" "$3" "$(head -c 1000 <<< "${out-}")" \
            "$(head -c 1000 <<< "${log-}")"
    fi
}

# says TEXT: the last run's stderr holds it.
says() { [[ $log == *"$1"* ]] && report says 1 1 || report "stderr holds: $1" no yes; }

prints() { [[ $out == *"$1"* ]] && report prints 1 1 || report "stdout holds: $1" no yes; }

same() { report "$1" "$2" "$3"; }

wait_for() { # FILE: until it is there, at most 20 s
    local i
    for ((i = 0; i < 2000; i++)); do
        [[ -e $1 ]] && return
        sleep 0.01
    done
    report "waiting for $1" missing there
}

finish() {
    echo "$n_passed passed, $n_failed failed"
    ((n_failed == 0))
}
