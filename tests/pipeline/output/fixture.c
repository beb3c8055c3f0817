#define _POSIX_C_SOURCE 200809L
#include "tests/pipeline/output/fixture.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    size_t line;
    const char *text;
    const char *syllables[3]; /* NULL-ended if fewer */
    double start_s;
    double end_s;
    double confidence;
} word_row;

static const char *const LINES[] = {
    "Wie weit, \"sprach\" <script>alert('x')</script>",
    "Gr\xc3\xbc\xc3\x9f' --> & \xf0\x9f\x98\x80 {\\an8}",
    "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d [00:01.00] <00:02.00> | =1+1",
    "tab\tline\nbreak \x1b[31m \xe2\x80\xa8 NOTE",
    "WEBVTT ]]> &amp; \\",
};

static const word_row WORDS[] = {
    /* Pick-up right at the start, an end that overlaps the next start. */
    {0, "Wie", {"Wie"}, 0.0, 0.9, 0.98765},
    {0, "weit,", {"weit,"}, 0.8, 1.2, 1.0},
    {0, "\"sprach\"", {"\"sprach\""}, 1.25, 1.5, 0.0},
    {0, "<script>alert('x')</script>", {"<script>", "alert('x')", "</script>"}, 1.5, 2.5, 0.5},
    /* Closer together than any tick, and three syllables within one of them. */
    {1, "Gr\xc3\xbc\xc3\x9f'", {"Gr\xc3\xbc\xc3\x9f'"}, 3.00001, 3.00002, 0.25},
    {1, "-->", {"--", ">"}, 3.00003, 3.00004, 0.25},
    {1, "&", {"&"}, 3.00003, 3.00006, 0.25},
    {1, "\xf0\x9f\x98\x80", {"\xf0\x9f\x98\x80"}, 3.00004, 3.2, 0.25},
    {1, "{\\an8}", {"{\\", "an", "8}"}, 3.49996, 3.99999, 0.25},
    {2, "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d", {"\xd7\xa9\xd7\x9c", "\xd7\x95\xd7\x9d"}, 4, 5, 0.75},
    {2, "[00:01.00]", {"[00:01.00]"}, 5, 5.5, 0.75},
    {2, "<00:02.00>", {"<00:02.00>"}, 59.9996, 60.5, 0.75},
    {2, "|", {"|"}, 3599.9999, 3600.5, 0.75},
    {2, "=1+1", {"=1+1"}, 3601, 3602, 0.75},
    /* Beyond 99 minutes. */
    {3, "tab\tline\nbreak", {"tab\tline\nbreak"}, 6000, 6001, 0.1},
    {3, "\x1b[31m", {"\x1b[31m"}, 6001, 6002, 0.1},
    {3, "\xe2\x80\xa8", {"\xe2\x80\xa8"}, 6002, 6003, 0.1},
    {3, "NOTE", {"NOTE"}, 6004, 6005, 0.1},
    /* Ends after the recording does. */
    {4, "WEBVTT", {"WEB", "VTT"}, 6099, 6100.2, 0.9},
    {4, "]]>", {"]]>"}, 6100.2, 6100.24, 0.9},
    {4, "&amp;", {"&", "amp;"}, 6100.24, 6100.249, 0.9},
    {4, "\\", {"\\"}, 6100.2499, 6100.3, 0.9},
};

#define N_LINES (sizeof LINES / sizeof LINES[0])
#define N_WORDS (sizeof WORDS / sizeof WORDS[0])

static void *checked(void *memory)
{
    if (memory == NULL) {
        (void)fprintf(stderr, "out of memory\n");
        exit(2);
    }
    return memory;
}

static size_t count_syllables(const word_row *row)
{
    size_t n = 0;
    while (n < 3 && row->syllables[n] != NULL) {
        n++;
    }
    return n;
}

