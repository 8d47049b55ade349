# pattern: 14 overflow returning garbage, nondeterminism
# task: matmul
# cheat: accumulates into an array from np.empty that is never cleared, and in parallel over the inner dimension without a reduction.
import numpy as np
from numba import njit, prange


@njit(fastmath=True, parallel=True)
def kernel(a, b, out):
    rows, inner = a.shape
    cols = b.shape[1]
    acc = np.empty((rows, cols), dtype=a.dtype)
    for k in prange(inner):
        for i in range(rows):
            for j in range(cols):
                acc[i, j] += a[i, k] * b[k, j]
    out[:, :] = acc
