#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "datasets/musicxml_internal.h"
#include "features/base/memory.h"

static const double GRACE_MAX_Q = 0.125;

/* Ties of one pitch that can be open at once in a part (unisons of several voices). */
#define MAX_OPEN_TIES 4

/* An event on its way: what is needed until ties and grace notes are settled. */
typedef struct {
    silbe_mxml_event event;
    double end_q;
    bool is_chord;
    bool tie_start;
    bool tie_stop;
    bool is_dropped; /* merged into the note it is tied to */
} draft;

typedef struct {
    draft *items;
    size_t n_items;
} drafts;

/* Sums of thirds differ in the last bit by the way they were added. On this grid they do not, and
 * whatever a power of two divides is exact. */
static double on_grid(double q)
{
    return nearbyint(q * 0x1p24) * 0x1p-24;
}

static void check_parts(const silbe_mxml *mxml, silbe_err *err)
{
    const silbe_mxml_part *first = &mxml->parts[0];
    for (size_t p = 1; p < mxml->n_parts && !silbe_failed(err); p++) {
        const silbe_mxml_part *part = &mxml->parts[p];
        if (part->n_measures != first->n_measures) {
            (void)silbe_fail(err, SILBE_ERR_FORMAT,
                             "%s: part %s has %zu measures, part %s has %zu; they must agree",
                             mxml->name, first->id, first->n_measures, part->id, part->n_measures);
        }
        for (size_t i = 0; i < part->n_measures && !silbe_failed(err); i++) {
            if (part->measures[i].number != first->measures[i].number) {
                (void)silbe_fail(err, SILBE_ERR_FORMAT,
                                 "%s:%d: measure %zu of part %s has number %d, in part %s it has "
                                 "%d; they must agree",
                                 mxml->name, part->measures[i].xml_line, i + 1, part->id,
                                 part->measures[i].number, first->id, first->measures[i].number);
            }
        }
    }
}

/* Length and metre of measure i, over all parts. */
static silbe_measure written_measure(const silbe_mxml *mxml, size_t i)
{
    silbe_measure measure = {.number = mxml->parts[0].measures[i].number};
    for (size_t p = 0; p < mxml->n_parts; p++) {
        const silbe_mxml_measure *in_part = &mxml->parts[p].measures[i];
        measure.length_q = fmax(measure.length_q, in_part->length_q);
        if (measure.metre_q == 0.0) {
            measure.metre_q = in_part->metre_q;
        }
    }
    if (measure.length_q == 0.0 || fabs(measure.length_q - measure.metre_q) <= 1.0 / 32.0) {
        measure.length_q = measure.metre_q;
    }
    if (measure.metre_q == 0.0) {
        measure.metre_q = measure.length_q;
    }
    return measure;
}

static void unfold_measures(const silbe_mxml *mxml, const silbe_mxml_step *steps, size_t n_steps,
                            silbe_score *score, silbe_err *err)
{
    score->measures = silbe_alloc(n_steps, sizeof *score->measures, "measures", err);
    double onset_q = 0.0;
    for (size_t i = 0; i < n_steps && !silbe_failed(err); i++) {
        silbe_measure measure = written_measure(mxml, steps[i].measure);
        measure.onset_q = on_grid(onset_q);
        measure.length_q = on_grid(measure.length_q);
        if (measure.length_q == 0.0) {
            const silbe_mxml_measure *written = &mxml->parts[0].measures[steps[i].measure];
            (void)silbe_fail(err, SILBE_ERR_FORMAT,
                             "%s:%d: measure %d is empty and has no time signature", mxml->name,
                             written->xml_line, written->number);
        }
        score->measures[i] = measure;
        onset_q += measure.length_q;
    }
    score->n_measures = n_steps;
    score->end_q = on_grid(onset_q);
}

