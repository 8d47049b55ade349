"""Layer norm of each row in three passes, mean, variance about it, scaling; the row stays in cache."""

import math

import numpy as np
from numba import njit, prange

BLOCK = 512  # one of: 128 512 2048

ZERO, ONE, EPSILON = np.float32(0), np.float32(1), np.float32(1e-5)
SHARE = np.float32(1 / COLS)


@njit(fastmath={"reassoc", "contract", "nsz"}, error_model="numpy", parallel=THREADS > 1)
def kernel(x, gamma, beta, out):
    for r in prange(ROWS):
        row, target = x[r], out[r]
        total = ZERO
        for start in range(0, COLS, BLOCK):  # sums of blocks keep rounding errors small
            block = row[start : start + BLOCK]
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
        scale = ONE / math.sqrt(squares * SHARE + EPSILON)
        for c in range(COLS):
            target[c] = (row[c] - mean) * scale * gamma[c] + beta[c]
