#include "align/joint/phone_evidence.h"

#include <math.h>

silbe_status silbe_phone_evidence_check(const silbe_phone_evidence *evidence, silbe_err *err)
{
    bool is_sound = evidence->match_weight >= 0 && isfinite(evidence->match_weight) &&
                    evidence->hold_weight >= 0 && isfinite(evidence->hold_weight) &&
                    evidence->onset_weight >= 0 && isfinite(evidence->onset_weight) &&
                    evidence->before_s > 0 && isfinite(evidence->before_s) &&
                    evidence->after_s > 0 && isfinite(evidence->after_s);
    if (!is_sound || evidence->text->n_phones_set > evidence->costs->n_phones) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "evidence of phones: weights %g, %g, %g, spans %g s and %g s, %zu phones "
                          "due, %zu heard",
                          evidence->match_weight, evidence->hold_weight, evidence->onset_weight,
                          evidence->before_s, evidence->after_s, evidence->text->n_phones_set,
                          evidence->costs->n_phones);
    }
    return silbe_sung_text_check(evidence->text, err);
}

static double least_cost(const silbe_phone_costs *costs, const uint8_t *phones, size_t n,
                         double from_s, double to_s)
{
    double least = costs->max_cost;
    for (size_t i = 0; i < n; i++) {
        least = fmin(least, silbe_phone_cost(costs, phones[i], from_s, to_s));
    }
    return least;
}

double silbe_phone_misfit(const silbe_phone_evidence *evidence, double q, double next_q,
                          double from_s, double to_s)
{
    uint8_t phones[SILBE_SUNG_MAX_PHONES];
    size_t n = silbe_sung_phones_at(evidence->text, q, next_q, phones);
    return least_cost(evidence->costs, phones, n, from_s, to_s);
}

static void add_match(const void *context, double q, double hop_s, size_t m_begin, size_t m_end,
                      float *cost)
{
    const silbe_phone_evidence *evidence = context;
    uint8_t phones[SILBE_SUNG_MAX_PHONES];
    size_t n = silbe_sung_phones_at(evidence->text, q, q, phones);
    double weight = evidence->match_weight / evidence->costs->max_cost;
    for (size_t m = m_begin; m < m_end && evidence->match_weight > 0; m++) {
        double from_s = ((double)m - 0.5) * hop_s;
        cost[m - m_begin] +=
            (float)(weight * least_cost(evidence->costs, phones, n, from_s, from_s + hop_s));
    }
}

static void add_hold(const void *context, double q, double next_q, double hop_s, size_t begin,
                     size_t n_frames, double *cost)
{
    const silbe_phone_evidence *evidence = context;
    uint8_t phones[SILBE_SUNG_MAX_PHONES];
    size_t n = silbe_sung_phones_at(evidence->text, q, next_q, phones);
    double weight = evidence->hold_weight * hop_s;
    for (size_t i = 0; i < n_frames && weight > 0; i++) {
        double at_s = (double)(begin + i) * hop_s;
        cost[i] += weight * least_cost(evidence->costs, phones, n, at_s, at_s + hop_s);
    }
}

static void add_onset(const void *context, double q, double hop_s, size_t begin, size_t n_frames,
                      double *cost)
{
    const silbe_phone_evidence *evidence = context;
    size_t i = silbe_sung_syllable_at(evidence->text, q);
    if (i == evidence->text->n_syllables || evidence->onset_weight == 0) {
        return;
    }
    const silbe_sung_syllable *syllable = &evidence->text->syllables[i];
    uint8_t nucleus = syllable->phones[syllable->nucleus];
    for (size_t c = 0; c < n_frames; c++) {
        double at_s = (double)(begin + c) * hop_s;
        cost[c] += evidence->onset_weight *
                   (silbe_phone_cost(evidence->costs, nucleus, at_s, at_s + evidence->after_s) -
                    silbe_phone_cost(evidence->costs, nucleus, at_s - evidence->before_s, at_s));
    }
}

silbe_score_evidence silbe_phone_evidence_for_score(const silbe_phone_evidence *evidence)
{
    return (silbe_score_evidence){
        .context = evidence, .add_match = add_match, .add_hold = add_hold, .add_onset = add_onset};
}
