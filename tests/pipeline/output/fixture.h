/* An item whose words are as awkward as text and times can be. */
#ifndef SILBE_TESTS_OUTPUT_FIXTURE_H
#define SILBE_TESTS_OUTPUT_FIXTURE_H

#include "pipeline/output/output.h"

#define FIXTURE_DURATION_S 6100.25

/* Fills *words, to be freed by silbe_words_free; ends the program if memory is short. */
void fixture_new(silbe_words *words);
/* What a mode that hears phones knows beside: for each word "a" and "t^", both from its start on.
 */
void fixture_add_sounds(silbe_words *words);

#endif
