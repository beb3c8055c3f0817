/* An item whose words are as awkward as text and times can be. */
#ifndef SILBE_TESTS_OUTPUT_FIXTURE_H
#define SILBE_TESTS_OUTPUT_FIXTURE_H

#include "pipeline/output/output.h"

#define FIXTURE_DURATION_S 6100.25

typedef struct {
    silbe_lyrics lyrics;
    silbe_word_times times;
    silbe_output_item item;
    double *sounding_start_s;   /* n_words */
    silbe_output_phone *phones; /* two for each word, "a" and "t^", both from its start on */
} fixture;

/* Fills *made, whose item points into it; ends the program if memory is short. */
void fixture_new(fixture *made);
/* Gives the item what a mode that hears phones knows beside. */
void fixture_add_sounds(fixture *made);
void fixture_free(fixture *made);

#endif
