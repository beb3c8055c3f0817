#include "pipeline/commands/roff.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "pipeline/host/run_info.h"

static void put(FILE *stream, const char *text, size_t length)
{
    /* At the beginning of a line a dot or an apostrophe would be a request. */
    if (length > 0 && (text[0] == '.' || text[0] == '\'')) {
        (void)fputs("\\&", stream);
    }
    for (size_t i = 0; i < length; i++) {
        switch (text[i]) {
        case '\\':
            (void)fputs("\\e", stream);
            break;
        case '-':
            (void)fputs("\\-", stream);
            break;
        case '\'':
            (void)fputs("\\(aq", stream);
            break;
        case '`':
            (void)fputs("\\(ga", stream);
            break;
        case '~':
            (void)fputs("\\(ti", stream);
            break;
        case '^':
            (void)fputs("\\(ha", stream);
            break;
        default:
            (void)fputc(text[i], stream);
        }
    }
}

void silbe_roff_title(FILE *stream, const char *name, int section)
{
    (void)fputs(".TH ", stream);
    for (const char *c = name; *c != '\0'; c++) {
        (void)(*c == '-' ? fputs("\\-", stream) : fputc(toupper((unsigned char)*c), stream));
    }
    (void)fprintf(stream, " %d \"\" \"Silbe %s\" \"Silbe\"\n", section, silbe_version());
}

void silbe_roff_heading(FILE *stream, const char *text)
{
    (void)fprintf(stream, ".SH %s\n", text);
}

void silbe_roff_text(FILE *stream, const char *text)
{
    put(stream, text, strlen(text));
}

void silbe_roff_bold(FILE *stream, const char *text)
{
    (void)fputs("\\fB", stream);
    silbe_roff_text(stream, text);
    (void)fputs("\\fR", stream);
}

void silbe_roff_italic(FILE *stream, const char *text)
{
    (void)fputs("\\fI", stream);
    silbe_roff_text(stream, text);
    (void)fputs("\\fR", stream);
}

void silbe_roff_paragraph(FILE *stream, const char *text)
{
    silbe_roff_text(stream, text);
    (void)fputc('\n', stream);
}

void silbe_roff_lines(FILE *stream, const char *text)
{
    bool as_is = false, is_first = true;
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        bool keep = text[0] == ' ';
        if (keep != as_is) {
            (void)fputs(as_is ? ".fi\n" : "", stream);
            (void)fputs(is_first || length == 0 ? "" : ".PP\n", stream);
            (void)fputs(keep ? ".nf\n" : "", stream);
            as_is = keep;
        }
        if (length == 0) {
            (void)fputs(".PP\n", stream);
        }
        put(stream, text, length);
        (void)fputs(length > 0 ? "\n" : "", stream);
        is_first = false;
        text += length + (text[length] == '\n');
    }
    (void)fputs(as_is ? ".fi\n" : "", stream);
}
