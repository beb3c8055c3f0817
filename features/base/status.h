/*
 * Status codes and error messages of the whole house.
 *
 * Every function that can fail returns a silbe_status and, through a caller-owned silbe_err, says
 * in one sentence what is wrong, where, and what to do. Libraries never print and never exit; only
 * the programs in pipeline/ do.
 */
#ifndef SILBE_STATUS_H
#define SILBE_STATUS_H

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

#endif
