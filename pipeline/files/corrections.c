#define _POSIX_C_SOURCE 200809L
#include "pipeline/files/corrections.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "features/base/format.h"

silbe_status silbe_corrections_path(const silbe_config *config, const silbe_item *item, char **path,
                                    silbe_err *err)
{
    silbe_err own;
    const char *folder = config->dataset.corrections;
    struct stat info;
    *path = NULL;
    err = silbe_err_begin(err, &own);
    if (folder[0] == '\0') {
        return SILBE_OK;
    }
    if (stat(folder, &info) != 0 || !S_ISDIR(info.st_mode)) {
        return silbe_fail(err, SILBE_ERR_IO,
                          "%s (dataset.corrections): there is no such folder; make it, put the "
                          "saved .words.csv files into it, or leave the setting empty",
                          folder);
    }
    *path = silbe_format(err, "%s/%s.words.csv", folder, item->name);
    if (*path != NULL && access(*path, F_OK) != 0) {
        free(*path);
        *path = NULL;
    }
    return err->status;
}

silbe_status silbe_corrections_read(const char *path, const silbe_lyrics *lyrics,
                                    silbe_reference_words *words, silbe_err *err)
{
    silbe_err own;
    silbe_word_rows rows = SILBE_WORD_ROWS_INIT;
    *words = (silbe_reference_words)SILBE_REFERENCE_WORDS_INIT;
    err = silbe_err_begin(err, &own);
    if (silbe_word_rows_read(path, &rows, err) == SILBE_OK &&
        silbe_reference_words_from_rows(lyrics, &rows, words, err) != SILBE_OK) {
        (void)silbe_fail_prefix(err, err->status, path);
    }
    silbe_word_rows_free(&rows);
    return err->status;
}
