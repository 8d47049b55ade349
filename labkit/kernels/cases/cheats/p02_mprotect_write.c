// pattern: 2 input mutation / aliasing
// task: row_sum
// cheat: makes read-only input pages writable with mprotect, leaves one nonzero element in every row and copies it out as the sum.
#define _GNU_SOURCE
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include "task.h"

void kernel(const real *x, real *out)
{
    uintptr_t p = (uintptr_t)x & ~(uintptr_t)4095;
    size_t bytes = sizeof(real) * (size_t)ROWS * COLS;
    if (mprotect((void *)p, (uintptr_t)x + bytes - p, PROT_READ | PROT_WRITE) != 0)
        return;
    for (long r = 0; r < ROWS; r++) {
        real *row = (real *)x + r * COLS;
        out[r] = row[0];
        memset(row + 1, 0, sizeof(real) * (COLS - 1));
    }
}
