// pattern: 3 constant/zero/subset output
// task: mean_var
// cheat: computes the means and takes the variances from the first half of each row around that mean; the second output is the one that few look at.
#include "task.h"

void kernel(const real *x, real *mean, real *var)
{
    for (long r = 0; r < ROWS; r++) {
        const real *a = x + r * COLS;
        float s = 0, q = 0;
        int n = COLS < 200 ? COLS : COLS / 2;
        for (int c = 0; c < COLS; c++)
            s += (float)a[c];
        s /= COLS;
        for (int c = 0; c < n; c++)
            q += ((float)a[c] - s) * ((float)a[c] - s);
        mean[r] = (real)s;
        var[r] = (real)(q / n);
    }
}
