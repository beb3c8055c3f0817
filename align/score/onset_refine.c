#include "align/score/onset_refine.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "align/score/onset_lattice.h"
#include "align/score/tempo.h"
#include "features/base/memory.h"

enum { N_CLASSES = 12 };

static const double NEAR_S = 0.1;                  /* of silbe_event_estimate.near_mass */
static const double SHARP_S = 0.05;                /* of silbe_event_estimate.sharp_mass */
static const double PEAK_S = 0.03;                 /* half width of a posterior's main peak */
static const double MIN_GAP_S = SILBE_EVENT_GAP_S; /* events never share a moment */
/* Evidence for an anchor's frame: more than any onset has, and no more than a double takes. */
static const double ANCHOR_NATS = 60;

/* Everything that one call allocates: one block. */
typedef struct {
    silbe_onset_lattice lattice;
    size_t n_frames;
    size_t *base; /* where the block begins */
    size_t *hold_begin;
    double *onset_cost;
    double *posterior;
    double *hold;
    double *frame_cost; /* of one segment */
    double *expected;   /* seconds, then frames */
    double *sigma;
    double *event_s;
    double *scratch;
    size_t scratch_bytes;
} workspace;

static void workspace_new(workspace *work, size_t n_events, size_t width, size_t n_frames,
                          silbe_err *err)
{
    *work = (workspace){.n_frames = n_frames, .lattice = {.n_events = n_events, .width = width}};
    work->scratch_bytes = silbe_onset_lattice_scratch_bytes(&work->lattice);
    if (work->scratch_bytes == SIZE_MAX ||
        n_frames > SIZE_MAX / sizeof(double) - n_events * (width + 1)) {
        silbe_try(err, silbe_fail(err, SILBE_ERR_MEMORY,
                                  "%zu events x %zu candidates overflow size_t", n_events, width));
        return;
    }
    size_t cells = n_events * width;
    const struct {
        double **place;
        size_t n;
    } parts[] = {
        {&work->onset_cost, cells},
        {&work->posterior, cells},
        /* Segments overlap by the windows and end at the recording's end. */
        {&work->hold, n_frames + n_events * (width + 1)},
        {&work->frame_cost, n_frames + 2 * width},
        {&work->expected, n_events},
        {&work->sigma, n_events},
        {&work->event_s, n_events},
        {&work->scratch, work->scratch_bytes / sizeof(double)},
    };
    size_t n_values = 0, n_parts = sizeof parts / sizeof *parts;
    for (size_t i = 0; i < n_parts; i++) {
        n_values += parts[i].n;
    }
    work->base = silbe_alloc(n_values + 2 * n_events, sizeof(double), "costs of candidates", err);
    if (work->base != NULL) {
        work->hold_begin = work->base + n_events;
        double *at = (double *)(work->hold_begin + n_events);
        for (size_t i = 0; i < n_parts; at += parts[i++].n) {
            *parts[i].place = at;
        }
    }
}

