/*
 * Score and lyrics of one work to labels.
 */
#ifndef SILBE_MAKE_LABELS_H
#define SILBE_MAKE_LABELS_H

#include "datasets/items.h"
#include "pipeline/files/labels_file.h"
#include "pipeline/run/batch.h"
#include "pipeline/settings/config.h"

/* What labels are made of: files, or a text that is there already. */
typedef struct {
    const char *score_path;  /* or NULL */
    const char *lyrics_path; /* or NULL; also names `text` in messages */
    const char *text;        /* the lyrics, UTF-8; NULL: those of lyrics_path */
    size_t n_bytes;
} silbe_labels_source;

/*
 * Fills score, lyrics and differences of *labels, which must be SILBE_LABELS_INIT and which the
 * caller frees, also after a failure; the languages of text and lines become notes of the report,
 * the differences notes and a warning. At least one of score and lyrics must be there. Errors name
 * the file: those of the readers, of silbe_lyrics_from_text and silbe_lyrics_reconcile.
 */
SILBE_MUST_CHECK silbe_status silbe_make_labels(const silbe_config *config,
                                                const silbe_labels_source *source,
                                                silbe_labels *labels, silbe_item_report *report,
                                                silbe_err *err);

#endif
