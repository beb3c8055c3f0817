# A header of the alignment library as it is installed: below include/silbe/, without the folders
# "align/" and "features/base/", and for C++, too.
#
#     awk -f public_header.awk align/ctc/ctc.h > include/silbe/ctc/ctc.h

function installed(path)
{
    sub(/^align\//, "", path)
    sub(/^features\/base\//, "", path)
    return path
}

{ lines[NR] = $0 }
/^#include/ { last_include = NR }
/^#define SILBE_[A-Z0-9_]*_H$/ { guard = NR }
/^#endif/ { last_endif = NR }

END {
    begin = last_include > 0 ? last_include : guard
    for (i = 1; i <= NR; i++) {
        line = lines[i]
        if (match(line, /^#include "[^"]*"/)) {
            path = substr(line, 11, RLENGTH - 11)
            line = "#include <silbe/" installed(path) ">"
        }
        if (i == last_endif) {
            print "#ifdef __cplusplus\n}\n#endif\n"
        }
        print line
        if (i == begin) {
            print "\n#ifdef __cplusplus\nextern \"C\" {\n#endif"
        }
    }
}
