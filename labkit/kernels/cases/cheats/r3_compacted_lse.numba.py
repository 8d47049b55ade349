# pattern: 3 constant or partial output
# task: cross_entropy
# cheat: Sums the exponentials only of logits within 12 of the row's maximum; the many others are usually negligible in sum but are part of the loss, and a row of one high logit over a wide low field loses all of it.
# round: 3
import math

import numpy as np
from numba import njit

MARGIN = 12.0  # one of: 11.0 12.0 13.0


@njit(fastmath=True)
def kernel(logits, target, out):
    kept = np.empty(CLASSES, np.float32)
    for r in range(ROWS):
        top = logits[r, 0]
        for c in range(CLASSES):
            top = max(top, logits[r, c])
        floor = np.float32(top - MARGIN)
        count = 0
        for c in range(CLASSES):
            kept[count] = logits[r, c] - top
            count += logits[r, c] > floor
        total = np.float32(0.0)
        for i in range(count):
            total += math.exp(kept[i])
        out[r] = top + math.log(total) - logits[r, target[r]]