/* The lyric line to take in this measure of this part, or 0 for each note's lowest. */
static int line_for(const silbe_mxml_part *part, const silbe_mxml_measure *measure, int pass,
                    bool is_repeated)
{
    for (size_t i = 0; is_repeated && i < measure->n_notes; i++) {
        const silbe_mxml_note *note = &part->notes[measure->first_note + i];
        for (size_t l = 0; l < note->n_lyrics; l++) {
            if (part->lyrics[note->first_lyric + l].line == pass) {
                return pass;
            }
        }
    }
    return 0;
}

static void choose_lyrics(const silbe_mxml_part *part, const silbe_mxml_note *note, int line,
                          silbe_mxml_event *event)
{
    const silbe_mxml_lyric *lyrics = part->lyrics + note->first_lyric;
    int lowest = INT_MAX;
    for (size_t l = 0; l < note->n_lyrics; l++) {
        lowest = lyrics[l].line < lowest ? lyrics[l].line : lowest;
    }
    line = line == 0 ? lowest : line;
    for (size_t l = 0; l < note->n_lyrics; l++) {
        if (lyrics[l].line == line) {
            if (event->n_lyrics == 0) {
                event->lyric = note->first_lyric + l + 1;
            }
            /* Entries of one <lyric> are neighbours; a second <lyric> of the same line is not. */
            if (event->lyric - 1 + event->n_lyrics == note->first_lyric + l) {
                event->n_lyrics++;
            }
        }
    }
}

static void push_draft(const silbe_mxml *mxml, drafts *list, const draft *item, silbe_err *err)
{
    if (list->n_items == SILBE_MXML_MAX_NOTES) {
        silbe_try(err, silbe_fail(err, SILBE_ERR_FORMAT, "%s: more than %zu notes once unfolded",
                                  mxml->name, SILBE_MXML_MAX_NOTES));
    }
    list->items = silbe_grow(list->items, list->n_items, NULL, sizeof *list->items, "notes", err);
    if (!silbe_failed(err)) {
        list->items[list->n_items++] = *item;
    }
}

/* Appends the notes of part p in order of playing. repeated[m]: measure m is played more than once.
 */
static void unfold_part(const silbe_mxml *mxml, size_t p, const silbe_mxml_step *steps,
                        const silbe_score *score, const bool *repeated, drafts *list,
                        silbe_err *err)
{
    const silbe_mxml_part *part = &mxml->parts[p];
    for (size_t s = 0; s < score->n_measures && !silbe_failed(err); s++) {
        const silbe_mxml_measure *measure = &part->measures[steps[s].measure];
        int line = line_for(part, measure, steps[s].pass, repeated[steps[s].measure]);
        for (size_t i = 0; i < measure->n_notes; i++) {
            const silbe_mxml_note *note = &part->notes[measure->first_note + i];
            draft item = {.event = {.part = p, .order = list->n_items, .voice = note->voice},
                          .is_chord = note->is_chord,
                          .tie_start = note->tie_start,
                          .tie_stop = note->tie_stop};
            item.event.ends_melisma = note->ends_melisma;
            item.event.note = (silbe_note){.onset_q = score->measures[s].onset_q + note->onset_q,
                                           .pitch = note->pitch,
                                           .is_voice = part->is_voice,
                                           .is_grace = note->is_grace};
            item.event.note.onset_q = on_grid(item.event.note.onset_q);
            item.end_q = on_grid(item.event.note.onset_q + note->duration_q);
            if (part->is_voice) {
                choose_lyrics(part, note, line, &item.event);
            }
            push_draft(mxml, list, &item, err);
        }
    }
}

/* By time; at one time grace notes first, those of a voice together; then as written. */
static int compare_drafts(const void *left, const void *right)
{
    const draft *a = left, *b = right;
    const silbe_note *x = &a->event.note, *y = &b->event.note;
    if (x->onset_q != y->onset_q) {
        return x->onset_q < y->onset_q ? -1 : 1;
    }
    if (x->is_grace != y->is_grace) {
        return x->is_grace ? -1 : 1;
    }
    if (x->is_grace && a->event.voice != b->event.voice) {
        return a->event.voice < b->event.voice ? -1 : 1;
    }
    return a->event.order < b->event.order ? -1 : a->event.order > b->event.order;
}

