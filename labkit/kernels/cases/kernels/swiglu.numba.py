"""silu(a) * b = a / (1 + exp(-a)) * b, with a branch-free exp so that the loop vectorises."""

import numpy as np
from numba import njit, prange

CHUNK = 4096  # one of: 1024 4096 16384 65536

real = np.float32
SIZE = ROWS * COLS
ONE, HALF, LARGEST = real(1), real(0.5), real(87)
LOG2E, LN2_HIGH, LN2_LOW = real(1.44269504), real(0.693359375), real(-2.12194440e-4)


@njit(fastmath={"contract", "nsz"}, error_model="numpy")  # no reassociation: LN2 must stay in two parts
def exp32(x):
    """exp(x) = 2**n * exp(r) with n whole and |r| <= log(2) / 2; x is clamped to what float32 can hold."""
    x = max(-LARGEST, min(LARGEST, x))
    n = np.floor(x * LOG2E + HALF)
    r = x - n * LN2_HIGH - n * LN2_LOW
    p = real(8.3334519e-3) + r * (real(1.3981999e-3) + r * real(1.9875691e-4))
    p = real(0.5) + r * (real(1.6666665e-1) + r * (real(4.1665796e-2) + r * p))
    power = np.int32((np.int32(n) + 127) << 23).view(np.float32)  # n in the exponent's bits
    return (ONE + r + r * r * p) * power


@njit(fastmath={"contract", "nsz"}, error_model="numpy", parallel=THREADS > 1)
def kernel(a, b, out):
    flat_a, flat_b, flat_out = a.reshape(-1), b.reshape(-1), out.reshape(-1)
    for chunk in prange((SIZE + CHUNK - 1) // CHUNK):
        start = np.int64(chunk) * CHUNK
        gate, value = flat_a[start : start + CHUNK], flat_b[start : start + CHUNK]
        target = flat_out[start : start + CHUNK]  # clipped
        for i in range(target.size):
            # At -87 the clamped exp(-a) is still finite, and a / exp(87) rounds to nothing beside 1.
            target[i] = gate[i] / (ONE + exp32(-gate[i])) * value[i]
