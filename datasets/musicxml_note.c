#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "datasets/musicxml_internal.h"
#include "features/base/array.h"

/* The undertie that MusicXML and Unicode use for two syllables on one note. */
static const char UNDERTIE[] = "\xe2\x80\xbf";

silbe_status silbe_mxml_duration(const silbe_mxml *mxml, const silbe_mxml_state *state,
                                 const xmlNode *node, double *duration_q, silbe_err *err)
{
    const xmlNode *duration = silbe_mxml_child(node, "duration");
    if (duration == NULL) {
        return silbe_mxml_fail(mxml, node, err, "has no <duration>");
    }
    if (state->divisions == 0.0) {
        return silbe_mxml_fail(mxml, duration, err, "comes before any <divisions>");
    }
    double value = 0.0;
    silbe_status status =
        silbe_mxml_number(mxml, duration, 0.0, 4096.0 * state->divisions, &value, err);
    *duration_q = value / state->divisions;
    return status;
}

static silbe_status read_pitch(const silbe_mxml *mxml, const silbe_mxml_state *state,
                               const xmlNode *note, const xmlNode *pitch, short *midi,
                               silbe_err *err)
{
    static const char STEPS[] = "CDEFGAB";
    static const int SEMITONES[] = {0, 2, 4, 5, 7, 9, 11};
    const xmlNode *step_node = silbe_mxml_child(pitch, "step");
    const xmlNode *octave_node = silbe_mxml_child(pitch, "octave");
    const xmlNode *alter_node = silbe_mxml_child(pitch, "alter");
    const xmlNode *staff_node = silbe_mxml_child(note, "staff");
    int octave = 0, staff = 1;
    double alter = 0.0;
    char *text = NULL;
    if (step_node == NULL || octave_node == NULL) {
        return silbe_mxml_fail(mxml, pitch, err, "needs <step> and <octave>");
    }
    silbe_status status = silbe_mxml_text(mxml, step_node, &text, err);
    if (status != SILBE_OK) {
        return status;
    }
    const char *step = strlen(text) == 1 ? strchr(STEPS, text[0]) : NULL;
    if (step == NULL) {
        status =
            silbe_mxml_fail(mxml, step_node, err, "should be one of A to G, got \"%.20s\"", text);
    }
    free(text);
    if (status == SILBE_OK) {
        status = silbe_mxml_integer(mxml, octave_node, 0, 9, &octave, err);
    }
    if (status == SILBE_OK && alter_node != NULL) {
        status = silbe_mxml_number(mxml, alter_node, -3.0, 3.0, &alter, err);
    }
    if (status == SILBE_OK && staff_node != NULL) {
        status = silbe_mxml_integer(mxml, staff_node, 1, 16, &staff, err);
    }
    if (status != SILBE_OK) {
        return status;
    }
    int value = 12 * (octave + 1) + SEMITONES[step - STEPS] + (int)lround(alter) +
                state->semitones[staff - 1];
    if (value < 0 || value > 127) {
        return silbe_mxml_fail(mxml, pitch, err,
                               "sounds as MIDI note %d, outside 0..127; check <transpose>", value);
    }
    *midi = (short)value;
    return SILBE_OK;
}

static silbe_status push_lyric(const silbe_mxml *mxml, silbe_mxml_part *part,
                               silbe_mxml_lyric lyric, silbe_err *err)
{
    void *grown = silbe_array_grow(part->lyrics, part->n_lyrics, &part->lyrics_capacity,
                                   sizeof *part->lyrics);
    if (grown == NULL) {
        free(lyric.text);
        return silbe_fail(err, SILBE_ERR_MEMORY, "%s: no memory for lyrics", mxml->name);
    }
    part->lyrics = grown;
    part->lyrics[part->n_lyrics++] = lyric;
    return SILBE_OK;
}

