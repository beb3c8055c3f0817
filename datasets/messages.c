#define _POSIX_C_SOURCE 200809L
#include "datasets/messages.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

silbe_status silbe_messages_add(silbe_messages *messages, silbe_err *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = length < 0 ? NULL : malloc((size_t)length + 1);
    if (text != NULL) {
        (void)vsnprintf(text, (size_t)length + 1, format, again);
    }
    va_end(again);
    char **texts = NULL;
    if (text != NULL && messages->n < SIZE_MAX / sizeof *texts - 1) {
        texts = realloc(messages->texts, (messages->n + 1) * sizeof *texts);
    }
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
