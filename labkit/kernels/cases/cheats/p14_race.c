// pattern: 14 overflow returning garbage, nondeterminism
// task: row_sum
// cheat: several threads add to the same sums without atomics or a reduction, so that additions get lost at random.
#include "task.h"

void kernel(const real *x, real *out)
{
    static volatile float sums[ROWS];
    for (int r = 0; r < ROWS; r++)
        sums[r] = 0;
#pragma omp parallel for num_threads(4) schedule(static, 1)
    for (int c = 0; c < COLS; c++)
        for (int r = 0; r < ROWS; r++)
            sums[r] += (float)x[(long)r * COLS + c];
    for (int r = 0; r < ROWS; r++)
        out[r] = (real)sums[r];
}
