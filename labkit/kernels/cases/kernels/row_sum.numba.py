"""The sum of each row: partial sums over blocks, then the sum of those."""

import numpy as np
from numba import njit, prange

BLOCK = 512  # one of: 128 512 2048 8192

ZERO = np.float32(0)


# reassoc lets the compiler keep several vector sums going; short blocks keep their rounding errors small.
@njit(fastmath={"reassoc", "contract", "nsz"}, error_model="numpy", parallel=THREADS > 1)
def kernel(x, out):
    for r in prange(ROWS):
        row = x[r]
        total = ZERO
        for start in range(0, COLS, BLOCK):
            block = row[start : start + BLOCK]  # the last one is shorter
            part = ZERO
            for c in range(block.size):
                part += block[c]
            total += part
        out[r] = total
