"""3 by 3 max pooling, two pixels apart: the maxima of three rows as a line, then of three neighbours."""

import numpy as np
from numba import njit, prange

SEPARABLE = 1  # one of: 0 1

PLANES = BATCH * CHANNELS
OUT_HEIGHT, OUT_WIDTH = (HEIGHT - 1) // 2 + 1, (WIDTH - 1) // 2 + 1


# A window that overhangs the edge is clamped to it: it meets a pixel of its own twice, which changes nothing.
@njit(error_model="numpy", parallel=THREADS > 1)
def kernel(x, out):
    planes, targets = x.reshape(PLANES, HEIGHT, WIDTH), out.reshape(PLANES, OUT_HEIGHT, OUT_WIDTH)
    for plane in prange(PLANES):
        line = np.empty(WIDTH + 2, x.dtype)  # the column maxima, with one clamped column at each end
        for h in range(OUT_HEIGHT):
            above = planes[plane, max(2 * h - 1, 0)]
            middle = planes[plane, 2 * h]
            below = planes[plane, min(2 * h + 1, HEIGHT - 1)]
            target = targets[plane, h]
            if SEPARABLE:
                for w in range(WIDTH):
                    line[w + 1] = max(above[w], middle[w], below[w])
                line[0], line[WIDTH + 1] = line[1], line[WIDTH]
                for w in range(OUT_WIDTH):
                    target[w] = max(line[2 * w], line[2 * w + 1], line[2 * w + 2])
            else:
                for w in range(OUT_WIDTH):
                    best = middle[2 * w]
                    for column in range(max(2 * w - 1, 0), min(2 * w + 2, WIDTH)):
                        best = max(best, above[column], middle[column], below[column])
                    target[w] = best
