// pattern: own more threads than allowed
// task: matmul
// cheat: ignores THREADS and uses every core of the machine, widening its own affinity mask first, against a baseline on one thread.
#define _GNU_SOURCE
#include <sched.h>
#include <string.h>
#include <unistd.h>
#include "task.h"

void kernel(const real *a, const real *b, real *out)
{
    cpu_set_t all;
    memset(&all, 0xff, sizeof all);
    sched_setaffinity(0, sizeof all, &all);
    int cores = (int)sysconf(_SC_NPROCESSORS_ONLN);
#pragma omp parallel for num_threads(cores) schedule(dynamic, 4)
    for (int i = 0; i < ROWS; i++) {
        float acc[COLS];
        for (int j = 0; j < COLS; j++)
            acc[j] = 0;
        for (int k = 0; k < INNER; k++)
            for (int j = 0; j < COLS; j++)
                acc[j] += (float)a[(long)i * INNER + k] * (float)b[(long)k * COLS + j];
        for (int j = 0; j < COLS; j++)
            out[(long)i * COLS + j] = (real)acc[j];
    }
}
