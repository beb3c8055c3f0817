#include <stdlib.h>
#include <string.h>

#include "datasets/musicxml_internal.h"
#include "features/base/memory.h"

/* Where the player stands. */
typedef struct {
    const silbe_mxml *mxml;
    uint32_t *endings; /* [measure]: endings in force there, brackets filled in; 0 = none */
    int *n_played;     /* [measure] */
    silbe_mxml_step *steps;
    size_t n_steps;
    size_t at;
    size_t section; /* where the repeated section started */
    int pass;       /* in it, 1-based */
    bool has_jumped;
    bool at_coda;
} player;

/* A bracket holds from its start to its stop, a repeat sign, or the next bracket. */
static void fill_endings(player *play)
{
    uint32_t current = 0;
    for (size_t i = 0; i < play->mxml->n_marks; i++) {
        const silbe_mxml_marks *marks = &play->mxml->marks[i];
        current = marks->ending_start ? marks->endings : current;
        play->endings[i] = current;
        if (marks->ending_stop || marks->backward_times > 0) {
            current = 0;
        }
    }
}

/* First measure behind the bracket that holds at i. */
static size_t bracket_end(const player *play, size_t i)
{
    const silbe_mxml_marks *marks = play->mxml->marks;
    do {
        i++;
    } while (i < play->mxml->n_marks && play->endings[i] != 0 && !marks[i].ending_start);
    return i;
}

/* Whether the brackets from the one at i on have one for this pass. */
static bool has_ending_for(const player *play, size_t i, int pass)
{
    while (i < play->mxml->n_marks && play->endings[i] != 0) {
        if (pass <= 32 && (play->endings[i] >> (pass - 1) & 1u) != 0) {
            return true;
        }
        i = bracket_end(play, i);
    }
    return false;
}

/* Whether the measure lies in a bracket that is not for now. After a jump the last one is played.
 */
static bool is_skipped(const player *play)
{
    uint32_t endings = play->endings[play->at];
    if (endings == 0) {
        return false;
    }
    if (play->has_jumped) {
        size_t next = bracket_end(play, play->at);
        return next < play->mxml->n_marks && play->endings[next] != 0;
    }
    if (play->pass <= 32 && (endings >> (play->pass - 1) & 1u) != 0) {
        return false;
    }
    return has_ending_for(play, play->at, play->pass) ||
           bracket_end(play, play->at) < play->mxml->n_marks;
}

static bool goes_back(const player *play)
{
    int times = play->mxml->marks[play->at].backward_times;
    if (times == 0 || play->has_jumped) {
        return false;
    }
    if (play->endings[play->at] != 0) {
        return has_ending_for(play, play->at, play->pass + 1) || play->pass < times;
    }
    return play->pass < times;
}

/* Measure whose label matches; failing that the only kind of such a mark there is. */
static bool find_label(const silbe_mxml *mxml, const char *label, bool is_coda, size_t *found)
{
    bool has_any = false;
    for (size_t i = 0; i < mxml->n_marks; i++) {
        const char *here = is_coda ? mxml->marks[i].coda : mxml->marks[i].segno;
        if (here != NULL && strcmp(here, label) == 0) {
            *found = i;
            return true;
        }
        if (here != NULL && !has_any) {
            *found = i;
            has_any = true;
        }
    }
    return has_any;
}

static void push_step(player *play, silbe_err *err)
{
    if (play->n_steps == SILBE_MXML_MAX_MEASURES) {
        (void)silbe_fail(err, SILBE_ERR_FORMAT,
                         "%s: the repeats unfold to more than %d measures; check repeat signs",
                         play->mxml->name, SILBE_MXML_MAX_MEASURES);
    }
    play->steps =
        silbe_grow(play->steps, play->n_steps, NULL, sizeof *play->steps, "measures", err);
    if (!silbe_failed(err)) {
        play->steps[play->n_steps++] = (silbe_mxml_step){play->at, ++play->n_played[play->at]};
    }
}

/* Without a sign of its own the next section starts behind a repeat that is done with: behind its
 * sign, or behind the last of its brackets. */
static void leave_section(player *play, bool ends_section)
{
    if (ends_section && (play->at == play->mxml->n_marks || play->endings[play->at] == 0)) {
        play->section = play->at;
        play->pass = 1;
    }
}

/* From the end of the measure that has just been played to the next one. n_marks = the end. */
static void step_on(player *play, silbe_err *err)
{
    const silbe_mxml *mxml = play->mxml;
    const silbe_mxml_marks *marks = &mxml->marks[play->at];
    if (play->has_jumped && marks->fine) {
        play->at = mxml->n_marks;
    } else if (play->has_jumped && marks->to_coda != NULL && !play->at_coda) {
        play->at_coda = true;
        if (!find_label(mxml, marks->to_coda, true, &play->at)) {
            silbe_try(err,
                      silbe_fail(err, SILBE_ERR_FORMAT, "%s: jump to coda \"%.40s\", but no coda",
                                 mxml->name, marks->to_coda));
        }
    } else if (goes_back(play)) {
        play->pass++;
        play->at = play->section;
    } else if (!play->has_jumped && (marks->da_capo || marks->dal_segno != NULL)) {
        play->has_jumped = true;
        play->at = 0;
        if (!marks->da_capo && !find_label(mxml, marks->dal_segno, false, &play->at)) {
            silbe_try(err,
                      silbe_fail(err, SILBE_ERR_FORMAT, "%s: jump to segno \"%.40s\", but no segno",
                                 mxml->name, marks->dal_segno));
        }
    } else {
        bool ends_section = marks->backward_times > 0 || play->endings[play->at] != 0;
        play->at++;
        leave_section(play, ends_section);
    }
}

static void play_all(player *play, silbe_err *err)
{
    const silbe_mxml *mxml = play->mxml;
    while (play->at < mxml->n_marks && !silbe_failed(err)) {
        if (mxml->marks[play->at].forward && play->at != play->section) {
            play->section = play->at;
            play->pass = 1;
        }
        if (is_skipped(play)) {
            play->at = bracket_end(play, play->at);
            leave_section(play, true);
        } else {
            push_step(play, err);
            step_on(play, err);
        }
    }
}

silbe_mxml_step *silbe_mxml_order(const silbe_mxml *mxml, size_t *n_steps, silbe_err *err)
{
    player play = {.mxml = mxml, .pass = 1};
    play.endings = silbe_alloc(mxml->n_marks, sizeof *play.endings, "measures", err);
    play.n_played = silbe_alloc(mxml->n_marks, sizeof *play.n_played, "measures", err);
    if (!silbe_failed(err)) {
        fill_endings(&play);
        play_all(&play, err);
    }
    free(play.endings);
    free(play.n_played);
    *n_steps = play.n_steps;
    return play.steps;
}
