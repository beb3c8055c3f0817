#!/usr/bin/python3
"""Writes golden_forward.h: logits of the network of small_net.h, computed with NumPy.

Written from the formulas of features/model/net.h, without the C code. Made with NumPy 1.24.2:

    /usr/bin/python3 golden_forward.py > golden_forward.h
"""
import numpy as np

BANDS, C, HIDDEN, CLASSES = 5, 19, 23, 4
DILATIONS, WIDTH, INPUT_WIDTH, STRIDE = [1, 3, 2], 5, 3, 2
FRAMES = 21

count = 0


def values(n, first=None):
    global count
    i = np.arange(n, dtype=np.int64) + (count if first is None else first)
    if first is None:
        count += n
    return ((i * 7919) % 2003 - 1001).astype(np.float32) / np.float32(1001)


def tensor(*shape):
    return (values(int(np.prod(shape))) * np.float32(0.5)).astype(np.float64).reshape(shape)


def norm(h, gain, offset):
    h = h - h.mean(axis=1, keepdims=True)
    return gain * h / np.sqrt((h ** 2).mean(axis=1, keepdims=True) + 1e-5) + offset


x = (values(FRAMES * BANDS, 17) * np.float32(2)).astype(np.float64).reshape(FRAMES, BANDS)
w, b = tensor(INPUT_WIDTH, BANDS, C), tensor(C)
padded = np.pad(x, ((INPUT_WIDTH // 2,) * 2, (0, 0)))
n_out = (FRAMES - 1) // STRIDE + 1
h = np.stack([np.einsum("jb,jbc->c", padded[s * STRIDE:s * STRIDE + INPUT_WIDTH], w) + b
              for s in range(n_out)])
h = np.maximum(h, 0)
for d in DILATIONS:
    dw, db, gain, offset = tensor(WIDTH, C), tensor(C), tensor(C), tensor(C)
    up, up_b, down, down_b = tensor(C, HIDDEN), tensor(HIDDEN), tensor(HIDDEN, C), tensor(C)
    reach = WIDTH // 2 * d
    padded = np.pad(h, ((reach, reach), (0, 0)))
    y = db + sum(dw[j] * padded[j * d:j * d + n_out] for j in range(WIDTH))
    y = np.maximum(norm(y, gain, offset) @ up + up_b, 0) @ down + down_b
    h = h + y
gain, offset, w, b = tensor(C), tensor(C), tensor(C, CLASSES), tensor(CLASSES)
logits = norm(h, gain, offset) @ w + b

print("/* Written by golden_forward.py (NumPy): logits of the network of small_net.h with parameters"
      "\n * and input by the formula there. Do not edit. */")
print("#ifndef SILBE_TESTS_GOLDEN_FORWARD_H\n#define SILBE_TESTS_GOLDEN_FORWARD_H\n")
print("/* clang-format off */")
print(f"enum {{ GOLDEN_N_FRAMES = {FRAMES} }};\n")
print(f"static const double golden_logits[{logits.size}] = {{")
for row in logits:
    print("    " + " ".join(f"{v:.9e}," for v in row))
print("};\n/* clang-format on */\n\n#endif")
