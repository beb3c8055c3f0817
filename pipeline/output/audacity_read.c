/* https://manual.audacityteam.org/man/importing_and_exporting_labels.html */
#include <math.h>
#include <string.h>

#include "features/base/decimal.h"
#include "pipeline/output/read_internal.h"

/* The field at *at, ended by a zero in place, and *at moved behind the tab; NULL if there is none.
 */
static char *take_field(char **at)
{
    char *field = *at;
    if (field != NULL) {
        char *tab = strchr(field, '\t');
        *at = tab != NULL ? tab + 1 : NULL;
        if (tab != NULL) {
            *tab = '\0';
        }
    }
    return field;
}

/* Two numbers, each ended by a tab or, the second, by the line. */
bool silbe_is_audacity(const char *text)
{
    text += strspn(text, "\n");
    for (int i = 0; i < 2; i++) {
        char number[64] = "";
        size_t n_bytes = strcspn(text, "\t\n");
        double value = 0;
        if (n_bytes >= sizeof number || (i == 0 && text[n_bytes] != '\t')) {
            return false;
        }
        memcpy(number, text, n_bytes);
        if (!silbe_decimal_parse(number, &value)) {
            return false;
        }
        text += n_bytes + (text[n_bytes] != '\0');
    }
    return true;
}

void silbe_read_audacity(silbe_times_reader *reader)
{
    silbe_times_lines lines = {reader->text, 0};
    size_t voice = silbe_times_voice(reader, "", 0);
    for (char *line = NULL; (line = silbe_times_next_line(&lines)) != NULL;) {
        /* A backslash begins the frequencies of the label above. */
        if (silbe_times_is_blank(line) || line[0] == '\\') {
            continue;
        }
        char *rest = line;
        const char *start = take_field(&rest), *end = take_field(&rest);
        if (end == NULL) {
            silbe_times_fail(reader, lines.number,
                             "expected start, end and label, with tabs between them");
            return;
        }
        double start_s = silbe_times_seconds(reader, lines.number, "start", start);
        double end_s = silbe_times_seconds(reader, lines.number, "end", end);
        rest = rest != NULL ? rest : line + strlen(line);
        silbe_times_add(reader, &(silbe_times_row){rest, strlen(rest), lines.number, voice, start_s,
                                                   end_s, NAN});
    }
}
