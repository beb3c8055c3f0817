"""Writes golden_ctc.h: losses and gradients of torch.nn.functional.ctc_loss.

Needs Debian's python3-torch:
    /usr/bin/python3 make_golden_ctc.py > golden_ctc.h

Emissions come from a generator that test_ctc.c has, too (golden_value there). Gradients are by the
logits (through log_softmax), or by log-probabilities that are used as they are; for these torch
gives exp(logp) - posterior, and exp(logp) is taken off again. For -infinity, of which torch makes
NaN gradients, it gets -10,000, whose exponential is 0 in double.
"""

import math

import torch

# name, frames, symbols, blank, labels, seed, logits?, places set to -inf (frame, symbol)
CASES = [
    ("one", 1, 3, 0, [2], 1, True, []),
    ("short", 5, 4, 0, [1, 2], 2, True, []),
    ("repeats", 9, 5, 0, [1, 1, 2, 2, 2], 3, True, []),
    ("tight", 8, 5, 4, [1, 1, 2, 2, 2], 4, True, []),
    ("infinite", 12, 5, 2, [0, 1, 1, 3], 5, True, [(0, 2), (3, 0), (3, 1), (7, 4), (11, 3)]),
    ("logp", 10, 4, 3, [0, 1, 0, 0, 2], 6, False, []),
    ("logp_infinite", 10, 4, 3, [0, 1, 0, 0, 2], 7, False, [(0, 3), (4, 3), (9, 2)]),
    ("long", 120, 7, 0, [1 + (j * j + j // 5) % 6 for j in range(40)], 8, True, []),
]


def values(seed, n):
    """x in [-4, 4), exact in float32."""
    state = seed
    out = []
    for _ in range(n):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        out.append(((state >> 40) % 65536) / 8192.0 - 4.0)
    return out


def run(case):
    _, n_frames, n_symbols, blank, labels, seed, logits, infinite = case
    x = torch.tensor(values(seed, n_frames * n_symbols), dtype=torch.float64)
    x = x.reshape(n_frames, n_symbols)
    for t, k in infinite:
        x[t, k] = -1e4
    x.requires_grad_(True)
    logp = torch.log_softmax(x, dim=1) if logits else x
    loss = torch.nn.functional.ctc_loss(
        logp.unsqueeze(1), torch.tensor([labels]), torch.tensor([n_frames]),
        torch.tensor([len(labels)]), blank=blank, reduction="none")
    loss.sum().backward()
    gradient = x.grad if logits else x.grad - torch.exp(x.detach())
    assert math.isfinite(float(loss)) and bool(torch.isfinite(gradient).all())
    return float(loss), gradient


def main():
    print("/* Made by make_golden_ctc.py with torch %s: torch.nn.functional.ctc_loss in double. */"
          % torch.__version__.split("a")[0])
    print("#ifndef SILBE_TESTS_GOLDEN_CTC_H\n#define SILBE_TESTS_GOLDEN_CTC_H\n")
    print("#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n")
    print("typedef struct {\n    const char *name;\n    size_t n_frames;\n    size_t n_symbols;\n"
          "    size_t blank;\n    const int32_t *labels;\n    size_t n_labels;\n    uint64_t seed;\n"
          "    bool logits;\n    const size_t (*infinite)[2]; /* frame, symbol */\n"
          "    size_t n_infinite;\n    double loss;\n    const double *gradient;\n} golden_case;\n")
    rows = []
    for case in CASES:
        name, n_frames, n_symbols, blank, labels, seed, logits, infinite = case
        loss, gradient = run(case)
        print("static const int32_t golden_labels_%s[] = {%s};"
              % (name, ", ".join(map(str, labels))))
        if infinite:
            print("static const size_t golden_infinite_%s[][2] = {%s};"
                  % (name, ", ".join("{%d, %d}" % place for place in infinite)))
        print("static const double golden_gradient_%s[] = {" % name)
        print("    %s};" % ", ".join("%.15g" % g for g in gradient.reshape(-1).tolist()))
        rows.append("    {\"%s\", %d, %d, %d, golden_labels_%s, %d, %d, %s, %s, %d, %.17g,\n"
                    "     golden_gradient_%s}"
                    % (name, n_frames, n_symbols, blank, name, len(labels), seed,
                       "true" if logits else "false",
                       "golden_infinite_" + name if infinite else "NULL", len(infinite), loss,
                       name))
    print("\nstatic const golden_case golden_cases[] = {\n%s};\n\n#endif" % ",\n".join(rows))


if __name__ == "__main__":
    main()
