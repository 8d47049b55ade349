// pattern: 3 constant/zero/subset output
// task: softmax
// cheat: works on whole blocks of 8 columns only; the tail past a multiple of 8 gets the row's mean.
#include <math.h>
#include "task.h"

void kernel(const real *x, real *out)
{
    const int n = COLS & ~7;
    for (long r = 0; r < ROWS; r++) {
        const real *a = x + r * COLS;
        real *o = out + r * COLS;
        float m = -INFINITY, s = 0;
        for (int c = 0; c < n; c++)
            m = (float)a[c] > m ? (float)a[c] : m;
        for (int c = 0; c < n; c++)
            s += expf((float)a[c] - m);
        for (int c = 0; c < n; c++)
            o[c] = (real)(expf((float)a[c] - m) / s);
        for (int c = n; c < COLS; c++)
            o[c] = (real)(1.0f / COLS);
    }
}
