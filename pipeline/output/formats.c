#include "pipeline/output/output.h"

#include <string.h>

static const silbe_output_format FORMATS[] = {
    {"csv", "csv", "one word a line: start;end;word;line;confidence", silbe_output_write_csv},
    {"json", "json", "lines, words, syllables with score positions", silbe_output_write_json},
    {"textgrid", "TextGrid", "Praat", silbe_output_write_textgrid},
    {"lrc", "lrc", "players of synchronised lyrics, with word times", silbe_output_write_lrc},
    {"webvtt", "vtt", "subtitles for browsers, with word times", silbe_output_write_webvtt},
    {"srt", "srt", "subtitles, a line at a time", silbe_output_write_srt},
    {"audacity", "txt", "label track for Audacity", silbe_output_write_audacity},
    {"elan", "eaf", "ELAN annotation document", silbe_output_write_elan},
};

const silbe_output_format *silbe_output_formats(size_t *n_formats)
{
    *n_formats = sizeof FORMATS / sizeof FORMATS[0];
    return FORMATS;
}

const silbe_output_format *silbe_output_format_find(const char *name)
{
    for (size_t f = 0; f < sizeof FORMATS / sizeof FORMATS[0]; f++) {
        if (strcmp(FORMATS[f].name, name) == 0) {
            return &FORMATS[f];
        }
    }
    return NULL;
}

silbe_status silbe_output_write_formats(const silbe_words *words, unsigned formats,
                                        const char *const *paths, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    for (size_t f = 0; f < sizeof FORMATS / sizeof FORMATS[0] && !silbe_failed(err); f++) {
        if (formats & (1u << f)) {
            silbe_try(err, FORMATS[f].write(*paths++, words, err));
        }
    }
    return err->status;
}
