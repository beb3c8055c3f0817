#include "features/base/score.h"

#include <math.h>
#include <stdlib.h>

/* Published positions are cut to three digits: 0.666 means two thirds. Anything closer than this to
 * a pick-up's first note counts as that note. */
static const double POSITION_SLACK = 0.0015;

void silbe_score_free(silbe_score *score)
{
    if (score == NULL) {
        return;
    }
    for (size_t i = 0; i < score->n_syllables; i++) {
        free(score->syllables[i].text);
    }
    free(score->syllables);
    free(score->notes);
    free(score->measures);
    free(score->title);
    *score = (silbe_score)SILBE_SCORE_INIT;
}

/* How many measures from i on make up one metrical measure: a measure that is split at a repeat
 * sign or double bar is written as two of the same number, each shorter than the metre. */
static size_t measures_in_one(const silbe_score *score, size_t i, double *length_q)
{
    const silbe_measure *first = &score->measures[i];
    double slack_q = POSITION_SLACK * first->metre_q;
    size_t n = 1;
    *length_q = first->length_q;
    while (i + n < score->n_measures && score->measures[i + n].number == first->number &&
           *length_q + score->measures[i + n].length_q <= first->metre_q + slack_q) {
        *length_q += score->measures[i + n].length_q;
        n++;
    }
    return n;
}

bool silbe_score_position_to_q(const silbe_score *score, double position, size_t occurrence,
                               double *onset_q)
{
    double number = floor(position);
    double fraction = position - number;
    double length_q = 0.0;
    for (size_t i = 0; i < score->n_measures; i += measures_in_one(score, i, &length_q)) {
        const silbe_measure *measure = &score->measures[i];
        if ((double)measure->number != number || occurrence-- > 0) {
            continue;
        }
        (void)measures_in_one(score, i, &length_q);
        /* The fraction is of the full metre; a pick-up lacks its beginning. A measure that is cut
         * at its end instead (the last one, completing the pick-up) starts at its beginning. */
        bool is_pickup = i == 0 && length_q < measure->metre_q;
        double missing_q = is_pickup ? measure->metre_q - length_q : 0.0;
        double offset_q = fraction * measure->metre_q - missing_q;
        double slack_q = POSITION_SLACK * measure->metre_q;
        if (!(offset_q >= -slack_q && offset_q <= length_q + slack_q)) {
            return false;
        }
        *onset_q = measure->onset_q + fmin(fmax(offset_q, 0.0), length_q);
        return true;
    }
    return false;
}
