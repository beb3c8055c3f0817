#!/usr/bin/python3
"""Compares the figures of two files of words with mir_eval.alignment (77 = skipped, not installed).

Usage: test_compare_mir_eval.py COMPARE_FILES [SEED]
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import warnings

warnings.filterwarnings("ignore")
try:
    import numpy as np
    from mir_eval import alignment
except ImportError as reason:
    print(f"skipped: {reason} (Debian: python3-mir-eval)")
    sys.exit(77)

WINDOWS = ["0.05", "0.1", "0.2", "0.3", "0.5", "1.0"]
N_CASES = 20


def write_csv(path, words, starts):
    rows = "".join(f"{s:.4f};{w}\n" for w, s in zip(words, starts))
    path.write_text("start;word\n" + rows)


def write_labels(path, words, starts):
    path.write_text("".join(f"{s:.4f}\t{s + 0.01:.4f}\t{w.upper()}\n"
                            for w, s in zip(words, starts)))


def check_case(program, folder, rng):
    """Words of their own, a few of which one file lacks; the others are measured."""
    n = int(rng.integers(5, 200))
    words = [f"wort{i}" for i in range(n)]
    reference = np.round(np.cumsum(rng.uniform(0.1, 1.0, n)), 4)
    noise = rng.normal(0.0, rng.choice([0.02, 0.1, 0.5]), n)
    estimate = np.round(np.sort(np.abs(reference + noise)), 4)
    in_both = rng.uniform(size=n) > 0.2
    in_both[:2] = True
    in_reference = in_both | (rng.uniform(size=n) > 0.5)
    in_estimate = in_both | ~in_reference
    write_csv(folder / "estimate.csv", [w for w, k in zip(words, in_estimate) if k],
              estimate[in_estimate])
    write_labels(folder / "reference.txt", [w for w, k in zip(words, in_reference) if k],
                 reference[in_reference])
    run = subprocess.run([program, folder / "estimate.csv", folder / "reference.txt"],
                         capture_output=True, text=True, check=True)
    got = json.loads(run.stdout)
    r, e = reference[in_both], estimate[in_both]
    assert got["paired"] == got["compared"] == len(r), (got["paired"], len(r))
    assert got["reference"]["unpaired"] == int(np.sum(in_reference & ~in_both))
    assert got["estimate"]["unpaired"] == int(np.sum(in_estimate & ~in_both))
    median, mean = alignment.absolute_error(r, e)
    want = {"mean_abs_s": mean, "median_abs_s": median, "bias_s": np.median(e - r),
            "perceptual": alignment.karaoke_perceptual_metric(r, e),
            "correct_segments": alignment.percentage_correct_segments(r, e),
            "derailed": np.mean(np.abs(e - r) > 1.0)}
    for key, value in want.items():
        assert abs(got[key] - value) <= 1e-6, (key, got[key], value)
    for window in WINDOWS:
        value = alignment.percentage_correct(r, e, float(window))
        assert abs(got["within"][window] - value) <= 1e-6, (window, got["within"], value)
    return len(r)


def main():
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    print(f"seed {seed}")
    rng = np.random.default_rng(seed)
    with tempfile.TemporaryDirectory(dir=".") as name:
        n = sum(check_case(sys.argv[1], pathlib.Path(name), rng) for _ in range(N_CASES))
    print(f"{N_CASES} pairs of files, {n} words, agree with mir_eval")


main()
