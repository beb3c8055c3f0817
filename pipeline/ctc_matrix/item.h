/*
 * One posteriorgram and its text to the files of word times.
 */
#ifndef SILBE_CTC_MATRIX_ITEM_H
#define SILBE_CTC_MATRIX_ITEM_H

#include "features/base/status.h"
#include "pipeline/ctc_matrix/vocabulary.h"
#include "pipeline/run/batch.h"
#include "pipeline/settings/config.h"

/* What all items share. */
typedef struct {
    const silbe_config *config; /* posteriors.hop_ms > 0 */
    const silbe_vocabulary *vocabulary;
    const char *vocab_path;
    char settings_digest[SILBE_DIGEST_HEX_SIZE];
} silbe_ctc_matrix_context;

typedef struct {
    const char *name;         /* "x" */
    const char *npy_path;     /* frames x symbols */
    const char *text_path;    /* lyrics as lyrics_text.h describes */
    const char *anchors_path; /* or NULL */
} silbe_ctc_matrix_item;

/* Aligns, and writes output k to paths[k], one for each format of output.formats in their order.
 * Each message begins with the file that it is about. */
SILBE_MUST_CHECK silbe_status silbe_ctc_matrix_item_run(const silbe_ctc_matrix_context *context,
                                                        const silbe_ctc_matrix_item *item,
                                                        const char *const *paths,
                                                        silbe_item_report *report, silbe_err *err);

#endif
