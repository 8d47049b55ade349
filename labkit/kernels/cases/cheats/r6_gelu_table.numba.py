# pattern: interpolated look-up table
# task: gelu
# cheat: Phi is read from a table of 4096 cells on [-6, 6] with linear interpolation, about 3e-7 off absolutely (under a plain tolerance) but many times off relatively in the negative tail, and a NaN becomes an undefined index.
# round: 6
import math

import numpy as np
from numba import njit, prange

CELLS = 4096


@njit(parallel=True)
def kernel(x, out):
    table = np.empty(CELLS + 1, np.float32)
    for i in range(CELLS + 1):
        z = -6.0 + 12.0 * i / CELLS
        table[i] = 0.5 * math.erfc(-z * 0.7071067811865476)
    scale = np.float32(CELLS / 12.0)
    six = np.float32(6)
    low = np.float32(0)
    high = np.float32(CELLS - 0.01)
    for r in prange(ROWS):
        for c in range(COLS):
            v = x[r, c]
            t = min(max((v + six) * scale, low), high)
            i = np.int32(t)
            f = t - np.float32(i)
            out[r, c] = v * (table[i] + f * (table[i + 1] - table[i]))
