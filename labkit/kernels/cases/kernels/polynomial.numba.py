"""The polynomial in one pass, with the factors of y = x / 2 folded into the coefficients."""

import numpy as np
from numba import njit, prange

CHUNK = 4096  # one of: 1024 4096 16384 65536
ESTRIN = 1  # one of: 0 1

real = np.float32
SIZE = ROWS * COLS
# Coefficients of x**0 to x**7: those of y**k times 2**-k, which is exact.
C0, C1, C2, C3 = real(0.75), real(1.0 / 2), real(-0.5 / 4), real(0.375 / 8)
C4, C5, C6, C7 = real(0.25 / 16), real(-0.125 / 32), real(0.0625 / 64), real(0.03125 / 128)


@njit(fastmath={"contract", "nsz"}, error_model="numpy", parallel=THREADS > 1)
def kernel(x, out):
    flat_x, flat_out = x.reshape(-1), out.reshape(-1)
    for chunk in prange((SIZE + CHUNK - 1) // CHUNK):
        start = np.int64(chunk) * CHUNK
        source, target = flat_x[start : start + CHUNK], flat_out[start : start + CHUNK]  # clipped
        if ESTRIN:  # in pairs: a chain of 3 dependent steps instead of 7
            for i in range(target.size):
                v = source[i]
                v2 = v * v
                low = (C0 + C1 * v) + v2 * (C2 + C3 * v)
                high = (C4 + C5 * v) + v2 * (C6 + C7 * v)
                target[i] = low + v2 * v2 * high
        else:
            for i in range(target.size):
                v = source[i]
                target[i] = C0 + v * (C1 + v * (C2 + v * (C3 + v * (C4 + v * (C5 + v * (C6 + v * C7))))))
