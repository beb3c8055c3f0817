#!/usr/bin/python3
"""Compares align/metrics.h with mir_eval.alignment on random cases (77 = skipped, not installed).

Usage: test_metrics_mir_eval.py METRICS_FIGURES [SEED]
"""
import subprocess
import sys
import warnings

warnings.filterwarnings("ignore")
try:
    import numpy as np
    from mir_eval import alignment
except ImportError as reason:
    print(f"skipped: {reason} (Debian: python3-mir-eval)")
    sys.exit(77)

WINDOWS = [0.05, 0.1, 0.2, 0.3, 0.5, 1.0]
N_CASES = 300


def make_case(rng):
    """Times on a grid of 10 ms or 1 ms, so that many differences lie exactly on a window."""
    n = int(rng.integers(2, 120))
    digits = int(rng.integers(2, 4))
    reference = np.sort(np.round(rng.uniform(0.0, 60.0, n), digits))
    reference[-1] += 0.5
    noise = np.round(rng.normal(0.0, rng.choice([0.03, 0.1, 0.5, 2.0]), n), digits)
    estimate = np.sort(np.abs(reference + noise))
    duration = max(reference[-1], estimate[-1]) + 0.25
    return reference, estimate, duration


def expected(reference, estimate, duration):
    median, mean = alignment.absolute_error(reference, estimate)
    difference = estimate - reference
    return [mean, median, alignment.karaoke_perceptual_metric(reference, estimate),
            alignment.percentage_correct_segments(reference, estimate),
            alignment.percentage_correct_segments(reference, estimate, duration),
            *[alignment.percentage_correct(reference, estimate, w) for w in WINDOWS],
            np.median(difference), np.quantile(np.abs(difference), 0.95),
            np.mean(np.abs(difference) > 1.0)]


def main():
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    print(f"seed {seed}")
    rng = np.random.default_rng(seed)
    cases = [make_case(rng) for _ in range(N_CASES)]
    text = "\n".join(" ".join(repr(float(v)) for v in [len(r), d, *r, *e]).replace(".0 ", " ", 1)
                     for r, e, d in cases)
    run = subprocess.run([sys.argv[1]], input=text, capture_output=True, text=True, check=True)
    rows = [[float(v) for v in line.split()] for line in run.stdout.splitlines()]
    assert len(rows) == N_CASES, f"{len(rows)} answers for {N_CASES} cases"
    on_the_edge = 0
    for got, (reference, estimate, duration) in zip(rows, cases):
        want = expected(reference, estimate, duration)
        assert len(got) == len(want)
        # Counting figures must agree to the bit: 5..10 are the windows, the last the derailments.
        for k in [*range(5, 11), 13]:
            assert got[k] == want[k], (k, got[k], want[k])
        for g, w in zip(got, want):
            assert abs(g - w) <= 1e-11, (g, w)
        distance = np.abs(reference - estimate)
        on_the_edge += sum(int(np.sum(np.abs(distance - w) < 1e-9)) for w in WINDOWS)
    assert on_the_edge > 50, "the cases should test the boundary of the windows"
    print(f"{N_CASES} cases agree with mir_eval; {on_the_edge} differences on the edge of a window")


main()
