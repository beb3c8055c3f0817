/*
 * A growing list of sentences for people: notes, warnings, reports of what did not fit.
 */
#ifndef SILBE_MESSAGES_H
#define SILBE_MESSAGES_H

#include <stddef.h>

#include "features/base/status.h"

typedef struct {
    char **texts; /* n texts, each UTF-8, one line, owned */
    size_t n;
} silbe_messages;

#define SILBE_MESSAGES_INIT                                                                        \
    {                                                                                              \
        NULL, 0                                                                                    \
    }

/* Adds one sentence, formatted as by printf. SILBE_ERR_MEMORY leaves the list as it was. */
SILBE_MUST_CHECK silbe_status silbe_messages_add(silbe_messages *messages, silbe_err *err,
                                                 const char *format, ...) SILBE_PRINTF(3, 4);

/* Frees the texts and resets to SILBE_MESSAGES_INIT. Legal on NULL and on an empty list. */
void silbe_messages_free(silbe_messages *messages);

#endif
