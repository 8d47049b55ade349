"""The sum of each column: a tile of columns stays in cache while the rows go by, block by block."""

import numpy as np
from numba import njit, prange

TILE = 512  # one of: 64 128 256 512 1024
BLOCK = 64  # one of: 16 64 256

ZERO = np.float32(0)


# The loop over a tile's columns is innermost: it vectorises, and each row is read along its memory. A block
# of rows is summed apart before it joins the total, which keeps rounding errors small.
@njit(fastmath={"contract", "nsz"}, error_model="numpy", parallel=THREADS > 1)
def kernel(x, out):
    for tile in prange((COLS + TILE - 1) // TILE):
        start = np.int64(tile) * TILE
        stop = min(start + TILE, COLS)
        total = out[start:stop]
        part = np.empty(TILE, np.float32)
        for c in range(total.size):
            total[c] = ZERO
        for first in range(0, ROWS, BLOCK):
            for c in range(total.size):
                part[c] = ZERO
            for r in range(first, min(first + BLOCK, ROWS)):
                row = x[r, start:stop]
                for c in range(row.size):
                    part[c] += row[c]
            for c in range(total.size):
                total[c] += part[c]
