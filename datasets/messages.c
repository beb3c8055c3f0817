#include "datasets/messages.h"

#include <stdarg.h>
#include <stdlib.h>

#include "features/base/memory.h"
#include "features/base/path.h"

silbe_status silbe_messages_add(silbe_messages *messages, silbe_err *err, const char *format, ...)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    va_list list;
    va_start(list, format);
    char *text = silbe_need(silbe_path_format_list(format, list), "a message", err);
    va_end(list);
    messages->texts =
        silbe_grow(messages->texts, messages->n, NULL, sizeof *messages->texts, "messages", err);
    if (silbe_failed(err)) {
        free(text);
    } else {
        messages->texts[messages->n++] = text;
    }
    return err->status;
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
