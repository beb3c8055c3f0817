#include "features/base/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const STATUS_TEXT[SILBE_N_STATUS] = {
    [SILBE_OK] = "success",
    [SILBE_ERR_ARGUMENT] = "wrong argument or setting",
    [SILBE_ERR_MEMORY] = "out of memory",
    [SILBE_ERR_IO] = "input/output error",
    [SILBE_ERR_FORMAT] = "malformed file",
    [SILBE_ERR_DATA] = "unusable data",
    [SILBE_ERR_INFEASIBLE] = "no alignment possible",
    [SILBE_ERR_MISMATCH] = "inputs do not belong together",
    [SILBE_ERR_BUSY] = "in use by another run",
};

const char *silbe_status_str(silbe_status status)
{
    if ((int)status < 0 || status >= SILBE_N_STATUS) {
        return "unknown status";
    }
    return STATUS_TEXT[status];
}

silbe_status silbe_fail_at(silbe_err *err, const char *source_file, int source_line,
                           silbe_status status, const char *format, ...)
{
    if (err != NULL) {
        va_list args;
        err->status = status;
        err->source_file = source_file;
        err->source_line = source_line;
        va_start(args, format);
        (void)vsnprintf(err->message, sizeof err->message, format, args);
        va_end(args);
    }
    return status;
}

silbe_status silbe_fail_prefix(silbe_err *err, silbe_status status, const char *prefix)
{
    if (err != NULL) {
        char message[SILBE_ERR_MESSAGE_SIZE];
        /* A message longer than the buffer is cut at its end, where the least is lost. */
        (void)snprintf(message, sizeof message, "%.*s: %.*s", 500, prefix, 500, err->message);
        memcpy(err->message, message, sizeof message);
        err->status = status;
    }
    return status;
}
