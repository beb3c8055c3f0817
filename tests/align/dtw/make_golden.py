#!/usr/bin/env python3
"""Makes golden.h: values and paths of DTW from an implementation that shares no code with Silbe.

Depth-first recursion with memory over Python's exact fractions, so that a tie is a tie; weights and
costs are multiples of 1/4, which float and double hold exactly. Run in this folder:
    python3 make_golden.py > golden.h
Made with Python 3.11 and random.Random(2024); needs the standard library alone.
"""
import random
import sys
from fractions import Fraction

sys.setrecursionlimit(10000)

CASES = [  # name, rows, columns, steps (dn, dm, 4 * weight, 4 * penalty), add_skipped, free ends
    ("classical", 9, 12, [(1, 1, 4, 0), (1, 0, 4, 0), (0, 1, 4, 0)], False, False),
    ("weighted", 18, 14, [(1, 1, 8, 0), (1, 0, 6, 0), (0, 1, 6, 0)], False, False),
    ("penalty", 20, 20, [(1, 1, 4, 0), (1, 0, 4, 3), (0, 1, 4, 1)], False, False),
    ("monotonic", 10, 16, [(1, 1, 4, 0), (2, 1, 4, 0), (1, 2, 4, 0)], False, False),
    ("monotonic_skipped", 10, 16, [(1, 1, 4, 0), (2, 1, 4, 0), (1, 2, 4, 0)], True, False),
    ("odd_steps", 13, 17, [(2, 3, 4, 0), (1, 1, 6, 1), (0, 2, 3, 0), (3, 1, 4, 0)], True, False),
    ("subsequence", 6, 24, [(1, 1, 4, 0), (1, 0, 4, 0), (0, 1, 4, 0)], False, True),
]


def solve(cost, rows, cols, steps, skipped, free):
    memory = {}

    def best(n, m):
        if (n, m) not in memory:
            memory[n, m] = compute(n, m)
        return memory[n, m]

    def compute(n, m):
        if n == 0 and (m == 0 or free):
            return (cost[0][m], None)
        found = (None, None)
        for k, (dn, dm, w, p) in enumerate(steps):
            if n - dn < 0 or m - dm < 0:
                continue
            before = best(n - dn, m - dm)[0]
            if before is None:
                continue
            cells = cost[n][m]
            big = max(dn, dm)
            if skipped:
                cells += sum(cost[n - i * dn // big][m - i * dm // big] for i in range(1, big))
            value = before + Fraction(w, 4) * cells + Fraction(p, 4)
            if found[0] is None or value < found[0]:
                found = (value, k)
        return found

    ends = range(cols) if free else [cols - 1]
    end = min((m for m in ends if best(rows - 1, m)[0] is not None),
              key=lambda m: (best(rows - 1, m)[0], m))
    n, m = rows - 1, end
    path = [(n, m)]
    while best(n, m)[1] is not None:
        dn, dm = steps[best(n, m)[1]][:2]
        n, m = n - dn, m - dm
        path.append((n, m))
    return best(rows - 1, end)[0], path[::-1]


def main():
    rng = random.Random(2024)
    print("/* Made by make_golden.py; do not edit. */")
    table = []
    for name, rows, cols, steps, skipped, free in CASES:
        cost = [[Fraction(rng.randrange(8), 4) for _ in range(cols)] for _ in range(rows)]
        value, path = solve(cost, rows, cols, steps, skipped, free)
        flat = ", ".join(f"{float(c):g}" for row in cost for c in row)
        cells = ", ".join(f"{{{n}, {m}}}" for n, m in path)
        print(f"static const float {name}_cost[] = {{{flat}}};")
        print(f"static const silbe_path_point {name}_path[] = {{{cells}}};")
        text = ", ".join(f"{{{dn}, {dm}, {w / 4:g}, {p / 4:g}}}" for dn, dm, w, p in steps)
        table.append(f'    {{"{name}", {rows}, {cols}, {{.steps = {{{text}}}, .n_steps = '
                     f"{len(steps)}, .add_skipped = {str(skipped).lower()}}}, "
                     f"{str(free).lower()}, {float(value)!r}, {name}_cost, {name}_path, "
                     f"{len(path)}}},")
    print("static const golden_case golden_cases[] = {")
    print("\n".join(table))
    print("};")


main()
