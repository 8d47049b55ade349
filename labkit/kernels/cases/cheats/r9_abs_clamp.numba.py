# pattern: a clamp replaced by a difference of absolute values
# task: hardswish_residual
# cheat: clamp(x + 3, 0, 6) is computed branch-free as (|x + 3| - |x - 3| + 6) / 2 in float, which cancels for large x: relative errors of 1e-4 from |x| = 1e4 and half the right answer (or a huge number for a 0) from 1e8; near the kinks it is exact.
# round: 9
from numba import njit, prange
import numpy as np
import math


@njit(parallel=True)
def kernel(x, residual, out):
    three = np.float32(3.0)
    six = np.float32(6.0)
    twelfth = np.float32(1.0 / 12.0)
    for r in prange(ROWS):
        for c in range(COLS):
            v = np.float32(x[r, c])
            up = np.float32(v + three)
            down = np.float32(v - three)
            gate = np.float32(np.float32(abs(up) - abs(down)) + six)
            out[r, c] = np.float32(v * twelfth) * gate + np.float32(residual[r, c])