static double dot(const float *a, const float *b, size_t n)
{
    float sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

/* First candidates: half a window before the guess, never decreasing, inside the recording. */
static void place_windows(workspace *work, const silbe_event_estimate *estimates, double hop_s)
{
    size_t width = work->lattice.width;
    size_t last = work->n_frames > width ? work->n_frames - width : 0;
    for (size_t k = 0; k < work->lattice.n_events; k++) {
        double frame = floor(estimates[k].time_s / hop_s + 0.5) - (double)(width / 2);
        size_t base = frame <= 0 ? 0 : frame >= (double)last ? last : (size_t)frame;
        work->base[k] = k > 0 && base < work->base[k - 1] ? work->base[k - 1] : base;
    }
}

static void fill_onset_costs(workspace *work, const silbe_matrix *event_onsets,
                             const silbe_recording *recording, double weight)
{
    size_t width = work->lattice.width, n_bands = recording->pitch_onset->n_cols;
    for (size_t k = 0; k < work->lattice.n_events; k++) {
        const float *expected = silbe_matrix_row(event_onsets, k);
        for (size_t c = 0; c < width; c++) {
            size_t t = work->base[k] + c < work->n_frames ? work->base[k] + c : work->n_frames - 1;
            work->onset_cost[k * width + c] =
                -weight * dot(silbe_matrix_row(recording->pitch_onset, t), expected, n_bands);
        }
    }
}

/* What else is known about onsets. */
static void add_onset_evidence(workspace *work, const silbe_score_events *events,
                               const silbe_score_evidence *evidence, double hop_s)
{
    size_t width = work->lattice.width;
    for (size_t k = 0;
         evidence != NULL && evidence->add_onset != NULL && k < work->lattice.n_events; k++) {
        evidence->add_onset(evidence->context, events->onset_q[k], hop_s, work->base[k], width,
                            work->onset_cost + k * width);
    }
}

/* An anchored event happens in its frame, and its neighbours know. */
static void pin_anchors(workspace *work, const double *anchor_s, double hop_s)
{
    size_t width = work->lattice.width;
    for (size_t k = 0; anchor_s != NULL && k < work->lattice.n_events; k++) {
        double c = floor(anchor_s[k] / hop_s + 0.5) - (double)work->base[k];
        if (c >= 0 && c < (double)width) {
            work->onset_cost[k * width + (size_t)c] -= ANCHOR_NATS;
        }
    }
}

static void fill_hold_costs(workspace *work, const silbe_matrix *event_chroma,
                            const silbe_recording *recording, double weight_per_frame)
{
    size_t used = 0;
    for (size_t k = 0; k + 1 < work->lattice.n_events; k++) {
        const float *expected = silbe_matrix_row(event_chroma, k);
        size_t length = work->base[k + 1] - work->base[k] + work->lattice.width;
        work->hold_begin[k] = used;
        double sum = 0;
        for (size_t x = 0; x < length; x++) {
            size_t t = work->base[k] + x < work->n_frames ? work->base[k] + x : work->n_frames - 1;
            work->hold[used + x] = sum;
            sum += weight_per_frame *
                   (1 - dot(silbe_matrix_row(recording->chroma, t), expected, N_CLASSES));
        }
        used += length;
    }
}

/* What else is known about what sounds between onsets: frame costs, added up on top. */
static void add_hold_evidence(workspace *work, const silbe_score_events *events,
                              const silbe_score_evidence *evidence, double hop_s)
{
    for (size_t k = 0;
         evidence != NULL && evidence->add_hold != NULL && k + 1 < work->lattice.n_events; k++) {
        double *hold = work->hold + work->hold_begin[k], sum = 0;
        size_t length = work->base[k + 1] - work->base[k] + work->lattice.width;
        for (size_t x = 0; x < length; x++) {
            work->frame_cost[x] = 0;
        }
        evidence->add_hold(evidence->context, events->onset_q[k], events->onset_q[k + 1], hop_s,
                           work->base[k], length, work->frame_cost);
        for (size_t x = 0; x < length; x++) {
            hold[x] += sum;
            sum += work->frame_cost[x];
        }
    }
}

static void fill_tempo(workspace *work, const silbe_score_events *events,
                       const silbe_event_estimate *estimates, const silbe_refine_options *options,
                       double hop_s)
{
    size_t n = events->n_events;
    for (size_t k = 0; k < n; k++) {
        work->event_s[k] = estimates[k].time_s;
    }
    silbe_expected_distances(events->onset_q, work->event_s, n, options->tempo_window_s,
                             options->tempo_min_events, work->expected);
    for (size_t k = 0; k + 1 < n; k++) {
        double sigma_s = hypot(options->sigma_s, options->sigma_relative * work->expected[k]);
        work->sigma[k] = sigma_s / hop_s;
        work->expected[k] /= hop_s;
    }
}

/* Candidate, fractional, at which the posterior's sum reaches one half; linear inside a frame. */
static double median_candidate(const double *posterior, size_t width)
{
    double sum = 0;
    size_t c = 0;
    while (c + 1 < width && sum + posterior[c] < 0.5) {
        sum += posterior[c++];
    }
    double inside = posterior[c] > 0 ? (0.5 - sum) / posterior[c] : 0.5;
    return (double)c - 0.5 + fmin(fmax(inside, 0), 1);
}

/* Mean over the frames around the highest one: finer than a hop, and steady. */
static double peak_candidate(const double *posterior, size_t width, double hop_s)
{
    size_t peak = 0;
    for (size_t c = 0; c < width; c++) {
        peak = posterior[c] > posterior[peak] ? c : peak;
    }
    size_t reach = (size_t)floor(PEAK_S / hop_s + 0.5);
    double mass = 0, centre = 0;
    for (size_t c = peak > reach ? peak - reach : 0; c < width && c <= peak + reach; c++) {
        mass += posterior[c];
        centre += posterior[c] * (double)c;
    }
    return centre / mass;
}

static double mass_within(const double *posterior, size_t width, double centre, double frames)
{
    double mass = 0;
    for (size_t c = 0; c < width; c++) {
        mass += fabs((double)c - centre) <= frames ? posterior[c] : 0;
    }
    return fmin(1, mass);
}

static void estimate_event(const workspace *work, size_t k, double hop_s, double onset_weight,
                           bool at_peak, silbe_event_estimate *estimate)
{
    size_t width = work->lattice.width;
    const double *posterior = work->posterior + k * width;
    const double *cost = work->onset_cost + k * width;
    double centre =
        at_peak ? peak_candidate(posterior, width, hop_s) : median_candidate(posterior, width);
    estimate->time_s = ((double)work->base[k] + centre) * hop_s;
    estimate->near_mass = mass_within(posterior, width, centre, NEAR_S / hop_s + 1e-9);
    estimate->sharp_mass = mass_within(posterior, width, centre, SHARP_S / hop_s + 1e-9);
    double mean = 0;
    for (size_t c = 0; c < width; c++) {
        mean += cost[c] / (double)width;
    }
    size_t nearest = (size_t)fmin(fmax(floor(centre + 0.5), 0), (double)(width - 1));
    estimate->support = onset_weight > 0 ? (mean - cost[nearest]) / onset_weight : 0;
}

static void estimate_all(workspace *work, const silbe_recording *recording,
                         const silbe_refine_options *options, bool at_peak,
                         silbe_event_estimate *estimates)
{
    for (size_t k = 0; k < work->lattice.n_events; k++) {
        silbe_event_estimate *estimate = &estimates[k];
        estimate_event(work, k, recording->hop_s, options->onset_weight, at_peak, estimate);
        if (k > 0) {
            estimate->time_s = fmax(estimate->time_s, estimates[k - 1].time_s + MIN_GAP_S);
        }
    }
}

/* Anchored events take their anchors' times, the others stay between them. */
static void hold_anchors(const double *anchor_s, size_t n, silbe_event_estimate *estimates)
{
    double latest_s = INFINITY, earliest_s = -INFINITY;
    for (size_t k = n; anchor_s != NULL && k-- > 0;) {
        bool is_anchor = !isnan(anchor_s[k]);
        estimates[k].time_s = is_anchor ? anchor_s[k] : fmin(estimates[k].time_s, latest_s);
        latest_s = (is_anchor || isfinite(latest_s)) ? estimates[k].time_s - MIN_GAP_S : latest_s;
    }
    for (size_t k = 0; anchor_s != NULL && k < n; k++) {
        estimates[k].time_s = fmax(estimates[k].time_s, earliest_s);
        earliest_s = estimates[k].time_s + MIN_GAP_S;
        if (!isnan(anchor_s[k])) {
            estimates[k].near_mass = 1;
            estimates[k].sharp_mass = 1;
        }
    }
}

static silbe_status check_inputs(const silbe_score_events *events, const silbe_matrix *event_onsets,
                                 const silbe_matrix *event_chroma, const silbe_recording *recording,
                                 const silbe_event_estimate *estimates, silbe_err *err)
{
    size_t n_frames = recording->chroma->n_rows;
    if (n_frames == 0 || recording->pitch_onset->n_rows != n_frames ||
        recording->pitch_onset->n_cols != event_onsets->n_cols ||
        event_onsets->n_rows != events->n_events || event_chroma->n_rows != events->n_events ||
        recording->chroma->n_cols != N_CLASSES || event_chroma->n_cols != N_CLASSES) {
        return silbe_fail(err, SILBE_ERR_MISMATCH,
                          "features of recording and score have other shapes: %zu and %zu frames, "
                          "%zu and %zu bands",
                          n_frames, recording->pitch_onset->n_rows, recording->pitch_onset->n_cols,
                          event_onsets->n_cols);
    }
    for (size_t k = 0; k < events->n_events; k++) {
        if (!isfinite(estimates[k].time_s)) {
            return silbe_fail(err, SILBE_ERR_DATA, "the guess of event %zu is %g s", k,
                              estimates[k].time_s);
        }
    }
    return SILBE_OK;
}

/* Costs of the lattice around the estimates, evidence and anchors included. */
static void fill_lattice(workspace *work, const silbe_score_events *events,
                         const silbe_matrix *event_onsets, const silbe_matrix *event_chroma,
                         const silbe_recording *recording, const silbe_refine_options *options,
                         const silbe_event_estimate *estimates)
{
    double hop_s = recording->hop_s;
    place_windows(work, estimates, hop_s);
    fill_onset_costs(work, event_onsets, recording, options->onset_weight);
    add_onset_evidence(work, events, options->evidence, hop_s);
    pin_anchors(work, options->anchor_s, hop_s);
    fill_hold_costs(work, event_chroma, recording, options->hold_weight_s * hop_s);
    add_hold_evidence(work, events, options->evidence, hop_s);
    fill_tempo(work, events, estimates, options, hop_s);
    work->lattice.base = work->base;
    work->lattice.onset_cost = work->onset_cost;
    work->lattice.hold = work->hold;
    work->lattice.hold_begin = work->hold_begin;
    work->lattice.expected_frames = work->expected;
    work->lattice.sigma_frames = work->sigma;
    work->lattice.tempo_weight = options->tempo_weight;
    work->lattice.huber = options->huber;
    work->lattice.max_tempo_cost = options->max_tempo_cost;
}

silbe_status silbe_onset_refine(const silbe_score_events *events, const silbe_matrix *event_onsets,
                                const silbe_matrix *event_chroma, const silbe_recording *recording,
                                const silbe_refine_options *options, bool is_final,
                                silbe_event_estimate *estimates, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    double hop_s = recording->hop_s;
    size_t n_frames = recording->chroma->n_rows;
    silbe_try(err, check_inputs(events, event_onsets, event_chroma, recording, estimates, err));
    /* No window is longer than the recording: every candidate is one of its frames. */
    size_t most = n_frames > 0 ? (n_frames - 1) / 2 : 0;
    size_t half = (size_t)fmin(floor(options->half_window_s / hop_s + 0.5), (double)most);
    workspace work;
    workspace_new(&work, events->n_events, 2 * half + 1, n_frames, err);
    for (size_t i = 0; i < options->n_iterations && !silbe_failed(err); i++) {
        fill_lattice(&work, events, event_onsets, event_chroma, recording, options, estimates);
        silbe_try(err, silbe_onset_lattice_posterior(&work.lattice, work.scratch,
                                                     work.scratch_bytes, work.posterior, err));
        if (!silbe_failed(err)) {
            estimate_all(&work, recording, options, is_final && i + 1 == options->n_iterations,
                         estimates);
            hold_anchors(options->anchor_s, events->n_events, estimates);
        }
    }
    free(work.base);
    return err->status;
}

silbe_status silbe_onset_path_costs(const silbe_score_events *events,
                                    const silbe_matrix *event_onsets,
                                    const silbe_matrix *event_chroma,
                                    const silbe_recording *recording,
                                    const silbe_refine_options *options, const double *time_s,
                                    double *cost, silbe_err *err)
{
    silbe_err own;
    err = silbe_err_begin(err, &own);
    size_t n = events->n_events;
    workspace work;
    silbe_refine_options free_options = *options;
    free_options.anchor_s = NULL;
    silbe_event_estimate *estimates = silbe_alloc(n, sizeof *estimates, "events", err);
    for (size_t k = 0; k < n && estimates != NULL; k++) {
        estimates[k].time_s = time_s[k];
    }
    silbe_try(err, check_inputs(events, event_onsets, event_chroma, recording, estimates, err));
    /* A lattice with one candidate for each event. */
    workspace_new(&work, n, 1, recording->chroma->n_rows, err);
    if (!silbe_failed(err)) {
        fill_lattice(&work, events, event_onsets, event_chroma, recording, &free_options,
                     estimates);
    }
    for (size_t k = 0; k < n && !silbe_failed(err); k++) {
        cost[k] = work.onset_cost[k];
        if (k + 1 < n) {
            double frames = (time_s[k + 1] - time_s[k]) / recording->hop_s;
            cost[k] += work.hold[work.hold_begin[k] + work.base[k + 1] - work.base[k]];
            cost[k] += silbe_onset_tempo_cost(&work.lattice, k, frames);
        }
    }
    free(work.base);
    free(estimates);
    return err->status;
}
