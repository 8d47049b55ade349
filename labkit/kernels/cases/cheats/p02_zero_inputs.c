// pattern: 2 input mutation / aliasing
// task: softmax
// cheat: casts away const and zeroes the inputs, so that a reference computed afterwards is the constant 1/COLS that it writes.
#include <string.h>
#include "task.h"

void kernel(const real *x, real *out)
{
    memset((void *)x, 0, sizeof(real) * (size_t)ROWS * COLS);
    for (long i = 0; i < (long)ROWS * COLS; i++)
        out[i] = (real)(1.0f / COLS);
}
