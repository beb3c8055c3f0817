/*
 * Status codes and error messages of the whole house.
 *
 * Every function that can fail returns a silbe_status and, through a caller-owned silbe_err, says
 * in one sentence what is wrong, where, and what to do. Libraries never print and never exit; only
 * the programs in pipeline/ do.
 */
#ifndef SILBE_STATUS_H
#define SILBE_STATUS_H

#include <stdbool.h>
#include <stddef.h>

typedef enum {
    SILBE_OK = 0,         /* success */
    SILBE_ERR_ARGUMENT,   /* the caller broke the contract of the function, or a setting is wrong */
    SILBE_ERR_MEMORY,     /* an allocation failed, or a size does not fit into size_t */
    SILBE_ERR_IO,         /* a file cannot be opened, read, written or renamed */
    SILBE_ERR_FORMAT,     /* a file is not what its format says */
    SILBE_ERR_DATA,       /* well-formed but unusable: silent audio, NaN, empty text */
    SILBE_ERR_INFEASIBLE, /* no alignment exists: more labels than frames, contradicting anchors */
    SILBE_ERR_MISMATCH,   /* two inputs do not belong together */
    SILBE_ERR_BUSY,       /* another run holds what this one needs */
    SILBE_N_STATUS
} silbe_status;

#define SILBE_ERR_MESSAGE_SIZE 1024

/* Owned by the caller; zero-initialise with SILBE_ERR_INIT. Functions fill it only on failure. */
typedef struct {
    silbe_status status;
    char message[SILBE_ERR_MESSAGE_SIZE]; /* UTF-8, one line, no trailing newline */
    const char *source_file;              /* where in Silbe the error was raised; static string */
    int source_line;
} silbe_err;

#define SILBE_ERR_INIT                                                                             \
    {                                                                                              \
        SILBE_OK, "", "", 0                                                                        \
    }

#if defined(__GNUC__)
#define SILBE_MUST_CHECK __attribute__((warn_unused_result))
#define SILBE_PRINTF(format_index, first_arg)                                                      \
    __attribute__((format(printf, format_index, first_arg)))
#else
#define SILBE_MUST_CHECK
#define SILBE_PRINTF(format_index, first_arg)
#endif

/* One English phrase for a status, for example "input/output error"; never NULL. */
const char *silbe_status_str(silbe_status status);

/* Fills *err (err may be NULL) and returns status, so that `return silbe_fail(err, ...)` works. */
#define silbe_fail(err, status, ...) silbe_fail_at((err), __FILE__, __LINE__, (status), __VA_ARGS__)

silbe_status silbe_fail_at(silbe_err *err, const char *source_file, int source_line,
                           silbe_status status, const char *format, ...) SILBE_PRINTF(5, 6);

/* Puts "prefix: " in front of the message of *err (err may be NULL) and returns its status. Used to
 * add the file or the item to a message that was raised further down. */
silbe_status silbe_fail_prefix(silbe_err *err, silbe_status status, const char *prefix);

/*
 * Failure that sticks, for private code: the steps of a function take an err that is never NULL, do
 * nothing where it already holds a failure, and return nothing, so that a sequence is straight
 * lines. Calls of functions that return a status stand in silbe_try. The public function around
 * them is the frame:
 *
 *     silbe_status silbe_x_read(const char *path, silbe_x *x, silbe_err *err)
 *     {
 *         silbe_err own;
 *         err = silbe_err_begin(err, &own);
 *         silbe_try(err, silbe_read_file(path, &text, err));
 *         take_rows(text, x, err);
 *         free(text);
 *         return err->status;
 *     }
 */
static inline bool silbe_failed(const silbe_err *err)
{
    return err->status != SILBE_OK;
}

/* err, or own where err is NULL; holds no failure. */
static inline silbe_err *silbe_err_begin(silbe_err *err, silbe_err *own)
{
    err = err != NULL ? err : own;
    err->status = SILBE_OK;
    err->message[0] = '\0';
    return err;
}

static inline void silbe_err_settle(silbe_err *err, silbe_status status)
{
    err->status = status;
}

/* Makes the call unless err holds a failure; the call's last argument is err. */
#define silbe_try(err, call)                                                                       \
    do {                                                                                           \
        if (!silbe_failed(err)) {                                                                  \
            silbe_err_settle((err), (call));                                                       \
        }                                                                                          \
    } while (0)

#endif
