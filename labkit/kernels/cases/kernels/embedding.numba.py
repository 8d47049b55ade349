"""Embedding look-up: a copy of one contiguous table row for each index, whatever the dtype."""

import numpy as np
from numba import njit, prange

CHUNK = 256  # one of: 32 256 2048


# A chunk of look-ups is one parallel task: a single row of some hundred bytes is too little work for that.
@njit(error_model="numpy", parallel=THREADS > 1)
def kernel(table, index, out):
    for chunk in prange((COUNT + CHUNK - 1) // CHUNK):
        start = np.int64(chunk) * CHUNK
        names, targets = index[start : start + CHUNK], out[start : start + CHUNK]  # clipped
        for i in range(names.size):
            row, target = table[names[i]], targets[i]
            for d in range(DIM):
                target[d] = row[d]
