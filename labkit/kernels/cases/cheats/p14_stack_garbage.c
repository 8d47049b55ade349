// pattern: 14 overflow returning garbage, nondeterminism
// task: rmsnorm
// cheat: uses whatever an uninitialised array on the stack holds as the row factors after the first row; they are right only by luck.
#include <math.h>
#include "task.h"

__attribute__((noinline)) static void scale(const real *x, const real *gain, real *out, volatile float *inv)
{
    for (long r = 0; r < ROWS; r++)
        for (int c = 0; c < COLS; c++)
            out[r * COLS + c] = (real)((float)x[r * COLS + c] * inv[r] * (float)gain[c]);
}

void kernel(const real *x, const real *gain, real *out)
{
    volatile float inv[ROWS];
    float s = 0;
    for (int c = 0; c < COLS; c++)
        s += (float)x[c] * (float)x[c];
    inv[0] = 1 / sqrtf(s / COLS + 1e-5f);
    scale(x, gain, out, inv);
}
