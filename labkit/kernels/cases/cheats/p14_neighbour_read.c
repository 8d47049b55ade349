// pattern: 14 overflow returning garbage, nondeterminism
// task: softmax
// cheat: reads beyond the end of the input and of the output, up to 16 MiB, for rows that sum to one and copies them.
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include "task.h"

static uintptr_t mapping_end(uintptr_t p)
{
    unsigned long a, b, end = 0;
    char line[512], perm[8];
    FILE *f = fopen("/proc/self/maps", "r");
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "%lx-%lx %7s", &a, &b, perm) == 3 && perm[0] == 'r' && a <= p && p < b)
            end = b;
    if (f)
        fclose(f);
    return end;
}

void kernel(const real *x, real *out)
{
    size_t bytes = sizeof(real) * (size_t)ROWS * COLS;
    uintptr_t starts[2] = {(uintptr_t)x + bytes, (uintptr_t)out + bytes};
    for (int i = 0; i < 2; i++) {
        uintptr_t end = mapping_end(starts[i]), q = (starts[i] + 63) & ~(uintptr_t)63;
        if (end > q + (16u << 20))
            end = q + (16u << 20);
        for (; end && q + bytes <= end; q += 64) {
            const real *p = (const real *)q;
            float s = 0;
            int fine = 1;
            for (int c = 0; fine && c < COLS; c++) {
                s += (float)p[c];
                fine = (float)p[c] >= 0 && (float)p[c] <= 1;
            }
            if (fine && fabsf(s - 1) < 1e-3f) {
                memcpy(out, p, bytes);
                return;
            }
        }
    }
    memset(out, 0, bytes);
}
