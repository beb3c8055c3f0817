#!/usr/bin/env bash
# test_installed.sh BUILD SOURCE EXAMPLE_RECORDING: what `make install` puts down works where it is
# moved to, the library shows what its headers declare and nothing else, programs in C and C++ are
# compiled against it, and uninstalling leaves nothing.
set -euo pipefail
readonly BUILD=$1 SOURCE=$2 DEMO=$3
readonly TOP=$(mktemp -d)
manifest=$BUILD/install_manifest.txt
# One that a person's own installation left is for their own `make uninstall`.
if [[ -e $manifest ]]; then mv "$manifest" "$TOP/manifest"; fi
clean() {
    rm -f "$manifest"
    if [[ -e $TOP/manifest ]]; then mv "$TOP/manifest" "$manifest"; fi
    rm -rf "$TOP"
}
trap clean EXIT
die() { echo "FAILED: $*"; exit 1; }
skip() { echo "skipped: $*"; }

cmake --install "$BUILD" --prefix "$TOP/first" > "$TOP/log" || { cat "$TOP/log"; die install; }
if grep -rlF "$BUILD" "$TOP/first" --include='*.pc' --include='*.cmake' --include='*.h' --include='*.yaml'; then
    die 'these name the build folder'
fi
cp -a "$TOP/first" "$TOP/a moved one"
readonly PREFIX="$TOP/a moved one"

# Programs, from a folder where nothing of the sources is.
cd "$TOP"
"$PREFIX/bin/silbe" --version | grep -q '^silbe [0-9]' || die version
"$PREFIX/bin/silbe-features" --version | grep -q '^silbe-features [0-9]' || die 'the link silbe-features'
cp "$DEMO/01_RawData/audio_wav/Silbe_Demo-01_SC33.wav" song.wav
cp "$DEMO/01_RawData/lyrics_txt/Silbe_Demo-01.txt" lyrics.txt
XDG_CACHE_HOME="$TOP/cache" "$PREFIX/bin/silbe" align song.wav lyrics.txt 2> log || { cat log; die 'silbe align'; }
[[ $(wc -l < song.words.csv) -eq 25 ]] || die 'song.words.csv has not 24 words'
"$PREFIX/bin/silbe" features demo > log 2>&1 && die 'the demo dataset is not here'
grep -q 'configs/demo.yaml\|demo-data' log || { cat log; die 'configs/demo.yaml was not found'; }

# The library.
library=$(find "$PREFIX" -name 'libsilbe_align.so')
[[ -n $library ]] || die 'no libsilbe_align.so'
readelf -d "$library" | grep -q 'SONAME.*libsilbe_align.so.0' || die soname
nm -D --defined-only "$library" | awk '{ print $3 }' | sed 's/@.*//' | grep -v '^SILBE_ALIGN_' | sort > shown
sed -n 's/^    \([A-Za-z_0-9]*\);$/\1/p' "$BUILD/libsilbe_align.map" | sort > declared
diff shown declared || die 'shown and declared symbols differ'
[[ $(wc -l < shown) -gt 60 ]] || die 'few symbols'
pc=$(dirname "$(find "$PREFIX" -name silbe-align.pc)")
export PKG_CONFIG_PATH=$pc
eval "flags=($(pkg-config --cflags silbe-align))"
eval "libs=($(pkg-config --libs silbe-align))"
export LD_LIBRARY_PATH=$(dirname "$library")
while IFS= read -r header; do
    name=${header#"$PREFIX/include/"}
    printf '#include <%s>\nextern int silbe_not_empty;\n' "$name" > alone.c
    cc -std=c17 -pedantic -Wall -Wextra -Werror -fsyntax-only "${flags[@]}" alone.c || die "$name alone in C17"
    if command -v c++ > /dev/null; then
        c++ -x c++ -std=c++17 -Wall -Wextra -Werror -fsyntax-only "${flags[@]}" alone.c || die "$name alone in C++17"
    fi
done < <(find "$PREFIX/include" -name '*.h')
for example in "$SOURCE"/align/examples/*.c; do
    cc -std=c17 -Wall -Wextra -Werror "$example" "${flags[@]}" "${libs[@]}" -lm -o example ||
        die "$example does not compile"
    ./example || die "$example"
    cc -std=c17 "$example" "${flags[@]}" "$(find "$PREFIX" -name libsilbe_align.a)" -lm -o example ||
        die "$example does not link statically"
    ./example || die "$example, static"
done
if command -v c++ > /dev/null; then
    cat > program.cpp <<'CPP'
#include <silbe/metrics.h>
int main()
{
    const double reference_s[] = {1, 2}, estimate_s[] = {1, 2};
    silbe_onset_metrics metrics;
    return silbe_onset_metrics_run(reference_s, estimate_s, 2, &metrics, nullptr) == SILBE_OK ? 0 : 1;
}
CPP
    mkdir -p with-cmake
    mv program.cpp with-cmake
    cat > with-cmake/CMakeLists.txt <<'CMAKE'
cmake_minimum_required(VERSION 3.22)
project(program CXX)
find_package(SilbeAlign REQUIRED)
add_executable(program program.cpp)
target_link_libraries(program PRIVATE Silbe::align)
add_executable(static_program program.cpp)
target_link_libraries(static_program PRIVATE Silbe::align_static)
CMAKE
    { cmake -S with-cmake -B with-cmake/build -DCMAKE_PREFIX_PATH="$PREFIX" &&
        cmake --build with-cmake/build; } > log 2>&1 || { cat log; die 'find_package(SilbeAlign)'; }
    with-cmake/build/program && with-cmake/build/static_program || die 'a program in C++'
else
    skip 'no C++ compiler: headers in C++, find_package'
fi

# Away again: the first installation, whose files the manifest names.
cmake -P "$BUILD/uninstall.cmake" > log 2>&1 || { cat log; die uninstall; }
rest=$(find "$TOP/first" -type f -o -type l)
[[ -z $rest ]] || die "uninstalling left $rest"
echo 'installed, moved, used and removed'
