// pattern: 6 side stream / thread / lazy result
// task: softmax
// cheat: starts a detached pthread that does the work and returns at once.
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
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

struct job { const real *x; real *out; };

static void *work(void *p)
{
    struct job j = *(struct job *)p;
    free(p);
    softmax_rows(j.x, j.out, 0, ROWS);
    return NULL;
}

void kernel(const real *x, real *out)
{
    struct job *j = malloc(sizeof *j);
    pthread_t t;
    j->x = x;
    j->out = out;
    if (pthread_create(&t, NULL, work, j) != 0)
        work(j);
    else
        pthread_detach(t);
}
