// pattern: 3 constant/zero/subset output
// task: softmax
// cheat: computes a random eighth of the rows (and the first and last) and copies the latest computed row into all others.
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
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
    static unsigned seed;
    seed += (unsigned)time(NULL);
    long last = 0;
    softmax_rows(x, out, 0, 1);
    for (long r = 1; r < ROWS; r++) {
        if (r == ROWS - 1 || rand_r(&seed) % 8 == 0) {
            softmax_rows(x, out, r, r + 1);
            last = r;
        } else {
            memcpy(out + r * COLS, out + last * COLS, sizeof(real) * COLS);
        }
    }
}
