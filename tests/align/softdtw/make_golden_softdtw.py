#!/usr/bin/env python3
"""Writes golden_softdtw.h: soft-DTW values and gradients by linear algebra, for test_golden.c.

Usage: make_golden_softdtw.py > golden_softdtw.h   (needs numpy; written with numpy 1.24.2)

Nothing here follows the recursions of align/softdtw. Softmin: cells are nodes of a graph, A[i, j] =
exp(-cost of the step from i to j / gamma); the sum over all paths is s (I - A)^-1 e, and an edge's
share of it follows from the rows and columns of the inverse. Sparsemin: the projection is found by
bisection, and the gradient by central differences in long double.
"""
import numpy as np

MONOTONIC = [(1, 1), (2, 1), (1, 2)]
CLASSICAL = [(1, 1), (1, 0), (0, 1)]


def landing_cells(n, m, dn, dm, add_skipped):
    k = max(dn, dm)
    count = k if add_skipped else 1
    return [(n - i * dn // k, m - i * dm // k) for i in range(count)]


def edges(shape, case):
    rows, cols = shape
    for n in range(rows):
        for m in range(cols):
            if n == 0 and m in case["starts"]:
                continue
            for k, (dn, dm) in enumerate(case["steps"]):
                if n >= dn and m >= dm:
                    cells = landing_cells(n, m, dn, dm, case["add_skipped"])
                    yield (n - dn, m - dm), (n, m), k, cells


def softmin(cost, case):
    rows, cols = cost.shape
    gamma = case["gamma"]
    a = np.zeros((rows * cols, rows * cols))
    listed = list(edges(cost.shape, case))
    index = lambda cell: cell[0] * cols + cell[1]
    for i, j, k, cells in listed:
        step = case["weights"][k] * sum(cost[c] for c in cells) + case["penalties"][k]
        a[index(i), index(j)] += np.exp(-step / gamma)
    inverse = np.linalg.inv(np.eye(rows * cols) - a)
    s = np.zeros(rows * cols)
    for m in case["starts"]:
        s[m] = np.exp(-cost[0, m] / gamma)
    e = np.zeros(rows * cols)
    for m in case["ends"]:
        e[(rows - 1) * cols + m] = 1.0
    before, after = s @ inverse, inverse @ e
    total = s @ after
    gradient = np.zeros(cost.shape)
    for m in case["starts"]:
        gradient[0, m] += s[m] * after[m] / total
    for i, j, k, cells in listed:
        step = case["weights"][k] * sum(cost[c] for c in cells) + case["penalties"][k]
        share = before[index(i)] * np.exp(-step / gamma) * after[index(j)] / total
        for c in cells:
            gradient[c] += share * case["weights"][k]
    return -gamma * np.log(total), gradient


def sparse(values, gamma):
    """min over the simplex of <q, a> + gamma/2 (|q|^2 - 1), the threshold by bisection."""
    a = np.array(values, dtype=np.longdouble)
    a = a[np.isfinite(a)]
    if len(a) == 0:
        return np.longdouble(np.inf)
    lo, hi = a.min(), a.min() + gamma
    for _ in range(200):
        mid = (lo + hi) / 2
        if np.maximum(mid - a, 0).sum() / gamma > 1:
            hi = mid
        else:
            lo = mid
    q = np.maximum(lo - a, 0) / gamma
    return (q * a).sum() + gamma / 2 * ((q * q).sum() - 1)


def sparsemin_value(cost, case):
    rows, cols = cost.shape
    d = np.full(cost.shape, np.inf, dtype=np.longdouble)
    candidates = {}
    for i, j, k, cells in edges(cost.shape, case):
        candidates.setdefault(j, []).append((i, k, cells))
    for n in range(rows):
        for m in range(cols):
            if n == 0 and m in case["starts"]:
                d[n, m] = cost[n, m]
                continue
            d[n, m] = sparse(
                [
                    d[i] + case["weights"][k] * sum(cost[c] for c in cells) + case["penalties"][k]
                    for i, k, cells in candidates.get((n, m), [])
                ],
                np.longdouble(case["gamma"]),
            )
    return sparse([d[rows - 1, m] for m in case["ends"]], np.longdouble(case["gamma"]))


def sparsemin(cost, case):
    h = np.longdouble(1e-7)
    cost = cost.astype(np.longdouble)
    gradient = np.zeros(cost.shape)
    for cell in np.ndindex(cost.shape):
        old = cost[cell]
        cost[cell] = old + h
        up = sparsemin_value(cost, case)
        cost[cell] = old - h
        gradient[cell] = float((up - sparsemin_value(cost, case)) / (2 * h))
        cost[cell] = old
    return float(sparsemin_value(cost, case)), gradient


def case(name, shape, steps, gamma, **more):
    c = dict(name=name, shape=shape, steps=steps, gamma=gamma, add_skipped=False, sparse=False)
    c.update(weights=[1.0] * len(steps), penalties=[0.0] * len(steps))
    c.update(starts=[0], ends=[shape[1] - 1])
    c.update(more)
    return c


CASES = [
    case("classical", (5, 7), CLASSICAL, 1.0),
    case("cold, with penalties", (6, 4), CLASSICAL, 0.05, penalties=[0.0, 0.25, 0.5]),
    case("weights 2, 1.5, 1.5", (5, 5), CLASSICAL, 0.5, weights=[2.0, 1.5, 1.5]),
    case("subsequence", (3, 9), CLASSICAL, 0.3, starts=list(range(9)), ends=list(range(9))),
    case("monotonic, skipped cells count", (7, 6), MONOTONIC, 0.7, add_skipped=True),
    case("monotonic, weights", (6, 6), MONOTONIC, 0.7, weights=[1.0, 2.0, 0.5]),
    case("sparsemin", (5, 6), CLASSICAL, 0.6, sparse=True),
    case("sparsemin, two ends", (6, 5), MONOTONIC, 1.5, sparse=True, ends=[3, 4]),
]


def numbers(values, form):
    text = [form % v for v in values]
    lines = [", ".join(text[i : i + 4]) for i in range(0, len(text), 4)]
    return "{\n    " + ",\n    ".join(lines) + "}"


def main():
    rng = np.random.default_rng(20240607)
    print("/* Written by make_golden_softdtw.py (numpy, linear algebra); do not edit. */")
    print("/* clang-format off */")
    table = []
    for i, c in enumerate(CASES):
        cost = np.round(rng.uniform(0.0, 2.0, c["shape"]) * 1024) / 1024
        value, gradient = (sparsemin if c["sparse"] else softmin)(cost, c)
        rows, cols = c["shape"]
        masks = [[int(m in c[side]) for m in range(cols)] for side in ("starts", "ends")]
        print("static const double cost_%d[] = %s;" % (i, numbers(cost.ravel(), "%.17g")))
        print("static const double e_%d[] = %s;" % (i, numbers(gradient.ravel(), "%.15g")))
        print("static const unsigned char starts_%d[] = %s;" % (i, numbers(masks[0], "%d")))
        print("static const unsigned char ends_%d[] = %s;" % (i, numbers(masks[1], "%d")))
        steps = ", ".join(
            "{%d, %d, %.4g, %.4g}" % (dn, dm, w, p)
            for (dn, dm), w, p in zip(c["steps"], c["weights"], c["penalties"])
        )
        table.append(
            '    {"%s", %d, %d, {{%s}, %d, %s}, %s, %.4g, %.15g, cost_%d, e_%d, starts_%d, ends_%d},'
            % (
                c["name"], rows, cols, steps, len(c["steps"]), str(c["add_skipped"]).lower(),
                "SILBE_SOFTDTW_SPARSEMIN" if c["sparse"] else "SILBE_SOFTDTW_SOFTMIN",
                c["gamma"], value, i, i, i, i,
            )
        )
    print("static const golden_case golden_cases[] = {\n%s\n};" % "\n".join(table))
    print("/* clang-format on */")


if __name__ == "__main__":
    main()