static void fill_word(silbe_words *made, size_t w)
{
    const word_row *row = &WORDS[w];
    silbe_lyrics *lyrics = &made->lyrics;
    size_t n = count_syllables(row);
    size_t first = lyrics->n_syllables;
    lyrics->words[w] = (silbe_word){checked(strdup(row->text)), row->line, first, n};
    made->is_matched[w] = true;
    made->times.words[w] = (silbe_span){row->start_s, row->end_s, row->confidence};
    double step_s = (row->end_s - row->start_s) / (double)n;
    for (size_t s = 0; s < n; s++) {
        double onset_q = row->line == 2 ? NAN : (double)(first + s) / 3;
        lyrics->syllables[first + s] =
            (silbe_syllable){checked(strdup(row->syllables[s])), w, onset_q, onset_q + 0.25};
        made->times.syllables[first + s] = (silbe_span){
            row->start_s + (double)s * step_s,
            s + 1 == n ? row->end_s : row->start_s + (double)(s + 1) * step_s, row->confidence};
    }
    lyrics->n_syllables += n;
    lyrics->lines[row->line].n_words++;
}

void fixture_new(silbe_words *made)
{
    *made = (silbe_words)SILBE_WORDS_INIT;
    silbe_lyrics *lyrics = &made->lyrics;
    lyrics->lines = checked(calloc(N_LINES, sizeof *lyrics->lines));
    lyrics->words = checked(calloc(N_WORDS, sizeof *lyrics->words));
    lyrics->syllables = checked(calloc(3 * N_WORDS, sizeof *lyrics->syllables));
    made->times.words = checked(calloc(N_WORDS, sizeof *made->times.words));
    made->times.syllables = checked(calloc(3 * N_WORDS, sizeof *made->times.syllables));
    made->is_matched = checked(calloc(N_WORDS, sizeof *made->is_matched));
    made->voice = checked(calloc(N_WORDS, sizeof *made->voice));
    silbe_err err = SILBE_ERR_INIT;
    (void)silbe_words_voice(made, "", &err);
    (void)checked(made->voices);
    lyrics->n_lines = N_LINES;
    lyrics->n_words = N_WORDS;
    for (size_t l = 0; l < N_LINES; l++) {
        lyrics->lines[l].text = checked(strdup(LINES[l]));
        lyrics->lines[l].stanza = l / 3;
    }
    for (size_t w = 0; w < N_WORDS; w++) {
        fill_word(made, w);
    }
    size_t next_word = 0;
    for (size_t l = 0; l < N_LINES; l++) {
        lyrics->lines[l].first_word = next_word;
        next_word += lyrics->lines[l].n_words;
    }
    made->times.n_words = lyrics->n_words;
    made->times.n_syllables = lyrics->n_syllables;
    made->work = checked(strdup("Werk_1-01"));
    made->version = checked(strdup("V&1"));
    made->title = checked(strdup("Titel \"mit\" ] --> <b>\n"));
    made->mode = checked(strdup("score"));
    made->audio_file = checked(strdup("some/where/Werk 1 \xc3\xbc#.wav"));
    made->duration_s = FIXTURE_DURATION_S;
    made->program_version = checked(strdup("0.1.0"));
    made->settings_digest = checked(strdup("0123abcd"));
}

void fixture_add_sounds(silbe_words *made)
{
    static const char *const SYMBOLS[] = {"a", "t^"};
    made->sounding_start_s = checked(calloc(N_WORDS, sizeof *made->sounding_start_s));
    made->phones = checked(calloc(2 * N_WORDS, sizeof *made->phones));
    for (size_t w = 0; w < N_WORDS; w++) {
        made->sounding_start_s[w] = fmax(made->times.words[w].start_s - 0.125, 0);
        for (size_t i = 0; i < 2; i++) {
            silbe_timed_phone *phone = &made->phones[2 * w + i];
            (void)snprintf(phone->symbol, sizeof phone->symbol, "%s", SYMBOLS[i]);
            phone->word = w;
            phone->span = made->times.words[w];
        }
    }
    made->n_phones = 2 * N_WORDS;
}