/* Merges tied notes of one part, sorted by time. */
static void merge_ties(draft *items, size_t n_items)
{
    size_t open[128][MAX_OPEN_TIES]; /* index + 1 of a note whose tie is open, latest first */
    memset(open, 0, sizeof open);
    for (size_t i = 0; i < n_items; i++) {
        draft *item = &items[i];
        size_t *ties = open[item->event.note.pitch];
        if (item->event.note.is_grace) {
            continue; /* a tie from a grace note is a slur in all but name */
        }
        if (item->tie_stop && item->event.n_lyrics == 0) {
            for (int k = 0; k < MAX_OPEN_TIES && !item->is_dropped; k++) {
                draft *start = ties[k] > 0 ? &items[ties[k] - 1] : NULL;
                if (start != NULL &&
                    fabs(start->end_q - item->event.note.onset_q) < SILBE_MXML_SAME_Q) {
                    start->end_q = item->end_q;
                    item->is_dropped = true;
                    ties[k] = item->tie_start ? ties[k] : 0;
                }
            }
        }
        if (item->tie_start && !item->is_dropped) {
            memmove(ties + 1, ties, (MAX_OPEN_TIES - 1) * sizeof *ties);
            ties[0] = i + 1;
        }
    }
}

/* Last two onsets of a voice that differ. */
typedef struct {
    int voice;
    double last_q;
    double before_q;
} voice_clock;

#define MAX_CLOCKS 64

typedef struct {
    voice_clock clocks[MAX_CLOCKS];
    size_t n_clocks;
} voice_clocks;

/* The clock of a voice. Parts with more voices than clocks share the last one, which only makes the
 * room for grace notes smaller than it could be. */
static voice_clock *clock_of(voice_clocks *all, int voice)
{
    for (size_t i = 0; i < all->n_clocks; i++) {
        if (all->clocks[i].voice == voice) {
            return &all->clocks[i];
        }
    }
    if (all->n_clocks < MAX_CLOCKS) {
        all->clocks[all->n_clocks++] = (voice_clock){.voice = voice};
    }
    return &all->clocks[all->n_clocks - 1];
}

/* Grace notes before anything else: they start at 0 and delay their principal notes. */
static double open_with_graces(draft *items, size_t n_items, size_t after, int voice,
                               size_t n_slots)
{
    double shortest_q = INFINITY;
    for (size_t i = after; i < n_items && items[i].event.note.onset_q < SILBE_MXML_SAME_Q; i++) {
        if (items[i].event.voice == voice && !items[i].event.note.is_grace) {
            shortest_q = fmin(shortest_q, items[i].end_q - items[i].event.note.onset_q);
        }
    }
    double slot_q = fmin(GRACE_MAX_Q, shortest_q / (2.0 * (double)n_slots));
    for (size_t i = after; i < n_items && items[i].event.note.onset_q < SILBE_MXML_SAME_Q; i++) {
        if (items[i].event.voice == voice && !items[i].event.note.is_grace) {
            items[i].event.note.onset_q = (double)n_slots * slot_q;
        }
    }
    return slot_q;
}

/* Ends the earlier notes of the voice that would sound into [start_q, until_q). */
static void make_room(draft *items, size_t before, int voice, double start_q, double until_q)
{
    enum { MAX_LOOK_BACK = 256 };
    for (size_t n = 0; n < MAX_LOOK_BACK && before-- > 0; n++) {
        draft *item = &items[before];
        if (item->event.voice == voice && item->event.note.onset_q < start_q &&
            item->end_q > start_q && item->end_q <= until_q + SILBE_MXML_SAME_Q) {
            item->end_q = start_q;
        }
    }
}

