/*
 * What `silbe doctor` found: a list of findings, each with its state, as a table or as JSON.
 */
#ifndef SILBE_DOCTOR_FINDINGS_H
#define SILBE_DOCTOR_FINDINGS_H

#include <stddef.h>
#include <stdio.h>

#include "features/base/status.h"

typedef enum {
    SILBE_FOUND_GOOD = 0,
    SILBE_FOUND_ABSENT, /* not there, and not needed for word times */
    SILBE_FOUND_BROKEN, /* needed, or asked for, and does not work */
    SILBE_FOUND_N_STATES
} silbe_found_state;

typedef struct {
    const char *group; /* "speech", static; those of a group follow each other */
    const char *name;  /* "voice", static */
    silbe_found_state state;
    char *text; /* what it is, or what is wrong and what to do; owned */
} silbe_finding;

typedef struct {
    silbe_finding *items; /* owned */
    size_t n_items;
} silbe_findings;

#define SILBE_FINDINGS_INIT                                                                        \
    {                                                                                              \
        NULL, 0                                                                                    \
    }

/* Appends one; takes text over, also after a failure. A step (features/base/status.h). */
void silbe_findings_add(silbe_findings *findings, const char *group, const char *name,
                        silbe_found_state state, char *text, silbe_err *err);

/* The same, BROKEN, with the message of a failure that is the finding. A step. */
void silbe_findings_add_failure(silbe_findings *findings, const char *group, const char *name,
                                const silbe_err *failure, silbe_err *err);

size_t silbe_findings_count(const silbe_findings *findings, silbe_found_state state);

/* For people: a line for each, and one that sums up. */
void silbe_findings_print(const silbe_findings *findings, FILE *stream);

/* For programs: {"format": "silbe doctor", "version": 1, "works": ..., "findings": [{"group",
 * "name", "state", "text"}, ...]}. SILBE_ERR_MEMORY, SILBE_ERR_IO. */
SILBE_MUST_CHECK silbe_status silbe_findings_print_json(const silbe_findings *findings,
                                                        FILE *stream, silbe_err *err);

void silbe_findings_free(silbe_findings *findings);

#endif
