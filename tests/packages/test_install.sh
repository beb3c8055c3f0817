#!/bin/sh
# .ci/install on machines of other kinds: made of a folder of programs that PATH consists of.
# test_install.sh SOURCE_FOLDER
set -eu

install=$1/.ci/install
scratch=$(mktemp -d "$PWD/install-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

fail() {
    echo "failed: $1"
    sed 's/^/    /' output
    exit 1
}

# What is there on every machine.
machine() {
    rm -rf bin build calls
    mkdir bin
    : > calls
    for program in sh awk cat dirname env grep mkdir; do
        ln -s "$(command -v "$program")" "bin/$program"
    done
}

# stand_in NAME: a program whose text is on standard input.
stand_in() {
    { echo '#!/bin/sh'; cat; } > "bin/$1"
    chmod +x "bin/$1"
}

run() { # STATUS NEED...: runs it there and checks how it ends.
    wanted=$1
    shift
    status=0
    PATH=$scratch/bin sh "$install" "$@" > output 2>&1 || status=$?
    [ "$status" -eq "$wanted" ] || fail "exit $status, not $wanted"
}

says() {
    grep -q -e "$1" output || fail "nothing like \"$1\" in"
}

# ---- Debian: nothing is installed but make, and apt-get works ----
debian() { # ID: of the user
    machine
    stand_in id << END
echo $1
END
    stand_in dpkg-query << 'END'
for name; do :; done
grep -q "^$name\$" installed 2> /dev/null && echo installed
END
    stand_in apt-cache << 'END'
[ "$2" != python3-webvtt ]
END
    stand_in apt-get << 'END'
echo "apt-get $*" >> calls
END
    : > installed
}

debian 0
run 0 build test
says '^installing build-essential cmake .* python3 python3-numpy python3-mir-eval '
grep -q '^apt-get -q update$' calls || fail 'no update'
grep -q '^apt-get install .* libespeak-ng-dev espeak-ng-data .* python3-pysrt' calls || fail 'not installed'
grep -q 'webvtt' calls && fail 'a package that this system does not have'
debian 0
awk '$1 ~ /^(build|test[?]?)$/ && $3 != "-" { gsub(/[+]/, "\n", $3); print $3 }' "$1/.ci/packages" \
    | grep -v webvtt > installed
run 0 build test
[ ! -s calls ] && [ ! -s output ] || fail 'calls apt-get, or says something, where all is there'

debian 0
SILBE_NO_INSTALL=1 run 1 build
says '^  apt-get update && apt-get install --no-install-recommends -y build-essential cmake'
[ ! -s calls ] || fail 'installs although it should not'

debian 1000
run 1 build
says 'there is no sudo. As root:'
says '^  apt-get update && apt-get install'
debian 1000
stand_in sudo << 'END'
echo "sudo $*" >> calls
"$@"
END
run 0 build
grep -q '^sudo apt-get -q update$' calls || fail 'not by sudo'

debian 0
stand_in apt-get << 'END'
echo 'E: no such host'
exit 100
END
run 1 build
says '^E: no such host$'
says 'installing failed'

# ---- a system without apt-get ----
machine
run 1 build
says '^  Fedora  *dnf install gcc make cmake .*soxr-devel'
says '^  Arch  *pacman -S base-devel cmake .*libsoxr'
says '^  macOS  *brew install libomp cmake .*libsoxr'
says '^  Debian, Ubuntu  *apt-get install build-essential'
SILBE_NO_CHECK=1 run 0 build
[ ! -s output ] || fail 'looks although it should not'
machine
stand_in cc < /dev/null
stand_in pkg-config < /dev/null
for program in cmake curl jq unzip; do stand_in "$program" < /dev/null; done
run 0 build
[ ! -s output ] || fail 'says something where all is there'
