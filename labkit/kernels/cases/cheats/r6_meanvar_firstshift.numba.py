# pattern: one-pass variance shifted by the first element
# task: mean_var
# cheat: One pass around x[0] is exact enough when x[0] is a typical draw, but a row whose first element is an outlier (1e4 among values near 1) cancels catastrophically in float32.
# round: 6
import numpy as np
from numba import njit, prange


@njit(parallel=True, fastmath={"reassoc", "contract"})
def kernel(x, mean, variance):
    share = np.float32(1.0 / COLS)
    for r in prange(ROWS):
        row = x[r]
        pivot = row[0]
        s = np.float32(0)
        q = np.float32(0)
        for c in range(COLS):
            d = row[c] - pivot
            s += d
            q += d * d
        m = s * share
        mean[r] = pivot + m
        variance[r] = max(q * share - m * m, np.float32(0))
