/* Inside of the reader of JSON word times: not for others. */
#ifndef SILBE_OUTPUT_JSON_READER_H
#define SILBE_OUTPUT_JSON_READER_H

#include <jansson.h>

#include "pipeline/host/json_file.h"
#include "pipeline/output/output.h"

/* Where the reader is: counted from 1, 0 = not inside one. */
typedef struct {
    const char *path;
    silbe_err *err;
    size_t line;
    size_t word; /* in its line */
    size_t syllable;
    silbe_output_document *document;
    size_t next_word; /* filled so far */
    size_t next_syllable;
    size_t next_phone;
} silbe_json_reader;

/* SILBE_ERR_FORMAT with file and place; SILBE_ERR_MEMORY. */
silbe_status silbe_reader_fail(const silbe_json_reader *r, const char *problem);
silbe_status silbe_reader_fail_memory(const silbe_json_reader *r);

/* Takes exactly the n wanted fields from object: each must be there, and no other. */
SILBE_MUST_CHECK silbe_status silbe_reader_take(const silbe_json_reader *r, json_t *object,
                                                const silbe_json_field *wanted, size_t n);

#define SILBE_READER_TAKE(r, object, wanted)                                                       \
    silbe_reader_take((r), (object), (wanted), sizeof(wanted) / sizeof((wanted)[0]))

/* NULL for NULL, and if memory is short. */
char *silbe_reader_copy(const char *text);

/* Line l of the file with its words, syllables and phones; all is allocated. */
SILBE_MUST_CHECK silbe_status silbe_reader_line(silbe_json_reader *r, json_t *object, size_t l);

#endif
