#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "datasets/musicxml_internal.h"
#include "features/base/array.h"

#define MAX_STAVES 16

/* What holds from one measure of a part to the next. */
typedef struct {
    silbe_mxml_state note;
    double metre_q; /* 0 = none */
    int clef_octaves[MAX_STAVES];
    size_t measure; /* index */
} part_state;

/* The staff (1-based) that an attribute number="" means: *first..*last, all of them without it. */
static silbe_status staves_of(const silbe_mxml *mxml, const xmlNode *node, int fallback_last,
                              int *first, int *last, silbe_err *err)
{
    const char *number = silbe_mxml_attribute(node, "number");
    *first = 1;
    *last = fallback_last;
    if (number == NULL) {
        return SILBE_OK;
    }
    char *end = NULL;
    long staff = strtol(number, &end, 10);
    if (end == number || *end != '\0' || staff < 1 || staff > MAX_STAVES) {
        return silbe_mxml_fail(mxml, node, err, "number should be a staff from 1 to %d, got %.20s",
                               MAX_STAVES, number);
    }
    *first = *last = (int)staff;
    return SILBE_OK;
}

static silbe_status read_clef(const silbe_mxml *mxml, const xmlNode *node, part_state *state,
                              silbe_err *err)
{
    const xmlNode *change = silbe_mxml_child(node, "clef-octave-change");
    int first = 1, last = 1, octaves = 0;
    silbe_status status = staves_of(mxml, node, 1, &first, &last, err);
    if (status == SILBE_OK && change != NULL) {
        status = silbe_mxml_integer(mxml, change, -4, 4, &octaves, err);
    }
    if (status == SILBE_OK) {
        state->clef_octaves[first - 1] = octaves;
    }
    return status;
}

/*
 * By the specification the clef says nothing about sound: <pitch> is what is written, <transpose>
 * turns it into what sounds. For a tenor's treble clef with an 8 below, however, Sibelius writes
 * <pitch> as it sounds and yet octave-change -1 in both elements. Counting it again would put
 * tenors an octave below their compass, so equal octave changes of clef and transposition count
 * once.
 */
static silbe_status read_transpose(const silbe_mxml *mxml, const xmlNode *node, part_state *state,
                                   silbe_err *err)
{
    const xmlNode *chromatic_node = silbe_mxml_child(node, "chromatic");
    const xmlNode *octave_node = silbe_mxml_child(node, "octave-change");
    int first = 1, last = MAX_STAVES, octaves = 0;
    double chromatic = 0.0;
    silbe_status status = staves_of(mxml, node, MAX_STAVES, &first, &last, err);
    if (status == SILBE_OK && chromatic_node != NULL) {
        status = silbe_mxml_number(mxml, chromatic_node, -60.0, 60.0, &chromatic, err);
    }
    if (status == SILBE_OK && octave_node != NULL) {
        status = silbe_mxml_integer(mxml, octave_node, -5, 5, &octaves, err);
    }
    for (int staff = first; status == SILBE_OK && staff <= last; staff++) {
        int clef = state->clef_octaves[staff - 1];
        bool is_in_clef = octaves != 0 && clef == octaves;
        state->note.semitones[staff - 1] = (int)lround(chromatic) + (is_in_clef ? 0 : 12 * octaves);
    }
    return status;
}

/* "3", or "3+2+3" as in composite metres. */
static silbe_status read_beats(const silbe_mxml *mxml, const xmlNode *node, double *beats,
                               silbe_err *err)
{
    char *text = NULL;
    silbe_status status = silbe_mxml_text(mxml, node, &text, err);
    if (status != SILBE_OK) {
        return status;
    }
    double sum = 0.0;
    bool is_good = true;
    const char *at = text;
    while (is_good) {
        char *end = NULL;
        long term = strtol(at, &end, 10);
        is_good = end != at && term >= 1 && term <= 1000;
        sum += (double)term;
        while (is_good && *end == ' ') {
            end++;
        }
        at = end;
        if (!is_good || *at != '+') {
            break;
        }
        at++;
    }
    if (!is_good || *at != '\0') {
        status = silbe_mxml_fail(mxml, node, err, "\"%.40s\" is no number of beats", text);
    }
    free(text);
    *beats = sum;
    return status;
}

static silbe_status read_time(const silbe_mxml *mxml, const xmlNode *node, part_state *state,
                              silbe_err *err)
{
    double metre_q = 0.0, beats = 0.0;
    for (const xmlNode *child = node->children; child != NULL; child = child->next) {
        silbe_status status = SILBE_OK;
        if (silbe_mxml_is(child, "beats")) {
            status = read_beats(mxml, child, &beats, err);
        } else if (silbe_mxml_is(child, "beat-type")) {
            int unit = 0;
            status = silbe_mxml_integer(mxml, child, 1, 1024, &unit, err);
            metre_q += status == SILBE_OK ? 4.0 * beats / unit : 0.0;
        } else if (silbe_mxml_is(child, "senza-misura")) {
            metre_q = 0.0;
        }
        if (status != SILBE_OK) {
            return status;
        }
    }
    state->metre_q = metre_q;
    return SILBE_OK;
}

