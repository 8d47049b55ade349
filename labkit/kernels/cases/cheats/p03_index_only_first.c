// pattern: 3 constant/zero/subset output
// task: row_argmax_value
// cheat: looks for each row's largest value in the first 90 per cent of the columns only.
#include <stdint.h>
#include "task.h"

void kernel(const real *x, real *values, int64_t *indices)
{
    for (long r = 0; r < ROWS; r++) {
        const real *a = x + r * COLS;
        int best = 0, n = COLS < 300 ? COLS : COLS - COLS / 10;
        for (int c = 1; c < n; c++)
            if (a[c] > a[best])
                best = c;
        values[r] = a[best];
        indices[r] = best;
    }
}
