#include "align/joint/pinned_phones.h"

#include <math.h>
#include <stdlib.h>

#include "features/base/memory.h"

/* Phones and silence as copies of states, one behind the other: `copy` of `of`. A state that is
 * the last copy may be stayed in. */
typedef struct {
    size_t of;     /* index of the phone; n_phones: silence */
    uint8_t phone; /* */
    bool is_first; /* copy */
    bool is_last;  /* copy */
    double stay_cost;
} state;

typedef struct {
    state *states;
    size_t n_states;
    size_t first_frame;
    size_t n_frames;
    double *cost;  /* n_states: of the best path that ends there */
    uint8_t *back; /* n_frames x n_states: by how many states the path came forward */
} workspace;

static void workspace_free(workspace *work)
{
    free(work->states);
    free(work->cost);
    free(work->back);
}

static void add_state(workspace *work, const silbe_pinned_text *text, size_t of, size_t n_copies,
                      double hop_s)
{
    bool is_silence = of == text->n_phones;
    bool holdable = is_silence || text->phones[of].holdable;
    for (size_t i = 0; i < n_copies; i++) {
        work->states[work->n_states++] =
            (state){.of = of,
                    .phone = is_silence ? text->silence : text->phones[of].phone,
                    .is_first = i == 0,
                    .is_last = i + 1 == n_copies,
                    .stay_cost = holdable ? 0 : hop_s / text->consonant_s};
    }
}

static void workspace_new(workspace *work, const silbe_phone_costs *costs,
                          const silbe_pinned_text *text, size_t n_copies, silbe_err *err)
{
    size_t most = text->n_phones * n_copies + 1;
    work->states = silbe_alloc(most, sizeof *work->states, "states", err);
    work->cost = silbe_alloc(most, sizeof *work->cost, "states", err);
    bool fits = work->n_frames <= SIZE_MAX / most;
    work->back = silbe_need(fits ? malloc(work->n_frames * most) : NULL, "states in frames", err);
    for (size_t i = 0; i <= text->n_phones && !silbe_failed(err); i++) {
        if (i == text->gap) {
            add_state(work, text, text->n_phones, 1, costs->hop_s);
        }
        if (i < text->n_phones) {
            add_state(work, text, i, n_copies, costs->hop_s);
        }
    }
}

/* Frames beyond the posteriorgram count as its last one. */
static double frame_cost(const silbe_phone_costs *costs, size_t phone, size_t t)
{
    const double *sum = costs->sum + phone * (costs->n_frames + 1);
    size_t frame = t < costs->n_frames ? t : costs->n_frames - 1;
    return sum[frame + 1] - sum[frame];
}

static bool is_silence(const workspace *work, const silbe_pinned_text *text, size_t s)
{
    return work->states[s].of == text->n_phones;
}

/* Best way into state s in the frame at hand, from the costs of the one before: its cost, and in
 * *step how many states forward it came (0: stayed). Only s - 2 <= r <= s are looked at. */
static double best_entry(const workspace *work, const silbe_pinned_text *text, size_t s,
                         uint8_t *step)
{
    const state *at = &work->states[s];
    double best = at->is_last ? work->cost[s] + at->stay_cost : INFINITY;
    *step = 0;
    for (uint8_t k = 1; k <= 2 && k <= s; k++) {
        const state *from = &work->states[s - k];
        bool is_next = k == 1 && (!at->is_first || from->is_last);
        bool is_over_silence =
            k == 2 && at->is_first && from->is_last && is_silence(work, text, s - 1);
        if ((is_next || is_over_silence) && work->cost[s - k] < best) {
            best = work->cost[s - k];
            *step = k;
        }
    }
    return best;
}

static void sweep(workspace *work, const silbe_phone_costs *costs, const silbe_pinned_text *text)
{
    size_t n = work->n_states;
    for (size_t s = 0; s < n; s++) {
        bool is_start = s == 0 || (s == 1 && is_silence(work, text, 0));
        work->cost[s] =
            is_start ? frame_cost(costs, work->states[s].phone, work->first_frame) : INFINITY;
        work->back[s] = 0;
    }
    for (size_t t = 1; t < work->n_frames; t++) {
        for (size_t s = n; s-- > 0;) { /* downwards: the states before are still the last frame's */
            uint8_t *step = &work->back[t * n + s];
            work->cost[s] = best_entry(work, text, s, step) +
                            frame_cost(costs, work->states[s].phone, work->first_frame + t);
        }
    }
}

