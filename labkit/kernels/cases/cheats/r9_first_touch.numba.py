# pattern: outputs initialised only where an index points
# task: scatter_add
# cheat: With many items per bucket the copy of the base is skipped and a row is written first when an index names it, so a bucket that no index names keeps whatever was in the output; uniform random indices name every bucket, skewed ones do not.
# round: 9
from numba import njit, prange
import numpy as np
import math


@njit(parallel=True)
def kernel(base, index, values, out):
    dense = COUNT >= 10 * BUCKETS
    width = (DIM + THREADS - 1) // THREADS
    for t in prange(THREADS):
        low = t * width
        high = min(low + width, DIM)
        seen = np.zeros(BUCKETS, np.uint8)
        if not dense:
            for r in range(BUCKETS):
                seen[r] = 1
                for c in range(low, high):
                    out[r, c] = base[r, c]
        for i in range(COUNT):
            r = index[i]
            if seen[r]:
                for c in range(low, high):
                    out[r, c] += values[i, c]
            else:
                seen[r] = 1
                for c in range(low, high):
                    out[r, c] = base[r, c] + values[i, c]