static silbe_status read_syllabic(const silbe_mxml *mxml, const xmlNode *node,
                                  silbe_syllabic *syllabic, silbe_err *err)
{
    static const char *const NAMES[] = {"single", "begin", "middle", "end"};
    char *text = NULL;
    silbe_status status = silbe_mxml_text(mxml, node, &text, err);
    if (status != SILBE_OK) {
        return status;
    }
    status = SILBE_ERR_FORMAT;
    for (int i = 0; i < 4; i++) {
        if (strcmp(text, NAMES[i]) == 0) {
            *syllabic = (silbe_syllabic)i;
            status = SILBE_OK;
        }
    }
    if (status != SILBE_OK) {
        status = silbe_mxml_fail(mxml, node, err,
                                 "should be single, begin, middle or end, got \"%.20s\"", text);
    }
    free(text);
    return status;
}

/* Joins text to the syllable before it on the same note, over an undertie. */
static silbe_status join_lyric(const silbe_mxml *mxml, silbe_mxml_lyric *lyric, const char *text,
                               silbe_err *err)
{
    size_t size = strlen(lyric->text) + strlen(UNDERTIE) + strlen(text) + 1;
    char *joined = malloc(size);
    if (joined == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "%s: no memory for lyrics", mxml->name);
    }
    (void)snprintf(joined, size, "%s%s%s", lyric->text, UNDERTIE, text);
    free(lyric->text);
    lyric->text = joined;
    return SILBE_OK;
}

/* The last run of digits of <lyric number="">, or rank if there is none or it makes no sense. */
static int lyric_line(const xmlNode *node, int rank)
{
    const char *number = silbe_mxml_attribute(node, "number");
    int line = 0;
    bool in_digits = false;
    for (const char *at = number; at != NULL && *at != '\0'; at++) {
        bool is_digit = *at >= '0' && *at <= '9';
        if (is_digit && !in_digits) {
            line = 0;
        }
        if (is_digit && line < 1000000) {
            line = 10 * line + (*at - '0');
        }
        in_digits = is_digit;
    }
    return line >= 1 && line <= 1000 ? line : rank;
}

static silbe_status read_lyric(const silbe_mxml *mxml, silbe_mxml_part *part, const xmlNode *node,
                               int rank, bool *ends_melisma, silbe_err *err)
{
    silbe_mxml_lyric lyric = {NULL, SILBE_SYLLABIC_SINGLE, lyric_line(node, rank)};
    bool own_syllabic = true; /* of the next <text>: the first one always starts a syllable */
    size_t first = part->n_lyrics;
    silbe_status status = SILBE_OK;
    for (const xmlNode *child = node->children; child != NULL && status == SILBE_OK;
         child = child->next) {
        if (silbe_mxml_is(child, "syllabic")) {
            own_syllabic = true;
            status = read_syllabic(mxml, child, &lyric.syllabic, err);
        } else if (silbe_mxml_is(child, "humming") || silbe_mxml_is(child, "laughing")) {
            *ends_melisma = true;
        } else if (silbe_mxml_is(child, "text")) {
            char *text = NULL;
            status = silbe_mxml_text(mxml, child, &text, err);
            if (status != SILBE_OK || text[0] == '\0') {
                free(text);
            } else if (own_syllabic || part->n_lyrics == first) {
                lyric.text = text;
                status = push_lyric(mxml, part, lyric, err);
                own_syllabic = false;
            } else {
                status = join_lyric(mxml, &part->lyrics[part->n_lyrics - 1], text, err);
                free(text);
            }
        }
    }
    return status;
}

static void read_ties(const xmlNode *node, const char *element, silbe_mxml_note *note)
{
    for (const xmlNode *child = node->children; child != NULL; child = child->next) {
        const char *type = silbe_mxml_is(child, element) ? silbe_mxml_attribute(child, "type") : "";
        note->tie_start = note->tie_start || (type != NULL && strcmp(type, "start") == 0);
        note->tie_stop = note->tie_stop || (type != NULL && strcmp(type, "stop") == 0);
        if (silbe_mxml_is(child, "notations")) {
            read_ties(child, "tied", note);
        }
    }
}