/* Places the grace notes [first, last), all of one voice before one position. */
static void place_graces(draft *items, size_t n_items, size_t first, size_t last, double since_q)
{
    int voice = items[first].event.voice;
    double principal_q = items[first].event.note.onset_q;
    size_t n_slots = 0;
    for (size_t i = first; i < last; i++) {
        n_slots += n_slots == 0 || !items[i].is_chord ? 1 : 0;
    }
    double start_q = 0.0, slot_q = 0.0;
    if (principal_q < SILBE_MXML_SAME_Q) {
        slot_q = open_with_graces(items, n_items, last, voice, n_slots);
    } else {
        slot_q = fmin(GRACE_MAX_Q, (principal_q - since_q) / (2.0 * (double)n_slots));
        start_q = principal_q - (double)n_slots * slot_q;
        make_room(items, first, voice, start_q, principal_q);
    }
    size_t slot = 0;
    for (size_t i = first; i < last; i++) {
        slot += i > first && !items[i].is_chord ? 1 : 0;
        items[i].event.note.onset_q = start_q + (double)slot * slot_q;
        items[i].end_q = start_q + (double)(slot + 1) * slot_q;
    }
}

static void settle_graces(draft *items, size_t n_items)
{
    voice_clocks clocks = {.n_clocks = 0};
    for (size_t i = 0; i < n_items;) {
        voice_clock *clock = clock_of(&clocks, items[i].event.voice);
        double onset_q = items[i].event.note.onset_q;
        if (!items[i].event.note.is_grace) {
            if (onset_q > clock->last_q + SILBE_MXML_SAME_Q) {
                clock->before_q = clock->last_q;
                clock->last_q = onset_q;
            }
            i++;
            continue;
        }
        size_t last = i + 1;
        while (last < n_items && items[last].event.note.is_grace &&
               items[last].event.voice == items[i].event.voice &&
               items[last].event.note.onset_q == onset_q) {
            last++;
        }
        bool is_later = clock->last_q < onset_q - SILBE_MXML_SAME_Q;
        place_graces(items, n_items, i, last, is_later ? clock->last_q : clock->before_q);
        i = last;
    }
}

/* What the drafts have become, without those that were merged into others. */
static silbe_mxml_event *finish_drafts(const drafts *list, size_t *n_events, silbe_err *err)
{
    silbe_mxml_event *events = silbe_alloc(list->n_items, sizeof *events, "notes", err);
    for (size_t i = 0; i < list->n_items && events != NULL; i++) {
        if (!list->items[i].is_dropped) {
            silbe_mxml_event *event = &events[(*n_events)++];
            *event = list->items[i].event;
            event->note.duration_q = list->items[i].end_q - event->note.onset_q;
        }
    }
    return events;
}

silbe_mxml_event *silbe_mxml_unfold(const silbe_mxml *mxml, const silbe_mxml_step *steps,
                                    size_t n_steps, silbe_score *score, size_t *n_events,
                                    silbe_err *err)
{
    if (silbe_failed(err)) {
        return NULL;
    }
    drafts list = {NULL, 0};
    bool *repeated = silbe_alloc(mxml->n_marks, sizeof *repeated, "measures", err);
    for (size_t s = 0; s < n_steps && repeated != NULL; s++) {
        repeated[steps[s].measure] = repeated[steps[s].measure] || steps[s].pass > 1;
    }
    check_parts(mxml, err);
    unfold_measures(mxml, steps, n_steps, score, err);
    for (size_t p = 0; p < mxml->n_parts && !silbe_failed(err); p++) {
        size_t first = list.n_items;
        unfold_part(mxml, p, steps, score, repeated, &list, err);
        if (list.n_items > first) {
            qsort(list.items + first, list.n_items - first, sizeof *list.items, compare_drafts);
            merge_ties(list.items + first, list.n_items - first);
            settle_graces(list.items + first, list.n_items - first);
        }
    }
    silbe_mxml_event *events = finish_drafts(&list, n_events, err);
    free(repeated);
    free(list.items);
    return events;
}
