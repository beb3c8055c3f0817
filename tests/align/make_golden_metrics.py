#!/usr/bin/python3
"""Makes golden_metrics.h: random cases and what mir_eval.alignment says about them.

Usage: make_golden_metrics.py > golden_metrics.h   (Debian: python3-mir-eval)
"""
import warnings

warnings.filterwarnings("ignore")
import numpy as np
import mir_eval
import scipy
from mir_eval import alignment

WINDOWS = [0.05, 0.1, 0.2, 0.3, 0.5, 1.0]


def numbers(values):
    return ", ".join(float(v).hex() for v in values)


def case(rng, n, spread):
    reference = np.sort(np.round(rng.uniform(0.2, 40.0, n), 3))
    estimate = np.sort(np.abs(reference + np.round(rng.normal(0.01, spread, n), 3)))
    duration = float(np.ceil(max(reference[-1], estimate[-1])) + 1)
    median, mean = alignment.absolute_error(reference, estimate)
    within = [alignment.percentage_correct(reference, estimate, w) for w in WINDOWS]
    segments = alignment.percentage_correct_segments(reference, estimate)
    segments_duration = alignment.percentage_correct_segments(reference, estimate, duration)
    perceptual = alignment.karaoke_perceptual_metric(reference, estimate)
    return f"""    {{{n},
     {{{numbers(reference)}}},
     {{{numbers(estimate)}}},
     {duration!r}, {float(mean).hex()}, {float(median).hex()},
     {{{numbers(within)}}},
     {float(segments).hex()}, {float(segments_duration).hex()}, {float(perceptual).hex()}}},
"""


def main():
    rng = np.random.default_rng(1827)
    print(f"""/*
 * Made by make_golden_metrics.py with mir_eval {mir_eval.__version__} (mir_eval.alignment),
 * NumPy {np.__version__}, SciPy {scipy.__version__}. Do not edit.
 */
#ifndef SILBE_TESTS_GOLDEN_METRICS_H
#define SILBE_TESTS_GOLDEN_METRICS_H

#include <stddef.h>

#define GOLDEN_MAX_N 24

typedef struct {{
    size_t n;
    double reference_s[GOLDEN_MAX_N];
    double estimate_s[GOLDEN_MAX_N];
    double duration_s;
    double mean_abs_s, median_abs_s;
    double within[6]; /* 0.05 0.1 0.2 0.3 0.5 1.0 s */
    double segments, segments_duration, perceptual;
}} golden_metrics;

/* clang-format off */
static const golden_metrics GOLDEN_METRICS[] = {{""")
    for n, spread in [(2, 0.05), (3, 0.2), (7, 0.02), (8, 0.1), (15, 0.3), (16, 1.0), (23, 0.05),
                      (24, 2.0)]:
        print(case(rng, n, spread), end="")
    print("""};
/* clang-format on */

#endif""")


main()
