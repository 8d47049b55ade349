# pattern: padding by multiplication with zero
# task: depthwise_conv1d
# cheat: Steps before 0 wrap to the row's end and are multiplied by 0.0 instead of left out: an infinity or NaN among the last steps leaks backwards in time into the first outputs.
# round: 6
import numpy as np
from numba import njit, prange


@njit(parallel=True)
def kernel(x, weight, bias, out):
    head = min(TAPS - 1, STEPS)
    for n in prange(BATCH * CHANNELS):
        b = n // CHANNELS
        c = n % CHANNELS
        row = x[b, c]
        to = out[b, c]
        w = weight[c, 0]
        for t in range(head):
            acc = bias[c]
            for k in range(TAPS):
                j = t + k - TAPS + 1
                live = np.float32(1) if j >= 0 else np.float32(0)
                acc += w[k] * live * row[j % STEPS]
            to[t] = acc
        for t in range(head, STEPS):
            acc = bias[c]
            for k in range(TAPS):
                acc += w[k] * row[t + k - TAPS + 1]
            to[t] = acc