/* From the end of the best path to spans. false if there is no path. */
static bool trace(const workspace *work, const silbe_phone_costs *costs,
                  const silbe_pinned_text *text, silbe_pinned_span *spans)
{
    size_t n = work->n_states, s = n - 1;
    if (is_silence(work, text, s) && s > 0 && work->cost[s - 1] < work->cost[s]) {
        s--;
    }
    if (!isfinite(work->cost[s])) {
        return false;
    }
    for (size_t t = work->n_frames; t-- > 0;) {
        size_t of = work->states[s].of;
        if (of < text->n_phones) {
            spans[of].start_s = (double)(work->first_frame + t) * costs->hop_s;
            if (spans[of].end_s < 0) {
                spans[of].end_s = (double)(work->first_frame + t + 1) * costs->hop_s;
            }
        }
        s -= work->back[t * n + s];
    }
    return true;
}

static silbe_status check(const silbe_phone_costs *costs, const silbe_pinned_text *text,
                          double from_s, double to_s, silbe_err *err)
{
    bool is_sound = text->n_phones > 0 && text->min_frames > 0 && text->consonant_s > 0 &&
                    (text->gap == SILBE_PINNED_NO_GAP || text->gap <= text->n_phones) &&
                    text->silence < costs->n_phones && from_s >= 0 && to_s > from_s &&
                    isfinite(to_s);
    for (size_t i = 0; i < text->n_phones && is_sound; i++) {
        is_sound = text->phones[i].phone < costs->n_phones;
    }
    return is_sound
               ? SILBE_OK
               : silbe_fail(err, SILBE_ERR_ARGUMENT,
                            "%zu phones between %g s and %g s: phones, gap, times or durations "
                            "out of range",
                            text->n_phones, from_s, to_s);
}

/* The ends are where they were said to be; the rest lies between. */
static void pin_ends(const silbe_pinned_text *text, double from_s, double to_s,
                     silbe_pinned_span *spans)
{
    size_t n = text->n_phones;
    for (size_t i = 0; i < n; i++) {
        spans[i].start_s = fmin(fmax(spans[i].start_s, from_s), to_s);
        spans[i].end_s = fmin(fmax(spans[i].end_s, from_s), to_s);
    }
    if (text->gap != 0) {
        spans[0].start_s = from_s;
    }
    if (text->gap != n) {
        spans[n - 1].end_s = to_s;
    }
}

silbe_status silbe_pinned_phones(const silbe_phone_costs *costs, const silbe_pinned_text *text,
                                 double from_s, double to_s, silbe_pinned_span *spans,
                                 silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    silbe_try(err, check(costs, text, from_s, to_s, err));
    if (silbe_failed(err)) {
        return err->status;
    }
    size_t n = text->n_phones;
    double first = floor(from_s / costs->hop_s + 0.5), last = floor(to_s / costs->hop_s + 0.5);
    size_t n_frames = last > first ? (size_t)(last - first) : 0;
    for (size_t i = 0; i < n; i++) { /* for too little time, and as a mark for trace */
        double width_s = (to_s - from_s) / (double)n;
        spans[i].start_s = from_s + (double)i * width_s;
        spans[i].end_s = n_frames < n ? from_s + (double)(i + 1) * width_s : -1;
    }
    if (n_frames < n) {
        return SILBE_OK;
    }
    size_t n_copies = text->min_frames * n <= n_frames ? text->min_frames : 1;
    workspace work = {.first_frame = (size_t)first, .n_frames = n_frames};
    workspace_new(&work, costs, text, n_copies, err);
    if (!silbe_failed(err)) {
        sweep(&work, costs, text);
        if (trace(&work, costs, text, spans)) {
            pin_ends(text, from_s, to_s, spans);
        } else {
            (void)silbe_fail(err, SILBE_ERR_INFEASIBLE, "no way through %zu phones in %zu frames",
                             n, n_frames);
        }
    }
    workspace_free(&work);
    return err->status;
}
