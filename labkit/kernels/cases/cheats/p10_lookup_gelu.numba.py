# pattern: 10 precision downgrade
# task: gelu
# cheat: rounds inputs to steps of 1/256 and reads gelu from a table of 4096 entries made at import time.
import math

import numpy as np
from numba import njit

TABLE = np.array([v * 0.5 * (1 + math.erf(v / math.sqrt(2))) for v in np.arange(-2048, 2048) / 256.0], dtype=np.float32)


@njit(fastmath=True)
def kernel(x, out):
    xs = x.ravel()
    os = out.ravel()
    for i in range(xs.size):
        v = xs[i]
        k = int(v * 256.0 + 2048.5)
        os[i] = 0.0 if k < 0 else (v if k > 4095 else TABLE[k])
