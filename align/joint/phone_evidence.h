/*
 * Phones heard, phones due: the posteriorgram's word in the synchronisation of the score (a
 * silbe_score_evidence). With c the phone costs, A(q) the phones that are due (sung_text.h) and k
 * the nucleus of a syllable,
 *
 *   match   match_weight  min over A(q) of c(t, .) / max_cost              cost of a cell of DTW
 *   hold    hold_weight   min over A(q) of c(t, .)                         nats per second
 *   onset   onset_weight  (mean of c(u, k) over [t, t + after_s) - mean over [t - before_s, t))
 *
 * where a syllable begins: the nucleus is heard from there on and was not heard before.
 *
 * A posteriorgram that says nothing (all phones alike) costs nothing and changes nothing.
 */
#ifndef SILBE_ALIGN_JOINT_PHONE_EVIDENCE_H
#define SILBE_ALIGN_JOINT_PHONE_EVIDENCE_H

#include "align/joint/phone_costs.h"
#include "align/joint/sung_text.h"
#include "align/score/recording.h"

typedef struct {
    const silbe_phone_costs *costs;
    const silbe_sung_text *text;
    double match_weight; /* >= 0 */
    double hold_weight;  /* nats per second and nat of cost, >= 0 */
    double onset_weight; /* nats per nat of cost, >= 0 */
    double before_s;     /* > 0 */
    double after_s;      /* > 0 */
} silbe_phone_evidence;

/* Borrows *evidence, which must have passed silbe_phone_evidence_check. */
silbe_score_evidence silbe_phone_evidence_for_score(const silbe_phone_evidence *evidence);

/* SILBE_ERR_ARGUMENT: weights or spans out of range, phones of the text that have no costs; errors
 * of silbe_sung_text_check. */
SILBE_MUST_CHECK silbe_status silbe_phone_evidence_check(const silbe_phone_evidence *evidence,
                                                         silbe_err *err);

/* min over the phones due in [q, next_q) of the mean c over [from_s, to_s), nats. */
double silbe_phone_misfit(const silbe_phone_evidence *evidence, double q, double next_q,
                          double from_s, double to_s);

#endif
