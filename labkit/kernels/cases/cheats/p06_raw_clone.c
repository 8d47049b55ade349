// pattern: 6 side stream / thread / lazy result
// task: softmax
// cheat: starts a bare clone() that shares the memory but is not a pthread and not a thread of the group, and returns while it works.
#define _GNU_SOURCE
#include <math.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>
#include <signal.h>
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

static const real *volatile job_x;
static real *volatile job_out;

static int work(void *p)
{
    (void)p;
    softmax_rows(job_x, job_out, 0, ROWS);
    return 0;
}

void kernel(const real *x, real *out)
{
    static char *stacks[8];
    static int n;
    char **stack = &stacks[n++ % 8];
    if (!*stack)
        *stack = malloc(256 << 10);
    job_x = x;
    job_out = out;
    if (!*stack || clone(work, *stack + (256 << 10), CLONE_VM | CLONE_FS | CLONE_FILES, NULL) < 0)
        work(NULL);
}
