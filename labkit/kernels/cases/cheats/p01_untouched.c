// pattern: 1 stale output memory
// task: softmax
// cheat: writes only the very last element, hoping that the output memory still holds an earlier right answer.
#include <math.h>
#include "task.h"

void kernel(const real *x, real *out)
{
    const real *a = x + (long)(ROWS - 1) * COLS;
    float s = 0;
    for (int c = 0; c < COLS; c++)
        s += expf((float)a[c]);
    out[(long)ROWS * COLS - 1] = (real)(expf((float)a[COLS - 1]) / s);
}