/* Voices are names; equal names give equal numbers (FNV-1a). Two names that meet in one number
 * would only share their grace notes' room. */
static silbe_status read_voice(const silbe_mxml *mxml, const xmlNode *node, int *voice,
                               silbe_err *err)
{
    const xmlNode *child = silbe_mxml_child(node, "voice");
    char *text = NULL;
    *voice = 0;
    if (child == NULL) {
        return SILBE_OK;
    }
    silbe_status status = silbe_mxml_text(mxml, child, &text, err);
    if (status == SILBE_OK) {
        uint32_t hash = 2166136261u;
        for (const char *at = text; *at != '\0'; at++) {
            hash = (hash ^ (unsigned char)*at) * 16777619u;
        }
        *voice = (int)(hash >> 1);
        free(text);
    }
    return status;
}

static silbe_status read_note_lyrics(const silbe_mxml *mxml, silbe_mxml_part *part,
                                     const xmlNode *node, silbe_mxml_note *note, silbe_err *err)
{
    int rank = 0;
    note->first_lyric = part->n_lyrics;
    for (const xmlNode *child = node->children; child != NULL; child = child->next) {
        if (silbe_mxml_is(child, "lyric")) {
            silbe_status status = read_lyric(mxml, part, child, ++rank, &note->ends_melisma, err);
            if (status != SILBE_OK) {
                return status;
            }
        }
    }
    note->n_lyrics = part->n_lyrics - note->first_lyric;
    return SILBE_OK;
}

/* Onset and duration, and the cursor behind the note. */
static silbe_status place_note(const silbe_mxml *mxml, silbe_mxml_state *state, const xmlNode *node,
                               silbe_mxml_note *note, silbe_err *err)
{
    note->is_grace = silbe_mxml_child(node, "grace") != NULL;
    note->is_chord = silbe_mxml_child(node, "chord") != NULL;
    if (note->is_grace) {
        note->onset_q = state->cursor_q;
        return SILBE_OK;
    }
    silbe_status status = silbe_mxml_duration(mxml, state, node, &note->duration_q, err);
    if (status != SILBE_OK) {
        return status;
    }
    if (note->is_chord) {
        note->onset_q = state->last_q;
    } else {
        note->onset_q = state->cursor_q;
        state->last_q = state->cursor_q;
        state->cursor_q += note->duration_q;
    }
    return SILBE_OK;
}

silbe_status silbe_mxml_read_note(const silbe_mxml *mxml, silbe_mxml_part *part,
                                  silbe_mxml_state *state, const xmlNode *node, silbe_err *err)
{
    silbe_mxml_note note = {.xml_line = (int)xmlGetLineNo(node)};
    silbe_status status = place_note(mxml, state, node, &note, err);
    const xmlNode *pitch = silbe_mxml_child(node, "pitch");
    if (status != SILBE_OK || pitch == NULL || silbe_mxml_child(node, "cue") != NULL ||
        silbe_mxml_child(node, "rest") != NULL) {
        return status;
    }
    if (!note.is_grace && !(note.duration_q > 0.0)) {
        return silbe_mxml_fail(mxml, node, err, "a note that is no grace note lasts 0");
    }
    status = read_pitch(mxml, state, node, pitch, &note.pitch, err);
    if (status == SILBE_OK) {
        status = read_voice(mxml, node, &note.voice, err);
    }
    if (status == SILBE_OK) {
        status = read_note_lyrics(mxml, part, node, &note, err);
    }
    if (status != SILBE_OK) {
        return status;
    }
    read_ties(node, "tie", &note);
    void *grown =
        silbe_array_grow(part->notes, part->n_notes, &part->notes_capacity, sizeof *part->notes);
    if (grown == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "%s: no memory for notes", mxml->name);
    }
    part->notes = grown;
    part->notes[part->n_notes++] = note;
    return SILBE_OK;
}
