# Doxygen's view of a header: our plain comments become its own, to the letter. The first one is
# that of the file; one behind code on its line is about that code.

function escape(text)
{
    gsub(/[\\@<>#%"&$]/, "\\\\&", text)
    return text
}

{
    line = $0
    if (!inside) {
        at = index(line, "/*")
        if (at == 0) {
            print line
            next
        }
        before = substr(line, 1, at - 1)
        line = substr(line, at + 2)
        opening = before ~ /[^ ]/ ? "/**<" : "/**"
        printf "%s%s%s", before, opening, seen++ ? "" : " @file\n *\n *"
        inside = 1
    }
    end = index(line, "*/")
    if (end == 0) {
        sub(/^ \*( |$)/, " * ", line)
        print escape(line)
    } else {
        print escape(substr(line, 1, end - 1)) "*/" substr(line, end + 2)
        inside = 0
    }
}
