#include "pipeline/commands/doctor_findings.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "features/base/memory.h"

static const char *const STATES[SILBE_FOUND_N_STATES] = {"good", "absent", "broken"};

/* As wide as the states: what is broken is seen at once. */
static const char *const MARKS[SILBE_FOUND_N_STATES] = {"good  ", "absent", "BROKEN"};

void silbe_findings_add(silbe_findings *findings, const char *group, const char *name,
                        silbe_found_state state, char *text, silbe_err *err)
{
    findings->items = silbe_grow(findings->items, findings->n_items, NULL, sizeof *findings->items,
                                 "findings", err);
    if (silbe_failed(err)) {
        free(text);
        return;
    }
    findings->items[findings->n_items++] = (silbe_finding){group, name, state, text};
}

void silbe_findings_add_failure(silbe_findings *findings, const char *group, const char *name,
                                const silbe_err *failure, silbe_err *err)
{
    const char *message =
        failure->message[0] != '\0' ? failure->message : silbe_status_str(failure->status);
    silbe_findings_add(findings, group, name, SILBE_FOUND_BROKEN, silbe_copy_text(message, err),
                       err);
}

size_t silbe_findings_count(const silbe_findings *findings, silbe_found_state state)
{
    size_t n = 0;
    for (size_t i = 0; i < findings->n_items; i++) {
        n += findings->items[i].state == state;
    }
    return n;
}

void silbe_findings_print(const silbe_findings *findings, FILE *stream)
{
    const char *group = "";
    for (size_t i = 0; i < findings->n_items; i++) {
        const silbe_finding *item = &findings->items[i];
        if (strcmp(group, item->group) != 0) {
            group = item->group;
            (void)fprintf(stream, "%s%s\n", i > 0 ? "\n" : "", group);
        }
        (void)fprintf(stream, "  %s  %-12s %s\n", MARKS[item->state], item->name, item->text);
    }
    size_t n_broken = silbe_findings_count(findings, SILBE_FOUND_BROKEN);
    if (n_broken == 0) {
        (void)fputs("\nAll that is needed works.\n", stream);
    } else {
        (void)fprintf(stream, "\n%zu of these %s broken.\n", n_broken, n_broken > 1 ? "are" : "is");
    }
}

silbe_status silbe_findings_print_json(const silbe_findings *findings, FILE *stream, silbe_err *err)
{
    json_t *items = json_array();
    for (size_t i = 0; i < findings->n_items; i++) {
        const silbe_finding *item = &findings->items[i];
        /* What the system says, a folder's name for one, need not be UTF-8. */
        const char *text = item->text;
        json_t *shown = json_string(text);
        if (shown == NULL) {
            shown = json_string("(not UTF-8)");
        }
        (void)json_array_append_new(items, json_pack("{s:s, s:s, s:s, s:o}", "group", item->group,
                                                     "name", item->name, "state",
                                                     STATES[item->state], "text", shown));
    }
    bool works = silbe_findings_count(findings, SILBE_FOUND_BROKEN) == 0;
    json_t *root = json_pack("{s:s, s:i, s:b, s:o}", "format", "silbe doctor", "version", 1,
                             "works", works, "findings", items);
    if (root == NULL || json_array_size(items) < findings->n_items) {
        json_decref(root);
        return silbe_fail(err, SILBE_ERR_MEMORY, "no memory for the findings as JSON");
    }
    int failed = json_dumpf(root, stream, JSON_INDENT(1));
    json_decref(root);
    return failed != 0 || fputc('\n', stream) == EOF
               ? silbe_fail(err, SILBE_ERR_IO, "standard output could not be written")
               : SILBE_OK;
}

void silbe_findings_free(silbe_findings *findings)
{
    for (size_t i = 0; i < findings->n_items; i++) {
        free(findings->items[i].text);
    }
    free(findings->items);
    *findings = (silbe_findings)SILBE_FINDINGS_INIT;
}
