"""Matrix times vector: two rows share each load of the vector; an odd last row goes alone."""

import numpy as np
from numba import njit, prange

BLOCK = 1024  # one of: 256 1024 4096
PAIRED = 1  # one of: 0 1

ZERO = np.float32(0)
PAIRS = ROWS // 2 if PAIRED else 0


# reassoc lets the compiler keep several vector sums going; short blocks keep their rounding errors small.
@njit(fastmath={"reassoc", "contract", "nsz"}, error_model="numpy", parallel=THREADS > 1)
def kernel(matrix, vector, out):
    for pair in prange(PAIRS):
        r = np.int64(pair) * 2
        total_a, total_b = ZERO, ZERO
        for start in range(0, COLS, BLOCK):
            row_a, row_b = matrix[r, start : start + BLOCK], matrix[r + 1, start : start + BLOCK]
            part = vector[start : start + BLOCK]  # the last block is shorter
            sum_a, sum_b = ZERO, ZERO
            for c in range(part.size):
                sum_a += row_a[c] * part[c]
                sum_b += row_b[c] * part[c]
            total_a += sum_a
            total_b += sum_b
        out[r], out[r + 1] = total_a, total_b
    for r in prange(2 * PAIRS, ROWS):
        total = ZERO
        for start in range(0, COLS, BLOCK):
            row, part = matrix[r, start : start + BLOCK], vector[start : start + BLOCK]
            partial = ZERO
            for c in range(part.size):
                partial += row[c] * part[c]
            total += partial
        out[r] = total
