/* Checks of what an alignment is asked for, and where it goes. */
#include "align/trellis/alignment.h"

#include <math.h>

#include "align/base/arena.h"

silbe_status silbe_trellis_align_options_check(const silbe_trellis_align_options *options,
                                               silbe_err *err)
{
    if (options == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "trellis: options are missing (NULL)");
    }
    bool good = options->window_frames >= options->near_frames && options->interval_mass > 0.0 &&
                options->interval_mass < 1.0 && options->min_sung >= 0.0 &&
                options->min_sung <= 1.0 && isfinite(options->llr_threshold) &&
                options->llr_width > 0.0 && options->line_share >= 0.0 &&
                options->line_share <= 1.0 && options->posterior_scale > 0.0 &&
                isfinite(options->posterior_scale);
    return good
               ? SILBE_OK
               : silbe_fail(err, SILBE_ERR_ARGUMENT,
                            "trellis: near %zu (should be <= window %zu), interval_mass %g (inside "
                            "0 to 1), min_sung %g, line_share %g (0 to 1), llr_threshold %g, "
                            "llr_width %g, posterior_scale %g (> 0): not all of them usable",
                            options->near_frames, options->window_frames, options->interval_mass,
                            options->min_sung, options->line_share, options->llr_threshold,
                            options->llr_width, options->posterior_scale);
}

size_t silbe_trellis_label_capacity(const silbe_trellis_text *text)
{
    size_t sum = 0;
    for (size_t w = 0; w < text->n_words; w++) {
        size_t most = 0;
        for (size_t p = 0; p < text->words[w].n_pronunciations; p++) {
            size_t n = text->words[w].pronunciations[p].n_symbols;
            most = n > most ? n : most;
        }
        sum = silbe_size_add(sum, most);
    }
    return sum;
}

silbe_status silbe_trellis_alignment_check(const silbe_trellis_text *text,
                                           const silbe_trellis_alignment *a, silbe_err *err)
{
    if (text == NULL || a == NULL || a->words == NULL || a->path == NULL) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT, "trellis: text, words or path missing (NULL)");
    }
    if (a->labels != NULL && a->label_capacity < silbe_trellis_label_capacity(text)) {
        return silbe_fail(err, SILBE_ERR_ARGUMENT,
                          "trellis: there may be %zu labels, room is for %zu",
                          silbe_trellis_label_capacity(text), a->label_capacity);
    }
    return SILBE_OK;
}
