/*
 * JSON documents as files: written whole or not at all, read by tables of what they should hold, so
 * that a message names the field that is wrong.
 */
#ifndef SILBE_JSON_FILE_H
#define SILBE_JSON_FILE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "features/base/status.h"

/* Takes over root, also after a failure; NULL (what jansson gives when memory is short) is
 * SILBE_ERR_MEMORY. indent: blanks for each level. Errors of silbe_atomic_commit. */
SILBE_MUST_CHECK silbe_status silbe_json_write(const char *path, json_t *root, size_t indent,
                                               silbe_err *err);

/* The object that a file holds; the caller calls json_decref. A key that is there twice is an
 * error. SILBE_ERR_IO; SILBE_ERR_FORMAT with line and column. *root is then NULL. */
SILBE_MUST_CHECK silbe_status silbe_json_read(const char *path, json_t **root, silbe_err *err);

/* Takes what a document says into target; a step (features/base/status.h). */
typedef void (*silbe_json_parser)(const json_t *root, void *target, silbe_err *err);

/* Reads a file and parses it; messages of the parser get the path in front. */
SILBE_MUST_CHECK silbe_status silbe_json_parse(const char *path, silbe_json_parser parse,
                                               void *target, silbe_err *err);

/* SILBE_ERR_FORMAT unless "format" and "version" are these. */
SILBE_MUST_CHECK silbe_status silbe_json_check_format(const json_t *root, const char *format,
                                                      int version, silbe_err *err);

/* A field that an object must have, and where its value goes. */
typedef struct {
    const char *key;
    char type;       /* 's' text, 'S' text or null, 'F' number, 'N' number or null (then NAN), 'I'
                        integer, 'J' integer or null (then the target stays), 'b' true or false, 'a'
                        array, 'o' object */
    void *target;    /* const char * (borrowed, NULL for null), double, json_int_t, bool, const
                        json_t * (borrowed) */
    double min, max; /* of numbers and integers, both ends allowed; both 0: any */
} silbe_json_field;

/*
 * Takes the n wanted fields from object; NULL, or what is no object, has none. place ("" or
 * "arrays.chroma: ") begins messages. is_strict: there must be no other field.
 *
 * SILBE_ERR_FORMAT, naming the first field that is missing, of another type or out of range, or
 * that is not wanted.
 */
SILBE_MUST_CHECK silbe_status silbe_json_take(const json_t *object, const char *place,
                                              const silbe_json_field *wanted, size_t n,
                                              bool is_strict, silbe_err *err);

/* The same for an array of n values in the order of the columns, which are named by place, number
 * and key: "notes[12][2] (pitch)", place being "notes[12]". */
SILBE_MUST_CHECK silbe_status silbe_json_take_row(const json_t *row, const char *place,
                                                  const silbe_json_field *columns, size_t n,
                                                  silbe_err *err);

/* "shape": [n_rows, n_cols], both from 1 to 2^30; errors as above. */
SILBE_MUST_CHECK silbe_status silbe_json_take_shape(const json_t *object, const char *place,
                                                    size_t *n_rows, size_t *n_cols, silbe_err *err);

#endif
