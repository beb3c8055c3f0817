/* What the posteriors of one frame add to onsets and gradient. */
#include "align/trellis/posterior_engine.h"

/* p(t) of every word: the posterior of its first states, less what was there the frame before. The
 * row behind is beta times emission of frame t by now. */
void silbe_trellis_add_onsets(silbe_trellis_engine *v, size_t t, silbe_scaled_row alpha_before,
                              silbe_trellis_range before, silbe_trellis_range range)
{
    const silbe_trellis *g = v->g;
    size_t i = silbe_trellis_lower_bound(g->entries, g->n_entries, range.begin);
    for (; i < g->n_entries && g->entries[i] < range.end; i++) {
        uint32_t s = g->entries[i];
        double p = v->posterior[s];
        if (s >= before.begin && s < before.end && alpha_before.m[s] > 0.0 &&
            g->w_stay.m[s] > 0.0) {
            silbe_scaled stayed =
                silbe_scaled_multiply(silbe_scaled_at(alpha_before, s),
                                      silbe_scaled_multiply(silbe_scaled_at(g->w_stay, s),
                                                            silbe_scaled_at(v->behind, s)));
            int64_t x = stayed.x - v->total.x;
            p -= stayed.m / v->total.m * (2.0 * silbe_power_of_two((x > 1 ? 1 : x) - 1));
        }
        if (!(p > 0.0)) {
            continue;
        }
        silbe_trellis_onset *onset = &v->wanted->onsets[g->word_of[s]];
        onset->total += p;
        /* Weighted mean and sum of squares in one pass (West 1979). */
        double away = (double)t - onset->mean_frame;
        onset->mean_frame += away * p / onset->total;
        onset->spread_frames += p * away * ((double)t - onset->mean_frame);
        if (t < onset->begin_frame) {
            onset->before += p;
        } else if (t >= onset->end_frame) {
            onset->after += p;
        } else {
            onset->p[t - onset->begin_frame] += p;
        }
    }
}

/* Adds the gradient of the loss in frame t. */
silbe_status silbe_trellis_add_gradient(silbe_trellis_engine *v, size_t t, size_t chosen,
                                        silbe_trellis_range range, silbe_err *err)
{
    const silbe_trellis *g = v->g;
    const silbe_trellis_emissions *em = v->emissions;
    double scale = em->scale == 0.0 ? 1.0 : em->scale;
    float *out = v->wanted->gradient + t * v->wanted->gradient_stride;
    double *mass = v->mass;
    memset(mass, 0, g->n_classes * sizeof *mass);
    for (size_t s = range.begin; s < range.end && s < g->n_states; s++) {
        mass[g->class_of[s]] += v->posterior[s];
    }
    const double *extra = mass + g->n_symbols;
    double any = extra[SILBE_CLASS_WILDCARD] + extra[SILBE_CLASS_GAP_WILDCARD];
    if (g->blank >= 0) {
        mass[g->blank] += extra[SILBE_CLASS_GAP_BLANK];
    }
    if (g->silence >= 0) {
        mass[g->silence] += extra[SILBE_CLASS_GAP_SILENCE];
    }
    if (any > 0.0 && em->wildcard_rule != SILBE_WILDCARD_LOGSUM) {
        mass[chosen] += any;
    } else if (any > 0.0) {
        /* in a region the symbols' values are gone: ask for them again */
        silbe_status status = silbe_trellis_emission_row(g, em, t, v->log_e, v->order, NULL, err);
        if (status != SILBE_OK) {
            return status;
        }
        double sum = v->log_e[g->n_symbols] + em->wildcard_penalty;
        for (size_t k = 0; k < g->n_symbols; k++) {
            if (em->wildcard_symbols == NULL || em->wildcard_symbols[k]) {
                mass[k] += any * exp(v->log_e[k] - sum);
            }
        }
    }
    double all = 0.0;
    double high = SILBE_NEG_INF;
    double norm = 0.0;
    const float *x = em->values + t * em->row_stride;
    for (size_t k = 0; k < g->n_symbols; k++) {
        all += mass[k];
        high = (double)x[k] > high ? (double)x[k] : high;
    }
    for (size_t k = 0; em->logits && k < g->n_symbols; k++) {
        norm += exp((double)x[k] - high);
    }
    for (size_t k = 0; k < g->n_symbols; k++) {
        double softmax = em->logits ? exp((double)x[k] - high) / norm : 0.0;
        out[k] = (float)(scale * (softmax * all - mass[k]));
    }
    return SILBE_OK;
}