static silbe_status read_attributes(const silbe_mxml *mxml, const xmlNode *node, part_state *state,
                                    silbe_err *err)
{
    silbe_status status = SILBE_OK;
    for (const xmlNode *child = node->children; child != NULL && status == SILBE_OK;
         child = child->next) {
        if (silbe_mxml_is(child, "divisions")) {
            status = silbe_mxml_number(mxml, child, 1e-3, 1e6, &state->note.divisions, err);
        } else if (silbe_mxml_is(child, "time")) {
            status = read_time(mxml, child, state, err);
        } else if (silbe_mxml_is(child, "clef")) {
            status = read_clef(mxml, child, state, err);
        }
    }
    /* After the clefs, which it is compared with. */
    for (const xmlNode *child = node->children; child != NULL && status == SILBE_OK;
         child = child->next) {
        if (silbe_mxml_is(child, "transpose")) {
            status = read_transpose(mxml, child, state, err);
        }
    }
    return status;
}

static silbe_status read_ending(const silbe_mxml *mxml, const xmlNode *node,
                                silbe_mxml_marks *marks, silbe_err *err)
{
    const char *number = silbe_mxml_attribute(node, "number");
    const char *type = silbe_mxml_attribute(node, "type");
    if (type == NULL || number == NULL) {
        return silbe_mxml_fail(mxml, node, err, "needs the attributes number and type");
    }
    if (strcmp(type, "start") != 0) {
        marks->ending_stop = true;
        return SILBE_OK;
    }
    uint32_t endings = 0;
    for (const char *at = number; *at != '\0';) {
        if (strchr(" ,.\t", *at) != NULL) {
            at++;
            continue;
        }
        char *end = NULL;
        long pass = strtol(at, &end, 10);
        if (end == at || pass < 1 || pass > 32) {
            return silbe_mxml_fail(mxml, node, err, "number should list 1 to 32, got \"%.40s\"",
                                   number);
        }
        endings |= (uint32_t)1 << (pass - 1);
        at = end;
    }
    if (endings != 0) {
        marks->ending_start = true;
        marks->endings |= endings;
    }
    return SILBE_OK;
}

static silbe_status read_repeat(const silbe_mxml *mxml, const xmlNode *node,
                                silbe_mxml_marks *marks, silbe_err *err)
{
    const char *direction = silbe_mxml_attribute(node, "direction");
    if (direction != NULL && strcmp(direction, "forward") == 0) {
        marks->forward = true;
        return SILBE_OK;
    }
    if (direction == NULL || strcmp(direction, "backward") != 0) {
        return silbe_mxml_fail(mxml, node, err, "direction should be forward or backward");
    }
    const char *times_text = silbe_mxml_attribute(node, "times");
    long times = 2;
    if (times_text != NULL) {
        char *end = NULL;
        times = strtol(times_text, &end, 10);
        if (end == times_text || *end != '\0' || times < 1 || times > 100) {
            return silbe_mxml_fail(mxml, node, err, "times should be from 1 to 100, got %.40s",
                                   times_text);
        }
    }
    if (times > marks->backward_times) {
        marks->backward_times = (int)times;
    }
    return SILBE_OK;
}

static silbe_status read_barline(const silbe_mxml *mxml, const xmlNode *node,
                                 silbe_mxml_marks *marks, silbe_err *err)
{
    silbe_status status = SILBE_OK;
    for (const xmlNode *child = node->children; child != NULL && status == SILBE_OK;
         child = child->next) {
        if (silbe_mxml_is(child, "ending")) {
            status = read_ending(mxml, child, marks, err);
        } else if (silbe_mxml_is(child, "repeat")) {
            status = read_repeat(mxml, child, marks, err);
        }
    }
    return status;
}

static silbe_status set_label(const silbe_mxml *mxml, const xmlNode *node, const char *attribute,
                              char **label, silbe_err *err)
{
    const char *value = silbe_mxml_attribute(node, attribute);
    if (value != NULL && *label == NULL) {
        *label = silbe_mxml_copy(value);
        if (*label == NULL) {
            return silbe_fail(err, SILBE_ERR_MEMORY, "%s: no memory for a label", mxml->name);
        }
    }
    return SILBE_OK;
}

static silbe_status read_sound(const silbe_mxml *mxml, const xmlNode *node, silbe_mxml_marks *marks,
                               silbe_err *err)
{
    const char *da_capo = silbe_mxml_attribute(node, "dacapo");
    const char *fine = silbe_mxml_attribute(node, "fine");
    const char *forward = silbe_mxml_attribute(node, "forward-repeat");
    marks->da_capo = marks->da_capo || (da_capo != NULL && strcmp(da_capo, "yes") == 0);
    marks->fine = marks->fine || (fine != NULL && strcmp(fine, "no") != 0);
    marks->forward = marks->forward || (forward != NULL && strcmp(forward, "yes") == 0);
    silbe_status status = set_label(mxml, node, "segno", &marks->segno, err);
    if (status == SILBE_OK) {
        status = set_label(mxml, node, "dalsegno", &marks->dal_segno, err);
    }
    if (status == SILBE_OK) {
        status = set_label(mxml, node, "coda", &marks->coda, err);
    }
    if (status == SILBE_OK) {
        status = set_label(mxml, node, "tocoda", &marks->to_coda, err);
    }
    return status;
}

