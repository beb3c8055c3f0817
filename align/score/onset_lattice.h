/*
 * When does each event of a score happen? A semi-Markov chain over the events' onsets.
 *
 * Event k may happen at one of width frames, base[k] + c. A placement t[0] <= t[1] <= ... costs
 *
 *   sum_k   onset_cost[k][c_k]                          no onset is heard there
 *         + hold(k, t[k], t[k+1])                       what sounds does not fit between k and k+1
 *         + tempo_weight rho((t[k+1] - t[k] - d[k]) / sigma[k])       it is hurried or dragged
 *
 * with rho Huber's function (quadratic up to huber, linear beyond, constant from max_tempo_cost
 * on), d[k] the expected distance in frames and hold(k, a, b) the sum of frame costs over [a, b).
 * Read as negative log-probabilities this is a chain whose forward-backward recursion (Rabiner
 * 1989; semi-Markov form: Yu 2010) gives the posterior of every event's onset exactly. As a cost of
 * distance depends on b - a alone, each recursion step is a convolution in the linear domain: width
 * exponentials and width^2 multiplications per event instead of width^2 exponentials.
 */
#ifndef SILBE_ALIGN_SCORE_ONSET_LATTICE_H
#define SILBE_ALIGN_SCORE_ONSET_LATTICE_H

#include <stddef.h>

#include "features/base/status.h"

typedef struct {
    size_t n_events;          /* >= 1 */
    size_t width;             /* candidates per event, >= 1 */
    const size_t *base;       /* n_events: frame of candidate 0; never decreasing */
    const double *onset_cost; /* n_events x width: onset_cost[k * width + c]; finite */
    /* Cumulative hold cost of the segment after event k < n_events - 1: its frames base[k] + x for
     * 0 <= x <= base[k + 1] - base[k] + width - 1;
     * hold(k, base[k] + x, base[k] + y) = hold[hold_begin[k] + y] - hold[hold_begin[k] + x]. */
    const double *hold;
    const size_t *hold_begin;      /* n_events - 1 */
    const double *expected_frames; /* n_events - 1: d[k] >= 0 */
    const double *sigma_frames;    /* n_events - 1: > 0 */
    double tempo_weight;           /* >= 0 */
    double huber;                  /* > 0, in sigmas */
    double max_tempo_cost; /* rho never exceeds it: what a jump costs, however far; 0: no limit */
} silbe_onset_lattice;

/* Bytes of scratch for silbe_onset_lattice_posterior. SIZE_MAX if that overflows. */
size_t silbe_onset_lattice_scratch_bytes(const silbe_onset_lattice *lattice);

/*
 * posterior[k * width + c] = P(event k at base[k] + c), each row summing to 1. Returns
 * SILBE_ERR_ARGUMENT for a malformed lattice, SILBE_ERR_DATA for a cost that is not finite, naming
 * the event.
 */
SILBE_MUST_CHECK silbe_status silbe_onset_lattice_posterior(const silbe_onset_lattice *lattice,
                                                            void *scratch, size_t scratch_bytes,
                                                            double *posterior, silbe_err *err);

/* The same by the definition, with a logarithmic sum for each pair of candidates; slow. For tests.
 * Same scratch. */
SILBE_MUST_CHECK silbe_status silbe_onset_lattice_reference(const silbe_onset_lattice *lattice,
                                                            void *scratch, size_t scratch_bytes,
                                                            double *posterior, silbe_err *err);

/* What a distance of `frames` between events k and k + 1 costs, nats. */
double silbe_onset_tempo_cost(const silbe_onset_lattice *lattice, size_t k, double frames);

/* rho(z): z^2 / 2 for |z| <= huber, huber (|z| - huber / 2) beyond. */
double silbe_huber(double z, double huber);

#endif
