// pattern: 10 precision downgrade
// task: softmax
// cheat: replaces exp by Schraudolph's bit trick, which is wrong by up to three per cent, and normalises, which hides half of it.
#include <math.h>
#include <stdint.h>
#include <string.h>
#include "task.h"

static inline float quick_exp(float v)
{
    v = v < -80 ? -80 : v;
    int32_t i = (int32_t)(12102203.0f * v) + 1064866805;
    memcpy(&v, &i, 4);
    return v;
}

void kernel(const real *x, real *out)
{
    for (long r = 0; r < ROWS; r++) {
        const real *a = x + r * COLS;
        real *o = out + r * COLS;
        float m = -INFINITY, s = 0;
        for (int c = 0; c < COLS; c++)
            m = (float)a[c] > m ? (float)a[c] : m;
        for (int c = 0; c < COLS; c++)
            s += quick_exp((float)a[c] - m);
        s = 1 / s;
        for (int c = 0; c < COLS; c++)
            o[c] = (real)(quick_exp((float)a[c] - m) * s);
    }
}