/* <backup> and <forward>. */
static silbe_status move_cursor(const silbe_mxml *mxml, const xmlNode *node,
                                silbe_mxml_state *state, silbe_err *err)
{
    double duration_q = 0.0;
    silbe_status status = silbe_mxml_duration(mxml, state, node, &duration_q, err);
    if (status != SILBE_OK) {
        return status;
    }
    state->cursor_q += silbe_mxml_is(node, "backup") ? -duration_q : duration_q;
    if (state->cursor_q < -SILBE_MXML_SAME_Q) {
        return silbe_mxml_fail(mxml, node, err, "goes %g quarters before the measure",
                               -state->cursor_q);
    }
    /* Sums of thirds must not leave the measure's start at -1e-17. */
    state->cursor_q = fabs(state->cursor_q) < 1e-9 ? 0.0 : fmax(state->cursor_q, 0.0);
    return SILBE_OK;
}

static silbe_status read_measure(const silbe_mxml *mxml, silbe_mxml_part *part, part_state *state,
                                 const xmlNode *node, silbe_mxml_measure *measure, silbe_err *err)
{
    silbe_mxml_marks *marks = &mxml->marks[state->measure];
    silbe_mxml_state *note = &state->note;
    silbe_status status = SILBE_OK;
    note->cursor_q = note->last_q = 0.0;
    for (const xmlNode *child = node->children; child != NULL && status == SILBE_OK;
         child = child->next) {
        if (silbe_mxml_is(child, "note")) {
            status = silbe_mxml_read_note(mxml, part, note, child, err);
        } else if (silbe_mxml_is(child, "backup") || silbe_mxml_is(child, "forward")) {
            status = move_cursor(mxml, child, note, err);
        } else if (silbe_mxml_is(child, "attributes")) {
            status = read_attributes(mxml, child, state, err);
        } else if (silbe_mxml_is(child, "barline")) {
            status = read_barline(mxml, child, marks, err);
        } else if (silbe_mxml_is(child, "sound")) {
            status = read_sound(mxml, child, marks, err);
        } else if (silbe_mxml_is(child, "direction")) {
            const xmlNode *sound = silbe_mxml_child(child, "sound");
            status = sound == NULL ? SILBE_OK : read_sound(mxml, sound, marks, err);
        }
        measure->length_q = fmax(measure->length_q, note->cursor_q);
    }
    measure->n_notes = part->n_notes - measure->first_note;
    measure->metre_q = state->metre_q;
    return status;
}

/* The leading digits of number="", or the number of the measure before. */
static int measure_number(const xmlNode *node, int before)
{
    const char *text = silbe_mxml_attribute(node, "number");
    int number = 0, n_digits = 0;
    for (; text != NULL && *text >= '0' && *text <= '9' && n_digits < 8; text++, n_digits++) {
        number = 10 * number + (*text - '0');
    }
    return n_digits > 0 ? number : before;
}

static silbe_status push_measure(silbe_mxml *mxml, silbe_mxml_part *part, const xmlNode *node,
                                 silbe_err *err)
{
    size_t index = part->n_measures;
    void *grown =
        silbe_array_grow(part->measures, index, &part->measures_capacity, sizeof *part->measures);
    if (grown == NULL) {
        return silbe_fail(err, SILBE_ERR_MEMORY, "%s: no memory for measures", mxml->name);
    }
    part->measures = grown;
    if (index == mxml->n_marks) {
        grown = silbe_array_grow(mxml->marks, index, &mxml->marks_capacity, sizeof *mxml->marks);
        if (grown == NULL) {
            return silbe_fail(err, SILBE_ERR_MEMORY, "%s: no memory for measures", mxml->name);
        }
        mxml->marks = grown;
        mxml->marks[mxml->n_marks++] = (silbe_mxml_marks){0};
    }
    int before = index == 0 ? 0 : part->measures[index - 1].number;
    part->measures[index] = (silbe_mxml_measure){.first_note = part->n_notes,
                                                 .number = measure_number(node, before),
                                                 .xml_line = (int)xmlGetLineNo(node)};
    part->n_measures++;
    return SILBE_OK;
}

silbe_status silbe_mxml_read_part(silbe_mxml *mxml, silbe_mxml_part *part, const xmlNode *node,
                                  silbe_err *err)
{
    part_state state = {.measure = 0};
    for (const xmlNode *child = node->children; child != NULL; child = child->next) {
        if (!silbe_mxml_is(child, "measure")) {
            continue;
        }
        silbe_status status = push_measure(mxml, part, child, err);
        if (status == SILBE_OK) {
            state.measure = part->n_measures - 1;
            status = read_measure(mxml, part, &state, child, &part->measures[state.measure], err);
        }
        if (status != SILBE_OK) {
            return status;
        }
    }
    return SILBE_OK;
}
