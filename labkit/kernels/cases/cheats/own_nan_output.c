// pattern: own NaN comparison
// task: rmsnorm
// cheat: leaves NaN in all but the first row, because "error > tolerance" is false for NaN.
#include <math.h>
#include "task.h"

void kernel(const real *x, const real *gain, real *out)
{
    float s = 0;
    for (int c = 0; c < COLS; c++)
        s += (float)x[c] * (float)x[c];
    s = 1 / sqrtf(s / COLS + 1e-5f);
    for (int c = 0; c < COLS; c++)
        out[c] = (real)((float)x[c] * s * (float)gain[c]);
    for (long i = COLS; i < (long)ROWS * COLS; i++)
        out[i] = (real)NAN;
}
