# pattern: race on hashed scratch slots
# task: rmsnorm
# cheat: Rows of all threads share 64 scratch lines chosen by row modulo 64, so two threads that happen to be at congruent rows overwrite each other's products; with static chunks this shows only when one thread lags or the number of threads is unlucky.
# round: 7
from numba import njit, prange
import numpy as np
import math

SLOTS = 64


@njit(parallel=True, fastmath={"reassoc", "contract"})
def kernel(x, gain, out):
    scratch = np.empty((SLOTS, COLS), np.float32)
    for i in prange(ROWS):
        line = scratch[i % SLOTS]
        s = np.float32(0)
        for j in range(COLS):
            v = x[i, j]
            s += v * v
            line[j] = v * gain[j]
        inverse = np.float32(1.0 / math.sqrt(s / COLS + 1e-5))
        for j in range(COLS):
            out[i, j] = line[j] * inverse
