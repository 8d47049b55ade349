"""Softmax of each row: its maximum, then exponentials and their sum, then the division."""

import numpy as np
from numba import njit, prange

BLOCK = 512  # one of: 128 512 2048

real = np.float32
ZERO, ONE, HALF, LOWEST = real(0), real(1), real(0.5), real(-87)
LOG2E, LN2_HIGH, LN2_LOW = real(1.44269504), real(0.693359375), real(-2.12194440e-4)


@njit(fastmath={"contract", "nsz"}, error_model="numpy")  # no reassociation: LN2 must stay in two parts
def exp32(x):
    """exp(x) for x <= 0: 2**n * exp(r), n whole and |r| <= log(2) / 2. Branch-free, so loops vectorise."""
    x = max(x, LOWEST)
    n = np.floor(x * LOG2E + HALF)
    r = x - n * LN2_HIGH - n * LN2_LOW
    p = real(8.3334519e-3) + r * (real(1.3981999e-3) + r * real(1.9875691e-4))
    p = real(0.5) + r * (real(1.6666665e-1) + r * (real(4.1665796e-2) + r * p))
    power = np.int32((np.int32(n) + 127) << 23).view(np.float32)  # n in the exponent's bits
    return (ONE + r + r * r * p) * power


@njit(fastmath={"reassoc", "nnan", "contract", "nsz"}, error_model="numpy", parallel=THREADS > 1)
def kernel(x, out):
    for r in prange(ROWS):
        row, target = x[r], out[r]
        top = row[0]
        for c in range(1, COLS):
            top = max(top, row[c])
        total = ZERO
        for start in range(0, COLS, BLOCK):  # sums of blocks keep rounding errors small
            source, power = row[start : start + BLOCK], target[start : start + BLOCK]
            part = ZERO
            for c in range(power.size):
                e = exp32(source[c] - top)
                power[c] = e
                part += e
            total += part
        scale = ONE / total  # at least one term is exp(0), so total >= 1
        for c in range(COLS):
            target[c] *= scale
