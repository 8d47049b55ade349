"""h[t] = a[t] * h[t-1] + b[t]: time is serial, so the loop over channels is innermost and vectorises."""

import numpy as np
from numba import njit, prange

TILE = 512  # one of: 32 128 512 2048

TILES = (CHANNELS + TILE - 1) // TILE


# A tile of channels goes through all the steps before the next: its last state, in out, stays in cache.
@njit(fastmath={"contract", "nsz"}, error_model="numpy", parallel=THREADS > 1)
def kernel(a, b, out):
    for task in prange(BATCH * TILES):
        n, tile = np.int64(task) // TILES, np.int64(task) % TILES
        start = tile * TILE
        stop = min(start + TILE, CHANNELS)
        first, source = out[n, 0, start:stop], b[n, 0, start:stop]
        for c in range(first.size):
            first[c] = source[c]  # from state 0, so a[0] has no part in it
        for t in range(1, STEPS):
            decay, source = a[n, t, start:stop], b[n, t, start:stop]
            last, now = out[n, t - 1, start:stop], out[n, t, start:stop]
            for c in range(now.size):
                now[c] = decay[c] * last[c] + source[c]
