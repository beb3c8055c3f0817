#define _POSIX_C_SOURCE 200809L
#include "datasets/messages.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "features/base/array.h"
#include "features/base/path.h"

silbe_status silbe_messages_add(silbe_messages *messages, silbe_err *err, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    char *text = silbe_path_format_list(format, list);
    va_end(list);
    char **texts =
        text != NULL ? silbe_array_append(messages->texts, messages->n, sizeof *texts) : NULL;
    if (texts == NULL) {
        free(text);
        return silbe_fail(err, SILBE_ERR_MEMORY, "out of memory for a message");
    }
    messages->texts = texts;
    messages->texts[messages->n++] = text;
    return SILBE_OK;
}

void silbe_messages_free(silbe_messages *messages)
{
    if (messages == NULL) {
        return;
    }
    for (size_t i = 0; i < messages->n; i++) {
        free(messages->texts[i]);
    }
    free(messages->texts);
    *messages = (silbe_messages)SILBE_MESSAGES_INIT;
}
