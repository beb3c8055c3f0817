/*
 * write_all FOLDER: writes the fixture in every format as FOLDER/tricky.EXTENSION, with the sounds
 * of its words as FOLDER/sung.EXTENSION, and what went in as FOLDER/expected.bin: fields ended by
 * NUL, namely the counts of lines, words and syllables, the duration, then for each line its text,
 * for each word text, line, start, end, confidence, number of syllables, for each syllable its
 * text.
 */
#include <stdio.h>

#include "tests/pipeline/output/fixture.h"

static void put_text(FILE *stream, const char *text)
{
    (void)fputs(text, stream);
    (void)fputc('\0', stream);
}

static void put_number(FILE *stream, double value)
{
    (void)fprintf(stream, "%.17g", value);
    (void)fputc('\0', stream);
}

static int write_expected(const char *path, const silbe_words *f)
{
    FILE *stream = fopen(path, "wb");
    if (stream == NULL) {
        return 1;
    }
    put_number(stream, (double)f->lyrics.n_lines);
    put_number(stream, (double)f->lyrics.n_words);
    put_number(stream, (double)f->lyrics.n_syllables);
    put_number(stream, f->duration_s);
    for (size_t l = 0; l < f->lyrics.n_lines; l++) {
        put_text(stream, f->lyrics.lines[l].text);
    }
    for (size_t w = 0; w < f->lyrics.n_words; w++) {
        put_text(stream, f->lyrics.words[w].text);
        put_number(stream, (double)f->lyrics.words[w].line);
        put_number(stream, f->times.words[w].start_s);
        put_number(stream, f->times.words[w].end_s);
        put_number(stream, f->times.words[w].confidence);
        put_number(stream, (double)f->lyrics.words[w].n_syllables);
    }
    for (size_t s = 0; s < f->lyrics.n_syllables; s++) {
        put_text(stream, f->lyrics.syllables[s].text);
    }
    return fclose(stream) != 0;
}

/* 1 if a format could not be written. */
static int write_formats(const char *folder, const char *name, const silbe_words *f)
{
    int failed = 0;
    size_t n_formats;
    const silbe_output_format *formats = silbe_output_formats(&n_formats);
    char path[4096];
    for (size_t i = 0; i < n_formats; i++) {
        silbe_err err = SILBE_ERR_INIT;
        (void)snprintf(path, sizeof path, "%s/%s.%s", folder, name, formats[i].extension);
        if (formats[i].write(path, f, &err) != SILBE_OK) {
            (void)fprintf(stderr, "%s\n", err.message);
            failed = 1;
        }
    }
    return failed;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        (void)fprintf(stderr, "usage: write_all FOLDER\n");
        return 2;
    }
    silbe_words f;
    fixture_new(&f);
    int failed = 0;
    char path[4096];
    failed |= write_formats(argv[1], "tricky", &f);
    fixture_add_sounds(&f);
    failed |= write_formats(argv[1], "sung", &f);
    (void)snprintf(path, sizeof path, "%s/expected.bin", argv[1]);
    failed |= write_expected(path, &f);
    silbe_words_free(&f);
    return failed;
}
