"""Mean and variance of each row in two passes; the second finds the row still in the first-level cache."""

import numpy as np
from numba import njit, prange

BLOCK = 512  # one of: 128 512 2048

ZERO = np.float32(0)
SHARE = np.float32(1 / COLS)


# Sums of blocks keep rounding errors small; mean(x * x) - mean**2, in one pass, would cancel.
@njit(fastmath={"reassoc", "contract", "nsz"}, error_model="numpy", parallel=THREADS > 1)
def kernel(x, mean_out, variance_out):
    for r in prange(ROWS):
        row = x[r]
        total = ZERO
        for start in range(0, COLS, BLOCK):
            block = row[start : start + BLOCK]  # the last one is shorter
            part = ZERO
            for c in range(block.size):
                part += block[c]
            total += part
        mean = total * SHARE
        squares = ZERO
        for start in range(0, COLS, BLOCK):
            block = row[start : start + BLOCK]
            part = ZERO
            for c in range(block.size):
                deviation = block[c] - mean
                part += deviation * deviation
            squares += part
        mean_out[r] = mean
        variance_out[r] = squares * SHARE
