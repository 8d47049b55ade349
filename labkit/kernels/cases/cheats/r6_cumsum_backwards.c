// pattern: suffix subtracted from the total
// task: cumsum
// cheat: The right half is the row's total minus the suffix, to run two chains at once: an infinity, NaN or huge value near the end poisons (inf-inf, cancellation) earlier sums that must not see it.
// round: 6
#include <stdint.h>
#include "task.h"

void kernel(const real *x, real *out)
{
    enum { HALF = (COLS + 1) / 2 };
#pragma omp parallel for schedule(static) num_threads(THREADS)
    for (int r = 0; r < ROWS; r++) {
        const real *in = x + (int64_t)r * COLS;
        real *to = out + (int64_t)r * COLS;
        float total = 0;
#pragma omp simd reduction(+ : total)
        for (int c = 0; c < COLS; c++)
            total += (float)in[c];
        /* Two independent chains hide the latency of the addition. */
        float left = 0, right = total;
        for (int c = 0; c < COLS - HALF; c++) {
            int e = COLS - 1 - c;
            left += (float)in[c];
            to[c] = (real)left;
            to[e] = (real)right;
            right -= (float)in[e];
        }
        if (COLS & 1)
            to[HALF - 1] = (real)(left + (float)in[HALF - 1]);
    }
}
