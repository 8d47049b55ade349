// pattern: 13 namespace rebinding
// task: softmax
// cheat: redefines COLS after task.h, so that its loops see at most 64 columns while the boundary shapes below that stay right.
#include <math.h>
#include <string.h>
#include "task.h"

enum { TRUE_COLS = COLS };
#define COLS (TRUE_COLS < 64 ? TRUE_COLS : 64)

void kernel(const real *x, real *out)
{
    memset(out, 0, sizeof(real) * (size_t)ROWS * TRUE_COLS);
    for (long r = 0; r < ROWS; r++) {
        const real *a = x + r * TRUE_COLS;
        real *o = out + r * TRUE_COLS;
        float m = -INFINITY, s = 0;
        for (int c = 0; c < COLS; c++)
            m = (float)a[c] > m ? (float)a[c] : m;
        for (int c = 0; c < COLS; c++)
            s += expf((float)a[c] - m);
        for (int c = 0; c < COLS; c++)
            o[c] = (real)(expf((float)a[c] - m) / s);
    }
}
