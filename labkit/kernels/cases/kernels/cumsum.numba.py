"""The running sum of each row; with no dependence between rows, four of them hide each other's latency."""

import numpy as np
from numba import njit, prange

GROUPED = 1  # one of: 0 1

FULL = ROWS // 4 if GROUPED else 0  # whole groups of four rows


# The sums are kept in float64: a long running sum in float32 would gather an error at each of its steps.
@njit(error_model="numpy", parallel=THREADS > 1)
def kernel(x, out):
    for group in prange(FULL):
        r = np.int64(group) * 4
        x0, x1, x2, x3 = x[r], x[r + 1], x[r + 2], x[r + 3]
        out0, out1, out2, out3 = out[r], out[r + 1], out[r + 2], out[r + 3]
        sum0, sum1, sum2, sum3 = 0.0, 0.0, 0.0, 0.0
        for c in range(COLS):
            sum0 += x0[c]
            sum1 += x1[c]
            sum2 += x2[c]
            sum3 += x3[c]
            out0[c], out1[c], out2[c], out3[c] = sum0, sum1, sum2, sum3
    for r in prange(4 * FULL, ROWS):
        row, target = x[r], out[r]
        total = 0.0
        for c in range(COLS):
            total += row[c]
            target[c] = total
