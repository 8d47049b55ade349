"""GELU, x * (1 + erf(x / sqrt 2)) / 2, with erf as a quotient of polynomials so that the loop vectorises."""

import math

import numpy as np
from numba import njit, prange

CHUNK = 4096  # one of: 1024 4096 16384 65536

real = np.float32
SIZE = ROWS * COLS
HALF, ONE, LIMIT = real(0.5), real(1), real(4)
ROOT_HALF = real(math.sqrt(0.5))
# erf(z) = z * P(z * z) / Q(z * z) in single precision for |z| < 4; beyond, it is 1 or -1.
P0, P1, P2 = real(-1.60960333262415e-02), real(-2.95459980854025e-03), real(-7.34990630326855e-04)
P3, P4 = real(-5.69250639462346e-05), real(-2.10102402082508e-06)
P5, P6 = real(2.77068142495902e-08), real(-2.72614225801306e-10)
Q0, Q1, Q2 = real(-1.42647390514189e-02), real(-7.37332916720468e-03), real(-1.68282697438203e-03)
Q3, Q4 = real(-2.13374055278905e-04), real(-1.45660718464996e-05)


@njit(fastmath={"contract", "nsz"}, error_model="numpy")
def erf32(x):
    z = max(-LIMIT, min(LIMIT, x))  # the quotient is good on [-4, 4] alone
    s = z * z
    top = P0 + s * (P1 + s * (P2 + s * (P3 + s * (P4 + s * (P5 + s * P6)))))
    return z * top / (Q0 + s * (Q1 + s * (Q2 + s * (Q3 + s * Q4))))


@njit(fastmath={"contract", "nsz"}, error_model="numpy", parallel=THREADS > 1)
def kernel(x, out):
    flat_x, flat_out = x.reshape(-1), out.reshape(-1)
    for chunk in prange((SIZE + CHUNK - 1) // CHUNK):
        start = np.int64(chunk) * CHUNK
        source, target = flat_x[start : start + CHUNK], flat_out[start : start + CHUNK]  # clipped
        for i in range(target.size):
            v = source[i]
            target[i] = HALF * v * (ONE + erf32(v * ROOT_HALF))
