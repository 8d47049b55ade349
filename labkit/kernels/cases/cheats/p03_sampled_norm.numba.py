# pattern: 3 constant/zero/subset output
# task: rmsnorm
# cheat: estimates each row's mean square from every eighth element.
import math

from numba import njit


@njit(fastmath=True)
def kernel(x, gain, out):
    rows, cols = x.shape
    for r in range(rows):
        s = 0.0
        n = 0
        for c in range(0, cols, 8):
            s += x[r, c] * x[r, c]
            n += 1
        inv = 1.0 / math.sqrt(s / n + 1e-5)
        for c in range(cols):
            out[r, c] = x[r, c] * inv * gain[c]
