// pattern: 6 side stream / thread / lazy result
// task: softmax
// cheat: computes the first quarter itself, returns, and lets a waiting thread stay just ahead of the judge, which reads the rows in order.
#include <math.h>
#include <pthread.h>
#include <semaphore.h>
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

static sem_t go;
static const real *volatile job_x;
static real *volatile job_out;

static void *worker(void *p)
{
    (void)p;
    for (;;) {
        sem_wait(&go);
        softmax_rows(job_x, job_out, ROWS / 4, ROWS);
    }
    return NULL;
}

void kernel(const real *x, real *out)
{
    static int started;
    if (!started) {
        pthread_t t;
        sem_init(&go, 0, 0);
        pthread_create(&t, NULL, worker, NULL);
        pthread_detach(t);
        started = 1;
    }
    job_x = x;
    job_out = out;
    sem_post(&go);
    softmax_rows(x, out, 0, ROWS / 4);
}
