#!/usr/bin/python3
"""Makes golden_confidence.h: random words, and what SciPy and NumPy say about their confidences.

Usage: make_golden_confidence.py > golden_confidence.h   (Debian: python3-scipy)
"""
import numpy as np
import scipy
from scipy.stats import mannwhitneyu

THRESHOLD_S = 0.3


def numbers(values):
    return ", ".join(float(v).hex() if np.isfinite(v) else "INFINITY" if v > 0 else "NAN"
                     for v in values)


def case(rng, n, steps):
    """Confidences in steps, so that there are ties; some words without estimate."""
    difference = np.round(rng.normal(0, 0.4, n), 3)
    difference[rng.uniform(size=n) < 0.1] = np.inf
    confidence = np.clip(np.round((1 - np.minimum(np.abs(difference), 1) + rng.normal(0, 0.4, n))
                                  * steps) / steps, 0, 1)
    wrong = np.abs(difference) > THRESHOLD_S
    doubt = 1 - confidence
    auc = mannwhitneyu(doubt[wrong], doubt[~wrong]).statistic / (wrong.sum() * (~wrong).sum())
    counts = np.histogram(confidence, np.arange(11) / 10)[0]
    sums = [np.histogram(confidence, np.arange(11) / 10, weights=w)[0] 
            for w in (confidence, (~wrong).astype(float))]
    with np.errstate(invalid="ignore"):
        expected, observed = (s / counts for s in sums)
    error = np.nansum(counts * np.abs(expected - observed)) / n
    return f"""    {{{n},
     {{{numbers(difference)}}},
     {{{numbers(confidence)}}},
     {float(auc).hex()}, {float(error).hex()},
     {{{", ".join(map(str, counts))}}},
     {{{numbers(expected)}}},
     {{{numbers(observed)}}}}},
"""


def main():
    rng = np.random.default_rng(1828)
    print(f"""/*
 * Made by make_golden_confidence.py: areas with SciPy {scipy.__version__} (scipy.stats.mannwhitneyu),
 * bins with NumPy {np.__version__} (numpy.histogram). Do not edit.
 */
#ifndef SILBE_TESTS_GOLDEN_CONFIDENCE_H
#define SILBE_TESTS_GOLDEN_CONFIDENCE_H

#include <math.h>
#include <stddef.h>

#define GOLDEN_MAX_N 64

typedef struct {{
    size_t n;
    double difference_s[GOLDEN_MAX_N]; /* INFINITY: no estimate */
    double confidence[GOLDEN_MAX_N];
    double auc, calibration_error; /* for errors beyond {THRESHOLD_S} s */
    size_t counts[10];
    double expected[10], observed[10];
}} golden_confidence;

/* clang-format off */
static const golden_confidence GOLDEN_CONFIDENCE[] = {{
{"".join(case(rng, n, steps) for n, steps in ((6, 4), (20, 8), (40, 16), (64, 1000)))}}};

#endif""")


if __name__ == "__main__":
    main()
