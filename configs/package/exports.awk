# The symbols that the public headers declare, as a version script for the linker: nothing else of
# the library is visible.
#
#     awk -v version=0 -f exports.awk HEADER... > libsilbe_align.map

# Without comments, lines of the preprocessor, and what stands in braces.
{
    while (match($0, /\/\*([^*]|\*[^\/])*\*\//)) {
        $0 = substr($0, 1, RSTART - 1) " " substr($0, RSTART + RLENGTH)
    }
    if (in_comment && match($0, /\*\//)) {
        $0 = substr($0, RSTART + 2)
        in_comment = 0
    } else if (in_comment) {
        next
    }
    if (match($0, /\/\*/)) {
        $0 = substr($0, 1, RSTART - 1)
        in_comment = 1
    }
    if (/^#/ || in_macro) {
        in_macro = /\\$/
        next
    }
    for (i = 1; i <= length($0); i++) {
        character = substr($0, i, 1)
        depth += character == "{"
        if (depth == 0) {
            text = text character
        }
        if (character == "}" && --depth == 0) {
            text = text "{}"
        }
    }
    text = text " "
}

END {
    gsub(/static inline [^{]*\{\}/, "", text)
    n = split(text, statements, ";")
    print "SILBE_ALIGN_" version " {\n  global:"
    for (i = 1; i <= n; i++) {
        statement = statements[i]
        if (statement ~ /^ *(typedef|struct|enum) /) {
            continue
        }
        if (match(statement, /silbe_[a-z0-9_]*\(/)) {
            print "    " substr(statement, RSTART, RLENGTH - 1) ";"
        } else if (statement ~ /^ *extern / && match(statement, /[A-Za-z_][A-Za-z0-9_]*(\[|$)/)) {
            name = substr(statement, RSTART, RLENGTH)
            sub(/\[/, "", name)
            print "    " name ";"
        }
    }
    print "  local:\n    *;\n};"
}
